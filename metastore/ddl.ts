/** What would be written, as the DDL of Hive: for people to read before it happens. Pure. */
import type { PartitionChanges, TableChange } from "./compare";
import type { Column, MetastoreTable } from "./thrift/client";
import type { Wanted, WantedPartition } from "./wanted";

const name = (text: string): string => `\`${text.replaceAll("`", "``")}\``;
const string = (text: string): string => `'${text.replace(/[\\']/g, "\\$&")}'`;
const full = ({ database, name: table }: { readonly database: string; readonly name: string }): string =>
  `${name(database)}.${name(table)}`;

const columns = (list: readonly Column[]): string =>
  list.map((column) => `  ${name(column.name)} ${column.type}`).join(",\n");

function format({ storage }: MetastoreTable): string {
  return storage.serde.includes("parquet")
    ? "STORED AS PARQUET"
    : `ROW FORMAT SERDE ${string(storage.serde)}\nSTORED AS TEXTFILE`;
}

/** EXTERNAL is what the statement itself says. */
const propertyList = ({ properties }: MetastoreTable): string =>
  Object.entries(properties)
    .filter(([key]) => key !== "EXTERNAL")
    .map(([key, value]) => `${string(key)}=${string(value)}`)
    .join(", ");

export const createDatabase = (database: string): string => `CREATE DATABASE IF NOT EXISTS ${name(database)};`;

function createTable(table: MetastoreTable): string {
  return [
    `CREATE EXTERNAL TABLE ${full(table)} (`,
    columns(table.storage.columns),
    ")",
    ...(table.partitionKeys.length === 0 ? [] : ["PARTITIONED BY (", columns(table.partitionKeys), ")"]),
    format(table),
    `LOCATION ${string(table.storage.location)}`,
    `TBLPROPERTIES (${propertyList(table)});`,
  ].join("\n");
}

function spec(keys: readonly Column[], values: readonly string[]): string {
  const value = (at: number): string => {
    const text = values[at] ?? "";
    return ["int", "bigint"].includes(keys[at]?.type ?? "") ? text : string(text);
  };
  return keys.map((key, at) => `${name(key.name)}=${value(at)}`).join(", ");
}

const placed = (keys: readonly Column[], { values, location }: WantedPartition): string =>
  `  PARTITION (${spec(keys, values)}) LOCATION ${string(location)}`;

/** All that a change of a table can touch, at once: each part is harmless where it changes nothing. */
const alterTable = (table: MetastoreTable, what: readonly string[]): string =>
  [
    ...what.map((each) => `-- ${each}`),
    `ALTER TABLE ${full(table)} REPLACE COLUMNS (\n${columns(table.storage.columns)}\n) CASCADE;`,
    `ALTER TABLE ${full(table)} SET LOCATION ${string(table.storage.location)};`,
    `ALTER TABLE ${full(table)} SET TBLPROPERTIES (${propertyList(table)});`,
  ].join("\n");

/** Statements, each ends with a semicolon; none where nothing would change. */
export function ddlOf(
  { table }: Wanted,
  change: TableChange,
  partitions: PartitionChanges,
  removeVanished: boolean,
): string[] {
  const keys = table.partitionKeys;
  const statements: string[] = [];
  if (change.kind === "create") statements.push(createTable(table));
  if (change.kind === "alter") statements.push(alterTable(table, change.what));
  if (partitions.add.length > 0)
    statements.push(
      `ALTER TABLE ${full(table)} ADD IF NOT EXISTS\n${partitions.add.map((each) => placed(keys, each)).join("\n")};`,
    );
  for (const { wanted } of partitions.alter)
    statements.push(
      `ALTER TABLE ${full(table)} PARTITION (${spec(keys, wanted.values)}) SET LOCATION ${string(wanted.location)};`,
    );
  if (removeVanished && partitions.vanished.length > 0)
    statements.push(
      `ALTER TABLE ${full(table)} DROP IF EXISTS\n${partitions.vanished.map(({ values }) => `  PARTITION (${spec(keys, values)})`).join(",\n")};`,
    );
  return statements;
}
