/**
 * The package repositories of the sandbox, served under packages.ncp.test: /debian with what roles install, downloaded once, /ambari,
 * /presto and /pypi.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { link, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { ensureEngine } from "../engines";
import { cacheFolder, projectRoot, sandboxPath } from "../paths";
import { ensureAirflowIndex } from "../python-index";
import { run, startDetached, stopDetached } from "../run";
import { outerSources, readPackageNames, RELEASE, writeOuterSettings } from "./debian";
import { ensureImageFiles, recipeHash } from "./image";
import { ensureStandIns } from "./stand-ins";

/** Network namespace of the repository. */
const NETNS = "a2n-packages";
const SERVER = "packages";

/** Raised when the layout of the repository changes. */
const LAYOUT = "2";

const listFile = (): string => join(projectRoot(), "sandbox", "hosts", "packages.txt");

/** Twelve hex digits: the same list on the same image needs the same packages. */
export function repositoryHash(names: readonly string[], image: string): string {
  return createHash("sha256")
    .update([LAYOUT, image, ...names].join("\n"))
    .digest("hex")
    .slice(0, 12);
}

/** File name in the repository for one in apt's cache: there the version starts with its epoch, "1%3a". */
export function poolName(cached: string): string {
  return cached.replace(/_\d+%3a/, "_");
}

/** The Release file of a suite, from its index files by their path in the suite's folder. */
export function releaseFile(
  suite: string,
  indexes: Readonly<Record<string, Buffer>>,
  architecture: string,
  date: Date,
): string {
  const sums = Object.entries(indexes).map(
    ([path, bytes]) => ` ${createHash("sha256").update(bytes).digest("hex")} ${bytes.length} ${path}`,
  );
  return [
    "Origin: aws2ncp sandbox",
    "Label: aws2ncp sandbox",
    `Suite: ${suite}`,
    `Codename: ${suite}`,
    `Date: ${date.toUTCString().replace("GMT", "UTC")}`,
    `Architectures: ${architecture}`,
    "Components: main",
    "SHA256:",
    ...sums,
    "",
  ].join("\n");
}

/** Folder that the server serves; what the cache lacks of it is fetched and built. */
export async function ensurePackages(note: (text: string) => void = () => undefined): Promise<string> {
  const downloaded = await ensureDownloads();
  const own = { debian: await ensureStandIns("debian", note), ambari: await ensureStandIns("ambari", note) };
  const folders = { presto: await ensureEngine("presto", note), pypi: await ensureAirflowIndex() };
  const parts = [downloaded, ...own.debian, ...own.ambari, ...Object.values(folders)].map((path) => basename(path));
  const ready = join(cacheFolder(), "packages", `served-${repositoryHash(parts, "")}`);
  if (existsSync(ready)) return ready;
  const work = `${ready}.${process.pid}`;
  await rm(work, { recursive: true, force: true });
  try {
    const fetched = (await readdir(downloaded)).map((file) => join(downloaded, file));
    await repository(join(work, "debian"), RELEASE, [...fetched, ...own.debian]);
    await repository(join(work, "ambari"), "Ambari", own.ambari);
    for (const [name, folder] of Object.entries(folders)) await symlink(folder, join(work, name));
    await rename(work, ready);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return ready;
}

/** A repository of apt's with these packages, as further names of the files. */
async function repository(folder: string, suite: string, files: readonly string[]): Promise<void> {
  await mkdir(join(folder, "pool"), { recursive: true });
  for (const file of files) await link(file, join(folder, "pool", basename(file)));
  await index(folder, suite);
}

/** Folder with Debian's packages of the list, and what they need. */
async function ensureDownloads(): Promise<string> {
  const image = await recipeHash();
  const names = await readPackageNames(listFile());
  const hash = repositoryHash(names, image);
  const ready = join(cacheFolder(), "packages", hash);
  if (existsSync(ready)) return ready;
  const { status } = await ensureImageFiles(image);
  const work = join(cacheFolder(), "packages", `${hash}.${process.pid}`);
  await rm(work, { recursive: true, force: true });
  try {
    await mkdir(join(work, "pool"), { recursive: true });
    await download(names, status, work, join(work, "pool"));
    await rename(join(work, "pool"), ready);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return ready;
}

/** Fetches packages with all they need beyond what the image has, by the outer machine's apt and sources. */
async function download(names: readonly string[], status: string, work: string, pool: string): Promise<void> {
  const archives = join(work, "archives");
  for (const folder of ["lists/partial", "archives/partial"]) await mkdir(join(work, folder), { recursive: true });
  await writeFile(join(work, "sources.list"), await outerSources());
  await writeOuterSettings(join(work, "apt.conf"));
  const settings = {
    "Dir::Etc::sourcelist": join(work, "sources.list"),
    "Dir::Etc::sourceparts": "/dev/null",
    "Dir::State::lists": join(work, "lists"),
    "Dir::State::status": status,
    "Dir::Cache::archives": archives,
    "Dir::Cache::pkgcache": "",
    "Dir::Cache::srcpkgcache": "",
    "APT::Sandbox::User": "root",
    "APT::Install-Recommends": "true",
    // Hooks of this machine are about its own packages.
    "APT::Update::Post-Invoke": "",
  };
  const options = Object.entries(settings).map(([name, value]) => `--option=${name}=${value}`);
  await run("apt-get", [...options, "update"]);
  // One at a time: roles on different hosts may install packages that exclude each other.
  for (const name of names) await run("apt-get", [...options, "--yes", "--download-only", "install", name]);
  for (const file of await readdir(archives)) {
    if (file.endsWith(".deb")) await rename(join(archives, file), join(pool, poolName(file)));
  }
}

/** Writes Packages, Packages.gz and Release for the files in pool/. */
async function index(folder: string, name: string): Promise<void> {
  const architecture = (await run("dpkg", ["--print-architecture"])).stdout.trim();
  const suite = join(folder, "dists", name);
  const binary = `main/binary-${architecture}`;
  await mkdir(join(suite, binary), { recursive: true });
  const packages = Buffer.from((await run("dpkg-scanpackages", ["--multiversion", "pool"], { cwd: folder })).stdout);
  const indexes = { [`${binary}/Packages`]: packages, [`${binary}/Packages.gz`]: gzipSync(packages) };
  for (const [path, bytes] of Object.entries(indexes)) await writeFile(join(suite, path), bytes);
  await writeFile(join(suite, "Release"), releaseFile(name, indexes, architecture, new Date()));
}

/** Serves the repository on port 80 of its network namespace; requests are logged in log/packages.log. */
export async function startPackageServer(netns: string = NETNS): Promise<void> {
  const folder = await ensurePackages();
  const program = join(projectRoot(), "dist", "sandbox", "hosts", "package-server.js");
  if (!existsSync(program)) throw new Error(`${program} is missing: the project is not built\n  try: npm run build`);
  startDetached(SERVER, process.execPath, [program, folder, "80"], { netns });
  for (let tries = 0; tries < 50; tries++) {
    const listening = await run("ip", ["netns", "exec", netns, "ss", "-Hltn", "sport = :80"]);
    if (listening.stdout !== "") return;
    await sleep(100);
  }
  const log = await readFile(sandboxPath("log", `${SERVER}.log`), "utf8");
  throw new Error(`the package server did not start in 5 s\n  ${log.trim().split("\n").slice(-5).join("\n  ")}`);
}

export async function stopPackageServer(): Promise<void> {
  await stopDetached(SERVER);
}
