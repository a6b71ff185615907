/** The synthesized stacks on the stand-in platform, by the real Terraform: their states are lost, in whole or in part. */
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { orphans, isOpen, type Outcome } from "../../../ops/orphans/command";
import { queryPlatform } from "../../../ops/platform";
import { examplePlan } from "../../fixtures/plan";
import { synthStacks } from "../../constructs/synth";
import { standIn, type Workspace } from "../../sandbox/provider/workspace";

jest.setTimeout(240_000);

const { served } = standIn("file");
const STACKS = ["network", "storage", "transfer"] as const;
type Stack = (typeof STACKS)[number];

let tf: Workspace;
let root: string;

const folder = (stack: Stack): string => join(root, "cdktf.out", "stacks", stack);

const terraform = (stack: Stack, ...args: string[]): string =>
  execFileSync("terraform", [...args, "-no-color"], {
    cwd: folder(stack),
    env: tf.env,
    encoding: "utf8",
    stdio: "pipe",
  });

/** What a deploy would do, as "update ncloud_vpc.vpc". */
function planned(stack: Stack): string[] {
  return terraform(stack, "plan", "-json")
    .split("\n")
    .filter((line) => line.includes('"type":"planned_change"'))
    .map((line) => (JSON.parse(line) as { change: { action: string; resource: { addr: string } } }).change)
    .map(({ action, resource: { addr } }) => `${action} ${addr}`)
    .sort();
}

/** Synthesized as for production: not into the sandbox's own output folder. */
const env = (): NodeJS.ProcessEnv => ({ ...tf.env, CDKTF_OUTPUT: "cdktf.out" });

const look = (doImport = false): Promise<Outcome> =>
  orphans({
    root,
    ask: (queries) => queryPlatform({ site: "public", region: "KR" }, queries, { env: tf.env }),
    env: env(),
    doImport,
    say: () => undefined,
  });

/** Objects of a type on the platform, and how to change one behind everybody's back. */
const recordFiles = (type: string): string[] =>
  readdirSync(join(tf.home, "cloud", type)).map((file) => join(tf.home, "cloud", type, file));
const records = (type: string): any[] => recordFiles(type).map((file) => JSON.parse(readFileSync(file, "utf8")));
const named = (type: string, name: string): any => records(type).find((record) => record.name === name);
function put(type: string, record: { id: string }): void {
  writeFileSync(join(tf.home, "cloud", type, `${record.id}.json`), JSON.stringify(record));
}

const platform = (): Record<string, any[]> =>
  Object.fromEntries(
    readdirSync(join(tf.home, "cloud"))
      .filter((name) => name.startsWith("ncloud_"))
      .map((type) => [type, records(type)]),
  );

/** Forgets a resource, as a state that was never written. */
const forget = (stack: Stack, address: string): void => void terraform(stack, "state", "rm", address);

const inShort = ({ findings }: Outcome): string[] => findings.map(({ kind, address }) => `${kind} ${address}`);

beforeAll(async () => {
  tf = await served();
  root = join(tf.folder, "project");
  mkdirSync(root);
  symlinkSync(join(__dirname, "..", "..", "..", "dist"), join(root, "dist")); // the program that copies a state before it changes
  synthStacks(examplePlan(), { outdir: join(root, "cdktf.out") });
  // The hook needs hosts; everything else is as in production.
  const file = join(folder("transfer"), "cdk.tf.json");
  const stack = JSON.parse(readFileSync(file, "utf8"));
  const { deliver: _, before_removals: last, ...others } = stack.resource.terraform_data;
  last.depends_on = last.depends_on.filter((address: string) => address !== "terraform_data.deliver");
  stack.resource.terraform_data = { ...others, before_removals: last };
  writeFileSync(file, JSON.stringify(stack));
  for (const stack of STACKS) {
    terraform(stack, "init", "-input=false");
    terraform(stack, "apply", "-input=false", "-auto-approve");
  }
});

it("finds nothing where the states know everything", async () => {
  const outcome = await look();
  expect(outcome.findings).toEqual([]);
  expect(isOpen(outcome)).toBe(false);
});

it("takes over a server that was made while Terraform was killed, and the plan after it is empty", async () => {
  forget("transfer", "ncloud_server.sync-1_server");
  const { id } = named("ncloud_server", "sync-1");
  const found = await look();
  expect(found.findings).toEqual([
    {
      kind: "orphan",
      stack: "transfer",
      address: "ncloud_server.sync-1_server",
      type: "ncloud_server",
      name: "sync-1",
      ids: [id],
      importId: id,
      verdict: "import",
      note: "its delivery runs in the next deploy",
    },
  ]);
  expect(isOpen(found)).toBe(true);

  const { imported } = await look(true);
  expect(imported).toEqual([
    { stack: "transfer", address: "ncloud_server.sync-1_server", importId: id, result: "imported" },
  ]);
  expect(planned("transfer")).toEqual([]);
});

it("refuses two of one name, with both numbers", async () => {
  forget("transfer", "ncloud_server.sync-1_server");
  const server = named("ncloud_server", "sync-1");
  put("ncloud_server", { ...server, id: "19999999" });
  const outcome = await look(true);
  expect(outcome.findings).toMatchObject(
    [{ kind: "refused", verdict: "refuse", ids: [server.id, "19999999"], note: /^several bear this name/ }].map(
      (each) => ({ ...each, note: expect.stringMatching(each.note) }),
    ),
  );
  expect(outcome.imported).toEqual([]);
  expect(isOpen(outcome)).toBe(true);
  rmSync(join(tf.home, "cloud", "ncloud_server", "19999999.json"));
});

it("refuses one that stands in another subnet", async () => {
  const server = named("ncloud_server", "sync-1");
  const [own, other] = [server.subnetNo, named("ncloud_subnet", "aws2ncp-public").id];
  put("ncloud_server", { ...server, subnetNo: other });
  const { findings } = await look();
  expect(findings[0]?.note).toBe(
    `it bears the name, but is another one: subnet_no is ${other}, wanted ${own}. Rename it, or what is wanted`,
  );
  put("ncloud_server", server);
});

it("gives back to the platform alone what the next deploy would replace", async () => {
  const server = named("ncloud_server", "sync-1");
  const nic = records("ncloud_network_interface").find(({ serverNo }) => serverNo === server.id);
  put("ncloud_network_interface", { ...nic, id: "19999998", name: "another" });
  put("ncloud_server", { ...server, nicNos: ["19999998"] });
  const outcome = await look(true);
  expect(outcome.imported).toMatchObject([{ address: "ncloud_server.sync-1_server", result: "returned" }]);
  expect(isOpen(outcome)).toBe(true);
  expect(terraform("transfer", "state", "list")).not.toContain("ncloud_server.sync-1_server");
  put("ncloud_server", server);
  rmSync(join(tf.home, "cloud", "ncloud_network_interface", "19999998.json"));
});

it("stops at the first import that fails, and says what was and was not done", async () => {
  forget("transfer", "ncloud_init_script.init-script");
  const script = named("ncloud_init_script", "aws2ncp-init");
  const file = join(tf.home, "cloud", "ncloud_init_script", `${script.id}.json`);
  const outcome = await orphans({
    root,
    ask: async (queries) => {
      const answers = await queryPlatform({ site: "public", region: "KR" }, queries, { env: tf.env });
      if (existsSync(file) && Object.keys(queries).some((key) => key.startsWith("ncloud_init_script")))
        renameSync(file, `${file}.gone`);
      return answers;
    },
    env: env(),
    doImport: true,
    say: () => undefined,
  });
  expect(outcome.imported?.map(({ address, result }) => `${result} ${address}`)).toEqual([
    "failed ncloud_init_script.init-script",
    "waiting ncloud_server.sync-1_server",
  ]);
  expect(outcome.imported?.[0]?.note).toContain(`there is none with the import id "${script.id}"`);
  renameSync(`${file}.gone`, file);
  expect((await look(true)).imported?.map(({ result }) => result)).toEqual(["imported", "imported"]);
});

it("takes over one of each type, but those without an import; nothing would be replaced", async () => {
  const lost = {
    network: [
      "ncloud_vpc.vpc",
      "ncloud_network_acl.private-acl",
      "ncloud_network_acl_rule.private-acl_rules",
      "ncloud_access_control_group.sync-group",
      "ncloud_access_control_group_rule.sync-group_rules",
      "ncloud_route_table.private-routes",
      "ncloud_route_table_association.private-routes_private",
      "ncloud_subnet.private",
    ],
    storage: ["ncloud_objectstorage_bucket.event_log", "ncloud_objectstorage_bucket_acl.event_log_acl"],
    transfer: [
      "ncloud_network_interface.sync-1_server_nic",
      "ncloud_init_script.init-script",
      "ncloud_server.sync-1_server",
      "ncloud_block_storage.sync-1_volume",
      "ncloud_public_ip.proxy-1_address",
    ],
  } as const;
  for (const stack of STACKS) terraform(stack, "state", "rm", ...lost[stack]);
  const before = platform();
  const outcome = await look(true);
  expect(inShort(outcome)).toEqual([
    "orphan ncloud_vpc.vpc",
    "orphan ncloud_network_acl.private-acl",
    "orphan ncloud_access_control_group.sync-group",
    "orphan ncloud_route_table.private-routes",
    "orphan ncloud_subnet.private",
    "unseen ncloud_network_acl_rule.private-acl_rules",
    "unseen ncloud_access_control_group_rule.sync-group_rules",
    "unseen ncloud_route_table_association.private-routes_private",
    "orphan ncloud_objectstorage_bucket.event_log",
    "unseen ncloud_objectstorage_bucket_acl.event_log_acl",
    "orphan ncloud_network_interface.sync-1_server_nic",
    "orphan ncloud_init_script.init-script",
    "orphan ncloud_server.sync-1_server",
    "orphan ncloud_block_storage.sync-1_volume",
    "orphan ncloud_public_ip.proxy-1_address",
  ]);
  expect(outcome.imported?.filter(({ result }) => result !== "imported")).toEqual([]);
  expect(outcome.imported?.filter(({ changes }) => changes !== undefined)).toEqual([
    // Not read back by the provider.
    expect.objectContaining({
      address: "ncloud_block_storage.sync-1_volume",
      changes: ["stop_instance_before_detaching"],
    }),
  ]);
  expect(platform()).toEqual(before);
  expect(STACKS.map(planned)).toEqual([
    ["create ncloud_network_acl_rule.private-acl_rules"],
    ["create ncloud_objectstorage_bucket_acl.event_log_acl"],
    ["update ncloud_block_storage.sync-1_volume"],
  ]);
});

it("says of rules that have no import what a person has to do", async () => {
  const { findings } = await look();
  expect(findings.map(({ address, verdict, note }) => [address, verdict, note?.slice(0, 14)])).toEqual([
    ["ncloud_network_acl_rule.private-acl_rules", "refuse", "has no import,"],
    ["ncloud_objectstorage_bucket_acl.event_log_acl", "recreate", "the next deplo"],
  ]);
});
