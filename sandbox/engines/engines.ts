/** All that the sandbox fetches of engines, by name. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { bin, hadoop, hive, java, spark, sqoop, tez } from "./apache";
import { compiler } from "./compiler";
import { dropMavenCopies, type Note } from "./jars";
import { ensurePart } from "./part";
import { presto } from "./presto";

const ENGINES = { bin, compiler, hadoop, hive, java, presto, spark, sqoop, tez } as const;

export type EngineName = keyof typeof ENGINES;
export const ENGINE_NAMES = Object.keys(ENGINES) as EngineName[];

/** In the place of HDP's packages, which are far too large to be copied to every host. */
const MOUNTED = ["bin", "hadoop", "hive", "spark", "sqoop", "tez"] as const satisfies readonly EngineName[];

/**
 * Folder of an engine, fetched on the first call on this machine:
 * - `bin`: launchers, and the commands of HDP's packages
 * - `compiler`: Eclipse's compiler of Java
 * - `hadoop`: `lib/*.jar`, Hadoop 3.3.6 with HDFS, YARN, MapReduce, S3A and ZooKeeper 3.6.3
 * - `hive`: `lib/*.jar`, one class path for metastore, HiveServer2, Beeline and the schema tool (Hive 3.1.3 on Hadoop 3.3.6);
 *   `etc`, which goes before it; `scripts` with the metastore's schema
 * - `java`: a Java home, 11, without a compiler
 * - `presto`: `presto-server-0.287.tar.gz` and `presto-cli.jar`
 * - `spark`: `bin`, `jars`, `python/lib` as in Spark's release
 * - `sqoop`, `tez`: `lib/*.jar`, what they need beside Hadoop's
 */
export const ensureEngine = (name: EngineName, note: Note = () => undefined): Promise<string> =>
  ensurePart(name, ENGINES[name], note);

/** Folders of all engines, by name. What comes from different registries is fetched side by side. */
export async function ensureEngines(note: Note = () => undefined): Promise<Record<EngineName, string>> {
  const results = await Promise.allSettled(ENGINE_NAMES.map((name) => ensureEngine(name, note)));
  const failed = results.find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  await dropMavenCopies();
  return Object.fromEntries(
    ENGINE_NAMES.map((name, index) => [name, (results[index] as PromiseFulfilledResult<string>).value]),
  ) as Record<EngineName, string>;
}

/** Folders that every host finds under /opt/apache, read only, by name. */
export async function mountedEngines(): Promise<Record<string, string>> {
  const folders = await Promise.all(MOUNTED.map(async (name) => [name, await ensureEngine(name)] as const));
  return Object.fromEntries(folders);
}

/** A class path: folders of configuration, then an engine's jars in the order of their names. What `lib/*` means differs between machines. */
export async function classPath(folder: string, ...configuration: readonly string[]): Promise<string> {
  const jars = (await readdir(join(folder, "lib"))).filter((file) => file.endsWith(".jar")).sort();
  return [...configuration, ...jars.map((file) => join(folder, "lib", file))].join(":");
}
