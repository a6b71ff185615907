/**
 * Airflow's packages on this machine: fetched once by their hashes, served to the sandbox's hosts as an index of Python packages,
 * and installed into an environment for tests.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeEnvironment, pip } from "./data/python";
import { cacheFolder, projectRoot } from "./paths";

const FILES = join("ansible-templates", "roles", "airflow", "files");
const requirements = (name: string): string => join(projectRoot(), FILES, name);
const LISTS = ["requirements-build.txt", "requirements.txt"] as const;
const WHAT = "Airflow with what its jobs use";

/** Made in a folder beside its own and renamed, so that it is whole when it exists. */
async function once(kind: string, make: (folder: string) => Promise<void>): Promise<string> {
  const hash = createHash("sha256");
  for (const list of LISTS) hash.update(await readFile(requirements(list)));
  const parent = join(cacheFolder(), "airflow");
  const ready = join(parent, `${kind}-${hash.digest("hex").slice(0, 12)}`);
  if (existsSync(ready)) return ready;
  await mkdir(parent, { recursive: true });
  const work = await mkdtemp(join(parent, `${kind}.`));
  try {
    await make(work);
    await rename(work, ready);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return ready;
}

/** "Flask_SQLAlchemy" -> "flask-sqlalchemy", as indexes name packages (PEP 503). */
export const normalName = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, "-");

/** Name of the package that a file is of: "PyHive-0.7.0.tar.gz" -> "pyhive". */
export function packageOf(file: string): string {
  const stem = file.endsWith(".whl") ? file.split("-")[0] : file.replace(/-[^-]+(\.tar\.gz|\.zip)$/, "");
  return normalName(stem as string);
}

/** `simple/NAME/index.html` for files that lie in `files/` of the same folder. */
export async function writeIndex(folder: string): Promise<void> {
  const files = (await readdir(join(folder, "files"))).sort();
  for (const name of [...new Set(files.map(packageOf))]) {
    const links = files
      .filter((file) => packageOf(file) === name)
      .map((file) => `<a href="../../files/${file}">${file}</a><br>`);
    await mkdir(join(folder, "simple", name), { recursive: true });
    await writeFile(join(folder, "simple", name, "index.html"), `<!DOCTYPE html>\n${links.join("\n")}\n`);
  }
}

/** Folder of an index with the files that this machine's Python, which the hosts have too, would install. */
export function ensureAirflowIndex(): Promise<string> {
  return once("index", async (folder) => {
    const work = join(folder, "environment");
    const python = await makeEnvironment(work);
    await pip(python, ["install", "-r", requirements(LISTS[0])], WHAT);
    for (const list of LISTS)
      await pip(
        python,
        ["download", "--no-build-isolation", "--dest", join(folder, "files"), "-r", requirements(list)],
        WHAT,
      );
    await rm(work, { recursive: true });
    await writeIndex(folder);
  });
}

/** Python of an environment with Airflow, as the role makes it on a host. An environment can't be moved: a link leads to it. */
export async function ensureAirflow(): Promise<string> {
  const link = await once("python", async (folder) => {
    const environment = join(cacheFolder(), "airflow", "environments", folder.split(".").at(-1) as string);
    await rm(environment, { recursive: true, force: true });
    const python = await makeEnvironment(environment);
    await pip(python, ["install", "-r", requirements(LISTS[0])], WHAT);
    await pip(python, ["install", "--no-build-isolation", "-r", requirements(LISTS[1])], WHAT);
    await symlink(environment, join(folder, "environment"));
  });
  return join(link, "environment", "bin", "python");
}
