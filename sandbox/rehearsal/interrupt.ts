/**
 * ctrl-C, once: the child that is running gets it (cdktf hands it on to Terraform), waits end, and nothing new is begun.
 * Again: the child gets it again. What is left half-made is for `aws2ncp sandbox down`.
 */
import type { ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

const controller = new AbortController();
const children = new Set<ChildProcess>();

/** Aborted by ctrl-C, for commands that end what they have begun by it. */
export const interrupted: AbortSignal = controller.signal;

export class Interrupted extends Error {
  constructor(text = "interrupted\n  what was made so far is still there; to remove it: aws2ncp sandbox down") {
    super(text);
  }
}

/** Takes over SIGINT and SIGTERM of this process; called once by the program's main file. */
export function handleInterrupts(tell: (text: string) => void): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => {
      if (!controller.signal.aborted)
        tell("stopping, which takes as long as what is running needs to end; once more to press harder");
      controller.abort();
      for (const child of children) if (child.pid !== undefined) killGroup(child.pid, "SIGINT");
    });
}

function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended in the meantime.
  }
}

/** A child in a process group of its own, so that it hears of ctrl-C exactly once, from here. */
export function forwardInterrupts(child: ChildProcess): void {
  children.add(child);
  child.once("close", () => children.delete(child));
}

export function throwIfInterrupted(): void {
  if (controller.signal.aborted) throw new Interrupted();
}

/** Sleeps, or throws at once when interrupted. */
export async function pause(milliseconds: number): Promise<void> {
  await sleep(milliseconds, undefined, { signal: controller.signal }).catch(() => undefined);
  throwIfInterrupted();
}
