/** One side of a review: a folder that synth has written, or a git ref that is synthesized in a worktree of its own. */
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadSynth } from "../../review/input/load";
import { WrongUse } from "../errors";
import { fillKeys } from "./keys";
import { Failed, run } from "./run";

export interface SideOptions {
  /** Folder of the clone. */
  readonly clone: string;
  /** Pipeline file, below the clone. */
  readonly pipeline: string;
  readonly signal: AbortSignal;
  /** Tells people how far it is. */
  readonly tell: (text: string) => void;
}

/** A side that there is: what `withSide` can begin with. */
export interface Side {
  /** As it was named. */
  readonly name: string;
  /** Missing: it is a folder. */
  readonly commit?: string;
}

/** Whether it is an output folder of synth, or a path that no ref can be. */
const isFolder = (name: string): boolean => existsSync(join(name, "manifest.json")) || /^[./]/.test(name);

/**
 * Finds a side, before anything takes time.
 * @throws WrongUse for a name that is nothing, or a commit that can't be synthesized with what is installed here
 * @throws NoSynth for a folder that synth has not written
 */
export async function findSide(name: string, options: SideOptions): Promise<Side> {
  const commit = isFolder(name) ? undefined : await commitOf(name, options);
  if (commit === undefined) {
    loadSynth(name);
    return { name };
  }
  await tellUncommitted(name, commit, options);
  await demandSameInstallation(name, commit, options);
  return { name, commit };
}

/** Gives the folder of a side to a function, and removes what was made for it whatever happens. */
export async function withSide<T>(side: Side, options: SideOptions, use: (folder: string) => Promise<T>): Promise<T> {
  const { name, commit } = side;
  if (commit === undefined) return use(name);
  const { clone, signal, tell } = options;
  const home = mkdtempSync(join(tmpdir(), "aws2ncp-review-"));
  const worktree = join(home, "tree");
  try {
    tell(`${name}: a worktree of ${commit.slice(0, 10)}`);
    await run("git", ["worktree", "add", "--detach", "--quiet", worktree, commit], { cwd: clone, signal });
    return await use(await synthesize(name, worktree, join(home, "out"), options));
  } finally {
    // Not by the review's signal: an interrupted review must remove it, too.
    const always = new AbortController().signal;
    const remove = ["worktree", "remove", "--force", worktree];
    await run("git", remove, { cwd: clone, signal: always }).catch(() => undefined);
    rmSync(home, { recursive: true, force: true });
  }
}

/** Undefined: no commit, but a path that there is, and what is wrong with it is known better where folders are read. */
async function commitOf(side: string, { clone, signal }: SideOptions): Promise<string | undefined> {
  try {
    const args = ["rev-parse", "--verify", "--end-of-options", `${side}^{commit}`];
    return (await run("git", args, { cwd: clone, signal })).trim();
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    if (existsSync(side)) return undefined;
    // "fatal: Needed a single revision" is git's word for a name that it does not know.
    const said = /Needed a single revision/.test(error.message) ? "" : ` (${error.message.split("\n")[0]})`;
    throw new WrongUse(
      `${side}: is neither a commit of this clone nor an output folder of synth${said}\n  allowed: a branch, a tag, a commit, or a folder with manifest.json\n` +
        `  try: git fetch origin ${side.replace(/^origin\//, "")}, with --unshallow in a shallow clone; or npx cdktf synth, and cdktf.out instead of ${side}`,
    );
  }
}

/** Who reviews what is checked out may expect to see what is not committed yet. */
async function tellUncommitted(side: string, commit: string, { clone, signal, tell }: SideOptions): Promise<void> {
  const options = { cwd: clone, signal };
  const head = await run("git", ["rev-parse", "HEAD"], options).catch(() => "");
  if (head.trim() !== commit) return;
  const changed = await run("git", ["status", "--porcelain", "--untracked-files=no"], options);
  if (changed !== "")
    tell(
      `${side}: what is changed here and not committed is not in the review; to have it in: npx cdktf synth, and cdktf.out instead of ${side}`,
    );
}

/** What lies in node_modules here must be what the other commit asks for; so must the bindings that are built from the project's own package. */
async function demandSameInstallation(side: string, commit: string, { clone, signal }: SideOptions): Promise<void> {
  const refuse = (what: string): never => {
    throw new WrongUse(
      `${side}: ${what} is another than here, so what is installed here does not fit it\n  allowed: a commit with the same dependencies, or a folder that was synthesized with its own\n` +
        `  try: git worktree add ../aws2ncp-other ${side} && (cd ../aws2ncp-other && npm ci && npm run build && node dist/main.js), then give ../aws2ncp-other/cdktf.out instead of ${side}`,
    );
  };
  const there = await run("git", ["show", `${commit}:package-lock.json`], { cwd: clone, signal }).catch(() => "");
  if (there !== readFileSync(join(clone, "package-lock.json"), "utf8")) refuse("package-lock.json");
  const bindings = await run("git", ["diff", "--name-only", commit, "--", "packages"], { cwd: clone, signal });
  if (bindings.trim() !== "") refuse("packages/");
}

/** Compiles and runs the side's own program, without credentials and without a state. */
async function synthesize(
  side: string,
  worktree: string,
  outdir: string,
  { clone, pipeline, signal, tell }: SideOptions,
): Promise<string> {
  symlinkSync(join(clone, "node_modules"), join(worktree, "node_modules"));
  for (const line of fillKeys(worktree, pipeline, clone)) tell(`${side}: ${line}`);
  if (!existsSync(join(worktree, pipeline)))
    throw new WrongUse(
      `${side}: has no ${pipeline}\n  allowed: a pipeline file that both sides have\n  try: --pipeline with its path below the repository`,
    );
  tell(`${side}: compiles`);
  const options = { cwd: worktree, signal, env: bareEnvironment() };
  const compiler = join(clone, "node_modules", "typescript", "bin", "tsc");
  // Types were checked when the commit was made; here they only cost time.
  await attempt(
    side,
    "does not compile",
    run(process.execPath, [compiler, "-p", "tsconfig.build.json", "--noCheck", "--incremental", "false"], options),
  );
  tell(`${side}: synthesizes`);
  const env = {
    ...options.env,
    CDKTF_OUTDIR: outdir,
    CDKTF_CONTEXT_JSON: contextOf(worktree),
    CHECKPOINT_DISABLE: "1",
  };
  await attempt(
    side,
    "does not synthesize",
    run(process.execPath, [join(worktree, "dist", "main.js"), pipeline], { ...options, env }),
  );
  return outdir;
}

/** Neither keys nor profiles: synth needs none, and code that is under review gets none. */
function bareEnvironment(): NodeJS.ProcessEnv {
  const { PATH, TMPDIR, LANG } = process.env;
  return Object.fromEntries(Object.entries({ PATH, TMPDIR, LANG }).filter(([, value]) => value !== undefined));
}

/** What the cdktf command would hand on: the context of cdktf.json, with the constructs that may go. */
function contextOf(worktree: string): string {
  try {
    const { context = {} } = JSON.parse(readFileSync(join(worktree, "cdktf.json"), "utf8")) as { context?: unknown };
    return JSON.stringify(context);
  } catch {
    return "{}";
  }
}

async function attempt(side: string, what: string, work: Promise<string>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    throw new Error(
      `${side}: ${what}\n  ${error.message.replaceAll("\n", "\n  ")}\n  try: git switch ${side}, npm ci && npm run build && npx cdktf synth`,
      { cause: error },
    );
  }
}
