/** One schema for all files of a table: columns added, types widened; what can't be both is a conflict. Pure. */
import { primitive, typeText, type HiveColumn, type HiveType, type PrimitiveName } from "../../pipeline/hive-type";

/** Digits that a 64-bit number holds. */
const SHORT_DECIMAL = 18;

/**
 * A file may have any type before the table's in its row. Tried: Presto 0.287 with columns; the converters of Hive 3.1.3 with
 * columns and inside arrays, maps and structs (the other way round they give null for what does not fit). Not tried: Hive's
 * vectorized reader. Spark 3.5 and before reads no INT32 as bigint.
 */
const WIDER: readonly (readonly PrimitiveName[])[] = [
  ["tinyint", "smallint", "int", "bigint"],
  ["float", "double"],
];

/** In JSON a number is a number. */
const WIDER_JSON: readonly (readonly PrimitiveName[])[] = [["bigint", "double"]];

/** A type that holds the values of both; undefined where there is none. */
export function widen(a: HiveType, b: HiveType, format: "parquet" | "json" = "parquet"): HiveType | undefined {
  if (a.kind === "primitive" && b.kind === "primitive") {
    if (a.name === b.name) return a;
    const rows = format === "json" ? WIDER_JSON : WIDER;
    const row = rows.find((each) => each.includes(a.name) && each.includes(b.name));
    return row && primitive(row.indexOf(a.name) > row.indexOf(b.name) ? a.name : b.name);
  }
  if (a.kind === "decimal" && b.kind === "decimal") {
    // A number with another scale would be read as another number; and Presto reads no short one as a long one (tried).
    const alike = a.scale === b.scale && a.precision > SHORT_DECIMAL === b.precision > SHORT_DECIMAL;
    return alike ? { ...a, precision: Math.max(a.precision, b.precision) } : undefined;
  }
  if (a.kind === "array" && b.kind === "array") {
    const of = widen(a.of, b.of, format);
    return of && { kind: "array", of };
  }
  if (a.kind === "map" && b.kind === "map") {
    const key = widen(a.key, b.key, format);
    const value = widen(a.value, b.value, format);
    return key && value && { kind: "map", key, value };
  }
  if (a.kind === "struct" && b.kind === "struct") {
    const fields = widenFields(a.fields, b.fields, format);
    return fields && { kind: "struct", fields };
  }
  return undefined;
}

function widenFields(
  a: readonly HiveColumn[],
  b: readonly HiveColumn[],
  format: "parquet" | "json",
): readonly HiveColumn[] | undefined {
  const merged = new Map(a.map(({ name, type }) => [name, type]));
  for (const { name, type } of b) {
    const had = merged.get(name);
    const both = had === undefined ? type : widen(had, type, format);
    if (both === undefined) return undefined;
    merged.set(name, both);
  }
  return [...merged].map(([name, type]) => ({ name, type }));
}

/** A schema and the files that have it. */
export interface SchemaOfFiles {
  readonly columns: readonly HiveColumn[];
  /** Keys, in order. */
  readonly files: readonly string[];
}

/** How a column came to be what it is, for the report. */
export interface Merged {
  readonly column: string;
  readonly change: "added" | "widened";
  /** "int -> bigint", or the added column's type. */
  readonly what: string;
  /** First file with it. */
  readonly file: string;
  /** What an engine can't do with it. */
  readonly limit?: string;
}

/** Presto 0.287 compares a condition with the file's own statistics, and fails on the other type (tried). */
const FLOAT_LIMIT = "Presto can't compare it in WHERE while files have float";

export interface Conflict {
  readonly column: string;
  /** Each type and the first files with it. */
  readonly types: readonly { readonly type: string; readonly files: readonly string[]; readonly count: number }[];
}

export interface MergedSchema {
  readonly columns: readonly HiveColumn[];
  readonly merged: readonly Merged[];
  readonly conflicts: readonly Conflict[];
}

/** Files that an error names; their number is told beside. */
const NAMED_FILES = 3;

/** Merges the schemas of a table's files; those of the first file come first. */
export function mergeSchemas(schemas: readonly SchemaOfFiles[], format: "parquet" | "json" = "parquet"): MergedSchema {
  const inOrder = [...schemas].sort((a, b) => ((a.files[0] ?? "") < (b.files[0] ?? "") ? -1 : 1));
  const columns = new Map<string, HiveType>();
  const merged: Merged[] = [];
  const conflicting = new Set<string>();
  inOrder.forEach(({ columns: its, files }, index) => {
    const file = files[0] ?? "";
    for (const { name, type } of its) {
      const had = columns.get(name);
      if (had === undefined) {
        columns.set(name, type);
        if (index > 0) merged.push({ column: name, change: "added", what: typeText(type), file });
        continue;
      }
      const both = widen(had, type, format);
      if (both === undefined) conflicting.add(name);
      else {
        columns.set(name, both);
        const narrow = [had, type].map(typeText).find((text) => text !== typeText(both));
        if (narrow !== undefined) merged.push({ column: name, ...widened(narrow, typeText(both), format), file });
      }
    }
  });
  return {
    columns: [...columns].map(([name, type]) => ({ name, type })),
    merged: merged.filter(({ column }) => !conflicting.has(column)),
    conflicts: [...conflicting].sort().map((column) => conflictOf(column, inOrder)),
  };
}

const widened = (from: string, to: string, format: "parquet" | "json"): Pick<Merged, "change" | "what" | "limit"> => ({
  change: "widened",
  what: `${from} -> ${to}`,
  ...(format === "parquet" && /float/.test(from) && /double/.test(to) ? { limit: FLOAT_LIMIT } : {}),
});

function conflictOf(column: string, schemas: readonly SchemaOfFiles[]): Conflict {
  const byType = new Map<string, string[]>();
  for (const { columns, files } of schemas) {
    const type = columns.find(({ name }) => name === column)?.type;
    if (type === undefined) continue;
    byType.set(typeText(type), [...(byType.get(typeText(type)) ?? []), ...files]);
  }
  const types = [...byType].map(([type, files]) => ({
    type,
    files: [...files].sort().slice(0, NAMED_FILES),
    count: files.length,
  }));
  return { column, types };
}
