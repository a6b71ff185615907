/** The last resource of a stack: when it runs, and that nothing runs beside it. */
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { folderSha256 } from "../../../constructs/provisioning/hashes";
import { DeliverHook } from "../../../constructs/provisioning/hook";
import { Bucket } from "../../../constructs/storage/bucket";
import { examplePlan } from "../../fixtures/plan";
import { addressesOf, resourcesOf, synthOf, synthStacks } from "../synth";

const outdir = mkdtempSync(join(tmpdir(), "synth-"));
const { transfer } = synthStacks(examplePlan(), { outdir });
const hook = resourcesOf(transfer, "terraform_data")["deliver"] as {
  depends_on: string[];
  triggers_replace: Record<string, unknown>;
  provisioner: unknown;
};

it("depends on every other resource of its stack, but for the two of every stack", () => {
  const others = ["terraform_data.before_changes", "terraform_data.before_removals", "terraform_data.deliver"];
  expect(hook.depends_on).toEqual(addressesOf(transfer).filter((address) => !others.includes(address)));
});

it("depends on resources that are added after it, too", () => {
  const synth = synthOf((stack) => {
    new DeliverHook(stack, "deliver", {
      manifestSha256: "0",
      secrets: [],
      servers: {},
      attachments: {},
      bastionAddress: "198.51.100.129",
    });
    new Bucket(stack, "late", { name: "aws2ncp-late" });
  });
  expect(resourcesOf(synth, "terraform_data")["deliver"]?.["depends_on"]).toEqual([
    "ncloud_objectstorage_bucket.late",
    "ncloud_objectstorage_bucket_acl.late_acl",
  ]);
});

it("runs the compiled program in the stack's folder with the servers' numbers and the bastion's address", () => {
  expect(hook.provisioner).toEqual([
    {
      "local-exec": {
        command: "exec node ../../../dist/hooks/deliver/main.js artifacts/manifest.json",
        environment: {
          AWS2NCP_BASTION_ADDRESS: "${ncloud_public_ip.proxy-1_address.public_ip}",
          AWS2NCP_SERVERS:
            '${jsonencode({"proxy-1" = ncloud_server.proxy-1_server.id, "sync-1" = ncloud_server.sync-1_server.id})}',
        },
      },
    },
  ]);
});

it("runs again for other files, roles, program, secret versions, servers or attachments, and for nothing else", () => {
  const manifest = readFileSync(join(outdir, "stacks", "transfer", "artifacts", "manifest.json"));
  expect(hook.triggers_replace).toEqual({
    manifest: createHash("sha256").update(manifest).digest("hex"),
    roles: expect.stringMatching(/^[0-9a-f]{64}$/),
    program: expect.stringMatching(/^[0-9a-f]{64}$/),
    secrets: Object.fromEntries(examplePlan().secrets.map(({ name }) => [name, 1])),
    servers: {
      "proxy-1": "${ncloud_server.proxy-1_server.id}",
      "sync-1": "${ncloud_server.sync-1_server.id}",
    },
    attachments: {
      "sync-1": "${ncloud_block_storage.sync-1_volume.id}@${ncloud_block_storage.sync-1_volume.server_instance_no}",
    },
  });
  expect(hook).not.toHaveProperty("input");
});

it("tells a rotated secret by its version", () => {
  const rotated = synthStacks(examplePlan(['aws-access-key-id", version: 1', 'aws-access-key-id", version: 2']));
  expect(resourcesOf(rotated.transfer, "terraform_data")["deliver"]?.["triggers_replace"]).toMatchObject({
    secrets: { aws_access_key_id: 2, aws_secret_access_key: 1 },
  });
});

describe("a folder's hash", () => {
  const folderWith = (files: Readonly<Record<string, string>>): string => {
    const folder = mkdtempSync(join(tmpdir(), "hash-"));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(folder, path, ".."), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return folder;
  };
  const hashOf = (files: Readonly<Record<string, string>>): string => folderSha256(folderWith(files));
  const hash = hashOf({ "b/main.yml": "b", "a.yml": "a" });

  it("is the same in another folder", () => expect(hashOf({ "a.yml": "a", "b/main.yml": "b" })).toBe(hash));
  it("changes with a byte", () => expect(hashOf({ "a.yml": "a", "b/main.yml": "c" })).not.toBe(hash));
  it("changes with a name", () => expect(hashOf({ "a.yml": "a", "b/main.yaml": "b" })).not.toBe(hash));
  it("changes when bytes move to the next file", () =>
    expect(hashOf({ a: "ab", b: "" })).not.toBe(hashOf({ a: "a", b: "b" })));
  it("knows no by-products of running", () =>
    expect(hashOf({ "a.yml": "a", "b/main.yml": "b", "b/__pycache__/x.pyc": "x", "a.js.map": "m" })).toBe(hash));
});
