/** Checks of values and of whole configurations against the schema and the rules; every violation is told, not the first. */
import { fieldOf, resourceFields, ruleOf, type AttributeRule, type Scalar } from "./attribute-rules";
import { breachesOf, countBreach, listed, NOTHING, shown } from "./checks";
import { combinationBreaches, type CheckedAt } from "./combinations";
import type { Field, SchemaType } from "./schema";

export interface Violation {
  /** Where, with indexes: `network_interface[0].order`. */
  readonly path: string;
  /** What is wrong: `is 2 characters long`. */
  readonly problem: string;
  /** The value as a message shows it; of a sensitive attribute only that it is one. */
  readonly found: string;
  readonly allowed: string;
  /** Who refuses it: the provider at plan or at apply, the platform's API, or nobody, and it never converges. */
  readonly checked: CheckedAt;
}

export interface CheckOptions {
  /** Whether a value is not known yet, so that its checks wait. @default a text that holds a reference, "${…}" */
  readonly isUnknown?: (value: unknown) => boolean;
}

/** `ncloud_vpc.name: "vp" is 2 characters long; allowed: 3 to 30 characters`. */
export function describeViolation(type: string, { path, problem, found, allowed }: Violation): string {
  const what = found === NOTHING ? problem : `${found} ${problem}`;
  return `${type}.${path}: ${what}; allowed: ${allowed}`;
}

/** What is wrong with one value, its elements and members included; `null` and `undefined` stand for one that is not written. */
export function checkValue(type: string, path: string, value: unknown, options: CheckOptions = {}): Violation[] {
  return new Checker(type, options).field(fieldOf(type, path), path, value);
}

/**
 * What is wrong with the configuration of a resource: unknown and missing arguments, arguments that the provider sets, values,
 * and combinations. Keys are the schema's (`ipv4_cidr_block`); a key that is absent counts as null.
 */
export function checkConfig(
  type: string,
  config: Readonly<Record<string, unknown>>,
  options: CheckOptions = {},
): Violation[] {
  const checker = new Checker(type, options);
  return [
    ...checker.members(resourceFields(type), "", config),
    ...combinationBreaches(type, config, checker.isUnknown),
  ];
}

const isUnset = (value: unknown): value is null | undefined => value === undefined || value === null;

/** Attribute whose value decides which values of another are allowed. */
const DECIDED_BY = [
  ["by_hypervisor", "hypervisor_type"],
  ["by_type", "type"],
  ["by_protocol", "protocol"],
] as const;

class Checker {
  readonly isUnknown: (value: unknown) => boolean;

  constructor(
    private readonly type: string,
    { isUnknown = (value) => typeof value === "string" && value.includes("${") }: CheckOptions,
  ) {
    this.isUnknown = isUnknown;
  }

  /** Members of one object: the resource, a block, or an element of an object type. */
  members(fields: readonly Field[], at: string, object: Readonly<Record<string, unknown>>): Violation[] {
    const prefix = at === "" ? "" : `${at}.`;
    const strangers = Object.keys(object)
      .filter((name) => !isUnset(object[name]) && !fields.some((field) => field.name === name))
      .map((name) =>
        violation(`${prefix}${name}`, "belongs to no argument", shown(object[name]), listed(writable(fields))),
      );
    return [
      ...strangers,
      ...fields.flatMap((field) => {
        const path = `${prefix}${field.name}`;
        const value = object[field.name];
        return [
          ...this.presence(field, path, value),
          ...this.field(field, path, value),
          ...this.relations(field, path, object),
        ];
      }),
    ];
  }

  /** One attribute or block, whatever it holds. */
  field(field: Field, path: string, value: unknown): Violation[] {
    if (isUnset(value) || this.isUnknown(value)) return [];
    const rule = ruleOf(this.type, field.path);
    if (field.type === "block" || field.type === "nested") return this.nested(field, rule, path, value);
    return this.typed(field, field.type, rule, path, value);
  }

  private presence(field: Field, path: string, value: unknown): Violation[] {
    const { use } = ruleOf(this.type, field.path);
    if (isUnset(value)) {
      // An object type's schema does not say which members are required; the rules do.
      if (!field.required && use !== "required") return [];
      return [violation(path, "is missing", NOTHING, describeType(field))];
    }
    if (!field.computed || field.optional || field.required) return [];
    return [violation(path, "can't be written: the provider sets it", shownOf(field, value), "nothing")];
  }

  private nested(field: Field, rule: AttributeRule, path: string, value: unknown): Violation[] {
    if (field.nesting === "single" || field.nesting === "group") return this.object(field, path, value);
    if (field.nesting === "map") return this.each(path, value, "a map", (at, item) => this.object(field, at, item));
    return this.list(
      { min_items: field.minItems ?? rule.min_items, max_items: field.maxItems ?? rule.max_items },
      path,
      value,
      (at, item) => this.object(field, at, item),
    );
  }

  private object(field: Field, path: string, value: unknown): Violation[] {
    if (isUnset(value) || this.isUnknown(value)) return [];
    if (!isObject(value))
      return [violation(path, "is no object", shownOf(field, value), listed(writable(field.fields)))];
    return this.members(field.fields, path, value);
  }

  private typed(field: Field, type: SchemaType, rule: AttributeRule, path: string, value: unknown): Violation[] {
    if (isUnset(value) || this.isUnknown(value)) return [];
    if (type === "dynamic") return [];
    if (typeof type === "string") return this.scalar(field, type, rule, path, value);
    if (type[0] === "object") return this.object(field, path, value);
    const [collection, elementType] = type;
    const element = (at: string, item: unknown): Violation[] => this.typed(field, elementType, rule, at, item);
    if (collection === "map") return this.each(path, value, "a map", element);
    const empty =
      rule.element === "non-empty string" && Array.isArray(value) && value.some((item) => item === "" || isUnset(item));
    return [
      ...(empty
        ? [violation(path, "has an empty element", shownOf(field, value), "texts of at least one character")]
        : []),
      ...this.list(rule, path, value, element),
    ];
  }

  private list(
    rule: { readonly min_items?: number | undefined; readonly max_items?: number | undefined },
    path: string,
    value: unknown,
    check: (at: string, item: unknown) => Violation[],
  ): Violation[] {
    if (!Array.isArray(value)) return [violation(path, "is no list", shown(value), "a list")];
    const breach = countBreach(rule as AttributeRule, value.length);
    return [
      ...(breach === undefined ? [] : [violation(path, breach.problem, shown(value), breach.allowed)]),
      ...value.flatMap((item, index) => check(`${path}[${index}]`, item)),
    ];
  }

  private each(
    path: string,
    value: unknown,
    what: string,
    check: (at: string, item: unknown) => Violation[],
  ): Violation[] {
    if (!isObject(value)) return [violation(path, `is not ${what}`, shown(value), what)];
    return Object.entries(value).flatMap(([key, item]) => check(`${path}[${JSON.stringify(key)}]`, item));
  }

  private scalar(field: Field, type: string, rule: AttributeRule, path: string, value: unknown): Violation[] {
    const given = typeof value === "bigint" ? Number(value) : value;
    const wanted = type === "bool" ? "boolean" : type;
    if (typeof given !== wanted)
      return [
        violation(path, `is no ${type}`, shownOf(field, value), describeType({ ...field, type: type as SchemaType })),
      ];
    return breachesOf(rule, given as Scalar).map(({ problem, allowed }) =>
      violation(path, problem, shownOf(field, value), allowed),
    );
  }

  /** Rules between one attribute that is written and others of the same object. */
  private relations(field: Field, path: string, object: Readonly<Record<string, unknown>>): Violation[] {
    const value = object[field.name];
    // As the provider does: what is not known yet may turn out not to be written.
    if (isUnset(value) || this.isUnknown(value)) return [];
    const rule = ruleOf(this.type, field.path);
    const found = shownOf(field, value);
    const tell = (problem: string, allowed: string): Violation => violation(path, problem, found, allowed);
    const isTrue = (other: unknown): boolean => other === true || this.isUnknown(other);
    return [
      ...(rule.conflicts_with ?? [])
        .filter((other) => !isUnset(object[other]) && !this.isUnknown(object[other]))
        .map((other) => tell(`conflicts with ${other}`, `one of ${field.name}, ${other}`)),
      ...(rule.required_with ?? [])
        .filter((other) => isUnset(object[other]))
        .map((other) => tell(`stands without ${other}`, `both ${field.name} and ${other}, or neither`)),
      ...(rule.needs_true ?? [])
        .filter((other) => !isTrue(object[other]))
        .map((other) =>
          tell(`stands without ${other} = true`, `${other} = true in the configuration, or no ${field.name}`),
        ),
      ...Object.entries(rule.conflicts_with_value ?? {})
        .filter(([other, refused]) => object[other] === refused)
        .map(([other, refused]) => tell(`conflicts with ${other} = ${shown(refused)}`, `no ${field.name} with it`)),
      ...DECIDED_BY.flatMap(([key, other]) => {
        const allowed = rule[key]?.[String(object[other])];
        if (allowed === undefined || allowed.includes(value as Scalar)) return [];
        return [
          tell(
            `does not go with ${other} = ${shown(object[other])}`,
            allowed.length === 0 ? "nothing" : listed(allowed),
          ),
        ];
      }),
    ];
  }
}

function violation(path: string, problem: string, found: string, allowed: string): Violation {
  return { path, problem, found, allowed, checked: "plan" };
}

function shownOf(field: Field, value: unknown): string {
  return field.sensitive ? "(sensitive)" : shown(value);
}

/** Names of the fields that a configuration may set. */
function writable(fields: readonly Field[]): string[] {
  return fields.filter((field) => field.optional || field.required).map((field) => field.name);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function describeType({ type, nesting }: Field): string {
  if (type === "block" || type === "nested")
    return nesting === "single" || nesting === "group" ? "an object" : `a ${nesting} of objects`;
  if (Array.isArray(type)) return type[0] === "object" ? "an object" : `a ${type[0]}`;
  return type === "bool" ? "true or false" : `a ${type}`;
}
