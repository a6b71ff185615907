/** Hive's types as values: read from their text, written as Hive writes them. */

export type HiveType =
  | { readonly kind: "primitive"; readonly name: PrimitiveName }
  | { readonly kind: "decimal"; readonly precision: number; readonly scale: number }
  | { readonly kind: "array"; readonly of: HiveType }
  | { readonly kind: "map"; readonly key: HiveType; readonly value: HiveType }
  | { readonly kind: "struct"; readonly fields: readonly HiveColumn[] };

export interface HiveColumn {
  /** In lower case, as the metastore keeps it. */
  readonly name: string;
  readonly type: HiveType;
}

export const PRIMITIVES = [
  "boolean",
  "tinyint",
  "smallint",
  "int",
  "bigint",
  "float",
  "double",
  "string",
  "binary",
  "date",
  "timestamp",
] as const;
export type PrimitiveName = (typeof PRIMITIVES)[number];

/** Hive's largest precision. */
const MAX_PRECISION = 38;

export const primitive = (name: PrimitiveName): HiveType => ({ kind: "primitive", name });

/** "struct<at:bigint,tags:array<string>>" */
export function typeText(type: HiveType): string {
  switch (type.kind) {
    case "primitive":
      return type.name;
    case "decimal":
      return `decimal(${type.precision},${type.scale})`;
    case "array":
      return `array<${typeText(type.of)}>`;
    case "map":
      return `map<${typeText(type.key)},${typeText(type.value)}>`;
    case "struct":
      return `struct<${type.fields.map((field) => `${field.name}:${typeText(field.type)}`).join(",")}>`;
  }
}

/** Names that can stand in a type's text and in a list of columns. */
export const isColumnName = (name: string): boolean => /^[^\s,:;<>()`]+$/.test(name);

/** Reads a type; undefined where the text is none. */
export function parseType(text: string): HiveType | undefined {
  const tokens = text.match(/[^\s,:;<>()`]+|[,:<>()]/g) ?? [];
  if (tokens.join("") !== text.replace(/\s/g, "")) return undefined;
  const reader = new TypeReader(tokens);
  const type = reader.type();
  return type !== undefined && reader.ended ? type : undefined;
}

export const isHiveType = (text: string): boolean => parseType(text) !== undefined;

class TypeReader {
  private at = 0;

  constructor(private readonly tokens: readonly string[]) {}

  get ended(): boolean {
    return this.at === this.tokens.length;
  }

  type(): HiveType | undefined {
    const word = this.tokens[this.at++]?.toLowerCase();
    if (word === "array") return this.array();
    if (word === "map") return this.map();
    if (word === "struct") return this.struct();
    if (word === "decimal") return this.decimal();
    const name = PRIMITIVES.find((each) => each === word);
    return name === undefined ? undefined : primitive(name);
  }

  private take(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at++;
    return true;
  }

  private array(): HiveType | undefined {
    if (!this.take("<")) return undefined;
    const of = this.type();
    return of !== undefined && this.take(">") ? { kind: "array", of } : undefined;
  }

  private map(): HiveType | undefined {
    if (!this.take("<")) return undefined;
    const key = this.type();
    if (key === undefined || !this.take(",")) return undefined;
    const value = this.type();
    return value !== undefined && this.take(">") ? { kind: "map", key, value } : undefined;
  }

  private struct(): HiveType | undefined {
    if (!this.take("<")) return undefined;
    const fields: HiveColumn[] = [];
    do {
      const name = this.tokens[this.at++]?.toLowerCase() ?? "";
      if (!isColumnName(name) || !this.take(":")) return undefined;
      const type = this.type();
      if (type === undefined) return undefined;
      fields.push({ name, type });
    } while (this.take(","));
    return this.take(">") ? { kind: "struct", fields } : undefined;
  }

  /** Without digits it is decimal(10,0), as in Hive. */
  private decimal(): HiveType | undefined {
    if (!this.take("(")) return { kind: "decimal", precision: 10, scale: 0 };
    const precision = Number(this.tokens[this.at++]);
    const scale = this.take(",") ? Number(this.tokens[this.at++]) : 0;
    const whole = Number.isInteger(precision) && Number.isInteger(scale);
    const fits = precision >= 1 && precision <= MAX_PRECISION && scale >= 0 && scale <= precision;
    return whole && fits && this.take(")") ? { kind: "decimal", precision, scale } : undefined;
  }
}
