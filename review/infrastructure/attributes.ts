/** Attributes of one element, before and after, by what the provider makes of them. */
import { mask, maskChanges, maskNamed, SECRET_NAME } from "../input/sensitive";
import type { AttributeChange, Json } from "../report";
import { difference } from "../values/difference";
import { at, isObject, listOf, objectOf, textOf } from "../values/json";
import type { Element } from "./elements";
import { factsOf, type TypeFacts } from "./types";

/** In a policy, one and a list of one are the same. */
const POLICY_LISTS = new Set(["Statement", "Action", "NotAction", "Resource", "NotResource"]);

/** "inbound[].port_range" -> "inbound.port_range" */
export function plainPath(path: string): string {
  return path.replaceAll(/\[(\d*)\]/g, "");
}

/** Changes of an element that both sides have, or all that an added one has. Unmasked: for rules, not for a report. */
export function rawChanges(before: Element | undefined, after: Element): AttributeChange[] {
  const facts = factsOf(after.type);
  const within = (path: string): boolean => ancestorsOf(path).some(facts.isJson);
  return difference(before === undefined ? {} : before.config, after.config, {
    isSet: (path) => facts.isSet(path) || within(path),
    meaningOf: (path, value) => meant(facts, path, value),
  }).map((change) => flagged(change, facts, ignoredBy(after)));
}

function meant(facts: TypeFacts, path: string, value: Json | undefined): Json | undefined {
  if (value === undefined) return facts.defaultOf(path);
  if (typeof value !== "string") return value;
  return facts.isJson(path) ? listed(parsed(value)) : value.replaceAll(/\$\{\s+|\s+\}/g, (brace) => brace.trim());
}

function listed(value: Json): Json {
  if (Array.isArray(value)) return (value as Json[]).map(listed);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, inner]): [string, Json] => {
    const one = key === "Condition" ? conditions(inner) : listed(inner);
    return [key, POLICY_LISTS.has(key) ? listOf(one) : one];
  });
  return Object.fromEntries(entries);
}

/** Operator, key, values. */
function conditions(value: Json): Json {
  const operators = Object.entries(objectOf(value)).map(([operator, keys]): [string, Json] => [
    operator,
    Object.fromEntries(Object.entries(objectOf(keys)).map(([key, values]) => [key, listOf(values)])),
  ]);
  return Object.fromEntries(operators);
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

function flagged(change: AttributeChange, facts: TypeFacts, ignored: (path: string) => boolean): AttributeChange {
  const path = plainPath(change.path);
  if (ignored(path)) return { ...change, ignored: true };
  return facts.replaces(path) ? { ...change, replaces: true } : change;
}

/** What `lifecycle.ignore_changes` covers. */
export function ignoredBy({ config }: Element): (path: string) => boolean {
  const listed = listOf(at(config, "lifecycle", "ignore_changes")).map(textOf);
  return (path) => listed.includes("all") || ancestorsOf(path).some((each) => listed.includes(each));
}

function ancestorsOf(path: string): string[] {
  const parts = path.split(".");
  return parts.map((_, index) => parts.slice(0, index + 1).join("."));
}

/** The changes as a report may show them. */
export function maskedChanges(
  changes: readonly AttributeChange[],
  { type, block, name, config }: Element,
): AttributeChange[] {
  const facts = factsOf(type);
  const secretOutput = block === "output" && (config["sensitive"] === true || SECRET_NAME.test(name));
  return maskChanges(changes, (path, value) => {
    const plain = plainPath(path);
    return (secretOutput && plain === "value") || facts.isSensitive(plain) ? hidden(value) : maskNamed(path, value);
  });
}

const hidden = (value: Json): Json => (typeof value === "string" ? mask(value) : "(sensitive)");
