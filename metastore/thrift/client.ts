/** The metastore's calls with their types. */
import type { Duplex } from "node:stream";
import { Connection, MetastoreRefused } from "./connection";
import type { StructValue, Value } from "./protocol";
import type { CallName } from "./structs";

export interface Column {
  readonly name: string;
  readonly type: string;
}

export type Properties = Readonly<Record<string, string>>;

/** Where a table's or a partition's files lie, and how they are read. */
export interface Storage {
  readonly columns: readonly Column[];
  readonly location: string;
  readonly inputFormat: string;
  readonly outputFormat: string;
  readonly serde: string;
  readonly serdeProperties: Properties;
}

export interface MetastoreTable {
  readonly database: string;
  readonly name: string;
  readonly type: string;
  readonly owner: string;
  /** Seconds since 1970; the metastore sets it for a new table. */
  readonly created: number;
  readonly storage: Storage;
  readonly partitionKeys: readonly Column[];
  readonly properties: Properties;
}

export interface MetastorePartition {
  readonly values: readonly string[];
  readonly created: number;
  readonly storage: Storage;
  readonly properties: Properties;
}

const mapOf = (properties: Properties): ReadonlyMap<Value, Value> => new Map(Object.entries(properties));
const propertiesOf = (value: Value | undefined): Properties =>
  Object.fromEntries([...((value ?? new Map()) as ReadonlyMap<string, string>)].sort(([a], [b]) => (a < b ? -1 : 1)));
const listOf = (value: Value | undefined): readonly StructValue[] => (value ?? []) as readonly StructValue[];
const textOf = (value: Value | undefined): string => (value ?? "") as string;

const columnsOf = (value: Value | undefined): Column[] =>
  listOf(value).map((column) => ({ name: textOf(column["name"]), type: textOf(column["type"]) }));

function storageValue(storage: Storage): StructValue {
  return {
    cols: storage.columns.map(({ name, type }) => ({ name, type })),
    location: storage.location,
    inputFormat: storage.inputFormat,
    outputFormat: storage.outputFormat,
    compressed: false,
    numBuckets: -1,
    serdeInfo: { name: "", serializationLib: storage.serde, parameters: mapOf(storage.serdeProperties) },
    bucketCols: [],
    sortCols: [],
    parameters: new Map(),
  };
}

function storageOf(value: Value | undefined): Storage {
  const found = (value ?? {}) as StructValue;
  const serde = (found["serdeInfo"] ?? {}) as StructValue;
  return {
    columns: columnsOf(found["cols"]),
    location: textOf(found["location"]),
    inputFormat: textOf(found["inputFormat"]),
    outputFormat: textOf(found["outputFormat"]),
    serde: textOf(serde["serializationLib"]),
    serdeProperties: propertiesOf(serde["parameters"]),
  };
}

const tableValue = (table: MetastoreTable): StructValue => ({
  tableName: table.name,
  dbName: table.database,
  owner: table.owner,
  createTime: table.created,
  lastAccessTime: 0,
  retention: 0,
  sd: storageValue(table.storage),
  partitionKeys: table.partitionKeys.map(({ name, type }) => ({ name, type })),
  parameters: mapOf(table.properties),
  tableType: table.type,
});

const tableOf = (found: StructValue): MetastoreTable => ({
  database: textOf(found["dbName"]),
  name: textOf(found["tableName"]),
  type: textOf(found["tableType"]),
  owner: textOf(found["owner"]),
  created: (found["createTime"] ?? 0) as number,
  storage: storageOf(found["sd"]),
  partitionKeys: columnsOf(found["partitionKeys"]),
  properties: propertiesOf(found["parameters"]),
});

const partitionValue = (database: string, table: string, partition: MetastorePartition): StructValue => ({
  values: partition.values,
  dbName: database,
  tableName: table,
  createTime: partition.created,
  lastAccessTime: 0,
  sd: storageValue(partition.storage),
  parameters: mapOf(partition.properties),
});

const partitionOf = (found: StructValue): MetastorePartition => ({
  values: (found["values"] ?? []) as readonly string[],
  created: (found["createTime"] ?? 0) as number,
  storage: storageOf(found["sd"]),
  properties: propertiesOf(found["parameters"]),
});

export class MetastoreClient {
  private readonly connection: Connection;

  /** @param where for errors: "hdp-2:9083" */
  constructor(stream: Duplex, where: string) {
    this.connection = new Connection(stream, where);
  }

  private async call(name: CallName, args: StructValue): Promise<Value | undefined> {
    return this.connection.call(name, args);
  }

  async databases(): Promise<readonly string[]> {
    return (await this.call("get_all_databases", {})) as readonly string[];
  }

  /** Makes a database; one that another made meanwhile is fine. */
  async createDatabase(name: string): Promise<void> {
    await this.call("create_database", { database: { name, description: "", parameters: new Map() } }).catch(
      unless("AlreadyExistsException"),
    );
  }

  /** Every table of a database. */
  async tables(database: string): Promise<readonly MetastoreTable[]> {
    const names = (await this.call("get_all_tables", { db_name: database })) as readonly string[];
    if (names.length === 0) return [];
    return listOf(await this.call("get_table_objects_by_name", { dbname: database, tbl_names: names })).map(tableOf);
  }

  async table(database: string, name: string): Promise<MetastoreTable | undefined> {
    const found = await this.call("get_table", { dbname: database, tbl_name: name }).catch(
      unless("NoSuchObjectException"),
    );
    return found === undefined ? undefined : tableOf(found as StructValue);
  }

  async createTable(table: MetastoreTable): Promise<void> {
    await this.call("create_table", { tbl: tableValue(table) });
  }

  /** Changes a table; `cascade` gives its columns to every partition, too. */
  async alterTable(table: MetastoreTable, cascade: boolean): Promise<void> {
    const properties = { DO_NOT_UPDATE_STATS: "true", ...(cascade ? { CASCADE: "true" } : {}) };
    await this.call("alter_table_with_environment_context", {
      dbname: table.database,
      tbl_name: table.name,
      new_tbl: tableValue(table),
      environment_context: { properties: mapOf(properties) },
    });
  }

  /** Forgets a table; its files stay. */
  async dropTable(database: string, name: string): Promise<void> {
    await this.call("drop_table", { dbname: database, name, deleteData: false });
  }

  /** "dt=2020-01-01/hour=00", values escaped as Hive does. */
  async partitionNames(database: string, table: string): Promise<readonly string[]> {
    return (await this.call("get_partition_names", {
      db_name: database,
      tbl_name: table,
      max_parts: -1,
    })) as readonly string[];
  }

  async partitions(database: string, table: string, names: readonly string[]): Promise<readonly MetastorePartition[]> {
    const found = await this.call("get_partitions_by_names", { db_name: database, tbl_name: table, names });
    return listOf(found).map(partitionOf);
  }

  /** Adds those that are not there yet. */
  async addPartitions(database: string, table: string, partitions: readonly MetastorePartition[]): Promise<void> {
    const parts = partitions.map((partition) => partitionValue(database, table, partition));
    await this.call("add_partitions_req", {
      request: { dbName: database, tblName: table, parts, ifNotExists: true, needResult: false },
    });
  }

  async alterPartitions(database: string, table: string, partitions: readonly MetastorePartition[]): Promise<void> {
    const parts = partitions.map((partition) => partitionValue(database, table, partition));
    await this.call("alter_partitions", { db_name: database, tbl_name: table, new_parts: parts });
  }

  /** Forgets partitions; their files stay. */
  async dropPartitions(database: string, table: string, names: readonly string[]): Promise<void> {
    await this.call("drop_partitions_req", {
      req: { dbName: database, tblName: table, parts: { names }, deleteData: false, ifExists: true, needResult: false },
    });
  }

  close(): void {
    this.connection.close();
  }
}

/** Takes one kind of refusal for an answer. */
const unless =
  (kind: string) =>
  (error: unknown): undefined => {
    if (error instanceof MetastoreRefused && error.kind === kind) return undefined;
    throw error;
  };
