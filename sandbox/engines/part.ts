/** A folder of the cache that something is fetched into: complete when it exists. */
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../paths";
import { run } from "../run";
import { hashOf, jarList, type Note, putJars } from "./jars";

export interface Part {
  /** What its content follows from: another text, another folder. */
  readonly from: () => Promise<string>;
  /** Fills an empty folder. */
  readonly make: (folder: string, note: Note) => Promise<void>;
}

/** Content of lists, as a part's `from`. */
export const listed = async (...names: readonly string[]): Promise<string> =>
  JSON.stringify(await Promise.all(names.map(jarList)));

/** A folder `lib` with the jars of a list. */
export const jarsOf = (name: string): Part => ({
  from: () => listed(name),
  make: async (folder, note) => putJars(name, await jarList(name), join(folder, "lib"), note),
});

/** Where a part lies, or will. */
export const partFolder = async (name: string, part: Part): Promise<string> =>
  join(cacheFolder(), "engines", `${name}-${hashOf(await part.from())}`);

/** Folder of a part, made on the first call on this machine. */
export async function ensurePart(name: string, part: Part, note: Note): Promise<string> {
  const folder = await partFolder(name, part);
  if (existsSync(folder)) return folder;
  const work = `${folder}.${process.pid}`;
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  try {
    await part.make(work, note);
    // Services of the hosts run as users of their own, whatever umask made this.
    await run("chmod", ["-R", "u=rwX,go=rX", work]);
    await rename(work, folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return folder;
}
