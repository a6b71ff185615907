/** A provider's schema as `terraform providers schema -json` prints it, and the one view of it that the other parts use. */
import { isObject, Unknown, type Value } from "./values";

export type Type =
  | "string"
  | "number"
  | "bool"
  | "dynamic"
  | readonly ["list" | "set" | "map", Type]
  | readonly ["object", Readonly<Record<string, Type>>]
  | readonly ["tuple", readonly Type[]];

export type Nesting = "single" | "list" | "set" | "map" | "group";

export interface AttributeSchema {
  readonly type?: Type;
  readonly nested_type?: {
    readonly attributes: Readonly<Record<string, AttributeSchema>>;
    readonly nesting_mode: Nesting;
  };
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
  readonly sensitive?: boolean;
  readonly deprecated?: boolean;
  readonly description?: string;
  readonly description_kind?: string;
}

export interface BlockTypeSchema {
  readonly nesting_mode: Nesting;
  readonly block: BlockSchema;
  readonly min_items?: number;
  readonly max_items?: number;
}

export interface BlockSchema {
  readonly attributes?: Readonly<Record<string, AttributeSchema>>;
  readonly block_types?: Readonly<Record<string, BlockTypeSchema>>;
  readonly description?: string;
  readonly description_kind?: string;
  readonly deprecated?: boolean;
}

export interface TypeSchema {
  readonly version: number;
  readonly block: BlockSchema;
}

export interface ProviderSchema {
  readonly provider: TypeSchema;
  readonly resource_schemas: Readonly<Record<string, TypeSchema>>;
  readonly data_source_schemas: Readonly<Record<string, TypeSchema>>;
}

/** An attribute or a block. Attributes of an object type have members too, which share their attribute's flags. */
export interface Member {
  readonly name: string;
  /** Names from the resource down, joined by dots; elements have no name: "network_interface.order". */
  readonly path: string;
  readonly block: boolean;
  readonly computed: boolean;
  /** How the objects below are held; undefined where there are none. */
  readonly nesting?: Nesting;
  readonly members: readonly Member[];
  /** Type of an attribute that holds no objects. */
  readonly type?: Type;
}

const seen = new WeakMap<BlockSchema, readonly Member[]>();

/** Members of a resource, a data source or the provider's configuration. */
export function membersOf(block: BlockSchema): readonly Member[] {
  const found = seen.get(block) ?? blockMembers(block, "");
  seen.set(block, found);
  return found;
}

function blockMembers(block: BlockSchema, prefix: string): Member[] {
  const blocks = Object.entries(block.block_types ?? {}).map(([name, { nesting_mode, block: inner }]): Member => ({
    name,
    path: prefix + name,
    block: true,
    computed: false,
    nesting: nesting_mode,
    members: blockMembers(inner, `${prefix}${name}.`),
  }));
  return [...attributeMembers(block.attributes ?? {}, prefix), ...blocks];
}

function attributeMembers(attributes: Readonly<Record<string, AttributeSchema>>, prefix: string): Member[] {
  return Object.entries(attributes).map(([name, attribute]): Member => {
    const path = prefix + name;
    const common = { name, path, block: false, computed: attribute.computed === true };
    if (attribute.nested_type === undefined) return { ...common, ...typeMembers(attribute.type as Type, path) };
    const { attributes: inner, nesting_mode: nesting } = attribute.nested_type;
    return { ...common, nesting, members: attributeMembers(inner, `${path}.`) };
  });
}

function isCollection(type: Type): type is readonly ["list" | "set" | "map", Type] {
  return typeof type !== "string" && type[0] !== "object" && type[0] !== "tuple";
}

/** Objects inside a plain type, one level of list, set or map around them included. */
function typeMembers(type: Type, path: string): Pick<Member, "nesting" | "members" | "type"> {
  const inner = isCollection(type) ? type[1] : type;
  if (typeof inner === "string" || inner[0] !== "object") return { members: [], type };
  const fields = inner[1];
  return {
    nesting: isCollection(type) ? type[0] : "single",
    members: Object.entries(fields).map(([name, fieldType]) => {
      const below = `${path}.${name}`;
      return { name, path: below, block: false, computed: false, ...typeMembers(fieldType, below) };
    }),
  };
}

/** The objects that a member holds, each with its place: an index, a key, or nothing for a single one. */
export function objectsIn(
  member: Member,
  value: Value | undefined,
): [place: string | number | undefined, object: Value][] {
  if (value === undefined || value === null || value instanceof Unknown) return [];
  if (Array.isArray(value)) return value.map((item, index) => [index, item]);
  if (member.nesting === "map" && isObject(value)) return Object.entries(value);
  return [[undefined, value]];
}

/** A text that two values of a member share exactly when Terraform takes them for the same: sets have no order. */
export function canonical(member: Member, value: Value | undefined): string {
  if (member.nesting === undefined) return canonicalOf(member.type as Type, value);
  if (value === undefined || value === null) return "null";
  if (value instanceof Unknown) return "unknown";
  const objects = objectsIn(member, value).map(
    ([place, object]) =>
      (typeof place === "string" ? `${JSON.stringify(place)}:` : "") + canonicalObject(member, object),
  );
  const sorted = member.nesting === "set" || member.nesting === "map" ? objects.sort() : objects;
  return `[${sorted.join(",")}]`;
}

function canonicalObject({ members }: Member, value: Value): string {
  if (!isObject(value)) return value instanceof Unknown ? "unknown" : "null";
  return `{${members.map((member) => canonical(member, value[member.name])).join(",")}}`;
}

function canonicalOf(type: Type, value: Value | undefined): string {
  if (value === undefined || value === null) return "null";
  if (value instanceof Unknown) return "unknown";
  if (Array.isArray(value)) {
    const items = value.map((item) => canonicalOf(Array.isArray(type) ? (type[1] as Type) : type, item));
    return `[${(type[0] === "set" ? items.sort() : items).join(",")}]`;
  }
  if (isObject(value)) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([name, item]) => `${JSON.stringify(name)}:${canonicalOf(elementType(type, name), item)}`).join(",")}}`;
  }
  return type === "number" ? String(value) : JSON.stringify(value);
}

function elementType(type: Type, name: string): Type {
  if (!Array.isArray(type)) return "dynamic";
  return type[0] === "object" ? ((type[1] as Readonly<Record<string, Type>>)[name] ?? "dynamic") : (type[1] as Type);
}

/** Whether Terraform takes two objects of these members for the same. */
export function same(members: readonly Member[], a: Value, b: Value): boolean {
  if (!isObject(a) || !isObject(b)) return a === b;
  return members.every((member) => canonical(member, a[member.name]) === canonical(member, b[member.name]));
}
