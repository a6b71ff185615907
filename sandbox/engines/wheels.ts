/** Airflow and what it needs from PyPI, as a simple index that pip on hosts reads: files by the hashes that the role pins. */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeEnvironment, pip } from "../data/python";
import { projectRoot } from "../paths";
import type { Part } from "./part";

const FILES = ["requirements.txt", "requirements-build.txt"];
const pinned = (file: string): string => join(projectRoot(), "ansible-templates", "roles", "airflow", "files", file);

/** A project's name as indexes spell it: "PyHive-0.7.0.tar.gz" -> "pyhive". */
export function projectOf(file: string): string {
  const [, name = ""] = /^(.+?)-[0-9]/.exec(file) ?? [];
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}

/** The page of one project. */
export function pageOf(files: Readonly<Record<string, string>>): string {
  const links = Object.entries(files).map(
    ([file, sha256]) => `<a href="../../files/${encodeURIComponent(file)}#sha256=${sha256}">${file}</a><br>`,
  );
  return `<!DOCTYPE html>\n<html><body>\n${links.join("\n")}\n</body></html>\n`;
}

/** `files/` and `simple/PROJECT/index.html`, for the hosts' Python 3.11. */
export const wheels: Part = {
  from: async () => (await Promise.all(FILES.map((file) => readFile(pinned(file), "utf8")))).join("\n"),
  make: async (folder, note) => {
    note("airflow: fetching its packages, 99 MB");
    const environment = join(folder, "environment");
    const python = await makeEnvironment(environment);
    const lists = FILES.flatMap((file) => ["-r", pinned(file)]);
    await pip(python, ["download", "--dest", join(folder, "files"), ...lists], "Airflow's packages");
    await rm(environment, { recursive: true });
    const projects: Record<string, Record<string, string>> = {};
    for (const file of (await readdir(join(folder, "files"))).sort()) {
      const sha256 = createHash("sha256").update(await readFile(join(folder, "files", file)));
      (projects[projectOf(file)] ??= {})[file] = sha256.digest("hex");
    }
    for (const [project, files] of Object.entries(projects)) {
      await mkdir(join(folder, "simple", project), { recursive: true });
      await writeFile(join(folder, "simple", project, "index.html"), pageOf(files));
    }
  },
};
