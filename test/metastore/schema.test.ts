import type { SchemaElement } from "hyparquet";
import { JsonColumns } from "../../metastore/schema/json";
import { mergeSchemas, widen } from "../../metastore/schema/merge";
import { columnsOfParquet } from "../../metastore/schema/parquet";
import { parseType, typeText, type HiveType } from "../../pipeline/hive-type";

const typed = (text: string): HiveType => parseType(text)!;
const columns = (record: Record<string, string>) =>
  Object.entries(record).map(([name, text]) => ({ name, type: typed(text) }));

describe("types of Parquet files", () => {
  const typeOf = (element: Partial<SchemaElement>, timestamps?: "bigint") => {
    const { columns: found, untyped } = columnsOfParquet(
      [
        { name: "schema", num_children: 1 },
        { name: "C", ...element },
      ] as SchemaElement[],
      timestamps,
    );
    return found[0] === undefined ? untyped[0]!.type : `${found[0].name} ${typeText(found[0].type)}`;
  };

  it.each<[Partial<SchemaElement>, string]>([
    [{ type: "BOOLEAN" }, "c boolean"],
    [{ type: "INT32" }, "c int"],
    [{ type: "INT32", converted_type: "INT_8" }, "c tinyint"],
    [{ type: "INT32", logical_type: { type: "INTEGER", bitWidth: 16, isSigned: true } }, "c smallint"],
    [{ type: "INT32", converted_type: "UINT_16" }, "c int"],
    [{ type: "INT32", converted_type: "DATE" }, "c date"],
    [{ type: "INT32", converted_type: "DECIMAL", precision: 9, scale: 2 }, "c decimal(9,2)"],
    [{ type: "INT64" }, "c bigint"],
    [{ type: "INT96" }, "c timestamp"],
    [{ type: "FLOAT" }, "c float"],
    [{ type: "DOUBLE" }, "c double"],
    [{ type: "BYTE_ARRAY" }, "c binary"],
    [{ type: "BYTE_ARRAY", converted_type: "UTF8" }, "c string"],
    [{ type: "BYTE_ARRAY", logical_type: { type: "STRING" } }, "c string"],
    [{ type: "FIXED_LEN_BYTE_ARRAY", converted_type: "DECIMAL", precision: 38, scale: 10 }, "c decimal(38,10)"],
  ])("%j is %s", (element, expected) => expect(typeOf(element)).toBe(expected));

  it.each<[Partial<SchemaElement>, string]>([
    [{ type: "INT32", converted_type: "UINT_32" }, "INT32 UINT_32"],
    [{ type: "INT64", logical_type: { type: "TIME", isAdjustedToUTC: true, unit: "MICROS" } }, "INT64 TIME(MICROS)"],
    [{ type: "FIXED_LEN_BYTE_ARRAY", logical_type: { type: "UUID" } }, "FIXED_LEN_BYTE_ARRAY UUID"],
    [{ type: "BYTE_ARRAY", converted_type: "DECIMAL", precision: 40, scale: 0 }, "BYTE_ARRAY DECIMAL(40,0)"],
  ])("%j has none", (element, expected) => expect(typeOf(element)).toBe(expected));

  it("reads INT64 timestamps as numbers only where that is declared", () => {
    const micros: Partial<SchemaElement> = { type: "INT64", converted_type: "TIMESTAMP_MICROS" };
    const nanos: Partial<SchemaElement> = {
      type: "INT64",
      logical_type: { type: "TIMESTAMP", isAdjustedToUTC: false, unit: "NANOS" },
    };
    expect([typeOf(micros), typeOf(nanos)]).toEqual(["INT64 TIMESTAMP(MICROS)", "INT64 TIMESTAMP(NANOS)"]);
    expect([typeOf(micros, "bigint"), typeOf(nanos, "bigint")]).toEqual(["c bigint", "c bigint"]);
    expect(typeOf({ type: "INT96" }, "bigint")).toBe("c timestamp");
  });

  it("reads lists of three levels and of two, maps and structs", () => {
    const elements: Partial<SchemaElement>[] = [
      { name: "schema", num_children: 4 },
      { name: "l3", converted_type: "LIST", num_children: 1 },
      { name: "list", repetition_type: "REPEATED", num_children: 1 },
      { name: "element", type: "INT32" },
      { name: "l2", converted_type: "LIST", num_children: 1 },
      { name: "array", repetition_type: "REPEATED", type: "INT64" },
      { name: "m", converted_type: "MAP", num_children: 1 },
      { name: "key_value", repetition_type: "REPEATED", num_children: 2 },
      { name: "key", type: "BYTE_ARRAY", converted_type: "UTF8" },
      { name: "value", type: "DOUBLE" },
      { name: "s", num_children: 2 },
      { name: "A", type: "INT32" },
      { name: "b", repetition_type: "REPEATED", type: "BOOLEAN" },
    ];
    const { columns: found, untyped } = columnsOfParquet(elements as SchemaElement[], undefined);
    expect(found.map(({ name, type }) => `${name} ${typeText(type)}`)).toEqual([
      "l3 array<int>",
      "l2 array<bigint>",
      "m map<string,double>",
      "s struct<a:int,b:array<boolean>>",
    ]);
    expect(untyped).toEqual([]);
  });

  it("tells names that differ in case only, and names that no table can have", () => {
    const elements = ["id", "ID", "a,b"].map((name) => ({ name, type: "INT32" }));
    const { columns: found, untyped } = columnsOfParquet(
      [{ name: "schema", num_children: 3 }, ...elements] as SchemaElement[],
      undefined,
    );
    expect(found.map(({ name }) => name)).toEqual(["id"]);
    expect(untyped.map(({ type }) => type)).toEqual(["ID", "a,b"]);
  });
});

describe("one schema for all files", () => {
  it.each([
    ["tinyint", "int", "int"],
    ["int", "bigint", "bigint"],
    ["float", "double", "double"],
    ["decimal(9,2)", "decimal(18,2)", "decimal(18,2)"],
    ["decimal(20,2)", "decimal(38,2)", "decimal(38,2)"],
    ["array<int>", "array<bigint>", "array<bigint>"],
    ["map<string,int>", "map<string,bigint>", "map<string,bigint>"],
    ["struct<a:int>", "struct<b:string,a:bigint>", "struct<a:bigint,b:string>"],
  ])("%s and %s are %s, either way round", (a, b, both) => {
    expect(typeText(widen(typed(a), typed(b))!)).toBe(both);
    expect(widen(typed(b), typed(a))).toBeDefined();
  });

  it.each([
    ["int", "double"],
    ["int", "string"],
    ["bigint", "timestamp"],
    ["decimal(9,2)", "decimal(9,3)"],
    ["decimal(9,2)", "decimal(19,2)"],
    ["struct<a:int>", "struct<a:string>"],
    ["array<int>", "int"],
  ])("%s and %s are a conflict", (a, b) => {
    expect(widen(typed(a), typed(b))).toBeUndefined();
    expect(widen(typed(b), typed(a))).toBeUndefined();
  });

  it("tells what was added and widened, and by which file", () => {
    const {
      columns: found,
      merged,
      conflicts,
    } = mergeSchemas([
      { columns: columns({ id: "bigint", more: "string" }), files: ["b"] },
      { columns: columns({ id: "int", f: "float" }), files: ["a"] },
      { columns: columns({ f: "double" }), files: ["c"] },
    ]);
    expect(found.map(({ name, type }) => `${name} ${typeText(type)}`)).toEqual([
      "id bigint",
      "f double",
      "more string",
    ]);
    expect(conflicts).toEqual([]);
    expect(merged).toEqual([
      { column: "id", change: "widened", what: "int -> bigint", file: "b" },
      { column: "more", change: "added", what: "string", file: "b" },
      {
        column: "f",
        change: "widened",
        what: "float -> double",
        file: "c",
        limit: "Presto can't compare it in WHERE while files have float",
      },
    ]);
  });

  it("names the files of a conflict, three of each type", () => {
    const { conflicts, merged } = mergeSchemas([
      { columns: columns({ id: "int" }), files: ["a1", "a2", "a3", "a4"] },
      { columns: columns({ id: "string" }), files: ["b1"] },
    ]);
    expect(merged).toEqual([]);
    expect(conflicts).toEqual([
      {
        column: "id",
        types: [
          { type: "int", files: ["a1", "a2", "a3"], count: 4 },
          { type: "string", files: ["b1"], count: 1 },
        ],
      },
    ]);
  });
});

describe("columns of JSON lines", () => {
  const found = (...lines: unknown[]) => {
    const columnsOf = new JsonColumns();
    for (const line of lines) columnsOf.add(JSON.stringify(line));
    const { columns: typedOnes, untyped, empty } = columnsOf.found;
    return { columns: typedOnes.map(({ name, type }) => `${name} ${typeText(type)}`), untyped, empty };
  };

  it("takes numbers for bigint or double, and looks into lists and objects", () => {
    expect(
      found(
        { n: 1, Text: "x", yes: true, list: [1, 2.5], o: { a: null, b: { c: "" } } },
        { n: 2.5, o: { d: 1 } },
        { nothing: null, none: [] },
      ),
    ).toEqual({
      columns: [
        "n double",
        "text string",
        "yes boolean",
        "list array<double>",
        "o struct<b:struct<c:string>,d:bigint>",
      ],
      untyped: [],
      empty: ["nothing", "none"],
    });
  });

  it("asks for a declaration where a column is two things", () => {
    expect(found({ a: 1 }, { a: "x" }).untyped).toEqual([
      { column: "a", type: "bigint and string", why: "columns in the pipeline file say what it is" },
    ]);
  });

  it("never repeats a line that is none", () => {
    expect(() => new JsonColumns().add("secret of a person")).toThrow("is no JSON object");
  });
});

it.each(["bigint", "decimal(38,10)", "map<string,array<struct<a:int,b:timestamp>>>"])(
  "reads its own text of %s",
  (text) => expect(typeText(typed(text))).toBe(text),
);

it.each(["", "text", "array<>", "map<string>", "decimal(39,0)", "decimal(5,6)", "int int", "struct<a int>"])(
  "takes %j for no type",
  (text) => expect(parseType(text)).toBeUndefined(),
);
