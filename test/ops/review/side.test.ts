/** A git ref as one side of a review: synthesized by its own program in a worktree that is gone afterwards. Needs a build. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { findSide, withSide, type SideOptions } from "../../../ops/review/side";
import { Interrupted } from "../../../sandbox/rehearsal";
import { scratch } from "../programs";
import { Clone } from "./clone";

jest.setTimeout(60_000);

const root = join(__dirname, "..", "..", "..");
const temporary = scratch();
const before = process.env["TMPDIR"];
beforeAll(() => void (process.env["TMPDIR"] = temporary));
afterAll(() => {
  if (before === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = before;
});
/** Nothing is left, whatever happened. */
const leftovers = (clone: Clone) => ({ worktrees: clone.worktrees() - 1, folders: readdirSync(temporary) });
const NOTHING = { worktrees: 0, folders: [] };

interface Told {
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly told: readonly string[];
}

async function sideOf(clone: Clone, name: string, more: Partial<SideOptions> = {}): Promise<Told> {
  const told: string[] = [];
  const options: SideOptions = {
    clone: clone.folder,
    pipeline: "pipeline.yaml",
    signal: new AbortController().signal,
    tell: (text) => void told.push(text),
    ...more,
  };
  return withSide(await findSide(name, options), options, (folder) => {
    const text = readFileSync(join(folder, "stacks", "only", "cdk.tf.json"), "utf8");
    return Promise.resolve({ ...(JSON.parse(text) as { output: Told["outputs"] }), told }).then(({ output, told }) => ({
      outputs: output,
      told,
    }));
  });
}

const pipelineOf = async (clone: Clone, name: string): Promise<string | undefined> =>
  (await sideOf(clone, name)).outputs["pipeline"]?.value;

describe("a ref", () => {
  const clone = new Clone();
  clone.git("tag", "v1");
  clone.git("branch", "feature/one");
  clone.commit({ "pipeline.yaml": "second\n" });
  clone.write({ "pipeline.yaml": "not committed\n" });
  afterEach(() => expect(leftovers(clone)).toEqual(NOTHING));

  it.each([
    ["HEAD~1", "first\n"],
    ["v1", "first\n"],
    ["feature/one", "first\n"],
    ["main", "second\n"],
  ])("%s gives what is committed there", async (name, text) => {
    expect(await pipelineOf(clone, name)).toBe(text);
  });

  it("says how far it is, and that changes which are not committed stay out", async () => {
    const commit = clone.git("rev-parse", "HEAD").slice(0, 10);
    expect((await sideOf(clone, "HEAD")).told).toEqual([
      "HEAD: what is changed here and not committed is not in the review; to have it in: npx cdktf synth, and cdktf.out instead of HEAD",
      `HEAD: a worktree of ${commit}`,
      "HEAD: compiles",
      "HEAD: synthesizes",
    ]);
    expect(readFileSync(join(clone.folder, "pipeline.yaml"), "utf8")).toBe("not committed\n");
  });

  it("is synthesized without keys, with the context of its cdktf.json", async () => {
    process.env["AWS_SECRET_ACCESS_KEY"] = "nobody's";
    try {
      const { environment, context } = (await sideOf(clone, "main")).outputs;
      const names = (environment?.value ?? "").split(",").filter((name) => name !== "LANG");
      expect(names).toEqual(["CDKTF_CONTEXT_JSON", "CDKTF_OUTDIR", "CHECKPOINT_DISABLE", "PATH", "TMPDIR"]);
      expect(context?.value).toBe('{"retire":["a/b"]}');
    } finally {
      delete process.env["AWS_SECRET_ACCESS_KEY"];
    }
  });

  it("is told what is wrong with it before anything takes time", async () => {
    await expect(sideOf(clone, "origin/nowhere")).rejects.toThrow(
      "origin/nowhere: is neither a commit of this clone nor an output folder of synth\n" +
        "  allowed: a branch, a tag, a commit, or a folder with manifest.json\n" +
        "  try: git fetch origin nowhere, with --unshallow in a shallow clone; or npx cdktf synth, and cdktf.out instead of origin/nowhere",
    );
    await expect(sideOf(clone, "--output=x")).rejects.toThrow(/^--output=x: is neither a commit/);
    await expect(sideOf(clone, join(clone.folder, "packages"))).rejects.toThrow(/packages: has no manifest\.json\n/);
  });

  it("that has no such pipeline file is told so", async () => {
    await expect(sideOf(clone, "main", { pipeline: "other.yaml" })).rejects.toThrow(
      "main: has no other.yaml\n  allowed: a pipeline file that both sides have\n  try: --pipeline with its path below the repository",
    );
  });

  it("is refused outside of a clone, in git's words", async () => {
    const elsewhere = Object.assign(Object.create(clone) as Clone, { folder: scratch() });
    await expect(sideOf(elsewhere, "HEAD")).rejects.toThrow(/^HEAD: is neither .* \(fatal: not a git repository/);
  });
});

describe("a ref that does not fit what is installed", () => {
  const clone = new Clone();
  clone.git("tag", "old");
  clone.commit({ "package-lock.json": '{"other":1}' });
  clone.git("tag", "locked");
  clone.commit({ "packages/own/index.js": "more" });
  afterEach(() => expect(leftovers(clone)).toEqual(NOTHING));

  it.each([
    ["old", "package-lock.json"],
    ["locked", "packages/"],
  ])("%s is refused, with the command to run", async (name, what) => {
    await expect(sideOf(clone, name)).rejects.toThrow(
      `${name}: ${what} is another than here, so what is installed here does not fit it\n` +
        "  allowed: a commit with the same dependencies, or a folder that was synthesized with its own\n" +
        `  try: git worktree add ../aws2ncp-other ${name} && (cd ../aws2ncp-other && npm ci && npm run build && node dist/main.js), then give ../aws2ncp-other/cdktf.out instead of ${name}`,
    );
  });
});

describe("a ref that gives no synth", () => {
  const clone = new Clone();
  clone.commit({ "pipeline.yaml": "broken\n" });
  clone.git("tag", "broken");
  clone.commit({ "main.ts": "const a = ;\n", "pipeline.yaml": "first\n" });
  afterEach(() => expect(leftovers(clone)).toEqual(NOTHING));

  it("is told in synth's own words", async () => {
    await expect(sideOf(clone, "broken")).rejects.toThrow(
      "broken: does not synthesize\n  pipeline.yaml:1:1  is broken\n    try: mend it\n  try: git switch broken, npm ci && npm run build && npx cdktf synth",
    );
  });

  it("is told in the compiler's own words", async () => {
    await expect(sideOf(clone, "HEAD")).rejects.toThrow(
      /^HEAD: does not compile\n {2}main\.ts\(1,11\): error TS1109: Expression expected\.\n {2}try: /,
    );
  });
});

describe("an interrupted review", () => {
  const clone = new Clone();
  clone.commit({ "pipeline.yaml": "endless\n" });

  it("removes its worktree", async () => {
    const controller = new AbortController();
    const tell = (text: string): void => void (text.endsWith("synthesizes") && controller.abort());
    await expect(sideOf(clone, "main", { signal: controller.signal, tell })).rejects.toBeInstanceOf(Interrupted);
    expect(leftovers(clone)).toEqual(NOTHING);
  });

  it.each(["SIGINT", "SIGTERM"] as const)("removes it after %s, too", async (signal) => {
    const program = `
      const { handleInterrupts, interrupted } = require(${JSON.stringify(join(root, "dist/sandbox/rehearsal"))});
      const { findSide, withSide } = require(${JSON.stringify(join(root, "dist/ops/review/side"))});
      const { exitCodeFor } = require(${JSON.stringify(join(root, "dist/ops/main"))});
      handleInterrupts(() => undefined);
      const options = { clone: ${JSON.stringify(clone.folder)}, pipeline: "pipeline.yaml", signal: interrupted, tell: console.log };
      findSide("main", options)
        .then((side) => withSide(side, options, () => undefined))
        .catch((error) => { console.log(error.message); process.exitCode = exitCodeFor(error); });`;
    const child = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
    const lines: string[] = [];
    createInterface(child.stdout).on("line", (line) => {
      lines.push(line);
      if (line === "main: synthesizes") child.kill(signal);
    });
    const [code] = (await once(child, "close")) as [number];
    expect({ code, last: lines.at(-1) }).toEqual({
      code: 130,
      last: "interrupted: the worktrees of the review are removed",
    });
    expect(leftovers(clone)).toEqual(NOTHING);
  });
});
