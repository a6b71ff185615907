/**
 * Reads secrets where the pipeline file says they are: `env:NAME`, `file:PATH`, `command:SHELL COMMAND`.
 * Only what runs after apply calls this; synth never does. Values end up in no error text.
 */
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Problem } from "./errors";
import type { SecretName, SecretRef } from "./plan-types";
import { checkShapes } from "./secret-shapes";

export type Secrets = ReadonlyMap<SecretName, string>;

export interface SecretSources {
  /** The pipeline file's folder: where `file:` paths start and commands run. */
  readonly root: string;
  /** @default process.env */
  readonly env?: NodeJS.ProcessEnv;
  /** @default 60 seconds */
  readonly commandTimeoutMs?: number;
  readonly signal?: AbortSignal;
}

export const SECRET_SOURCES = "env:NAME, file:PATH (from the pipeline file's folder) or command:SHELL COMMAND";

/**
 * Every secret, and what is wrong with those that can't be had. A value ends where its text ends: line ends at its end are
 * dropped, as a shell's `$(…)` does; whoever composes a file adds its own.
 */
export async function readSecrets(
  refs: readonly SecretRef[],
  sources: SecretSources,
): Promise<{ readonly values: Secrets; readonly problems: readonly Problem[] }> {
  const read = await Promise.all(refs.map(async (ref) => ({ ref, got: await readSecret(ref, sources) })));
  const values = new Map<SecretName, string>();
  const problems: Problem[] = [];
  for (const { ref, got } of read) {
    if (typeof got === "string") values.set(ref.name, got);
    else problems.push({ path: ["secrets", ref.name, "from"], ...got });
  }
  problems.push(...checkShapes(values, new Map(refs.map((ref) => [ref.name, ref.from]))));
  return { values, problems };
}

type Wrong = Omit<Problem, "path">;

async function readSecret(ref: SecretRef, sources: SecretSources): Promise<string | Wrong> {
  const [, scheme, rest] = /^(env|file|command):(.+)$/s.exec(ref.from) ?? [];
  const readers: Record<string, (rest: string, sources: SecretSources) => Promise<string | Wrong>> = {
    env: fromEnvironment,
    file: fromFile,
    command: fromCommand,
  };
  const reader = readers[scheme ?? ""];
  if (reader === undefined || rest === undefined)
    return { message: `"${ref.from}" names no source of secrets`, allowed: SECRET_SOURCES };
  const got = await reader(rest, sources);
  if (typeof got !== "string") return { ...got, message: `"${ref.from}" ${got.message}` };
  const value = got.replace(/[\r\n]+$/, "");
  if (value === "") return { message: `"${ref.from}" is empty`, allowed: "a value of at least one character" };
  return value;
}

async function fromEnvironment(name: string, { env = process.env }: SecretSources): Promise<string | Wrong> {
  return env[name] ?? { message: "is not set", hint: `set ${name} in the environment that runs the deploy` };
}

async function fromFile(path: string, { root }: SecretSources): Promise<string | Wrong> {
  const full = resolve(root, path);
  try {
    return await readFile(full, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason =
      code === "ENOENT"
        ? "does not exist"
        : code === "EACCES"
          ? "may not be read by this user"
          : `can't be read: ${message}`;
    return { message: `${reason} (${full})`, hint: "put the secret there, or correct the reference" };
  }
}

function fromCommand(
  command: string,
  { root, env = process.env, commandTimeoutMs = 60_000, signal }: SecretSources,
): Promise<string | Wrong> {
  return new Promise((done) => {
    // A group of its own, so that a timeout ends what the shell started, too.
    const child = spawn("/bin/sh", ["-c", command], {
      cwd: root,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let out = "";
    let err = "";
    let late = false;
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (err = (err + text).slice(-2000)));
    const kill = (): void => {
      try {
        process.kill(-child.pid!, "SIGKILL");
      } catch {
        // It has ended.
      }
    };
    const timer = setTimeout(() => {
      late = true;
      kill();
    }, commandTimeoutMs);
    signal?.addEventListener("abort", kill, { once: true });
    child.on("error", (error) => done({ message: `can't be run: ${error.message}` }));
    child.on("close", (code, by) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", kill);
      if (code === 0) return done(out);
      const last = err.trim().split("\n").at(-1) ?? "";
      const ended = late
        ? `did not end within ${commandTimeoutMs / 1000} s`
        : code === null
          ? `was ended by ${by}`
          : `ended with exit code ${code}`;
      done({ message: `${ended}${last === "" ? "" : `: ${last}`}`, hint: `run it by hand in ${root}` });
    });
  });
}
