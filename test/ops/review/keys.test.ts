/** Keys of operators that git does not have come from the clone, or are nobody's. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fillKeys } from "../../../ops/review/keys";
import { scratch } from "../programs";

const PUBLIC = readFileSync(join(__dirname, "..", "..", "fixtures", "deploy.pub"), "utf8");

function write(folder: string, files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const pipelineWith = (...files: readonly string[]): string =>
  JSON.stringify({ operators: files.map((public_key_file) => ({ public_key_file })) });

it("takes a public key that lies at the same place in the clone", () => {
  const tree = write(scratch(), { "examples/pipeline.yaml": pipelineWith("keys/deploy.pub") });
  const clone = write(scratch(), { "examples/keys/deploy.pub": PUBLIC });
  expect(fillKeys(tree, "examples/pipeline.yaml", clone)).toEqual([
    "examples/keys/deploy.pub is not in git: taken from this clone",
  ]);
  expect(readFileSync(join(tree, "examples/keys/deploy.pub"), "utf8")).toBe(PUBLIC);
});

it.each([
  ["is a private key", "-----BEGIN OPENSSH PRIVATE KEY-----\nbm9ib2R5\n-----END OPENSSH PRIVATE KEY-----\n"],
  ["has a private key below a public one", `${PUBLIC}-----BEGIN OPENSSH PRIVATE KEY-----\n`],
  ["is not there", undefined],
])("puts nobody's key where the clone's file %s", (_what, text) => {
  const tree = write(scratch(), { "pipeline.yaml": pipelineWith("deploy.pub") });
  const clone = write(scratch(), text === undefined ? {} : { "deploy.pub": text });
  expect(fillKeys(tree, "pipeline.yaml", clone)).toEqual([
    "deploy.pub is not in git, and not in this clone: a key of nobody's stands in for it, so a change of it is not seen",
  ]);
  const [type, key] = readFileSync(join(tree, "deploy.pub"), "utf8").split(" ");
  // An ssh-ed25519 key whose 32 bytes are zero.
  const bytes = Buffer.from(key as string, "base64");
  expect(type).toBe("ssh-ed25519");
  expect(bytes.subarray(0, 19).toString("latin1")).toBe("\0\0\0\vssh-ed25519\0\0\0 ");
  expect(bytes.subarray(19).equals(Buffer.alloc(32))).toBe(true);
});

it("leaves alone what is in git, what lies outside of it, and a file that is no pipeline", () => {
  const tree = write(scratch(), {
    "pipeline.yaml": pipelineWith("deploy.pub", "../outside.pub"),
    "deploy.pub": "as it is",
    "broken.yaml": "{",
  });
  const clone = write(scratch(), { "deploy.pub": PUBLIC });
  expect(fillKeys(tree, "pipeline.yaml", clone)).toEqual([]);
  expect(fillKeys(tree, "broken.yaml", clone)).toEqual([]);
  expect(fillKeys(tree, "nowhere.yaml", clone)).toEqual([]);
  expect(readFileSync(join(tree, "deploy.pub"), "utf8")).toBe("as it is");
  expect(existsSync(join(tree, "..", "outside.pub"))).toBe(false);
});
