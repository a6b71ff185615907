/**
 * Presto's package as the sandbox serves it: the released one, of 2.1 GB, without the plugins that this pipeline does not use. The
 * same bytes each time, so that the pipeline file can name their hash.
 */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fetchArtifact } from "./object-storage/maven";
import { cacheFolder } from "./paths";
import { run } from "./run";

const RELEASE = {
  coordinates: "com.facebook.presto:presto-server:0.287:tar.gz",
  sha256: "c16ef78d56820a16fec6918a439b26121a78eb3cc50fdcd7bee93a1211347f8f",
  why: "Presto 0.287, 2.1 GB, of which 0.4 GB are kept",
} as const;
const TOP = "presto-server-0.287";
const KEPT = ["bin", "lib", "plugin/hive-hadoop2", "plugin/password-authenticators", "plugin/resource-group-managers"];

/** File name below the folder that `ensurePrestoPackage` returns. */
export const PRESTO_FILE = `${TOP}.tar.gz`;

/** Folder with the package; made on the first call on this machine, and again when what is kept changes. */
export async function ensurePrestoPackage(): Promise<string> {
  const folder = join(cacheFolder(), "presto", `0.287-${KEPT.length}-plain`);
  if (existsSync(folder)) return folder;
  await mkdir(join(cacheFolder(), "presto"), { recursive: true });
  const work = await mkdtemp(join(cacheFolder(), "presto", "make."));
  try {
    const release = await fetchArtifact(RELEASE);
    await run("tar", ["-xzf", release, "-C", work, ...KEPT.map((name) => `${TOP}/${name}`)]);
    await mkdir(join(work, "out"));
    const constant = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner", "--mode=u+rwX,go=rX"];
    await run("tar", [
      ...constant,
      "--format=ustar",
      "-I",
      "gzip -n -1",
      "-cf",
      join(work, "out", PRESTO_FILE),
      "-C",
      work,
      TOP,
    ]);
    await rename(join(work, "out"), folder);
    await rm(release);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return folder;
}
