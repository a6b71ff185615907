/** Processes by more than their number: numbers are used again, start times are not. */
import { readFileSync } from "node:fs";

export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, as the kernel counts; missing where there is no /proc. */
  readonly start?: string;
}

interface Stat {
  readonly command: string;
  readonly state: string;
  readonly parent: number;
  readonly start: string;
}

/** proc(5): the command is in parentheses and may hold any character; state and parent follow, the start time is field 22. */
function statOf(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const end = text.lastIndexOf(")");
    const fields = text.slice(end + 2).split(" ");
    return {
      command: text.slice(text.indexOf("(") + 1, end),
      state: fields[0]!,
      parent: Number(fields[1]),
      start: fields[19]!,
    };
  } catch {
    return undefined;
  }
}

export function identityOf(pid: number): ProcessIdentity {
  const start = statOf(pid)?.start;
  return start === undefined ? { pid } : { pid, start };
}

/** Whether that very process still runs. A zombie does not. */
export function isAlive({ pid, start }: ProcessIdentity): boolean {
  const stat = statOf(pid);
  if (stat !== undefined && (stat.state === "Z" || (start !== undefined && stat.start !== start))) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

const SHELLS = ["sh", "dash", "bash", "ash", "busybox"];

/**
 * Calls `onDeath` once, when the process that started this one has died. Terraform's local-exec puts a shell in between,
 * so a shell's parent is watched too.
 * @returns ends the watch.
 */
export function watchParent(onDeath: (pid: number) => void, intervalMs = 500): () => void {
  const parent = process.ppid;
  const watched: ProcessIdentity[] = [identityOf(parent)];
  const stat = statOf(parent);
  if (stat !== undefined && SHELLS.includes(stat.command) && stat.parent > 1) watched.push(identityOf(stat.parent));
  const timer = setInterval(() => {
    const dead = process.ppid === parent ? watched.find((each) => !isAlive(each)) : watched[0];
    if (dead === undefined) return;
    clearInterval(timer);
    onDeath(dead.pid);
  }, intervalMs);
  timer.unref();
  return () => clearInterval(timer);
}
