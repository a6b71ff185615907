/**
 * Debian packages in the place of those that no public registry has: Ambari's, and Java 8 of a release that Debian 12 is not.
 * What is fixed of each lies in stand-ins/NAME as it is installed; the rest comes from the build and the engines.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, cp, mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { build } from "esbuild";
import { type EngineName, ensureEngine } from "../engines";
import { cacheFolder, projectRoot } from "../paths";
import { run } from "../run";

type Note = (text: string) => void;

interface StandIn {
  /** The repository that it lies in: Debian's own, or Ambari's. */
  readonly repository: "debian" | "ambari";
  /** Version of what it stands for. */
  readonly version: string;
  /** Empty ones. */
  readonly folders?: readonly string[];
  /** What beside its folder decides on its content. */
  readonly from: () => Promise<string>;
  /** Adds to the folder that is packed. */
  readonly fill: (root: string, note: Note) => Promise<void>;
}

const JAVA_HOME = "usr/lib/jvm/java-8-openjdk-amd64";

/** An engine's folder, into a package. */
async function take(engine: EngineName, target: string, note: Note): Promise<void> {
  await cp(await ensureEngine(engine, note), target, { recursive: true, verbatimSymlinks: true });
}

/** Its folder's name, which follows from its content. */
const contentOfEngine = async (engine: EngineName): Promise<string> => basename(await ensureEngine(engine));

const agentFolder = (): string => join(projectRoot(), "sandbox", "ambari", "agent");

/** The stand-in's server in one file. */
async function serverBundle(): Promise<string> {
  const entry = join(projectRoot(), "dist", "sandbox", "ambari", "server", "main.js");
  if (!existsSync(entry)) throw new Error(`${entry} is missing: the project is not built\n  try: npm run build`);
  const options = { bundle: true, platform: "node", target: "node20", write: false, logLevel: "error" } as const;
  const { outputFiles } = await build({ ...options, entryPoints: [entry] });
  return outputFiles[0]?.text ?? "";
}

export const STAND_INS: Readonly<Record<string, StandIn>> = {
  "openjdk-8-jre-headless": {
    repository: "debian",
    version: "8u432",
    from: () => contentOfEngine("java"),
    fill: async (root, note) => {
      await take("java", join(root, JAVA_HOME), note);
      await mkdir(join(root, "usr/bin"), { recursive: true });
      for (const name of ["java", "keytool"]) await symlink(`/${JAVA_HOME}/bin/${name}`, join(root, "usr/bin", name));
    },
  },
  "openjdk-8-jdk-headless": {
    repository: "debian",
    version: "8u432",
    from: () => contentOfEngine("compiler"),
    fill: (root, note) => take("compiler", join(root, JAVA_HOME, "compiler"), note),
  },
  "ambari-server": {
    repository: "ambari",
    version: "2.7.4.0",
    // systemd opens a log there before it makes a unit's folders.
    folders: ["var/log/ambari-server"],
    from: async () => `${process.version} ${process.arch} ${await serverBundle()} ${await contentOfEngine("hive")}`,
    fill: async (root, note) => {
      const folder = join(root, "usr/lib/ambari-server");
      await writeFile(join(folder, "server.js"), await serverBundle());
      await cp(process.execPath, join(folder, "node"));
      await chmod(join(folder, "node"), 0o755);
      const driver = "postgresql-42.7.7.jar";
      await cp(join(await ensureEngine("hive", note), "lib", driver), join(folder, driver));
    },
  },
  "ambari-agent": {
    repository: "ambari",
    version: "2.7.4.0",
    // systemd opens a log there before it makes a unit's folders.
    folders: ["var/log/ambari-agent"],
    from: () => contentOf(agentFolder()),
    fill: async (root) => {
      const keep = (file: string): boolean => !file.endsWith("__pycache__");
      await cp(agentFolder(), join(root, "usr/lib/ambari-agent"), { recursive: true, filter: keep });
    },
  },
};

/** Names, x bits and bytes of all files below a folder, as one hash. */
async function contentOf(folder: string): Promise<string> {
  const hash = createHash("sha256");
  for (const name of (await readdir(folder, { recursive: true })).sort()) {
    const file = join(folder, name);
    const info = await stat(file);
    if (!info.isFile() || name.includes("__pycache__")) continue;
    hash.update(`\0${relative(folder, file)}\0${(info.mode & 0o100) !== 0}\0`).update(await readFile(file));
  }
  return hash.digest("hex");
}

const sourceOf = (name: string): string => join(projectRoot(), "sandbox", "hosts", "stand-ins", name);

/** Raised when the way they are packed changes. */
const PACKER = "dpkg-deb gzip 1";

/** Paths of the packages for a repository, built when the cache lacks them. */
export async function ensureStandIns(
  repository: StandIn["repository"],
  note: Note = () => undefined,
): Promise<string[]> {
  const names = Object.keys(STAND_INS).filter((name) => STAND_INS[name]?.repository === repository);
  const files: string[] = [];
  for (const name of names) files.push(await ensureStandIn(name, STAND_INS[name] as StandIn, note));
  return files;
}

async function ensureStandIn(name: string, standIn: StandIn, note: Note): Promise<string> {
  const { folders = [] } = standIn;
  const parts = [PACKER, name, standIn.version, ...folders, await contentOf(sourceOf(name)), await standIn.from()];
  const hash = createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 12);
  const version = `${standIn.version}-1.${hash}`;
  const folder = join(cacheFolder(), "stand-ins");
  const file = join(folder, `${name}_${version}.deb`);
  if (existsSync(file)) return file;
  note(`${name}: packing it`);
  const work = join(folder, `${name}.${process.pid}`);
  await rm(work, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  try {
    await cp(sourceOf(name), work, { recursive: true });
    for (const each of folders) await mkdir(join(work, each), { recursive: true });
    await standIn.fill(work, note);
    await pack(work, version, `${work}.deb`);
    await rename(`${work}.deb`, file);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return file;
}

/** The same content makes the same bytes: no time, no owner of this machine. */
async function pack(root: string, version: string, file: string): Promise<void> {
  const control = join(root, "DEBIAN", "control");
  const architecture = (await run("dpkg", ["--print-architecture"])).stdout.trim();
  const head = `Version: ${version}\nArchitecture: ${architecture}\nMaintainer: aws2ncp <nobody@aws2ncp.test>\n`;
  await writeFile(control, (await readFile(control, "utf8")).replace("\n", `\n${head}`));
  await run("chmod", ["-R", "u=rwX,go=rX", root]);
  const options = ["--root-owner-group", "-Zgzip", "-z1", "--build"];
  await run("dpkg-deb", [...options, root, file], { env: { SOURCE_DATE_EPOCH: "0" } });
}
