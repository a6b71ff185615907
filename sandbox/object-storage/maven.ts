/** One file from a Maven repository, by its coordinates and its hash. */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { sha256Of } from "../checksum";
import { cacheFolder } from "../paths";
import { run } from "../run";

export interface Artifact {
  /** GROUP:ARTIFACT:VERSION:PACKAGING[:CLASSIFIER] */
  readonly coordinates: string;
  readonly sha256: string;
  /** Why it is fetched, for the person who watches. */
  readonly why: string;
}

/** Path of the file in the cache; fetched by Maven, with the machine's own settings, when it is not there. */
export async function fetchArtifact({ coordinates, sha256, why }: Artifact): Promise<string> {
  const folder = join(cacheFolder(), "maven");
  const [, name = "", version = "", packaging = "jar"] = coordinates.split(":");
  const file = join(folder, `${name}-${version}-${sha256.slice(0, 12)}.${packaging}`);
  if (existsSync(file)) return file;

  process.stderr.write(`fetching ${coordinates}: ${why}\n`);
  await mkdir(folder, { recursive: true });
  const work = await mkdtemp(join(folder, "fetch-"));
  try {
    // A local repository of its own: nothing is left in the user's, and nothing half fetched is taken from it.
    await run("mvn", [
      ...["--batch-mode", "--quiet", `-Dmaven.repo.local=${join(work, "repository")}`],
      ...["dependency:copy", `-Dartifact=${coordinates}`, `-DoutputDirectory=${join(work, "out")}`],
    ]);
    const [fetched = ""] = await readdir(join(work, "out"));
    const found = await sha256Of(join(work, "out", fetched));
    if (found !== sha256) {
      throw new Error(
        `${coordinates} has the SHA-256 ${found}\n  allowed: ${sha256}, the one this project was made with\n` +
          "  try: see whether the repository that Maven is set to changed the file; a new version needs a new hash in the code",
      );
    }
    await rename(join(work, "out", fetched), file);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return file;
}
