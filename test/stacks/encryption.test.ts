/** Encryption at rest: asked for from the first day, and read back where it can only be read. With the real Terraform. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { resourcesOf } from "../constructs/synth";
import { examplePlan } from "../fixtures/plan";
import { standIn } from "../sandbox/provider/workspace";
import { Clone } from "./terraform";

jest.setTimeout(300_000);

const { served } = standIn();
const plan = examplePlan();
let clone: Clone;
afterEach(() => clone.remove());

interface State {
  readonly resources: readonly { readonly type: string; readonly instances: readonly { attributes: object }[] }[];
}

/** The hosts on a platform whose servers get disks as `encrypted` says, whatever they were asked for. */
async function deployed(encrypted: boolean): Promise<{ code: number; output: string }> {
  clone = new Clone((await served()).env);
  const { transfer } = clone.synth(plan);
  expect(
    Object.values(resourcesOf(transfer, "ncloud_server")).map(
      (server) => server["is_encrypted_base_block_storage_volume"],
    ),
  ).toEqual([true, true]);
  // The stand-in encrypts a volume as its server's base volume.
  const file = join(clone.folder, "cdktf.out", "stacks", "transfer", "cdk.tf.json");
  const asked = '"is_encrypted_base_block_storage_volume": true';
  writeFileSync(file, readFileSync(file, "utf8").replaceAll(asked, asked.replace("true", String(encrypted))));
  for (const stack of ["network", "storage"] as const) {
    await clone.init(stack);
    await clone.apply(stack);
  }
  await clone.init("transfer");
  return clone.terraform("transfer", "apply", "-auto-approve");
}

it("is read back as true from every data volume", async () => {
  expect(await deployed(true)).toMatchObject({ code: 0 });
  const state = JSON.parse(readFileSync(clone.state(plan, "transfer"), "utf8")) as State;
  const attributes = (type: string) =>
    state.resources
      .filter((each) => each.type === type)
      .flatMap(({ instances }) => instances.map((one) => one.attributes));
  expect(attributes("ncloud_block_storage")).toMatchObject([{ name: "aws2ncp-sync-1-data", encrypted_volume: true }]);
  expect(attributes("ncloud_server")).toMatchObject([
    { is_encrypted_base_block_storage_volume: true },
    { is_encrypted_base_block_storage_volume: true },
  ]);
});

it("stops the deploy before anything is delivered, where a data volume reads back as not encrypted", async () => {
  const { code, output } = await deployed(false);
  expect(code).toBe(1);
  expect(output.replace(/\s+/g, " ")).toContain(
    "transfer/sync-1/volume: volume aws2ncp-sync-1-data is not encrypted, and personal data will lie on it. Try a zone or a volume type that the platform encrypts.",
  );
  expect(clone.deliveries()).toBe(0);
});
