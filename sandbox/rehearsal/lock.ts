/** One sandbox per machine: its networks, names and addresses exist once. A file under /run says whose it is. */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { projectRoot } from "../paths";

export interface Holder {
  /** Folder of the clone that it belongs to. */
  readonly project: string;
  /** Process of the command that is working on it at this moment. */
  readonly pid?: number;
  /** When it was claimed, ISO. */
  readonly since: string;
}

/** /run is emptied by a reboot, as the networks are. */
export const LOCK_FILE = "/run/aws2ncp-sandbox.json";

export function holder(file = LOCK_FILE): Holder | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Holder;
  } catch {
    throw new Error(`${file} is not JSON\n  try: if no sandbox is up on this machine, rm ${file}`);
  }
}

/** Whether that process runs and is a Node program; a pid alone may have been given to another one since. */
function isWorking(pid: number | undefined): boolean {
  if (pid === undefined || pid === process.pid || !existsSync(`/proc/${pid}/cmdline`)) return false;
  return /(^|\/)node$/.test(readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0")[0] ?? "");
}

/**
 * Claims the machine for this clone and this process. A holder whose folder is gone has lost it.
 * @throws when another clone holds it, or another command of this one is working on it
 */
export function claim(file = LOCK_FILE, project = projectRoot()): void {
  const mine: Holder = { project, pid: process.pid, since: new Date().toISOString() };
  try {
    writeFileSync(file, `${JSON.stringify(mine)}\n`, { flag: "wx" });
    return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const other = holder(file) ?? mine;
  if (isWorking(other.pid))
    throw new Error(
      `a command of ${other.project} is working on this machine's sandbox: process ${other.pid}, sandbox claimed ${other.since}\n` +
        `  allowed: one at a time\n  try: wait for it, or end it with ctrl-C where it runs`,
    );
  if (other.project !== project && existsSync(other.project))
    throw new Error(
      `this machine's sandbox belongs to ${other.project} since ${other.since}\n` +
        `  allowed: one sandbox per machine\n  try: cd ${other.project} && npx aws2ncp sandbox down`,
    );
  replace(file, { ...mine, ...(other.project === project ? { since: other.since } : {}) });
}

/** Ends this process's work; the sandbox stays claimed. */
export function rest(file = LOCK_FILE): void {
  const now = holder(file);
  if (now?.pid === process.pid) replace(file, { project: now.project, since: now.since });
}

/** Gives the machine back. */
export function release(file = LOCK_FILE): void {
  rmSync(file, { force: true });
}

function replace(file: string, next: Holder): void {
  writeFileSync(`${file}.${process.pid}`, `${JSON.stringify(next)}\n`);
  renameSync(`${file}.${process.pid}`, file);
}
