/** A Python environment with one version of Ansible, made on demand in the cache and used again. */
import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { ANSIBLE_CORES, pythonNames } from "../../../pipeline/ansible";
import { HookError } from "../../errors";
import { packageFolder } from "../../files";
import type { PrivateFolder } from "../private-folder";

/** Folder of the plugin and the pinned requirements; the compiler doesn't copy them. */
export const ANSIBLE_FILES = join(packageFolder(), "hooks", "deliver", "ansible");

const ABANDONED_MS = 3_600_000;

export interface EnvironmentOptions {
  /** Folder for what can be made again. */
  readonly cache: string;
  readonly env: NodeJS.ProcessEnv;
  /** Ends pip when the hook ends. */
  readonly guard: Pick<PrivateFolder, "began" | "ended">;
  readonly say: (line: string) => void;
  readonly again: string;
  readonly signal: AbortSignal;
}

/**
 * Python of the environment for that ansible-core. Runs as `python -m ansible`: an environment that was renamed has
 * programs that still name its old place.
 * @throws HookError saying what is missing on this machine.
 */
export async function ansiblePython(core: string, o: EnvironmentOptions): Promise<string> {
  const requirements = join(ANSIBLE_FILES, `requirements-${core}.txt`);
  const row = ANSIBLE_CORES.find((each) => each.version === core);
  if (row === undefined || !existsSync(requirements))
    throw new HookError(
      `ansible-core ${core}: this program has no pinned requirements for it`,
      [`allowed: ${ANSIBLE_CORES.map((each) => each.version).join(", ")}`],
      `make the manifest anew with this version of the program, then run: ${o.again}`,
    );
  const { program, version } = await findPython(core, row.controllers, o);
  const hash = createHash("sha256").update(readFileSync(requirements)).update(version).digest("hex").slice(0, 12);
  const place = join(o.cache, "ansible", `${core}-${hash}`);
  const python = join(place, "bin", "python");
  if (existsSync(python)) return python;
  const [oldest, newest] = row.targets;
  o.say(
    `Ansible ${core} is made once, in ${place.replace(homedir(), "~")} with pip: ` +
      `the version that manages Python 3.${oldest} to 3.${newest} on hosts, apart from any Ansible of this machine`,
  );
  await make(place, program, requirements, core, o);
  return python;
}

async function make(
  place: string,
  program: string,
  requirements: string,
  core: string,
  o: EnvironmentOptions,
): Promise<void> {
  mkdirSync(dirname(place), { recursive: true });
  removeAbandoned(dirname(place));
  const half = mkdtempSync(`${place}.half-`);
  try {
    await step(program, ["-m", "venv", half], core, o);
    const pip = [
      "-m",
      "pip",
      "--disable-pip-version-check",
      "--no-input",
      "install",
      "--quiet",
      "--only-binary",
      ":all:",
      "--require-hashes",
    ];
    await step(join(half, "bin", "python"), [...pip, "--requirement", requirements], core, o);
    renameSync(half, place);
  } catch (error) {
    // Another delivery may have made it meanwhile.
    if (!["ENOTEMPTY", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
}

/** What killed runs left half made. */
function removeAbandoned(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (name.includes(".half-") && Date.now() - statSync(path).mtimeMs > ABANDONED_MS)
      rmSync(path, { recursive: true, force: true });
  }
}

function step(program: string, args: string[], core: string, o: EnvironmentOptions): Promise<void> {
  o.signal.throwIfAborted();
  return new Promise((done, fail) => {
    const child = spawn(program, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...o.env, PYTHONNOUSERSITE: "1" },
      detached: true,
    });
    let output = "";
    const keep = (text: string): string => (output = (output + text).slice(-4000));
    child.stdout.setEncoding("utf8").on("data", keep);
    child.stderr.setEncoding("utf8").on("data", keep);
    const group = child.pid;
    const kill = (): void => {
      if (group !== undefined && child.exitCode === null) process.kill(-group, "SIGKILL");
    };
    if (group !== undefined) o.guard.began(group);
    o.signal.addEventListener("abort", kill, { once: true });
    child.on("error", (error) => (output += error.message));
    child.on("close", (code) => {
      o.signal.removeEventListener("abort", kill);
      if (group !== undefined) o.guard.ended(group);
      if (o.signal.aborted) return fail(o.signal.reason as Error);
      if (code === 0) return done();
      const lines = output.trim().split("\n").slice(-6);
      const next = /No module named|ensurepip/.test(output)
        ? "install python3-venv (Debian: apt-get install python3-venv)"
        : "see that this machine reaches its Python package index (pip config list)";
      fail(
        new HookError(
          `ansible-core ${core}: its environment could not be made: ${[program, ...args.slice(0, 3)].join(" ")} failed`,
          lines,
          `${next}, then run: ${o.again}`,
        ),
      );
    });
  });
}

/** The first Python on the PATH that runs this ansible-core. */
async function findPython(
  core: string,
  [oldest, newest]: readonly [number, number],
  o: EnvironmentOptions,
): Promise<{ program: string; version: string }> {
  const found: string[] = [];
  for (const name of pythonNames([oldest, newest])) {
    const version = await versionOf(name, o.env);
    const minor = Number(version?.split(".")[1]);
    if (version !== undefined && minor >= oldest && minor <= newest) return { program: name, version };
    if (version !== undefined) found.push(`${name} is ${version}`);
  }
  throw new HookError(
    `ansible-core ${core}: no Python on the PATH runs it`,
    [`found: ${found.length === 0 ? "none" : found.join(", ")}`, `allowed: Python 3.${oldest} to 3.${newest}`],
    `install one with its venv module (Debian 12: apt-get install python3 python3-venv), then run: ${o.again}`,
  );
}

function versionOf(program: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const script = "import platform, sys; print(platform.python_version(), sys.prefix, platform.machine())";
  return new Promise((done) =>
    execFile(program, ["-c", script], { env, timeout: 10_000 }, (error, out) =>
      done(error === null ? out.trim() : undefined),
    ),
  );
}
