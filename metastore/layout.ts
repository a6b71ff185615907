/** From the keys under a prefix to tables, their partitions and files. Pure. */
import type { TableSetPlan } from "../pipeline/plan-types";
import type { StoredObject } from "./storage/bucket";

export interface FoundPartition {
  /** Values in the order of the table's partition columns, as text; none for a table without partitions. */
  readonly values: readonly string[];
  /** Folder of its files as it stands in the keys, with / at its end. */
  readonly folder: string;
  /** In the order of the keys. */
  readonly files: readonly StoredObject[];
}

export interface FoundTable {
  readonly database: string;
  readonly name: string;
  /** Its folder, with / at its end. */
  readonly folder: string;
  readonly partitionColumns: readonly string[];
  /** By folder. */
  readonly partitions: readonly FoundPartition[];
  /** Data whose place fits no partition of this table, or no other file's depth: nobody would read it. */
  readonly strays: readonly string[];
}

export interface FoundTables {
  /** By database and name. */
  readonly tables: readonly FoundTable[];
  /** Keys under the prefix that lie in no table's folder. */
  readonly outside: readonly string[];
}

/** Hive's name for a partition whose value is null. */
export const NULL_PARTITION = "__HIVE_DEFAULT_PARTITION__";

/**
 * What Hive, Presto and Spark don't read: names that begin with _ or ., folder markers, and the markers of EMR.
 * @param path of the object below its table's folder
 */
export function isHidden(path: string): boolean {
  const names = path.split("/");
  return names.at(-1) === "" || path.endsWith("_$folder$") || names.some((name) => /^[_.]/.test(name));
}

interface Place {
  readonly database: string;
  readonly table: string;
  readonly folder: string;
}

const NAME = /^[A-Za-z0-9_]+$/;

/** The table in whose folder an object lies. */
function placeOf(set: TableSetPlan, path: readonly string[]): Place | undefined {
  if (set.layout !== "hive") return { database: set.database ?? "default", table: set.name, folder: set.prefix };
  const [first = "", second = ""] = path;
  const depth = set.database === undefined ? 2 : 1;
  if (path.length <= depth) return undefined;
  const database = set.database ?? first.replace(/\.db$/, "").toLowerCase();
  const table = depth === 2 ? second : first;
  if (!NAME.test(database) || !NAME.test(table)) return undefined;
  return { database, table: table.toLowerCase(), folder: `${set.prefix}${path.slice(0, depth).join("/")}/` };
}

/** Partition columns and their values, of the folders between a table's and its files. Undefined: they fit no partition. */
type ReadFolders = (folders: readonly string[]) => readonly (readonly [column: string, value: string])[] | undefined;

const calendar =
  (
    digits: readonly number[],
    columns: (parts: readonly string[]) => readonly (readonly [string, string])[],
  ): ReadFolders =>
  (folders) =>
    folders.length === digits.length && folders.every((name, at) => /^\d+$/.test(name) && name.length === digits[at])
      ? columns(folders)
      : undefined;

const day = ([year, month, date]: readonly string[]): readonly [string, string] => ["dt", `${year}-${month}-${date}`];

const FOLDERS: Readonly<Record<TableSetPlan["layout"], ReadFolders>> = {
  "firehose-hourly": calendar([4, 2, 2, 2], (parts) => [day(parts), ["hour", parts[3]!]]),
  daily: calendar([4, 2, 2], (parts) => [day(parts)]),
  flat: (folders) => (folders.length === 0 ? [] : undefined),
  hive: (folders) => {
    const pairs = folders.map((name) => /^([^=]+)=(.*)$/s.exec(name));
    if (pairs.some((pair) => pair === null)) return undefined;
    return pairs.map((pair) => [pair![1]!.toLowerCase(), unescaped(pair![2]!)] as const);
  },
};

/** Hive writes %XX for characters that a path can't have. */
function unescaped(value: string): string {
  return value.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

type Folders = Map<string, { readonly values: readonly string[]; readonly files: StoredObject[] }>;

interface Gathered extends Place {
  /** By the partition columns that the folders speak of: most files of a table speak of the same. */
  readonly byColumns: Map<string, { readonly columns: readonly string[]; readonly folders: Folders }>;
  readonly strays: string[];
}

/** The tables of a set, of the objects under its prefix in the order of their keys. */
export function tablesIn(set: TableSetPlan, objects: readonly StoredObject[]): FoundTables {
  const gathered = new Map<string, Gathered>();
  const outside: string[] = [];
  for (const object of objects) {
    const place = placeOf(set, object.key.slice(set.prefix.length).split("/"));
    if (place === undefined) {
      if (!isHidden(object.key.slice(set.prefix.length))) outside.push(object.key);
      continue;
    }
    const name = `${place.database}.${place.table}`;
    let table = gathered.get(name);
    if (table === undefined) gathered.set(name, (table = { ...place, byColumns: new Map(), strays: [] }));
    if (place.folder === table.folder) gather(FOLDERS[set.layout], table, object);
    else table.strays.push(object.key); // two folders whose names differ in case only
  }
  const tables: FoundTable[] = [];
  for (const table of gathered.values())
    if (table.byColumns.size > 0) tables.push(tableOf(table));
    else outside.push(...table.strays);
  return { tables: tables.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)), outside };
}

export const nameOf = ({ database, name }: { readonly database: string; readonly name: string }): string =>
  `${database}.${name}`;

function gather(read: ReadFolders, table: Gathered, object: StoredObject): void {
  const path = object.key.slice(table.folder.length);
  if (isHidden(path)) return;
  const cut = path.lastIndexOf("/") + 1;
  const pairs = read(cut === 0 ? [] : path.slice(0, cut - 1).split("/"));
  if (pairs === undefined) {
    table.strays.push(object.key);
    return;
  }
  const columns = pairs.map(([column]) => column);
  let group = table.byColumns.get(columns.join("/"));
  if (group === undefined) table.byColumns.set(columns.join("/"), (group = { columns, folders: new Map() }));
  const folder = table.folder + path.slice(0, cut);
  const known = group.folders.get(folder);
  if (known !== undefined) known.files.push(object);
  else group.folders.set(folder, { values: pairs.map(([, value]) => value), files: [object] });
}

function tableOf({ database, table, folder, byColumns, strays }: Gathered): FoundTable {
  const files = (folders: Folders): StoredObject[] => [...folders.values()].flatMap((each) => each.files);
  const [most, ...others] = [...byColumns.values()].sort((a, b) => files(b.folders).length - files(a.folders).length);
  const partitions = [...(most?.folders ?? [])].map(([each, its]) => ({ folder: each, ...its }));
  // Two folders of one partition, such as month=1 and Month=1: it has room for one.
  const first = new Map([...partitions].reverse().map((each) => [each.values.join("/"), each]));
  const kept = partitions.filter((each) => first.get(each.values.join("/")) === each);
  const doubled = partitions.filter((each) => first.get(each.values.join("/")) !== each);
  const left = [...others.flatMap(({ folders }) => files(folders)), ...doubled.flatMap((each) => each.files)];
  return {
    database,
    name: table,
    folder,
    partitionColumns: most?.columns ?? [],
    partitions: kept,
    strays: [...strays, ...left.map(({ key }) => key)].sort(),
  };
}

/** "dt=2020-01-01/hour=00": a partition's name as the metastore makes it. Source: FileUtils.escapePathName of Hive 3.1.3. */
export function partitionName(columns: readonly string[], values: readonly string[]): string {
  return columns.map((column, at) => `${escaped(column)}=${escaped(values[at] ?? "")}`).join("/");
}

// eslint-disable-next-line no-control-regex -- control characters are among what Hive escapes
const ESCAPED = /[\u0001-\u001F"#%'*/:=?\\\u007F{}[\]^]/g;

function escaped(text: string): string {
  if (text === "") return NULL_PARTITION;
  return text.replace(ESCAPED, (found) => `%${found.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`);
}
