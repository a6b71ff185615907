/**
 * What is replaced, and why: an attribute that the provider can't change in place, or one that follows another resource which is replaced, over all
 * stacks, since stacks find each other's things by name.
 */
import { alwaysWrite, typesOf } from "@cdktf/provider-ncloud/rules";
import type { AttributeChange, Json } from "../report";
import { at, brief, isObject, listOf, textOf } from "../values/json";
import { ignoredBy, maskedChanges, plainPath } from "./attributes";
import { referencesIn, type Element, type Reference } from "./elements";
import type { Pair } from "./pairs";
import { factsOf } from "./types";

/** A pair with what changes of it. */
export interface Compared extends Pair {
  /** Unmasked. */
  readonly changes: readonly AttributeChange[];
}

/** Arguments of Terraform's own: no change of theirs is one of the resource. */
export const META = /^(depends_on|lifecycle|provisioner|provider|connection|count|for_each)(\.|\[|$)/;

const ncloud = new Set(typesOf("resource"));

/** Reasons by pair; who is missing stays. */
export function replacements(all: readonly Compared[]): Map<Compared, string[]> {
  const reasons = new Map<Compared, string[]>();
  const index = new Map(
    all.flatMap((each) =>
      each.after === undefined ? [] : [[`${each.after.stack}:${each.after.address}`, each] as const],
    ),
  );
  const candidates = all.filter(({ before, after }) => before?.block === "resource" && after !== undefined);
  for (const each of candidates) {
    const own = ownReasons(each);
    if (own.length > 0) reasons.set(each, own);
  }
  // A resource follows those that it refers to: until nobody follows any more.
  for (let grown = true; grown;) {
    grown = false;
    for (const each of candidates) {
      if (reasons.has(each)) continue;
      const followed = followedReasons(each, index, reasons, all);
      if (followed.length === 0) continue;
      reasons.set(each, followed);
      grown = true;
    }
  }
  return reasons;
}

function ownReasons({ before, after, changes, move }: Compared): string[] {
  const element = after as Element;
  if (move === "recognised")
    return [
      `its address was ${before?.stack === element.stack ? "" : `${before?.stack}: `}${before?.address}, and no moved block says so: Terraform destroys it and makes another`,
    ];
  const direct = maskedChanges(changes, element)
    .filter(({ replaces }) => replaces === true)
    .map((change) => `${change.path}: ${fromTo(change)}`);
  if (direct.length > 0) return direct;
  return forgotten(element, changes);
}

/** Of a long text, such as a script, the first line that differs. */
function fromTo({ before, after }: AttributeChange): string {
  if (typeof before !== "string" || typeof after !== "string" || !(before + after).includes("\n"))
    return `${brief(before)} becomes ${brief(after)}`;
  const [left, right] = [before.split("\n"), after.split("\n")];
  const line = left.findIndex((text, index) => text !== right[index]);
  const at = line < 0 ? left.length : line;
  return `line ${at + 1}: ${brief(left[at])} becomes ${brief(right[at])}`;
}

/** ncloud 4.0.5 forgets some attributes unless they are written: then a change of any other replaces the resource. */
function forgotten({ type, config }: Element, changes: readonly AttributeChange[]): string[] {
  if (!ncloud.has(type) || !changes.some(({ path, ignored }) => ignored !== true && !META.test(path))) return [];
  return alwaysWrite(type)
    .filter((path) => !path.includes(".") && config[path] === undefined)
    .map((path) => `${path} is not written: with any change in place the provider replaces the resource`);
}

type Index = ReadonlyMap<string, Compared>;

function followedReasons(
  each: Compared,
  index: Index,
  reasons: ReadonlyMap<Compared, string[]>,
  all: readonly Compared[],
): string[] {
  const element = each.after as Element;
  const facts = factsOf(element.type);
  const ignored = ignoredBy(element);
  const follows = (reference: Reference): string | undefined => moving(element.stack, reference, index, reasons, all);
  const found: string[] = [];
  for (const { path, text } of textsIn(element.config)) {
    if (!text.includes("${")) continue;
    const plain = plainPath(path);
    if (META.test(plain) || !facts.replaces(plain) || ignored(plain)) continue;
    for (const reference of referencesIn(text)) {
      const because = follows(reference);
      if (because !== undefined) found.push(`${path}: ${because}`);
    }
  }
  for (const trigger of listOf(at(element.config, "lifecycle", "replace_triggered_by")).map(textOf)) {
    const [type, name, attribute] = trigger.replaceAll(/^\$\{|\}$/g, "").split(".");
    const target = index.get(`${element.stack}:${type}.${name}`);
    if (target === undefined) continue;
    const changed = target.changes.some(
      ({ path }) => !META.test(path) && (attribute === undefined || plainPath(path) === attribute),
    );
    if (changed || reasons.has(target)) found.push(`replace_triggered_by: ${type}.${name} changes`);
  }
  return [...new Set(found)];
}

/** Why what is referred to will have another value, or undefined if it will not. */
function moving(
  stack: string,
  { address, attribute = "id" }: Reference,
  index: Index,
  reasons: ReadonlyMap<Compared, string[]>,
  all: readonly Compared[],
): string | undefined {
  const target = index.get(`${stack}:${address}`);
  if (target?.before === undefined || target.after === undefined) return undefined;
  if (target.after.block === "data") return movingLookup(target, index, reasons, all);
  if (!reasons.has(target)) return undefined;
  // What is written out and stays is known, whoever bears it.
  const [old, now] = [target.before.config[attribute], target.after.config[attribute]];
  if (old !== undefined && old === now && !textOf(now).includes("${")) return undefined;
  return `${address} is replaced${rootOf(target, reasons)}`;
}

/** In brackets, what begins it. */
function rootOf(target: Compared, reasons: ReadonlyMap<Compared, string[]>): string {
  const [first] = reasons.get(target) ?? [];
  return first === undefined ? "" : ` (${first})`;
}

/** A data source that finds another thing, or whose thing is replaced. */
function movingLookup(
  target: Compared,
  index: Index,
  reasons: ReadonlyMap<Compared, string[]>,
  all: readonly Compared[],
): string | undefined {
  const element = target.after as Element;
  const changed = maskedChanges(target.changes, element).find(({ path }) => !META.test(path));
  if (changed !== undefined) return `${element.address} looks for another: ${changed.path} ${fromTo(changed)}`;
  const found = [...reasons.keys()].find((each) => each.after !== undefined && finds(element, each.after));
  if (found !== undefined) return `${found.after?.stack}: ${found.after?.address} is replaced${rootOf(found, reasons)}`;
  // A lookup inside a lookup, such as the VPC of a subnet.
  for (const { text } of textsIn(element.config))
    for (const reference of referencesIn(text)) {
      const because =
        reference.address === element.address ? undefined : moving(element.stack, reference, index, reasons, all);
      if (because !== undefined) return because;
    }
  return undefined;
}

/** Whether a data source's name or filter describes this resource. */
function finds({ type, config }: Element, resource: Element): boolean {
  if (resource.block !== "resource" || resource.type !== type) return false;
  const wanted: [string, readonly string[]][] = listOf(config["filter"]).map((filter) => [
    textOf(at(filter, "name")),
    listOf(at(filter, "values")).map(textOf),
  ]);
  if (typeof config["name"] === "string") wanted.push(["name", [config["name"]]]);
  return (
    wanted.length > 0 && wanted.every(([attribute, values]) => values.includes(textOf(resource.config[attribute])))
  );
}

function* textsIn(value: Json, path = ""): Generator<{ readonly path: string; readonly text: string }> {
  if (typeof value === "string") yield { path, text: value };
  else if (Array.isArray(value))
    for (const [index, member] of (value as Json[]).entries()) yield* textsIn(member, `${path}[${index}]`);
  else if (isObject(value))
    for (const [key, inner] of Object.entries(value)) yield* textsIn(inner, path === "" ? key : `${path}.${key}`);
}
