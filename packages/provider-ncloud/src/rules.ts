/**
 * The rules of ncloud 4.0.5 as data with a small API: what a value may be, what a change replaces, which defaults hold.
 * Constructs, the errors of the pipeline file, the review and the stand-in provider all ask here.
 *
 * Paths are those of the schema without indexes: `name`, `network_interface.order`, `inbound.port_range`.
 */
import { factsOf, pathsWhere, ruleOf, type Scalar } from "./attribute-rules";
import { dataFile } from "./schema";

export { factsOf, fieldOf, resourceFields, ruleOf } from "./attribute-rules";
export type { AttributeRule, ResourceFacts, Scalar } from "./attribute-rules";
export { combinationsOf } from "./combinations";
export type { CheckedAt, Combination } from "./combinations";
export { fieldsOf, flatten, providerAddress, providerSchema, schemaOf, typesOf } from "./schema";
export type * from "./schema";
export { checkConfig, checkValue, describeViolation } from "./violations";
export type { CheckOptions, Violation } from "./violations";

/** Whether a change of the attribute destroys the resource and makes it anew. */
export function replaces(type: string, path: string): boolean {
  return ruleOf(type, path).replace === true;
}

/** All paths whose change replaces the resource. */
export function replacingPaths(type: string): string[] {
  return pathsWhere(type, (rule) => rule.replace === true);
}

/** Value that an attribute takes when it is not written. */
export function defaultOf(type: string, path: string): Scalar | undefined {
  return ruleOf(type, path).default;
}

/** All defaults of a resource by path. */
export function defaultsOf(type: string): Record<string, Scalar> {
  return Object.fromEntries(
    pathsWhere(type, (rule) => rule.default !== undefined).map((path) => [path, ruleOf(type, path).default as Scalar]),
  );
}

/**
 * Whether the provider forgets the attribute: unless it is written, it is unknown at every change in place, and where its change
 * replaces, so does then any change.
 */
export function forgets(type: string, path: string): boolean {
  return ruleOf(type, path).forgets === true;
}

/** Attributes to write always, or any change in place replaces the resource. */
export function alwaysWrite(type: string): string[] {
  return pathsWhere(
    type,
    (rule, field) => rule.forgets === true && rule.replace === true && (field.optional || field.required),
  );
}

/** Format of the id that `terraform import` takes, such as `<route_table_no>:<subnet_no>`; nothing where there is no import. */
export function importIdOf(type: string): string | undefined {
  return factsOf(type)?.import_id ?? undefined;
}

/** Values that an attribute may have, when they are a closed list. */
export function valuesOf(type: string, path: string): readonly Scalar[] | undefined {
  return ruleOf(type, path).enum;
}

/** Codes seen in the provider's documents and tests: images, specs, zones, versions. */
export interface Codes {
  readonly zones: Readonly<Record<string, readonly string[]>>;
  readonly server_images: readonly {
    readonly number: string;
    readonly name: string;
    readonly hypervisor: "XEN" | "KVM";
  }[];
  readonly server_spec_codes: Readonly<Record<string, string>>;
  readonly block_storage_volume_types: Readonly<Record<"XEN" | "KVM", readonly string[]>>;
  readonly [more: string]: unknown;
}

const codesFile = dataFile<Codes>("codes.json");

export function codes(): Codes {
  return codesFile();
}
