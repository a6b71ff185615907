/** What changed between two schemas of the provider, attribute by attribute. */
import { fieldsOf, flatten, type Field, type ProviderSchema, type Schema, type SchemaKind } from "./schema";

export interface SchemaChange {
  readonly kind: SchemaKind;
  /** `ncloud_vpc`; for the provider's own configuration `ncloud`. */
  readonly type: string;
  /** Absent when the whole type came or went. */
  readonly path?: string;
  readonly change: "added" | "removed" | "changed";
  /** What changed: `type`, `use`, `sensitive`, … */
  readonly property?: string;
  readonly before?: string;
  readonly after?: string;
}

/** All changes in the order provider, resources, data sources, and there by name. */
export function schemaChanges(before: ProviderSchema, after: ProviderSchema): SchemaChange[] {
  return [
    ...typeChanges("provider", { ncloud: before.provider }, { ncloud: after.provider }),
    ...typeChanges("resource", before.resource_schemas, after.resource_schemas),
    ...typeChanges("data", before.data_source_schemas, after.data_source_schemas),
  ];
}

/** `+ resource ncloud_vpc.ipv6: optional string`, `~ resource ncloud_vpc.name: use required -> optional`. */
export function describeChange(change: SchemaChange): string {
  const kind = { provider: "provider", resource: "resource", data: "data source" }[change.kind];
  const what = `${kind} ${change.type}${change.path === undefined ? "" : `.${change.path}`}`;
  if (change.change === "changed") return `~ ${what}: ${change.property} ${change.before} -> ${change.after}`;
  const detail = change.after ?? change.before;
  return `${change.change === "added" ? "+" : "-"} ${what}${detail === undefined ? "" : `: ${detail}`}`;
}

type Schemas = Readonly<Record<string, Schema>>;

function typeChanges(kind: SchemaKind, before: Schemas, after: Schemas): SchemaChange[] {
  return namesOf(before, after).flatMap((type): SchemaChange[] => {
    const [old, now] = [before[type], after[type]];
    if (old === undefined) return [{ kind, type, change: "added" }];
    if (now === undefined) return [{ kind, type, change: "removed" }];
    return fieldChanges(byPath(old), byPath(now)).map((change) => ({ kind, type, ...change }));
  });
}

type Fields = Readonly<Record<string, Field>>;

function byPath(schema: Schema): Fields {
  return Object.fromEntries(flatten(fieldsOf(schema.block)).map((field) => [field.path, field]));
}

function fieldChanges(before: Fields, after: Fields): Omit<SchemaChange, "kind" | "type">[] {
  return namesOf(before, after).flatMap((path): Omit<SchemaChange, "kind" | "type">[] => {
    const [old, now] = [before[path], after[path]];
    if (old === undefined) return [{ path, change: "added", after: summaryOf(now as Field) }];
    if (now === undefined) return [{ path, change: "removed", before: summaryOf(old) }];
    const [was, is] = [propertiesOf(old), propertiesOf(now)];
    return Object.keys(was)
      .filter((property) => was[property] !== is[property])
      .map((property) => ({
        path,
        change: "changed" as const,
        property,
        before: was[property] as string,
        after: is[property] as string,
      }));
  });
}

function propertiesOf(field: Field): Record<string, string> {
  return {
    type: typeText(field.type),
    use: useOf(field),
    sensitive: String(field.sensitive),
    deprecated: String(field.deprecated),
    nesting: field.nesting ?? "none",
    min_items: String(field.minItems ?? 0),
    max_items: String(field.maxItems ?? "any number"),
  };
}

/** "set of object": the members of an object type are fields of their own. */
function typeText(type: Field["type"]): string {
  if (typeof type === "string") return type;
  return type[0] === "object" ? "object" : `${type[0]} of ${typeText(type[1])}`;
}

function useOf({ required, optional, computed }: Field): string {
  return [required ? "required" : "", optional ? "optional" : "", computed ? "computed" : ""].filter(Boolean).join(" ");
}

function summaryOf(field: Field): string {
  const { type, use } = propertiesOf(field);
  return `${use} ${type}`;
}

function namesOf(a: object, b: object): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
}
