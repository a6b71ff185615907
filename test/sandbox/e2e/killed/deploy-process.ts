/** A deploy that can be killed as by a power cut: cdktf, Terraform, the provider and the hook at once, and nothing told to any. */
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { projectRoot } from "../../../../sandbox/paths";
import { deployArguments, environment, type Deployment } from "../../../../sandbox/rehearsal/deploy";

/** Every process of the deploy inherits it. */
const MARK = "AWS2NCP_TEST_DEPLOY";

/** Not the operator's machine: the platform goes on with what it was asked for. */
const PLATFORM = " --make ";
/** Sees to it that a killed hook leaves no secret behind. A power cut takes it along, and the memory that holds the secrets. */
const GUARD = "deliver/guard.sh";
export const HOOK = "hooks/deliver/main.js";

interface Found {
  readonly pid: number;
  readonly command: string;
}

export class DeployProcess {
  /** Where the hook keeps its secrets while it runs. */
  readonly runtime = mkdtempSync(join(tmpdir(), "aws2ncp-killed-"));
  private readonly mark = `${MARK}=${process.pid}-${this.runtime}`;
  private readonly ended: Promise<number | null>;
  private code: number | null | undefined;
  output = "";

  constructor(deployment: Deployment = {}) {
    const [name, value] = this.mark.split("=") as [string, string];
    const child = spawn("npx", deployArguments(deployment), {
      cwd: projectRoot(),
      env: { ...process.env, ...environment(), XDG_RUNTIME_DIR: this.runtime, [name]: value },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (this.output += text));
    this.ended = new Promise((resolve) => child.on("close", resolve));
    void this.ended.then((code) => (this.code = code));
  }

  /** Waits for the point at which to kill. @throws when the deploy ends before it, or does not get there */
  async reaches(point: string, seconds: number, holds: () => boolean | Promise<boolean>): Promise<void> {
    for (const deadline = Date.now() + seconds * 1000; !(await holds()); await sleep(50)) {
      const why = this.code !== undefined ? `the deploy ended with ${this.code}` : `${seconds} s have passed`;
      if (this.code !== undefined || Date.now() > deadline) {
        await this.kill();
        throw new Error(`${why} before it reached: ${point}\n${this.output.slice(-4000)}`);
      }
    }
  }

  /** SIGKILL to all but what is spared, until none is left; then waits until those that notice have ended as well. */
  async kill(spared?: string): Promise<void> {
    const doomed = (): Found[] =>
      this.processes().filter(({ command }) => spared === undefined || !command.includes(spared));
    for (let left = doomed(); left.length > 0; left = doomed()) {
      // All stand still before the first dies: a hook that had time to see Terraform go would end in good order.
      for (const signal of ["SIGSTOP", "SIGKILL"] as const) for (const { pid } of left) sendIfThere(pid, signal);
      await sleep(20);
    }
    await this.ended;
    for (const deadline = Date.now() + 60_000; this.left().length > 0; await sleep(50))
      if (Date.now() > deadline) throw new Error(`left of the killed deploy:\n  ${this.left().join("\n  ")}`);
    rmSync(this.runtime, { recursive: true });
  }

  /** Pids of the processes of the deploy whose command has a text in it. */
  pids(text: string): number[] {
    return this.processes()
      .filter(({ command }) => command.includes(text))
      .map(({ pid }) => pid);
  }

  /** What of it still runs, guard and Ansible included, and what is left of its secrets. */
  private left(): string[] {
    const running = processes()
      .filter(
        ({ pid, command }) =>
          (command.includes(this.runtime) || isMarked(pid, this.mark)) && !command.includes(PLATFORM),
      )
      .filter(({ pid }) => !platformsOwn(pid))
      .map(({ command }) => command);
    return [...running, ...readdirSync(this.runtime)];
  }

  private processes(): Found[] {
    return processes().filter(
      ({ pid, command }) =>
        isMarked(pid, this.mark) && !command.includes(PLATFORM) && !isGuards(pid) && !platformsOwn(pid),
    );
  }
}

function processes(): Found[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), command: textOf(`/proc/${name}/cmdline`).replaceAll("\0", " ") }))
    .filter(({ command }) => command !== "");
}

const isMarked = (pid: number, mark: string): boolean => textOf(`/proc/${pid}/environ`).split("\0").includes(mark);

/** The guard, and what it does its work with. */
function isGuards(pid: number): boolean {
  for (let at = pid; at > 1; at = parentOf(at))
    if (textOf(`/proc/${at}/cmdline`).replaceAll("\0", " ").includes(GUARD)) return true;
  return false;
}

/** Whether it was started by the platform's work, or is what podman left to watch over a container. */
function platformsOwn(pid: number): boolean {
  for (let at = pid; at > 1; at = parentOf(at)) {
    const command = textOf(`/proc/${at}/cmdline`).replaceAll("\0", " ");
    if (command.includes(PLATFORM) || /(^|\/)conmon /.test(command)) return true;
  }
  return false;
}

const parentOf = (pid: number): number => Number(textOf(`/proc/${pid}/stat`).split(") ").pop()?.split(" ")[1] ?? 0);

function sendIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended with the others.
  }
}

/** A file of /proc; empty when the process has ended. */
function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
