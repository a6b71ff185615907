/** The provider's own schema, as `terraform providers schema -json` prints it, and the dotted paths of what it holds. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A type in Terraform's notation: `"string"`, `["list", "string"]`, `["object", {…}]`. */
export type SchemaType =
  | "string"
  | "number"
  | "bool"
  | "dynamic"
  | ["list" | "set" | "map", SchemaType]
  | ["object", Record<string, SchemaType>];

export interface SchemaAttribute {
  readonly type?: SchemaType;
  readonly nested_type?: {
    readonly attributes: Readonly<Record<string, SchemaAttribute>>;
    readonly nesting_mode: NestingMode;
  };
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
  readonly sensitive?: boolean;
  readonly deprecated?: boolean;
  readonly description?: string;
}

export type NestingMode = "single" | "group" | "list" | "set" | "map";

export interface SchemaBlockType {
  readonly block: SchemaBlock;
  readonly nesting_mode: NestingMode;
  readonly min_items?: number;
  readonly max_items?: number;
}

export interface SchemaBlock {
  readonly attributes?: Readonly<Record<string, SchemaAttribute>>;
  readonly block_types?: Readonly<Record<string, SchemaBlockType>>;
}

export interface Schema {
  readonly version: number;
  readonly block: SchemaBlock;
}

export interface ProviderSchema {
  readonly provider: Schema;
  readonly resource_schemas: Readonly<Record<string, Schema>>;
  readonly data_source_schemas: Readonly<Record<string, Schema>>;
}

/** The whole output of `terraform providers schema -json`. */
export interface SchemaDocument {
  readonly format_version: string;
  readonly provider_schemas: Readonly<Record<string, ProviderSchema>>;
}

export type SchemaKind = "resource" | "data" | "provider";

/** One attribute or block of a schema; blocks have no flags of their own. */
export interface Field {
  /** `network_interface.order`: names joined by dots, without indexes. */
  readonly path: string;
  readonly name: string;
  readonly type: SchemaType | "block" | "nested";
  readonly required: boolean;
  readonly optional: boolean;
  readonly computed: boolean;
  readonly sensitive: boolean;
  readonly deprecated: boolean;
  /** How often a block or a nested attribute stands. */
  readonly nesting?: NestingMode;
  readonly minItems?: number;
  readonly maxItems?: number;
  /** Members of a block, a nested attribute or an object type. */
  readonly fields: readonly Field[];
}

/** Folder of the package's data, whether this runs compiled (dist/src) or from its source (src). */
const DATA = ["../data", "../../data"].map((folder) => join(__dirname, folder));

/** Reads a file of data/ once, at its first use. */
export function dataFile<T>(name: string): () => T {
  let data: T | undefined;
  return () => (data ??= JSON.parse(readFirst(name)) as T);
}

function readFirst(name: string): string {
  const [first, second] = DATA as [string, string];
  try {
    return readFileSync(join(first, name), "utf8");
  } catch {
    return readFileSync(join(second, name), "utf8");
  }
}

const document = dataFile<SchemaDocument>("schema.json");

/** The provider's address, the one key of the document. */
export function providerAddress(): string {
  return Object.keys(document().provider_schemas)[0] as string;
}

/** Schemas of everything that the provider offers. */
export function providerSchema(): ProviderSchema {
  return document().provider_schemas[providerAddress()] as ProviderSchema;
}

/**
 * Schema of one resource or data source, such as `("resource", "ncloud_vpc")`, or of the provider's configuration.
 * @throws Error when the provider has no such type.
 */
export function schemaOf(kind: SchemaKind, type = "ncloud"): Schema {
  const schemas = providerSchema();
  if (kind === "provider") return schemas.provider;
  const found = (kind === "resource" ? schemas.resource_schemas : schemas.data_source_schemas)[type];
  if (found === undefined) throw new Error(unknownType(kind, type));
  return found;
}

function unknownType(kind: SchemaKind, type: string): string {
  const all = typesOf(kind === "resource" ? "resource" : "data");
  const near = all.filter((other) => other.includes(type) || type.includes(other)).slice(0, 5);
  const words = kind === "resource" ? "resource" : "data source";
  return `ncloud has no ${words} "${type}"; allowed: ${near.length > 0 ? near.join(", ") : `one of ${all.length} types, such as ${all[0]}`}`;
}

/** Names of all resources or data sources. */
export function typesOf(kind: "resource" | "data"): string[] {
  const schemas = providerSchema();
  return Object.keys(kind === "resource" ? schemas.resource_schemas : schemas.data_source_schemas).sort();
}

/** Fields of a schema as a tree, attributes first, in the order of their names. */
export function fieldsOf(block: SchemaBlock, parent = ""): Field[] {
  return [
    ...Object.entries(block.attributes ?? {}).map(([name, attribute]) => attributeField(name, attribute, parent)),
    ...Object.entries(block.block_types ?? {}).map(([name, blockType]) => blockField(name, blockType, parent)),
  ];
}

/** All fields below, the deeper ones too. */
export function flatten(fields: readonly Field[]): Field[] {
  return fields.flatMap((field) => [field, ...flatten(field.fields)]);
}

function attributeField(name: string, attribute: SchemaAttribute, parent: string): Field {
  const path = parent + name;
  const nested = attribute.nested_type;
  return {
    ...flags(attribute),
    path,
    name,
    type: nested === undefined ? (attribute.type as SchemaType) : "nested",
    ...(nested === undefined ? {} : { nesting: nested.nesting_mode }),
    fields:
      nested === undefined
        ? membersOf(attribute.type as SchemaType, path, attribute)
        : fieldsOf({ attributes: nested.attributes }, `${path}.`),
  };
}

function blockField(name: string, blockType: SchemaBlockType, parent: string): Field {
  const path = parent + name;
  return {
    ...flags({ required: (blockType.min_items ?? 0) > 0, optional: !blockType.min_items }),
    path,
    name,
    type: "block",
    nesting: blockType.nesting_mode,
    ...(blockType.min_items === undefined ? {} : { minItems: blockType.min_items }),
    ...(blockType.max_items === undefined ? {} : { maxItems: blockType.max_items }),
    fields: fieldsOf(blockType.block, `${path}.`),
  };
}

/** Members of an object type: the schema says only their types, so they share the flags of their attribute. */
function membersOf(type: SchemaType, path: string, attribute: SchemaAttribute): Field[] {
  if (!Array.isArray(type)) return [];
  if (type[0] !== "object") return membersOf(type[1], path, attribute);
  return Object.entries(type[1]).map(([name, memberType]) => ({
    ...flags({ optional: !attribute.computed || attribute.optional === true, computed: attribute.computed === true }),
    path: `${path}.${name}`,
    name,
    type: memberType,
    fields: membersOf(memberType, `${path}.${name}`, attribute),
  }));
}

function flags(of: SchemaAttribute): Pick<Field, "required" | "optional" | "computed" | "sensitive" | "deprecated"> {
  return {
    required: of.required === true,
    optional: of.optional === true,
    computed: of.computed === true,
    sensitive: of.sensitive === true,
    deprecated: of.deprecated === true,
  };
}
