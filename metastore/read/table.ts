/** Reads what must be known of a table's files, and makes one schema of it. */
import { parseType, primitive, type HiveColumn } from "../../pipeline/hive-type";
import type { TableSetPlan } from "../../pipeline/plan-types";
import type { FoundTable } from "../layout";
import type { CountedFile } from "../prove";
import type { FileColumns, Untyped } from "../schema/file-columns";
import { mergeSchemas, type MergedSchema, type SchemaOfFiles } from "../schema/merge";
import { inParallel, REQUESTS_AT_ONCE, type Bucket, type StoredObject } from "../storage/bucket";
import { UnreadableFile, type ReadFile } from "./file";
import type { Journal } from "./journal";
import { readJson } from "./json-file";
import { readParquet } from "./parquet-file";

export interface ReadOptions {
  /** Read JSON lines to their end and count them. */
  readonly countLines: boolean;
  readonly note: (text: string) => void;
  /** @throws to stop */
  readonly check: () => void;
}

export interface ReadTable {
  /** Readable ones, in the order of their keys. */
  readonly files: readonly CountedFile[];
  readonly unreadable: readonly { readonly file: string; readonly why: string }[];
  readonly schema: MergedSchema;
  readonly untyped: readonly (Untyped & { readonly files: number; readonly file: string })[];
  /** Files that no earlier run had read. */
  readonly fresh: number;
}

/** JSON files whose columns are looked at, spread over the table: a look at each would be a read of all. */
const SAMPLE_FILES = 8;

function sampleOf(files: readonly StoredObject[]): Set<StoredObject> {
  const count = Math.min(SAMPLE_FILES, files.length);
  const at = (nth: number): number => (count === 1 ? 0 : Math.round((nth * (files.length - 1)) / (count - 1)));
  return new Set(Array.from({ length: count }, (_, nth) => files[at(nth)]!));
}

/** What is to be read of a file; undefined: nothing. */
type Plan = (object: StoredObject) => { readonly look: boolean; readonly count: boolean } | undefined;

function planOf(set: TableSetPlan, files: readonly StoredObject[], countLines: boolean): Plan {
  if (set.format === "parquet") return () => ({ look: true, count: true });
  const sample = set.columns === undefined ? sampleOf(files) : new Set<StoredObject>();
  return (object) => (countLines || sample.has(object) ? { look: sample.has(object), count: countLines } : undefined);
}

export async function readTable(
  bucket: Bucket,
  set: TableSetPlan,
  found: FoundTable,
  journal: Journal,
  o: ReadOptions,
): Promise<ReadTable> {
  const objects = found.partitions.flatMap(({ files }) => files);
  const plan = planOf(set, objects, o.countLines);
  const unreadable: { file: string; why: string }[] = [];
  let [done, fresh] = [0, 0];
  const read = await inParallel(objects, REQUESTS_AT_ONCE, async (object): Promise<ReadFile | undefined> => {
    o.check();
    const wanted = plan(object);
    const known = journal.get(object);
    const enough =
      wanted === undefined ||
      (known !== undefined &&
        (!wanted.look || known.columns !== undefined) &&
        (!wanted.count || known.rows !== undefined));
    if (!enough) fresh++;
    const result = enough ? (known ?? {}) : await readFile(bucket, set, object, wanted, journal, unreadable);
    if (++done % 100 === 0) o.note(`${done} of ${objects.length} files read`);
    return result;
  }).finally(() => journal.flush());
  const files = objects.flatMap((object, at) => {
    const its = read[at];
    return its === undefined ? [] : [{ object, ...(its.rows === undefined ? {} : { rows: its.rows }) }];
  });
  const looked = objects.flatMap((object, at) => {
    const columns = read[at]?.columns;
    return columns === undefined ? [] : [{ key: object.key, columns }];
  });
  return { files, unreadable: unreadable.sort((a, b) => (a.file < b.file ? -1 : 1)), fresh, ...schemaOf(set, looked) };
}

async function readFile(
  bucket: Bucket,
  set: TableSetPlan,
  object: StoredObject,
  wanted: { readonly look: boolean; readonly count: boolean },
  journal: Journal,
  unreadable: { file: string; why: string }[],
): Promise<ReadFile | undefined> {
  try {
    const result =
      set.format === "parquet"
        ? await readParquet(bucket, object, set.timestamps)
        : await readJson(bucket, object, wanted);
    journal.put(object, result);
    return result;
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    unreadable.push({ file: object.key, why: error.message });
    return undefined;
  }
}

interface Looked {
  readonly key: string;
  readonly columns: FileColumns;
}

function schemaOf(set: TableSetPlan, looked: readonly Looked[]): Pick<ReadTable, "schema" | "untyped"> {
  if (set.columns !== undefined) return { schema: declared(set.columns), untyped: [] };
  const schemas = new Map<string, { columns: readonly HiveColumn[]; files: string[] }>();
  const untyped = new Map<string, Untyped & { files: number; file: string }>();
  const empty = new Set<string>();
  for (const { key, columns } of looked) {
    const text = JSON.stringify(columns.columns);
    const known = schemas.get(text);
    if (known === undefined) schemas.set(text, { columns: columns.columns, files: [key] });
    else known.files.push(key);
    for (const each of columns.untyped) {
      const name = `${each.column} ${each.type}`;
      untyped.set(name, { ...each, files: (untyped.get(name)?.files ?? 0) + 1, file: untyped.get(name)?.file ?? key });
    }
    for (const name of columns.empty ?? []) empty.add(name);
  }
  const schema = mergeSchemas([...schemas.values()] satisfies SchemaOfFiles[], set.format);
  const known = new Set([
    ...schema.columns.map(({ name }) => name),
    ...[...untyped.values()].map(({ column }) => column),
  ]);
  // What is null in every file is text until a file knows better.
  const nulls = [...empty].filter((name) => !known.has(name)).map((name) => ({ name, type: primitive("string") }));
  return { schema: { ...schema, columns: [...schema.columns, ...nulls] }, untyped: [...untyped.values()] };
}

/** Types that the pipeline file has checked. */
function declared(columns: Readonly<Record<string, string>>): MergedSchema {
  const types = Object.entries(columns).map(([name, text]) => ({ name: name.toLowerCase(), type: parseType(text)! }));
  return { columns: types, merged: [], conflicts: [] };
}
