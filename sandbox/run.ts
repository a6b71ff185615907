/** Starting other programs: once and waited for, or kept running in the background under a name. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { sandboxPath } from "./paths";

export interface RunOptions {
  /** Written to standard input. */
  readonly input?: string | Buffer;
  /** Added to this process's environment. */
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Return instead of throwing when the exit code is not 0. */
  readonly allowFail?: boolean;
  /** @default no limit */
  readonly timeoutMs?: number;
}

export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
  /** Exit code; 128 + signal when killed. */
  readonly code: number;
}

/** Runs a program to its end. Throws with the command, its exit code and the end of its stderr. */
export function run(cmd: string, args: readonly string[], opts: RunOptions = {}): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(cmd, args, {
      ...(opts.cwd === undefined ? {} : { cwd: opts.cwd }),
      env: { ...process.env, ...opts.env },
      stdio: ["pipe", "pipe", "pipe"],
      ...(opts.timeoutMs === undefined ? {} : { timeout: opts.timeoutMs }),
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    child.stdin.on("error", () => undefined); // a program may end without reading its input
    child.on("error", (error) => reject(new Error(`${cmd}: ${error.message}`)));
    child.on("close", (code, signal) => {
      const result = {
        stdout: Buffer.concat(out).toString(),
        stderr: Buffer.concat(err).toString(),
        code: code ?? (signal === null ? 1 : 128),
      };
      if (result.code === 0 || opts.allowFail === true) return resolve(result);
      const why = signal === null ? `exit code ${result.code}` : `ended by ${signal}`;
      const tail = (result.stderr || result.stdout).trim().split("\n").slice(-15).join("\n  ");
      reject(new Error(`${[cmd, ...args].join(" ")}: ${why}\n  ${tail}`));
    });
    child.stdin.end(opts.input);
  });
}

export interface DetachedOptions {
  /** Name of the network namespace to run in. @default the machine's own */
  readonly netns?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

const pidFile = (name: string): string => sandboxPath("run", `${name}.pid`);

/** Start time of a process in clock ticks: with the pid it names a process even after pids wrapped around. */
function startTime(pid: number): string | undefined {
  const stat = `/proc/${pid}/stat`;
  if (!existsSync(stat)) return undefined;
  const fields = readFileSync(stat, "utf8").split(") ").pop()?.split(" ");
  return fields?.[0] === "Z" ? undefined : fields?.[19]; // ended, and its parent has not asked how
}

/** Pid of a program started by {@link startDetached}, if it still runs. */
export function detachedPid(name: string): number | undefined {
  if (!existsSync(pidFile(name))) return undefined;
  const [pid, started] = readFileSync(pidFile(name), "utf8").trim().split(" ");
  return started !== undefined && startTime(Number(pid)) === started ? Number(pid) : undefined;
}

/** Starts a program that outlives this one; its output goes to `log/NAME.log`. Does nothing if it already runs. */
export function startDetached(name: string, cmd: string, args: readonly string[], opts: DetachedOptions = {}): void {
  if (detachedPid(name) !== undefined) return;
  mkdirSync(sandboxPath("run"), { recursive: true });
  mkdirSync(sandboxPath("log"), { recursive: true });
  const log = openSync(sandboxPath("log", `${name}.log`), "a");
  const [program, argv] =
    opts.netns === undefined ? [cmd, args] : (["ip", ["netns", "exec", opts.netns, cmd, ...args]] as const);
  const child = spawn(program, argv, {
    ...(opts.cwd === undefined ? {} : { cwd: opts.cwd }),
    env: { ...process.env, ...opts.env },
    detached: true,
    stdio: ["ignore", log, log],
  });
  if (child.pid === undefined) throw new Error(`${name}: ${program} could not be started; is it installed?`);
  writeFileSync(pidFile(name), `${child.pid} ${startTime(child.pid) ?? ""}\n`);
  child.unref();
}

/** Ends a program started by {@link startDetached}: TERM, and KILL after five seconds. */
export async function stopDetached(name: string): Promise<void> {
  const pid = detachedPid(name);
  if (pid !== undefined) {
    process.kill(-pid, "SIGTERM");
    for (let tries = 0; tries < 50 && detachedPid(name) !== undefined; tries++) await sleep(100);
    if (detachedPid(name) !== undefined) process.kill(-pid, "SIGKILL");
  }
  rmSync(pidFile(name), { force: true });
}
