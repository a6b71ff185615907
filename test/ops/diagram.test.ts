/** `aws2ncp diagram` on what the synth of pipeline.yaml writes, and the README's picture. Needs a build: `npm run build`. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exitCodeFor, program } from "../../ops/main";
import { PLAN_FILE } from "../../pipeline/plan-document";
import { wholePipelineFile } from "../fixtures/pipeline";

const root = join(__dirname, "..", "..");
const folder = mkdtempSync(join(tmpdir(), "diagram-"));
const synth = join(folder, "synth");
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(() => {
  const env = { ...process.env, CDKTF_OUTDIR: synth };
  const { status, stderr } = spawnSync("node", [join(root, "dist", "main.js"), wholePipelineFile()], {
    cwd: root,
    env,
    encoding: "utf8",
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});

/** Exit code, and standard output or what went wrong. */
async function run(...args: string[]): Promise<{ code: number; out: string }> {
  let out = "";
  const spy = jest.spyOn(process.stdout, "write").mockImplementation((text) => ((out += String(text)), true));
  const quiet = jest.spyOn(process.stderr, "write").mockReturnValue(true);
  try {
    await program().parseAsync(["diagram", ...args], { from: "user" });
    return { code: 0, out };
  } catch (error) {
    return { code: exitCodeFor(error), out: (error as Error).message.replaceAll(`${folder}/`, "") };
  } finally {
    spy.mockRestore();
    quiet.mockRestore();
  }
}

it("draws the README's picture, byte for byte", async () => {
  const picture = readFileSync(join(root, "docs", "pictures", "pipeline.svg"), "utf8");
  // If it is meant to change: node dist/main.js && npx aws2ncp diagram --out docs/pictures/pipeline.svg
  expect((await run(synth)).out).toBe(picture);
});

it("writes a file, and nothing on standard output", async () => {
  const file = join(folder, "picture.svg");
  expect(await run(synth, "--out", file)).toEqual({ code: 0, out: "" });
  expect(readFileSync(file, "utf8")).toBe((await run(synth)).out);
});

it("tells as data what it shows", async () => {
  const scene = JSON.parse((await run(synth, "--json")).out) as { bands: { id: string }[][]; edges: unknown[] };
  expect(scene.bands.map((band) => band.map(({ id }) => id))).toEqual([
    ["internet", "time-servers", "admin"],
    ["public", "name-servers"],
    ["private"],
    ["object-storage"],
  ]);
  expect(scene.edges).toHaveLength(17);
});

it("says what is wrong with a folder that it can't draw, or a file that it can't write", async () => {
  expect(await run(join(folder, "nowhere"))).toEqual({
    code: 2,
    out: "nowhere: there is no such folder\n  allowed: an output folder of synth, with manifest.json and stacks/STACK/cdk.tf.json\n  try: npx cdktf synth",
  });
  const old = join(folder, "old");
  mkdirSync(join(old, "stacks", "a"), { recursive: true });
  writeFileSync(join(old, "manifest.json"), '{"stacks":{"a":{"synthesizedStackPath":"stacks/a/cdk.tf.json"}}}');
  writeFileSync(join(old, "stacks", "a", "cdk.tf.json"), "{}");
  expect(await run(old)).toEqual({
    code: 2,
    out: `old/${PLAN_FILE}: is missing\n  allowed: an output folder that this version's synth has written\n  try: npx cdktf synth`,
  });
  const { code, out } = await run(synth, "--out", join(folder, "no", "where.svg"));
  expect(code).toBe(2);
  expect(out).toMatch(/^no\/where\.svg: can't be written: ENOENT/);
});
