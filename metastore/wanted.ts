/** What the metastore should hold of a table, by what its files say. Pure. */
import { primitive, typeText, type HiveColumn } from "../pipeline/hive-type";
import type { TableSetPlan } from "../pipeline/plan-types";
import { NULL_PARTITION, partitionName, type FoundTable } from "./layout";
import type { MetastorePartition, MetastoreTable, Storage } from "./thrift/client";

/** Whose tables these are: only they are changed or removed. Its value is the set's name in the pipeline file. */
export const MARK = "aws2ncp.tables";
/** Zone in which dt and hour are named. */
const ZONE = "aws2ncp.zone";

/** How files of a format are read. The names are Hive's own. */
const FORMATS: Readonly<
  Record<TableSetPlan["format"], Pick<Storage, "inputFormat" | "outputFormat" | "serde" | "serdeProperties">>
> = {
  parquet: {
    inputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
    outputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
    serde: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
    serdeProperties: { "serialization.format": "1" },
  },
  // The one that Presto has, too; serde2's own is newer than it.
  json: {
    inputFormat: "org.apache.hadoop.mapred.TextInputFormat",
    outputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
    serde: "org.apache.hive.hcatalog.data.JsonSerDe",
    serdeProperties: { "serialization.format": "1" },
  },
};

/** Tables whose files are elsewhere: dropping one never deletes them. In Hive 3 any other is transactional. */
export const EXTERNAL = "EXTERNAL_TABLE";

export interface WantedPartition {
  /** "dt=2020-01-01/hour=00" */
  readonly name: string;
  readonly values: readonly string[];
  readonly location: string;
}

export interface Wanted {
  readonly table: MetastoreTable;
  /** By name; none for a table without partition columns. */
  readonly partitions: readonly WantedPartition[];
}

/** Folder as the engines name it: "s3a://bucket/logs/dt=2020-01-01". */
export const locationOf = (bucket: string, folder: string): string => `s3a://${bucket}/${folder.replace(/\/$/, "")}`;

export function wantedTable(set: TableSetPlan, found: FoundTable, columns: readonly HiveColumn[]): Wanted {
  const { partitionColumns, partitions } = found;
  const storage: Storage = {
    // A folder's value counts; a column of that name in the files is left out, as Hive demands.
    columns: columns
      .filter(({ name }) => !partitionColumns.includes(name))
      .map(({ name, type }) => ({ name, type: typeText(type) })),
    location: locationOf(set.bucket, found.folder),
    ...FORMATS[set.format],
  };
  return {
    table: {
      database: found.database,
      name: found.name,
      type: EXTERNAL,
      owner: "aws2ncp",
      created: 0,
      storage,
      partitionKeys: partitionColumns.map((name, at) => ({
        name,
        type:
          set.partitionTypes[name] ??
          typeOfValues(
            set,
            partitions.map(({ values }) => values[at] ?? ""),
          ),
      })),
      properties: {
        EXTERNAL: "TRUE",
        "external.table.purge": "false",
        [MARK]: set.name,
        ...(set.zone === undefined ? {} : { [ZONE]: set.zone }),
      },
    },
    partitions:
      partitionColumns.length === 0
        ? []
        : partitions
            .map(({ values, folder }) => ({
              name: partitionName(partitionColumns, values),
              values,
              location: locationOf(set.bucket, folder),
            }))
            .sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

const NUMBER = /^(0|-?[1-9]\d{0,18})$/;
const INT_MAX = 2 ** 31 - 1;

/** Numbers only where every value reads back as its folder's name: month=01 is text. */
function typeOfValues(set: TableSetPlan, values: readonly string[]): string {
  const named = values.filter((value) => value !== NULL_PARTITION);
  if (set.layout !== "hive" || named.length === 0 || !named.every((value) => NUMBER.test(value)))
    return typeText(primitive("string"));
  return named.every((value) => Math.abs(Number(value)) <= INT_MAX) ? "int" : "bigint";
}

/** A partition as the metastore keeps it: the table's columns and format, its own folder. */
export const partitionOf = ({ table }: Wanted, { values, location }: WantedPartition): MetastorePartition => ({
  values,
  created: 0,
  storage: { ...table.storage, location },
  // Sizes and row counts would be out of date with the next file, and Hive would answer by them.
  properties: { DO_NOT_UPDATE_STATS: "true" },
});
