/**
 * What of Hive 3.1's metastore interface is used here: structs with the numbers of their fields, and calls. Taken from
 * hive_metastore.thrift of Hive 3.1.3; fields that are not listed are neither sent nor kept.
 */

export type ThriftType =
  | "string"
  | "bool"
  | "i16"
  | "i32"
  | "i64"
  | { readonly list: ThriftType }
  | { readonly map: readonly [ThriftType, ThriftType] }
  | { readonly struct: StructName };

/** Field name -> number and type, in the order of the numbers. */
export type Fields = Readonly<Record<string, readonly [number, ThriftType]>>;

const STRINGS: ThriftType = { list: "string" };
const PROPERTIES: ThriftType = { map: ["string", "string"] };

export type StructName =
  | "FieldSchema"
  | "SerDeInfo"
  | "StorageDescriptor"
  | "Order"
  | "Table"
  | "Partition"
  | "Database"
  | "EnvironmentContext"
  | "AddPartitionsRequest"
  | "AddPartitionsResult"
  | "RequestPartsSpec"
  | "DropPartitionsRequest"
  | "DropPartitionsResult"
  | "Failure";

const struct = (name: StructName): ThriftType => ({ struct: name });

export const STRUCTS: Readonly<Record<StructName, Fields>> = {
  FieldSchema: { name: [1, "string"], type: [2, "string"], comment: [3, "string"] },
  SerDeInfo: { name: [1, "string"], serializationLib: [2, "string"], parameters: [3, PROPERTIES] },
  Order: { col: [1, "string"], order: [2, "i32"] },
  StorageDescriptor: {
    cols: [1, { list: struct("FieldSchema") }],
    location: [2, "string"],
    inputFormat: [3, "string"],
    outputFormat: [4, "string"],
    compressed: [5, "bool"],
    numBuckets: [6, "i32"],
    serdeInfo: [7, struct("SerDeInfo")],
    bucketCols: [8, STRINGS],
    sortCols: [9, { list: struct("Order") }],
    parameters: [10, PROPERTIES],
  },
  Table: {
    tableName: [1, "string"],
    dbName: [2, "string"],
    owner: [3, "string"],
    createTime: [4, "i32"],
    lastAccessTime: [5, "i32"],
    retention: [6, "i32"],
    sd: [7, struct("StorageDescriptor")],
    partitionKeys: [8, { list: struct("FieldSchema") }],
    parameters: [9, PROPERTIES],
    tableType: [12, "string"],
  },
  Partition: {
    values: [1, STRINGS],
    dbName: [2, "string"],
    tableName: [3, "string"],
    createTime: [4, "i32"],
    lastAccessTime: [5, "i32"],
    sd: [6, struct("StorageDescriptor")],
    parameters: [7, PROPERTIES],
  },
  Database: { name: [1, "string"], description: [2, "string"], parameters: [4, PROPERTIES] },
  EnvironmentContext: { properties: [1, PROPERTIES] },
  AddPartitionsRequest: {
    dbName: [1, "string"],
    tblName: [2, "string"],
    parts: [3, { list: struct("Partition") }],
    ifNotExists: [4, "bool"],
    needResult: [5, "bool"],
  },
  AddPartitionsResult: {},
  RequestPartsSpec: { names: [1, STRINGS] },
  DropPartitionsRequest: {
    dbName: [1, "string"],
    tblName: [2, "string"],
    parts: [3, struct("RequestPartsSpec")],
    deleteData: [4, "bool"],
    ifExists: [5, "bool"],
    environmentContext: [7, struct("EnvironmentContext")],
    needResult: [8, "bool"],
  },
  DropPartitionsResult: {},
  /** Each exception of the metastore has its text in field 1. */
  Failure: { message: [1, "string"] },
};

export interface Call {
  readonly args: Fields;
  readonly result?: ThriftType;
  /** Exceptions that it declares, by the number of their field in the answer. */
  readonly failures: Readonly<Record<number, string>>;
}

const META = "MetaException";
const MISSING = "NoSuchObjectException";
const EXISTS = "AlreadyExistsException";
const INVALID = "InvalidObjectException";

export const CALLS = {
  get_all_databases: { args: {}, result: STRINGS, failures: { 1: META } },
  create_database: { args: { database: [1, struct("Database")] }, failures: { 1: EXISTS, 2: INVALID, 3: META } },
  get_all_tables: { args: { db_name: [1, "string"] }, result: STRINGS, failures: { 1: META } },
  get_table: {
    args: { dbname: [1, "string"], tbl_name: [2, "string"] },
    result: struct("Table"),
    failures: { 1: META, 2: MISSING },
  },
  get_table_objects_by_name: {
    args: { dbname: [1, "string"], tbl_names: [2, STRINGS] },
    result: { list: struct("Table") },
    failures: { 1: META, 2: "InvalidOperationException", 3: "UnknownDBException" },
  },
  create_table: {
    args: { tbl: [1, struct("Table")] },
    failures: { 1: EXISTS, 2: INVALID, 3: META, 4: MISSING },
  },
  alter_table_with_environment_context: {
    args: {
      dbname: [1, "string"],
      tbl_name: [2, "string"],
      new_tbl: [3, struct("Table")],
      environment_context: [4, struct("EnvironmentContext")],
    },
    failures: { 1: "InvalidOperationException", 2: META },
  },
  drop_table: {
    args: { dbname: [1, "string"], name: [2, "string"], deleteData: [3, "bool"] },
    failures: { 1: MISSING, 2: META },
  },
  get_partition_names: {
    args: { db_name: [1, "string"], tbl_name: [2, "string"], max_parts: [3, "i16"] },
    result: STRINGS,
    failures: { 1: MISSING, 2: META },
  },
  get_partitions_by_names: {
    args: { db_name: [1, "string"], tbl_name: [2, "string"], names: [3, STRINGS] },
    result: { list: struct("Partition") },
    failures: { 1: META, 2: MISSING },
  },
  add_partitions_req: {
    args: { request: [1, struct("AddPartitionsRequest")] },
    result: struct("AddPartitionsResult"),
    failures: { 1: INVALID, 2: EXISTS, 3: META },
  },
  alter_partitions: {
    args: { db_name: [1, "string"], tbl_name: [2, "string"], new_parts: [3, { list: struct("Partition") }] },
    failures: { 1: "InvalidOperationException", 2: META },
  },
  drop_partitions_req: {
    args: { req: [1, struct("DropPartitionsRequest")] },
    result: struct("DropPartitionsResult"),
    failures: { 1: MISSING, 2: META },
  },
} as const satisfies Readonly<Record<string, Call>>;

export type CallName = keyof typeof CALLS;
