/** Files of hooks: where they lie, and how they are written so that a killed hook leaves no half of one. */
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** Folder of this package, from its sources as from `dist`: files that the compiler doesn't copy are found there. */
export function packageFolder(from: string = __dirname): string {
  for (let folder = from; folder !== dirname(folder); folder = dirname(folder))
    if (existsSync(join(folder, "package.json"))) return folder;
  throw new Error(`no package.json above ${from}`);
}

/** Folder for what can be made again: downloads, environments. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return env["AWS2NCP_CACHE"] || join(env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "aws2ncp");
}

/** Writes a whole file or nothing; makes its folder. */
export function writeWhole(path: string, content: string, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true });
  const half = `${path}.${process.pid}.tmp`;
  writeFileSync(half, content, { mode });
  renameSync(half, path);
}

/** JSON as people read it and git compares it. */
export function writeJson(path: string, value: unknown): void {
  writeWhole(path, `${JSON.stringify(value, null, 2)}\n`);
}
