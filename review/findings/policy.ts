/** Whether a policy of IAM's notation allows more than another: statement by statement, by what each allows and denies. */
import { type JsonObject, canonical, listOf, objectOf, sortedUnique, textOf } from "../values/json";
import type { Json } from "../report";
import { blockCovers } from "./network";

/** One action on one resource, under conditions. */
interface Grant {
  readonly effect: "Allow" | "Deny";
  readonly principal: string;
  readonly action: Side;
  readonly resource: Side;
  readonly conditions: JsonObject;
}

/** What is named, or everything but what is named. */
interface Side {
  readonly but: boolean;
  readonly names: readonly string[];
}

export interface PolicyChange {
  /** What is allowed that was not, in words. */
  readonly widened: readonly string[];
  readonly narrowed: readonly string[];
  /** Whether everybody gets some of it, without a condition. */
  readonly everybody: boolean;
}

const EVERYBODY = '"*"';

export function policyChange(before: Json | undefined, after: Json | undefined): PolicyChange {
  const [old, now] = [grantsOf(before), grantsOf(after)];
  const [more, less] = [wider(old, now), wider(now, old)];
  return {
    widened: [...told("allows", more.allowed, old), ...told("no longer denies", more.lifted, now)],
    narrowed: [...told("no longer allows", less.allowed, now), ...told("denies", less.lifted, old)],
    everybody: more.allowed.some(
      ({ principal, conditions }) => principal === EVERYBODY && Object.keys(conditions).length === 0,
    ),
  };
}

/** What the second allows that the first does not. */
function wider(
  first: readonly Grant[],
  second: readonly Grant[],
): { readonly allowed: readonly Grant[]; readonly lifted: readonly Grant[] } {
  const of = (grants: readonly Grant[], effect: Grant["effect"]): Grant[] =>
    grants.filter((grant) => grant.effect === effect);
  const uncovered = (grants: readonly Grant[], others: readonly Grant[]): Grant[] =>
    grants.filter((grant) => !others.some((other) => covers(other, grant)));
  return {
    allowed: uncovered(of(second, "Allow"), of(first, "Allow")),
    lifted: uncovered(of(first, "Deny"), of(second, "Deny")),
  };
}

/** One grant for each action and resource that are named; what is named by NotAction or NotResource stays together. */
function grantsOf(document: Json | undefined): Grant[] {
  return listOf(objectOf(document)["Statement"])
    .map(objectOf)
    .flatMap((statement) => {
      const actions = sidesOf(statement, "Action");
      const resources = sidesOf(statement, "Resource");
      const effect = statement["Effect"] === "Deny" ? "Deny" : "Allow";
      const conditions = objectOf(statement["Condition"]);
      const principal = principalOf(statement);
      return actions.flatMap((action) =>
        resources.map((resource): Grant => ({ effect, principal, action, resource, conditions })),
      );
    });
}

/** Everybody can be written in three ways. */
function principalOf(statement: JsonObject): string {
  const named = canonical(statement["Principal"] ?? statement["NotPrincipal"] ?? null);
  return /^\{"AWS":(?:"\*"|\["\*"\])\}$/.test(named) ? EVERYBODY : named;
}

function sidesOf(statement: JsonObject, key: "Action" | "Resource"): Side[] {
  const but = statement[`Not${key}`];
  if (but !== undefined) return [{ but: true, names: listOf(but).map(textOf) }];
  return listOf(statement[key] ?? "*").map((name) => ({ but: false, names: [textOf(name)] }));
}

function covers(wide: Grant, narrow: Grant): boolean {
  return (
    (wide.principal === narrow.principal || wide.principal === EVERYBODY) &&
    sideCovers(wide.action, narrow.action) &&
    sideCovers(wide.resource, narrow.resource) &&
    conditionsCover(wide.conditions, narrow.conditions)
  );
}

function sideCovers(wide: Side, narrow: Side): boolean {
  const named = (names: readonly string[], name: string): boolean => names.some((pattern) => matches(pattern, name));
  if (wide.but && narrow.but) return wide.names.every((name) => named(narrow.names, name));
  if (wide.but)
    return narrow.names.every((name) => !named(wide.names, name) && !wide.names.some((other) => matches(name, other)));
  if (narrow.but) return wide.names.includes("*");
  return narrow.names.every((name) => named(wide.names, name));
}

/** "s3:*" matches "s3:GetObject" and "s3:Get*". */
function matches(pattern: string, name: string): boolean {
  if (pattern === name || pattern === "*") return true;
  const expression = pattern.replaceAll(/[\\^$+?.()|[\]{}]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(`^${expression}$`, "i").test(name);
}

/** Operators whose statement applies less, the more values they name. */
const NEGATED = /Not/;

/** Whether whatever fulfils the narrow conditions also fulfils the wide ones. */
function conditionsCover(wide: JsonObject, narrow: JsonObject): boolean {
  return Object.entries(wide).every(([operator, keys]) =>
    Object.entries(objectOf(keys)).every(([key, values]) => {
      const other = objectOf(narrow[operator])[key];
      if (other === undefined) return false;
      const [mine, theirs] = [listOf(values).map(textOf), listOf(other).map(textOf)];
      if (/^Numeric|^Date/.test(operator)) return numbersCover(operator, mine, theirs);
      const [all, of] = NEGATED.test(operator) ? [mine, theirs] : [theirs, mine];
      const holds = (pattern: string, value: string): boolean =>
        /IpAddress/.test(operator)
          ? blockCovers(pattern, value)
          : /Like/.test(operator)
            ? matches(pattern, value)
            : pattern === value;
      return all.every((value) => of.some((pattern) => holds(pattern, value)));
    }),
  );
}

function numbersCover(operator: string, wide: readonly string[], narrow: readonly string[]): boolean {
  const [a, b] = [Number(wide[0]), Number(narrow[0])];
  if (operator.includes("Greater")) return a <= b;
  return operator.includes("Less") ? a >= b : a === b;
}

/** In words, one sentence for all resources that are treated alike. */
function told(verb: string, grants: readonly Grant[], others: readonly Grant[]): string[] {
  const resources = new Map<string, string[]>();
  for (const grant of grants) {
    const twin = twinOf(grant, others);
    const who = grant.principal === "null" ? "" : ` to ${grant.principal}`;
    // A right that is new altogether needs no conditions told; a refusal is its conditions.
    const how =
      twin === undefined && grant.effect === "Allow" ? "" : conditionWords(twin?.conditions ?? {}, grant.conditions);
    const key = JSON.stringify([`${verb} ${sideWords(grant.action)} on `, `${who}${how}`]);
    resources.set(key, [...(resources.get(key) ?? []), sideWords(grant.resource)]);
  }
  return [...resources].map(([key, names]) => {
    const [head, tail] = JSON.parse(key) as [string, string];
    return `${head}${[...new Set(names)].join(", ")}${tail}`;
  });
}

const sideWords = ({ but, names }: Side): string => `${but ? "all but " : ""}${names.map(named).join(", ")}`;

/** The same under other conditions: the only one of its kind, or the one that asks the same questions. */
function twinOf(grant: Grant, others: readonly Grant[]): Grant | undefined {
  const alike = others.filter((other) => subjectOf(other) === subjectOf(grant));
  const questions = ({ conditions }: Grant): string =>
    JSON.stringify(
      Object.entries(conditions)
        .map(([operator, keys]) => [operator, Object.keys(objectOf(keys)).sort()])
        .sort(),
    );
  return (
    alike.find((other) => questions(other) === questions(grant)) ?? (grant.effect === "Allow" ? alike[0] : undefined)
  );
}

const subjectOf = ({ effect, action, resource, principal }: Grant): string =>
  JSON.stringify([effect, action, resource, principal]);

/** How the conditions of what is allowed, or no longer denied, differ from those on the other side. */
function conditionWords(other: JsonObject, own: JsonObject): string {
  const flat = (conditions: JsonObject): Map<string, string[]> =>
    new Map(
      Object.entries(conditions).flatMap(([operator, keys]) =>
        Object.entries(objectOf(keys)).map(
          ([key, values]) => [`${key} ${operator}`, listOf(values).map(textOf).map(named)] as const,
        ),
      ),
    );
  const [theirs, ours] = [flat(other), flat(own)];
  const words = sortedUnique([...theirs.keys(), ...ours.keys()]).flatMap((name) => {
    const [old, now] = [theirs.get(name) ?? [], ours.get(name) ?? []];
    const [more, less] = [now.filter((value) => !old.includes(value)), old.filter((value) => !now.includes(value))];
    return [
      ...(more.length === 0 ? [] : [`with ${more.join(", ")} for ${name}`]),
      ...(less.length === 0 ? [] : [`without ${less.join(", ")} for ${name}`]),
    ];
  });
  return words.length === 0 ? "" : `, ${words.join(" and ")}`;
}

/** "${data.aws_s3_bucket.company-hive.arn}/hive/*" as "company-hive/hive/*". */
const named = (text: string): string =>
  text.replaceAll(/\$\{(?:data\.)?[a-z0-9_]+\.([A-Za-z0-9_-]+)\.[a-z_]+\}/g, "$1");
