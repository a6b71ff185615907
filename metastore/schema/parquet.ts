/** From a Parquet file's schema to Hive's columns. Source of the types: parquet-format's LogicalTypes.md. */
import type { SchemaElement } from "hyparquet";
import type { FileColumns, Untyped } from "./file-columns";
import { isColumnName, primitive, type HiveColumn, type HiveType } from "../../pipeline/hive-type";

interface Node {
  readonly element: SchemaElement;
  readonly children: readonly Node[];
}

/** The schema comes as a list: each element is followed by its children. */
function treeOf(elements: readonly SchemaElement[]): Node {
  let at = 0;
  const next = (): Node => {
    const element = elements[at++];
    if (element === undefined) throw new Error("a schema that ends before its last child");
    return { element, children: Array.from({ length: element.num_children ?? 0 }, next) };
  };
  return next();
}

class Unmapped extends Error {
  constructor(
    readonly type: string,
    readonly why: string,
  ) {
    super(type);
  }
}

/** The columns of a file. @param timestamps what INT64 timestamps are declared to be */
export function columnsOfParquet(elements: readonly SchemaElement[], timestamps: "bigint" | undefined): FileColumns {
  const columns: HiveColumn[] = [];
  const untyped: Untyped[] = [];
  const seen = new Set<string>();
  for (const node of treeOf(elements).children) {
    const name = node.element.name.toLowerCase();
    try {
      if (!isColumnName(name)) throw new Unmapped(node.element.name, "its name can't stand in a table of Hive");
      if (seen.has(name)) throw new Unmapped(node.element.name, "another column's name differs from it in case only");
      seen.add(name);
      columns.push({ name, type: fieldType(node, timestamps) });
    } catch (error) {
      if (!(error instanceof Unmapped)) throw error;
      untyped.push({ column: name, type: error.type, why: error.why });
    }
  }
  return { columns, untyped };
}

/** A repeated field outside a list is a list of itself. */
function fieldType(node: Node, timestamps: "bigint" | undefined): HiveType {
  const type = typeOf(node, timestamps);
  return node.element.repetition_type === "REPEATED" ? { kind: "array", of: type } : type;
}

function typeOf(node: Node, timestamps: "bigint" | undefined): HiveType {
  const { element, children } = node;
  if (element.type !== undefined) return leafType(element, timestamps);
  const converted = element.converted_type;
  const logical = element.logical_type?.type;
  if (converted === "LIST" || logical === "LIST") return listType(node, timestamps);
  if (converted === "MAP" || converted === "MAP_KEY_VALUE" || logical === "MAP") return mapType(node, timestamps);
  if (children.length === 0) throw new Unmapped("a group without fields", "Hive has no such type");
  return structType(children, timestamps);
}

function structType(children: readonly Node[], timestamps: "bigint" | undefined): HiveType {
  const fields = children.map((child) => {
    const name = child.element.name.toLowerCase();
    if (!isColumnName(name)) throw new Unmapped(child.element.name, "its name can't stand in a type of Hive");
    return { name, type: fieldType(child, timestamps) };
  });
  return { kind: "struct", fields };
}

/** Writers differ in how many groups a list has: the specification's backward-compatibility rules. */
function listType({ element, children }: Node, timestamps: "bigint" | undefined): HiveType {
  const [repeated] = children;
  if (repeated === undefined || children.length !== 1) throw new Unmapped("LIST", "it has not exactly one field");
  const inner = repeated.children;
  const itself =
    repeated.element.type !== undefined ||
    inner.length !== 1 ||
    repeated.element.name === "array" ||
    repeated.element.name === `${element.name}_tuple`;
  return { kind: "array", of: itself ? typeOf(repeated, timestamps) : fieldType(inner[0]!, timestamps) };
}

function mapType({ children }: Node, timestamps: "bigint" | undefined): HiveType {
  const [entries] = children;
  const [key, value] = entries?.children ?? [];
  if (key === undefined || value === undefined) throw new Unmapped("MAP", "it has no key or no value");
  return { kind: "map", key: fieldType(key, timestamps), value: fieldType(value, timestamps) };
}

/** Hive's type by the physical one, where nothing more is said. */
const PLAIN: Readonly<Record<string, HiveType>> = {
  BOOLEAN: primitive("boolean"),
  INT32: primitive("int"),
  INT64: primitive("bigint"),
  INT96: primitive("timestamp"), // nanoseconds of a day and a Julian day: what Hive, Impala and Spark write
  FLOAT: primitive("float"),
  DOUBLE: primitive("double"),
  BYTE_ARRAY: primitive("binary"),
  FIXED_LEN_BYTE_ARRAY: primitive("binary"),
};

/** Hive's type by what is said of the physical one. Unsigned numbers only where the next larger type holds them all. */
const ANNOTATED: Readonly<Record<string, HiveType>> = {
  UTF8: primitive("string"),
  ENUM: primitive("string"),
  JSON: primitive("string"),
  BSON: primitive("binary"),
  DATE: primitive("date"),
  INT_8: primitive("tinyint"),
  INT_16: primitive("smallint"),
  INT_32: primitive("int"),
  INT_64: primitive("bigint"),
  UINT_8: primitive("smallint"),
  UINT_16: primitive("int"),
};

const HINT64 = "Hive 3.1 can't read it as TIMESTAMP; timestamps: bigint in the pipeline file declares it a number";

function leafType(element: SchemaElement, timestamps: "bigint" | undefined): HiveType {
  const said = annotationOf(element);
  if (said === undefined) return PLAIN[element.type!]!;
  if (said === "DECIMAL") return decimalType(element);
  if (said.startsWith("TIMESTAMP")) {
    if (timestamps !== undefined) return primitive(timestamps);
    throw new Unmapped(`${element.type} ${said}`, HINT64);
  }
  const type = ANNOTATED[said];
  if (type === undefined) throw new Unmapped(`${element.type} ${said}`, "Hive 3.1 has no type for it");
  return type;
}

/** The newer logical type or the older converted one, in the older one's words where it has them. */
function annotationOf({ logical_type: logical, converted_type: converted }: SchemaElement): string | undefined {
  if (logical === undefined) return converted?.replace(/^TIMESTAMP_(.*)$/, "TIMESTAMP($1)");
  switch (logical.type) {
    case "STRING":
      return "UTF8";
    case "INTEGER":
      return `${logical.isSigned ? "" : "U"}INT_${logical.bitWidth}`;
    case "TIMESTAMP":
    case "TIME":
      return `${logical.type}(${logical.unit})`;
    case "NULL":
      return converted ?? "UTF8"; // a column of nulls alone: any type reads it
    default:
      return logical.type;
  }
}

function decimalType({ precision, scale = 0, type }: SchemaElement): HiveType {
  if (precision === undefined || precision < 1 || precision > 38)
    throw new Unmapped(`${type} DECIMAL(${precision},${scale})`, "Hive's decimals have 1 to 38 digits");
  return { kind: "decimal", precision, scale };
}
