/** One hook at a time on a stack, whichever it is. */
import { join } from "node:path";
import { takeLock, type Lock, type LockHolder } from "../lock";
import type { LoadedManifest } from "./manifest";
import { PrivateFolder } from "./private-folder";

/**
 * Takes the stack's lock. What a dead holder left of its secrets is removed.
 * @param hook "deliver" @throws HookError naming the holder, when another one lives
 */
export function lockStack({ state, stack }: LoadedManifest, hook: string, print: (line: string) => void): Lock {
  const lock = takeLock(join(state, "locks", `${stack}.json`), `${hook} ${stack}`);
  if (lock.takenFrom !== undefined) resumeAfter(lock.takenFrom, stack, print);
  return lock;
}

function resumeAfter({ pid, since, privateFolder }: LockHolder, stack: string, print: (line: string) => void): void {
  print(`${stack}: resumes after process ${pid}, which died at work (since ${since})`);
  if (privateFolder !== undefined && PrivateFolder.removeLeft(privateFolder))
    print(`${stack}: removed ${privateFolder}, where it had secrets`);
}
