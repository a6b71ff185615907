/** Hashes of what a delivery runs: another hash, another delivery. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { templatesFolder } from "./render-engine";

/** Made by running, not by anyone's change. */
const BY_PRODUCTS = /(^|\/)(__pycache__|\.ansible|\.cache)(\/|$)|\.(pyc|map)$/;

/** Hex SHA-256 over names and bytes of a folder's files, in the order of their names; modes and times don't count. */
export function folderSha256(folder: string, keep: (path: string) => boolean = () => true): string {
  const hash = createHash("sha256");
  for (const path of filesIn(folder).filter((each) => !BY_PRODUCTS.test(each) && keep(each))) {
    const bytes = readFileSync(join(folder, path));
    hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest("hex");
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}

/** Hash of the Ansible roles, playbook included. */
export function rolesSha256(): string {
  return folderSha256(templatesFolder());
}

/** Hash of the program that delivers: the compiled code beside this one, and the files that the compiler doesn't copy. */
export function hookProgramSha256(): string {
  const program = join(__dirname, "..", "..", "hooks");
  const sources = join(dirname(templatesFolder()), "hooks");
  if (!existsSync(program)) throw new Error(`${program} is missing: the program that delivers\n  try: npm run build`);
  return createHash("sha256")
    .update(folderSha256(program, (path) => /(?<!\.d)\.(js|ts)$/.test(path)))
    .update(folderSha256(sources, (path) => !path.endsWith(".ts")))
    .digest("hex");
}
