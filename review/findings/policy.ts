/** Whether a policy of IAM's notation allows more than another: statement by statement, by what each allows and denies. */
import { canonical, isObject, listOf, objectOf, type JsonObject, textOf } from "../values/json";
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
}

export function policyChange(before: Json | undefined, after: Json | undefined): PolicyChange {
  const [old, now] = [grantsOf(before), grantsOf(after)];
  return { widened: wider(old, now), narrowed: wider(now, old) };
}

/** What the second allows that the first does not. */
function wider(first: readonly Grant[], second: readonly Grant[]): string[] {
  const of = (grants: readonly Grant[], effect: Grant["effect"]): Grant[] =>
    grants.filter((grant) => grant.effect === effect);
  const allowed = of(second, "Allow").filter((grant) => !of(first, "Allow").some((other) => covers(other, grant)));
  const lifted = of(first, "Deny").filter((grant) => !of(second, "Deny").some((other) => covers(other, grant)));
  return [
    ...new Set([
      ...allowed.map((grant) => `allows ${told(grant)}`),
      ...lifted.map((grant) => `no longer denies ${told(grant)}`),
    ]),
  ];
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
      const principal = canonical(statement["Principal"] ?? statement["NotPrincipal"] ?? null);
      return actions.flatMap((action) =>
        resources.map((resource): Grant => ({ effect, principal, action, resource, conditions })),
      );
    });
}

function sidesOf(statement: JsonObject, key: "Action" | "Resource"): Side[] {
  const but = statement[`Not${key}`];
  if (but !== undefined) return [{ but: true, names: listOf(but).map(textOf) }];
  return listOf(statement[key] ?? "*").map((name) => ({ but: false, names: [textOf(name)] }));
}

function covers(wide: Grant, narrow: Grant): boolean {
  return (
    (wide.principal === narrow.principal || wide.principal === '"*"') &&
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

function told({ action, resource, conditions, principal }: Grant): string {
  const side = ({ but, names }: Side): string => `${but ? "all but " : ""}${names.join(", ")}`;
  const when = Object.entries(conditions).flatMap(([operator, keys]) =>
    isObject(keys)
      ? Object.entries(keys).map(([key, value]) => `${key} ${operator} ${listOf(value).map(textOf).join(" or ")}`)
      : [],
  );
  const who = principal === "null" ? "" : ` to ${principal}`;
  return `${side(action)} on ${side(resource)}${who}${when.length === 0 ? "" : ` when ${when.join(" and ")}`}`;
}
