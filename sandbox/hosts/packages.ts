/** The package repository of the sandbox: what roles install, downloaded once, served under packages.ncp.test. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { cacheFolder, projectRoot, sandboxPath } from "../paths";
import { run, startDetached, stopDetached } from "../run";
import { outerSources, readPackageNames, RELEASE, writeOuterSettings } from "./debian";
import { ensurePrestoPackage } from "../presto-package";
import { ensureAirflowIndex } from "../python-index";
import { ensureImageFiles, recipeHash } from "./image";
import { buildStandIns, standInNames } from "./stand-in-packages";

/** Network namespace of the repository. */
const NETNS = "a2n-packages";
const SERVER = "packages";

/** Raised when the layout of the repository changes. */
const LAYOUT = "1";

const listFile = (): string => join(projectRoot(), "sandbox", "hosts", "packages.txt");

/** Twelve hex digits: the same list on the same image needs the same packages. */
export function repositoryHash(names: readonly string[], image: string): string {
  return createHash("sha256")
    .update([LAYOUT, image, ...names, ...standInNames()].join("\n"))
    .digest("hex")
    .slice(0, 12);
}

/** File name in the repository for one in apt's cache: there the version starts with its epoch, "1%3a". */
export function poolName(cached: string): string {
  return cached.replace(/_\d+%3a/, "_");
}

/** The Release file of a suite, from its index files by their path in the suite's folder. */
export function releaseFile(indexes: Readonly<Record<string, Buffer>>, architecture: string, date: Date): string {
  const sums = Object.entries(indexes).map(
    ([path, bytes]) => ` ${createHash("sha256").update(bytes).digest("hex")} ${bytes.length} ${path}`,
  );
  return [
    "Origin: aws2ncp sandbox",
    "Label: aws2ncp sandbox",
    `Suite: ${RELEASE}`,
    `Codename: ${RELEASE}`,
    `Date: ${date.toUTCString().replace("GMT", "UTC")}`,
    `Architectures: ${architecture}`,
    "Components: main",
    "SHA256:",
    ...sums,
    "",
  ].join("\n");
}

/** Folder that the repository's server serves; downloads it when the cache lacks it. */
export async function ensurePackages(): Promise<string> {
  const image = await recipeHash();
  const names = await readPackageNames(listFile());
  const hash = repositoryHash(names, image);
  const ready = join(cacheFolder(), "packages", hash);
  if (existsSync(ready)) return ready;
  const { status } = await ensureImageFiles(image);
  const work = join(cacheFolder(), "packages", `${hash}.${process.pid}`);
  await rm(work, { recursive: true, force: true });
  try {
    const repository = join(work, "repository", "debian");
    await mkdir(join(repository, "pool"), { recursive: true });
    await download(names, status, work, join(repository, "pool"));
    await buildStandIns(work, join(repository, "pool"));
    await index(repository);
    await rename(join(work, "repository"), ready);
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
async function index(repository: string): Promise<void> {
  const architecture = (await run("dpkg", ["--print-architecture"])).stdout.trim();
  const suite = join(repository, "dists", RELEASE);
  const folder = `main/binary-${architecture}`;
  await mkdir(join(suite, folder), { recursive: true });
  const packages = Buffer.from(
    (await run("dpkg-scanpackages", ["--multiversion", "pool"], { cwd: repository })).stdout,
  );
  const indexes = { [`${folder}/Packages`]: packages, [`${folder}/Packages.gz`]: gzipSync(packages) };
  for (const [path, bytes] of Object.entries(indexes)) await writeFile(join(suite, path), bytes);
  await writeFile(join(suite, "Release"), releaseFile(indexes, architecture, new Date()));
}

/** What is served under each name: packages of Debian, of Python, and Presto. Links, since the parts are large. */
async function ensureServed(): Promise<string> {
  const parts = {
    debian: join(await ensurePackages(), "debian"),
    presto: await ensurePrestoPackage(),
    pypi: await ensureAirflowIndex(),
  };
  const folder = sandboxPath("repository");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const [name, part] of Object.entries(parts)) await symlink(part, join(folder, name));
  return folder;
}

/** Serves the repository on port 80 of its network namespace; requests are logged in log/packages.log. */
export async function startPackageServer(netns: string = NETNS): Promise<void> {
  const folder = await ensureServed();
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
