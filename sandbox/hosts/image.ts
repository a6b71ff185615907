/** The disk that every host starts from: Debian with systemd, made once per recipe and kept in the cache. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { cacheFolder, projectRoot } from "../paths";
import { run } from "../run";
import { outerSources, readPackageNames, RELEASE, writeOuterSettings } from "./debian";
import { WITHOUT_CLOCK } from "./server";

const recipeFolder = (): string => join(projectRoot(), "sandbox", "hosts", "image");

/** Raised when the way the recipe is carried out changes. */
const BUILDER = `mmdebstrap minbase ${RELEASE} 2`;

/** Twelve hex digits over everything that decides what is in the image: package names, files of the overlay, their x bits. */
export async function recipeHash(folder: string = recipeFolder()): Promise<string> {
  const hash = createHash("sha256").update(BUILDER);
  for (const file of await filesUnder(folder)) {
    const runs = ((await stat(file)).mode & 0o100) !== 0;
    hash.update(`\0${relative(folder, file)}\0${runs}\0`).update(await readFile(file));
  }
  return hash.digest("hex").slice(0, 12);
}

async function filesUnder(folder: string): Promise<string[]> {
  const files: string[] = [];
  for (const name of (await readdir(folder, { recursive: true })).sort()) {
    if ((await stat(join(folder, name))).isFile()) files.push(join(folder, name));
  }
  return files;
}

export interface ImageFiles {
  /** Root file system, as podman imports it. */
  readonly tar: string;
  /** dpkg's status file of it: what a package repository can take for granted. */
  readonly status: string;
}

/** Where an image's files lie in the cache. */
export function imageFiles(hash: string): ImageFiles {
  const folder = join(cacheFolder(), "images", hash);
  return { tar: join(folder, "rootfs.tar"), status: join(folder, "dpkg-status") };
}

let ready: Promise<string> | undefined;

/** Name of the image in podman; builds it (about a minute), or imports it from the cache, when podman lacks it. */
export function ensureImage(): Promise<string> {
  ready ??= makeImage().catch((error: unknown) => {
    ready = undefined;
    throw error;
  });
  return ready;
}

async function makeImage(): Promise<string> {
  const hash = await recipeHash();
  const name = `localhost/aws2ncp-host:${hash}`;
  await ensureImageFiles(hash);
  const known = await run("podman", ["image", "exists", name], { allowFail: true });
  if (known.code !== 0) await run("podman", importArguments(imageFiles(hash).tar, name));
  return name;
}

/** systemd starts without the right to set the clock, which is the outer machine's; `--cap-drop` has no effect beside `--privileged`. */
export function importArguments(tar: string, name: string): string[] {
  const command = [...WITHOUT_CLOCK, "/sbin/init"];
  return [
    "import",
    "--quiet",
    "--change",
    `CMD ${JSON.stringify(command)}`,
    "--change",
    "STOPSIGNAL SIGRTMIN+3",
    tar,
    name,
  ];
}

/** Makes the image's files in the cache if they are not there. */
export async function ensureImageFiles(hash: string): Promise<ImageFiles> {
  const files = imageFiles(hash);
  if (existsSync(files.tar) && existsSync(files.status)) return files;
  const work = join(cacheFolder(), "images", `${hash}.${process.pid}`);
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  try {
    const settings = join(work, "apt.conf");
    await writeOuterSettings(settings);
    const tar = join(work, "rootfs.tar");
    await run("mmdebstrap", await buildArguments(settings, tar), { input: await outerSources() });
    await rm(settings);
    const status = await run("tar", ["-xOf", tar, "./var/lib/dpkg/status"]);
    await writeFile(join(work, "dpkg-status"), status.stdout);
    await rm(join(cacheFolder(), "images", hash), { recursive: true, force: true });
    await rename(work, join(cacheFolder(), "images", hash));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return files;
}

async function buildArguments(settings: string, tar: string): Promise<string[]> {
  const packages = await readPackageNames(join(recipeFolder(), "packages.txt"));
  return [
    "--quiet",
    "--mode=root",
    "--variant=minbase",
    `--aptopt=${settings}`,
    `--include=${packages.join(",")}`,
    `--customize-hook=${join(recipeFolder(), "customize.sh")}`,
    RELEASE,
    tar,
    "-",
  ];
}
