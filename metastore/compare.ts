/** What must change in the metastore so that it holds what is wanted. Pure. */
import { partitionName } from "./layout";
import type { Column, MetastorePartition, MetastoreTable, Storage } from "./thrift/client";
import { EXTERNAL, MARK, type Wanted, type WantedPartition } from "./wanted";

export type TableChange =
  | { readonly kind: "create" }
  | { readonly kind: "keep" }
  /** `cascade`: its columns or format changed, and the partitions' with them. */
  | { readonly kind: "alter"; readonly to: MetastoreTable; readonly cascade: boolean; readonly what: readonly string[] }
  | { readonly kind: "refuse"; readonly why: string; readonly hint: string };

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const columnList = (columns: readonly Column[]): string =>
  columns.map(({ name, type }) => `${name} ${type}`).join(", ") || "none";

/** All of a storage but its place. */
const howRead = ({ columns, inputFormat, outputFormat, serde, serdeProperties }: Storage): unknown[] => [
  columns.map(({ name, type }) => [name, type]),
  [inputFormat, outputFormat, serde],
  Object.entries(serdeProperties).sort(),
];

export function compareTable({ table }: Wanted, found: MetastoreTable | undefined): TableChange {
  if (found === undefined) return { kind: "create" };
  const { database, name } = table;
  if (found.properties[MARK] === undefined || found.type !== EXTERNAL)
    return {
      kind: "refuse",
      why: `the metastore has a table of that name that this tool did not make (${found.type} at ${found.storage.location})`,
      hint: `ALTER TABLE ${database}.${name} RENAME TO another name, or drop it, then rebuild again`,
    };
  if (!same(found.partitionKeys, table.partitionKeys))
    return {
      kind: "refuse",
      why: `its partition columns are ${columnList(found.partitionKeys)}, and by its folders now ${columnList(table.partitionKeys)}: they can't be changed`,
      hint: `partition_types in the pipeline file keep the old types; or DROP TABLE ${database}.${name} (no file goes with it), then rebuild again`,
    };
  const what = [
    ...columnChanges(found.storage.columns, table.storage.columns),
    ...(same(howRead(found.storage).slice(1), howRead(table.storage).slice(1)) ? [] : ["format"]),
    ...(found.storage.location === table.storage.location ? [] : [`its folder was ${found.storage.location}`]),
    ...Object.entries(table.properties)
      .filter(([key, value]) => found.properties[key] !== value)
      .map(([key]) => `property ${key}`),
  ];
  if (what.length === 0) return { kind: "keep" };
  const cascade = !same(howRead(found.storage), howRead(table.storage));
  const to = { ...found, storage: table.storage, properties: { ...found.properties, ...table.properties } };
  return { kind: "alter", to, cascade, what };
}

function columnChanges(from: readonly Column[], to: readonly Column[]): string[] {
  const [had, has] = [new Map(from.map((c) => [c.name, c.type])), new Map(to.map((c) => [c.name, c.type]))];
  const changes = [
    ...to
      .filter(({ name, type }) => had.get(name) !== type)
      .map(({ name, type }) =>
        had.has(name) ? `column ${name} ${had.get(name)} -> ${type}` : `new column ${name} ${type}`,
      ),
    ...from.filter(({ name }) => !has.has(name)).map(({ name }) => `column ${name} is in no file any more`),
  ];
  return changes.length > 0 || same(from, to) ? changes : ["order of columns"];
}

export interface PartitionChanges {
  readonly add: readonly WantedPartition[];
  /** Of those in both: other place, columns or format. */
  readonly alter: readonly { readonly wanted: WantedPartition; readonly found: MetastorePartition }[];
  /** Those in the metastore whose folders hold no file any more. */
  readonly vanished: readonly { readonly name: string; readonly values: readonly string[] }[];
  readonly kept: number;
}

/** @param cascading the table's change will give the partitions its columns: those are not compared */
export function comparePartitions(
  wanted: Wanted,
  found: readonly MetastorePartition[],
  cascading: boolean,
): PartitionChanges {
  const columns = wanted.table.partitionKeys.map(({ name }) => name);
  const byName = new Map(found.map((partition) => [partitionName(columns, partition.values), partition]));
  const add: WantedPartition[] = [];
  const alter: { wanted: WantedPartition; found: MetastorePartition }[] = [];
  const target = howRead(wanted.table.storage);
  for (const partition of wanted.partitions) {
    const has = byName.get(partition.name);
    byName.delete(partition.name);
    if (has === undefined) add.push(partition);
    else if (has.storage.location !== partition.location || (!cascading && !same(howRead(has.storage), target)))
      alter.push({ wanted: partition, found: has });
  }
  return {
    add,
    alter,
    vanished: [...byName].map(([name, { values }]) => ({ name, values })).sort((a, b) => (a.name < b.name ? -1 : 1)),
    kept: wanted.partitions.length - add.length - alter.length,
  };
}
