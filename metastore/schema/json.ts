/** Columns of JSON lines, from lines that were read. Pure. */
import { isColumnName, primitive, typeText, type HiveColumn, type HiveType } from "../../pipeline/hive-type";
import type { FileColumns, Untyped } from "./file-columns";
import { widen } from "./merge";

const DECLARE = "columns in the pipeline file say what it is";

/** Type of a value; undefined for null and for what is empty, which says nothing. */
function typeOf(value: unknown): HiveType | undefined {
  switch (typeof value) {
    case "boolean":
      return primitive("boolean");
    case "number":
      return primitive(Number.isInteger(value) ? "bigint" : "double");
    case "string":
      return primitive("string");
    case "object":
      return value === null ? undefined : Array.isArray(value) ? arrayOf(value) : structOf(value);
    default:
      return undefined;
  }
}

function arrayOf(items: readonly unknown[]): HiveType | undefined {
  const types = items.map(typeOf).filter((type) => type !== undefined);
  const of = types.reduce<HiveType | undefined>((a, b) => a && widen(a, b, "json"), types[0]);
  return of && { kind: "array", of };
}

function structOf(object: object): HiveType | undefined {
  const fields = Object.entries(object)
    .map(([name, value]) => ({ name: name.toLowerCase(), type: typeOf(value) }))
    .filter((field): field is HiveColumn => field.type !== undefined && isColumnName(field.name));
  return fields.length === 0 ? undefined : { kind: "struct", fields };
}

export class NotJsonLines extends Error {}

/** Gathers the columns of a file's lines. */
export class JsonColumns {
  private readonly columns = new Map<string, HiveType | undefined>();
  /** "bigint and string", by column. */
  private readonly clashes = new Map<string, string>();

  /** @throws NotJsonLines where the line is no object */
  add(line: string): void {
    for (const [key, value] of Object.entries(objectIn(line))) {
      const name = key.toLowerCase();
      const [had, type] = [this.columns.get(name), typeOf(value)];
      const both = had !== undefined && type !== undefined ? widen(had, type, "json") : (had ?? type);
      if (had !== undefined && type !== undefined && both === undefined)
        this.clashes.set(name, `${typeText(had)} and ${typeText(type)}`);
      this.columns.set(name, both ?? had);
    }
  }

  get found(): FileColumns {
    const columns: HiveColumn[] = [];
    const untyped: Untyped[] = [];
    for (const [name, type] of this.columns) {
      const clash = this.clashes.get(name);
      if (clash !== undefined) untyped.push({ column: name, type: clash, why: DECLARE });
      else if (!isColumnName(name))
        untyped.push({ column: name, type: "JSON", why: `its name can't be a column's; ${DECLARE}` });
      else if (type !== undefined) columns.push({ name, type });
    }
    const empty = [...this.columns].filter(([, type]) => type === undefined).map(([name]) => name);
    return { columns, untyped, ...(empty.length === 0 ? {} : { empty }) };
  }
}

function objectIn(line: string): object {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Told below.
  }
  // Never the line itself: it may tell of a person.
  throw new NotJsonLines("is no JSON object");
}
