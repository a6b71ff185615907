/**
 * Presto's server as it is released, 2.1 GB, without the plugins that nothing here uses. It is put together from the artifacts that the
 * release is made of, and every file in it is the release's, byte for byte (compared once).
 */
import { cp, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../run";
import { jarList, putJars } from "./jars";
import { listed, type Part } from "./part";

const VERSION = "0.287";
const TOP = `presto-server-${VERSION}`;

/** Its name in the package repository, below /presto. */
export const PRESTO_FILE = `${TOP}.tar.gz`;

/** Lowers the time that everybody waits; the jars in it are compressed already. */
const COMPRESSION = "1";

/** What Presto's launcher knows the server by. */
const LAUNCHER = "main-class=com.facebook.presto.server.PrestoServer\nprocess-name=presto-server\n";

/** `presto-server-0.287.tar.gz`, the same bytes on every machine, and `presto-cli.jar`. */
export const presto: Part = {
  from: async () => `${LAUNCHER} ${COMPRESSION} ${await listed("presto", "presto-plugins")}`,
  make: async (folder, note) => {
    const work = join(folder, "work");
    const top = join(work, TOP);
    await putJars("presto", await jarList("presto"), join(top, "lib"), note);
    await putJars("presto", await jarList("presto-plugins"), join(work, "archives"), note);
    await mkdir(join(top, "plugin"));
    for (const file of (await readdir(join(work, "archives"))).sort()) await unpack(join(work, "archives", file), top);
    await writeFile(join(top, "bin", "launcher.properties"), LAUNCHER);
    await cp(join(work, "archives", `presto-cli-${VERSION}-executable.jar`), join(folder, "presto-cli.jar"));
    note(`presto: packing ${PRESTO_FILE}`);
    await pack(work, join(folder, PRESTO_FILE));
    await rm(work, { recursive: true });
  },
};

/** A plugin's zip, or the launcher's tar. */
async function unpack(archive: string, top: string): Promise<void> {
  const [, plugin] = /\/presto-([^/]+)-[0-9.]+\.zip$/.exec(archive) ?? [];
  if (plugin !== undefined) {
    await run("python3", ["-m", "zipfile", "-e", archive, join(top, "plugin")]);
    await rename(join(top, "plugin", `presto-${plugin}-${VERSION}`), join(top, "plugin", plugin));
  } else if (archive.endsWith(".tar.gz")) await run("tar", ["-xzf", archive, "-C", top]);
}

async function pack(work: string, file: string): Promise<void> {
  const same = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner", "--mode=u+rwX,go=rX"];
  await run("tar", [...same, "--format=ustar", "-I", `gzip -n -${COMPRESSION}`, "-cf", file, "-C", work, TOP]);
}
