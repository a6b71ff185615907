/** The rebuild: list, read, compare, write, prove, table by table. Begun again it goes on where it was. */
import { join } from "node:path";
import type { HiveColumn } from "../pipeline/hive-type";
import type { TableSetPlan } from "../pipeline/plan-types";
import { createDatabase, ddlOf } from "./ddl";
import { nameOf, tablesIn, type FoundTable } from "./layout";
import type { Presto } from "./presto";
import { prove, type Proof } from "./prove";
import { Journal } from "./read/journal";
import { readTable, type ReadTable } from "./read/table";
import { emptySet, resultOf, type Outcome } from "./outcome";
import { keepColumns } from "./schema/keep";
import { summarize, type RebuildResult, type TableResult } from "./result";
import { Bucket } from "./storage/bucket";
import type { S3Client } from "@aws-sdk/client-s3";
import { MetastoreRefused } from "./thrift/connection";
import type { MetastoreClient } from "./thrift/client";
import { MARK, wantedTable, type Wanted } from "./wanted";
import { changesOf, write, type Changes } from "./write";

/** Told of every step as it goes. */
export interface Progress {
  begin(name: string): void;
  note(name: string, text: string): void;
  end(result: { readonly name: string; readonly seconds: number; readonly ok: boolean }): void;
}

export interface RebuildOptions {
  readonly sets: readonly TableSetPlan[];
  /** Names of sets or DATABASE.TABLE; none: all. */
  readonly only: readonly string[];
  readonly storage: S3Client;
  readonly metastore: MetastoreClient;
  /** Undefined: nothing is proved. */
  readonly presto?: { readonly client: Presto; readonly catalog: string };
  /** Folder of what a deploy keeps on this machine; what was read of files is kept in it. */
  readonly state: string;
  readonly dryRun: boolean;
  readonly removeVanished: boolean;
  readonly countLines: boolean;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

export interface Rebuilt {
  readonly result: RebuildResult;
  /** What would be written; of a dry run. */
  readonly ddl: readonly string[];
  /** Names in `only` that nothing bears. */
  readonly unknown: readonly string[];
}

/** @throws what the storage or the connections answer; what concerns a single table is in its result */
export async function rebuild(o: RebuildOptions): Promise<Rebuilt> {
  const started = new Date();
  const results: TableResult[] = [];
  const ddl: string[] = [];
  const vanished: string[] = [];
  const outside: RebuildResult["outside"][number][] = [];
  const known = new Set(o.sets.map(({ name }) => name));
  const isAsked = (set: TableSetPlan, table?: string): boolean =>
    o.only.length === 0 || o.only.includes(set.name) || (table !== undefined && o.only.includes(table));
  for (const set of o.sets) {
    if (!isAsked(set) && !o.only.some((name) => mayBeOf(set, name))) continue;
    const bucket = new Bucket(o.storage, set.bucket);
    const found = await step(o, `list ${set.name}`, async (note) => {
      const objects = await bucket.list(set.prefix, (count) => note(`${count} objects`));
      return { ...tablesIn(set, objects), objects };
    });
    found.tables.forEach((table) => known.add(nameOf(table)));
    const journal = Journal.open(
      join(o.state, "metastore", `${set.name}.ndjson`),
      [set.format, set.timestamps ?? "reported"].join(" "),
    );
    const asked = found.tables.filter((table) => isAsked(set, nameOf(table)));
    const [first] = found.outside;
    if (first !== undefined) outside.push({ set: set.name, files: found.outside.length, first });
    if (found.tables.length === 0 && isAsked(set)) results.push(emptySet(set, found.outside, started));
    for (const table of asked) {
      const outcome = await step(o, nameOf(table), (note) => oneTable(o, set, bucket, table, journal, note));
      results.push(resultOf(set, table, outcome, started));
      // A database of several new tables is made once.
      ddl.push(...outcome.ddl.filter((each) => !ddl.includes(each)));
    }
    if (isAsked(set)) {
      journal.keepOnly(found.objects);
      const gone = await step(o, `vanished of ${set.name}`, () => vanishedTables(o, set, found.tables));
      vanished.push(...(o.removeVanished && !o.dryRun ? [] : gone));
      if (o.dryRun && o.removeVanished) ddl.push(...gone.map((name) => `DROP TABLE ${name};`));
    }
  }
  return {
    result: summarize(results, { outside, vanishedTables: vanished }, started),
    ddl,
    unknown: o.only.filter((name) => !known.has(name)),
  };
}

/** Names that no set bears and no table of one can: known before anything is listed. */
export const impossible = (sets: readonly TableSetPlan[], names: readonly string[]): readonly string[] =>
  names.filter((name) => !sets.some((set) => set.name === name || mayBeOf(set, name)));

/** Whether a name DATABASE.TABLE can be one of the set's. */
const mayBeOf = (set: TableSetPlan, name: string): boolean =>
  set.layout === "hive"
    ? name.includes(".") && (set.database === undefined || name.startsWith(`${set.database}.`))
    : name === `${set.database}.${set.name}`;

async function step<T>(o: RebuildOptions, name: string, run: (note: (text: string) => void) => Promise<T>): Promise<T> {
  o.signal.throwIfAborted();
  o.progress.begin(name);
  const began = Date.now();
  let ok = false;
  try {
    const result = await run((text) => o.progress.note(name, text));
    ok = true;
    return result;
  } finally {
    o.progress.end({ name, seconds: Math.round((Date.now() - began) / 100) / 10, ok });
  }
}

async function oneTable(
  o: RebuildOptions,
  set: TableSetPlan,
  bucket: Bucket,
  found: FoundTable,
  journal: Journal,
  note: (text: string) => void,
): Promise<Outcome> {
  const check = (): void => o.signal.throwIfAborted();
  const read = await readTable(bucket, set, found, journal, { countLines: o.countLines, note, check });
  if (read.untyped.length > 0 || read.schema.conflicts.length > 0 || read.schema.columns.length === 0)
    return { read, ddl: [] };
  const wanted = wantedTable(set, found, await columnsOf(o, set, found, read));
  let changes: Changes | undefined;
  try {
    changes = await changesOf(o.metastore, wanted);
    const ddl = o.dryRun ? dryRunOf(wanted, changes, o.removeVanished) : [];
    if (changes.table.kind === "refuse" || o.dryRun) return { read, wanted, changes, ddl };
    await write(o.metastore, wanted, changes, { removeVanished: o.removeVanished, note, check });
  } catch (error) {
    if (!(error instanceof MetastoreRefused)) throw error;
    return { read, wanted, ddl: [], refused: error.message, ...(changes === undefined ? {} : { changes }) };
  }
  const proof = await proofOf(o, set, bucket, found, read, wanted, note);
  const removed = o.removeVanished ? changes.partitions.vanished.length : 0;
  return { read, wanted, changes, ddl: [], removed, ...(proof === undefined ? {} : { proof }) };
}

const dryRunOf = (wanted: Wanted, { newDatabase, table, partitions }: Changes, removeVanished: boolean): string[] => [
  ...(newDatabase ? [createDatabase(wanted.table.database)] : []),
  ...ddlOf(wanted, table, partitions, removeVanished),
];

/** The columns of a table that this set has made before, as it is now. */
async function columnsOf(
  o: RebuildOptions,
  set: TableSetPlan,
  found: FoundTable,
  { schema: { columns } }: ReadTable,
): Promise<readonly HiveColumn[]> {
  if (!(await o.metastore.databases()).includes(found.database)) return columns;
  const table = await o.metastore.table(found.database, found.name);
  return table?.properties[MARK] === set.name ? keepColumns(set, table.storage.columns, columns) : columns;
}

async function proofOf(
  o: RebuildOptions,
  set: TableSetPlan,
  bucket: Bucket,
  found: FoundTable,
  read: ReadTable,
  wanted: Wanted,
  note: (text: string) => void,
): Promise<Proof | undefined> {
  if (o.presto === undefined) return undefined;
  o.signal.throwIfAborted();
  note("Presto counts the rows of each file");
  const listAgain = () => bucket.list(found.folder);
  const unreadable = read.unreadable.map(({ file }) => file);
  return prove(o.presto.client, o.presto.catalog, wanted.table, set.bucket, read.files, unreadable, listAgain);
}

/** Tables of this set in the metastore whose folders hold nothing any more; removed when that is asked for. */
async function vanishedTables(
  o: RebuildOptions,
  set: TableSetPlan,
  found: readonly FoundTable[],
): Promise<readonly string[]> {
  const there = new Set(found.map(nameOf));
  const gone: string[] = [];
  for (const database of await o.metastore.databases())
    for (const { name, properties } of await o.metastore.tables(database)) {
      if (properties[MARK] !== set.name || there.has(`${database}.${name}`)) continue;
      if (o.removeVanished && !o.dryRun) await o.metastore.dropTable(database, name);
      gone.push(`${database}.${name}`);
    }
  return gone.sort();
}
