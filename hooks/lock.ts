/** One hook at a time on a stack: a file beside the state names who is at work. */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { dirname } from "node:path";
import { HookError } from "./errors";
import { writeJson } from "./files";
import { identityOf, isAlive, type ProcessIdentity } from "./processes";

export interface LockHolder extends ProcessIdentity {
  readonly machine: string;
  readonly user: string;
  /** ISO 8601, UTC. */
  readonly since: string;
  /** What it does: "deliver transfer". */
  readonly doing: string;
  /** Its folder for secrets, as long as there is one. */
  readonly privateFolder?: string;
}

export interface Lock {
  /** The dead holder whose lock was taken over. */
  readonly takenFrom?: LockHolder;
  /** Notes where the holder's secrets lie, for whoever finds this lock after a power cut. */
  noteFolder(privateFolder: string): void;
  release(): void;
}

/** A takeover lasts milliseconds; a mark of one that is older was left by a killed process. */
const TAKEOVER_MS = 10_000;

/**
 * Takes the lock; a lock whose process on this machine is dead is taken over.
 * @throws HookError naming the holder, when another one lives.
 */
export function takeLock(path: string, doing: string): Lock {
  mkdirSync(dirname(path), { recursive: true });
  const holder: LockHolder = {
    ...identityOf(process.pid),
    machine: hostname(),
    user: userInfo().username,
    since: new Date().toISOString(),
    doing,
  };
  const own = `${path}.${process.pid}.tmp`;
  writeFileSync(own, `${JSON.stringify(holder, null, 2)}\n`);
  try {
    if (tryLink(own, path)) return lockOf(path, holder);
    const found = readHolder(path);
    if (found === undefined || !isStale(found)) throw takenBy(found, path, doing);
    return { ...takeOver(path, own, found, holder), takenFrom: found };
  } finally {
    rmSync(own, { force: true });
  }
}

/** Who holds a lock; undefined: nobody, or a process of this machine that has died. */
export function holderOf(path: string): LockHolder | undefined {
  const holder = readHolder(path);
  return holder === undefined || isStale(holder) ? undefined : holder;
}

function lockOf(path: string, holder: LockHolder): Lock {
  const isMine = (): boolean => {
    const now = readHolder(path);
    return now?.pid === holder.pid && now.since === holder.since;
  };
  return {
    noteFolder: (privateFolder) => {
      if (isMine()) writeJson(path, { ...holder, privateFolder });
    },
    release: () => {
      if (isMine()) rmSync(path, { force: true });
    },
  };
}

/** Only one of several processes that find the same stale lock may replace it: the one that links the mark. */
function takeOver(path: string, own: string, stale: LockHolder, holder: LockHolder): Lock {
  const mark = `${path}.takeover`;
  removeOld(mark);
  if (!tryLink(own, mark)) throw takenBy(readHolder(mark), path, holder.doing);
  try {
    const now = readHolder(path);
    if (now === undefined || now.pid !== stale.pid || now.since !== stale.since) throw takenBy(now, path, holder.doing);
    renameSync(own, path);
    return lockOf(path, holder);
  } finally {
    unlinkSync(mark);
  }
}

/** A hard link is made whole or not at all, and fails where a file is. */
function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function removeOld(mark: string): void {
  try {
    if (Date.now() - statSync(mark).mtimeMs > TAKEOVER_MS) unlinkSync(mark);
  } catch {
    // There is none.
  }
}

function readHolder(path: string): LockHolder | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as LockHolder;
  } catch {
    return undefined;
  }
}

/** Of a process on another machine nothing is known. */
function isStale(holder: LockHolder): boolean {
  return holder.machine === hostname() && !isAlive(holder);
}

function takenBy(holder: LockHolder | undefined, path: string, doing: string): HookError {
  if (holder === undefined)
    return new HookError(
      `${doing}: its lock changes hands or can't be read`,
      [`lock: ${path}`],
      "run again; if this stays, and nobody is at work, remove the lock file",
    );
  const elsewhere = holder.machine !== hostname();
  return new HookError(
    `${doing}: another process is at work on this stack`,
    [
      `holder: pid ${holder.pid} of ${holder.user} on ${holder.machine}, since ${holder.since}, ${holder.doing}`,
      `lock: ${path}`,
    ],
    elsewhere
      ? `wait until it has ended, then run again; if it died on ${holder.machine}, remove the lock file`
      : `wait until it has ended (ps -p ${holder.pid}), then run again`,
  );
}
