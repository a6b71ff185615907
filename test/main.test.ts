/** The compiled program as `cdktf` runs it. Needs a build: `npm run build`. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { filesIn } from "./constructs/synth";
import { pipelineFile } from "./fixtures/pipeline";

const root = join(__dirname, "..");
const program = join(root, "dist", "main.js");

beforeAll(() => {
  if (!existsSync(program)) throw new Error("dist/main.js is missing\n  try: npm run build");
});

function synth(file: string): { outdir: string; status: number | null; stderr: string } {
  const outdir = join(mkdtempSync(join(tmpdir(), "main-")), "out");
  const env = { ...process.env, CDKTF_OUTDIR: outdir };
  const { status, stderr } = spawnSync("node", [program, file], { cwd: root, env, encoding: "utf8" });
  return { outdir, status, stderr };
}

it("writes four stacks and what is delivered, the same bytes each time", () => {
  const file = pipelineFile();
  const [first, second] = [synth(file), synth(file)];
  expect(first).toMatchObject({ status: 0, stderr: "" });
  const written = filesIn(first.outdir);
  expect([...written.keys()].filter((path) => path.endsWith("cdk.tf.json") || path.endsWith("manifest.json"))).toEqual([
    "manifest.json",
    "stacks/network/cdk.tf.json",
    "stacks/source/cdk.tf.json",
    "stacks/storage/cdk.tf.json",
    "stacks/transfer/artifacts/manifest.json",
    "stacks/transfer/cdk.tf.json",
  ]);
  expect(filesIn(second.outdir)).toEqual(written);
});

it("tells the mistakes of a pipeline file without a stack trace, and exits with 1", () => {
  const { status, stderr } = synth(pipelineFile(["vpc: 10.20.0.0/16", "vpc: 10.20.0.1/16"]));
  expect(status).toBe(1);
  expect(stderr).toMatch(/pipeline\.yaml:\d+:\d+ {2}network\.vpc: "10\.20\.0\.1\/16" is not valid/);
  expect(stderr).not.toMatch(/^ {4}at /m);
});

it("names a file that isn't there", () => {
  const { status, stderr } = synth("/nowhere/pipeline.yaml");
  expect(status).toBe(1);
  expect(stderr).toMatch(/can't be read: ENOENT/);
});
