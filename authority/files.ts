/** Files of a certificate folder: written whole or not at all, and by one command at a time. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Writes a whole file or nothing, for its owner's eyes only; makes its folder. */
export function writeWhole(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(`${path}.new`, content, { mode: 0o600, flush: true });
  renameSync(`${path}.new`, path);
}

/** Text of a file, undefined when there is none. */
export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Does a task while no other command changes the folder. A lock whose process has ended is taken over.
 * @throws Error naming the process that works on it
 */
export async function whileLocked<T>(folder: string, task: () => Promise<T>): Promise<T> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = join(folder, ".lock");
  const other = readIfThere(lock)?.trim();
  if (other !== undefined && existsSync(`/proc/${other}`)) throw lockedBy(folder, other);
  rmSync(lock, { force: true });
  try {
    writeFileSync(lock, `${process.pid}\n`, { flag: "wx", mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    throw lockedBy(folder, readIfThere(lock)?.trim() ?? "?");
  }
  try {
    return await task();
  } finally {
    rmSync(lock, { force: true });
  }
}

const lockedBy = (folder: string, pid: string): Error =>
  new Error(`${folder}: process ${pid} is working on it\n  try: wait for it to end, then run again`);
