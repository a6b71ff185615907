/** What ncloud 4.0.5 asks of each attribute beyond its type: data/constraints.json and data/behaviour.json as one table. */
import { dataFile, fieldsOf, flatten, schemaOf, type Field } from "./schema";

/** Scalars that rules name. */
export type Scalar = string | number | boolean | null;

/** The rules of one attribute. What is absent is not restricted. */
export interface AttributeRule {
  /** Lengths count bytes in UTF-8, as the provider does: a Hangul syllable is three. */
  readonly min_length?: number;
  readonly max_length?: number;
  /** Every one must match somewhere, as Go's MatchString does. */
  readonly regex?: readonly string[];
  /** As `regex`; for passwords. */
  readonly must_match?: readonly string[];
  /** Texts that must not stand in the value; "whitespace" is any. */
  readonly must_not_contain?: readonly string[];
  readonly enum?: readonly Scalar[];
  readonly not_in?: readonly Scalar[];
  readonly min?: number;
  readonly max?: number;
  readonly multiple_of?: number;
  /** Allowed beside the range. */
  readonly or_one_of?: readonly Scalar[];
  readonly format?: "cidr" | "ipv4" | "port or from-to" | "HH:MM";
  readonly prefix_min?: number;
  readonly prefix_max?: number;
  readonly port_min?: number;
  readonly port_max?: number;
  /** Elements of a list or set, or blocks. */
  readonly min_items?: number;
  readonly max_items?: number;
  readonly element?: "non-empty string";
  /** Attributes of the same object that must not be written with it. */
  readonly conflicts_with?: readonly string[];
  /** Values of other attributes that it must not be written with. */
  readonly conflicts_with_value?: Readonly<Record<string, Scalar>>;
  /** Attributes of the same object that must be written with it. */
  readonly required_with?: readonly string[];
  /** Attributes that must be written as true with it. */
  readonly needs_true?: readonly string[];
  /** Allowed values by the value of `hypervisor_type`, `type` or `protocol`. */
  readonly by_hypervisor?: Readonly<Record<string, readonly Scalar[]>>;
  readonly by_type?: Readonly<Record<string, readonly Scalar[]>>;
  readonly by_protocol?: Readonly<Record<string, readonly Scalar[]>>;
  readonly default?: Scalar;
  /** A change destroys the resource and makes it anew. */
  readonly replace?: boolean;
  /** Not written, it becomes unknown at every change in place; with `replace` that change then replaces. */
  readonly forgets?: boolean;
  readonly use_state_for_unknown?: boolean;
  readonly use?: "required" | "optional" | "optional_computed" | "computed";
  /** A fact that no key says. */
  readonly note?: string;
}

/** Facts of a whole resource. */
export interface ResourceFacts {
  readonly framework: "sdkv2" | "plugin-framework";
  /** Null where it can't be imported. */
  readonly import_id: string | null;
  readonly updatable_in_place: readonly string[];
  /** A change is planned, nothing is sent, and the difference comes back. */
  readonly accepted_but_never_sent: readonly string[];
  /** Rules in words. */
  readonly rules: readonly string[];
}

type Rules = Readonly<Record<string, AttributeRule>>;

const behaviour = dataFile<Readonly<Record<string, Rules>>>("behaviour.json");
const constraints = dataFile<{
  readonly resources: Readonly<Record<string, ResourceFacts & { readonly attributes: Rules }>>;
}>("constraints.json");

interface Known {
  readonly fields: readonly Field[];
  readonly rules: ReadonlyMap<string, AttributeRule>;
  readonly byPath: ReadonlyMap<string, Field>;
}

const known = new Map<string, Known>();

/** Schema and rules of a resource, joined once. The constraints come first: the behaviour covers more resources, but less of each. */
function knownOf(type: string): Known {
  const found = known.get(type);
  if (found !== undefined) return found;
  const fields = fieldsOf(schemaOf("resource", type).block);
  const byPath = new Map(flatten(fields).map((field) => [field.path, field]));
  const [first, second] = [constraints().resources[type]?.attributes ?? {}, behaviour()[type] ?? {}];
  const rules = new Map([...byPath.keys()].map((path) => [path, { ...second[path], ...first[path] }]));
  const made: Known = { fields, rules, byPath };
  known.set(type, made);
  return made;
}

/** Fields of a resource as a tree. */
export function resourceFields(type: string): readonly Field[] {
  return knownOf(type).fields;
}

/**
 * One field of a resource, by its path (`network_interface.order`).
 * @throws Error when the resource has no such path.
 */
export function fieldOf(type: string, path: string): Field {
  const { byPath } = knownOf(type);
  const field = byPath.get(path);
  if (field === undefined) throw new Error(`${type} has no "${path}"; allowed: ${[...byPath.keys()].join(", ")}`);
  return field;
}

/** Rules of one attribute; none asked for is an empty object. */
export function ruleOf(type: string, path: string): AttributeRule {
  fieldOf(type, path);
  return knownOf(type).rules.get(path) as AttributeRule;
}

/** Facts of a resource, or nothing for the 25 that constraints.json leaves out. */
export function factsOf(type: string): ResourceFacts | undefined {
  schemaOf("resource", type);
  return constraints().resources[type];
}

/** Paths of a resource whose rule fulfils a condition, in the order of the schema. */
export function pathsWhere(type: string, holds: (rule: AttributeRule, field: Field) => boolean): string[] {
  const { rules, byPath } = knownOf(type);
  return [...rules].filter(([path, rule]) => holds(rule, byPath.get(path) as Field)).map(([path]) => path);
}
