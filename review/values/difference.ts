/** The difference of two values by what they mean: order of keys never counts, that of members only in a list. */
import { diffArrays } from "diff";
import type { AttributeChange, Json } from "../report";
import { below, canonical, isObject, textOf } from "./json";

export interface Meaning {
  /** Whether the members at this path (without indexes) have no order. @default never */
  readonly isSet?: (path: string) => boolean;
  /** What a value at this path means, where that is more than its text: an absent one its default. @default the value itself */
  readonly meaningOf?: (path: string, value: Json | undefined) => Json | undefined;
}

const same = (_path: string, value: Json | undefined): Json | undefined => value;

/** Changes sorted by path; members of a set as "path[]", of a list as "path[2]". */
export function difference(
  before: Json | undefined,
  after: Json | undefined,
  meaning: Meaning = {},
): AttributeChange[] {
  const changes: AttributeChange[] = [];
  compare(
    { path: "", plain: "" },
    before,
    after,
    { isSet: meaning.isSet ?? never, meaningOf: meaning.meaningOf ?? same },
    changes,
  );
  return changes.sort((a, b) => order(a.path, b.path) || order(canonical(a), canonical(b)));
}

const never = (): boolean => false;
const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

interface Position {
  readonly path: string;
  /** The path without indexes, as a schema knows it. */
  readonly plain: string;
}

function compare(
  { path, plain }: Position,
  from: Json | undefined,
  to: Json | undefined,
  meaning: Required<Meaning>,
  changes: AttributeChange[],
): void {
  const [before, after] = [meaning.meaningOf(plain, from), meaning.meaningOf(plain, to)];
  if (alike(before, after)) return;
  if (isObject(before) && isObject(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)]))
      compare({ path: below(path, key), plain: below(plain, key) }, before[key], after[key], meaning, changes);
    return;
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const [left, right] = [before as Json[], after as Json[]];
    if (meaning.isSet(plain)) compareSets({ path, plain }, left, right, meaning, changes);
    else compareLists({ path, plain }, left, right, meaning, changes);
    return;
  }
  changes.push(change(path, before, after));
}

/** Terraform's JSON and most files know 10 and "10" as one. */
function alike(before: Json | undefined, after: Json | undefined): boolean {
  if (before === after) return true;
  const scalar = (value: Json | undefined): boolean =>
    typeof value === "number" || typeof value === "boolean" || typeof value === "string";
  return scalar(before) && scalar(after) && textOf(before) === textOf(after);
}

function change(path: string, before: Json | undefined, after: Json | undefined): AttributeChange {
  return { path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}

/** A member with what its own parts mean, so that a default that is written and one that is not are one. */
function meant(plain: string, value: Json | undefined, meaning: Required<Meaning>): Json | undefined {
  const own = meaning.meaningOf(plain, value);
  if (Array.isArray(own)) {
    const members = (own as Json[]).map((member) => meant(plain, member, meaning) as Json);
    return meaning.isSet(plain) ? members.sort((a, b) => order(canonical(a), canonical(b))) : members;
  }
  if (!isObject(own)) return typeof own === "number" || typeof own === "boolean" ? textOf(own) : own;
  return Object.fromEntries(
    Object.entries(own).flatMap(([key, inner]): [string, Json][] => {
      const value = meant(below(plain, key), inner, meaning);
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

function compareSets(
  at: Position,
  before: readonly Json[],
  after: readonly Json[],
  meaning: Required<Meaning>,
  changes: AttributeChange[],
): void {
  const keyOf = (member: Json): string => canonical(meant(at.plain, [member], meaning));
  const [left, right] = [before, after].map((members) => new Map(members.map((member) => [keyOf(member), member]))) as [
    Map<string, Json>,
    Map<string, Json>,
  ];
  const path = `${at.path}[]`;
  for (const [key, member] of left) if (!right.has(key)) changes.push({ path, before: member });
  for (const [key, member] of right) if (!left.has(key)) changes.push({ path, after: member });
}

/** By the longest common sequence, so that one inserted member is one change. Members of a run that differ one for one are compared inside. */
function compareLists(
  at: Position,
  before: readonly Json[],
  after: readonly Json[],
  meaning: Required<Meaning>,
  changes: AttributeChange[],
): void {
  const keyOf = (member: Json): string => canonical(meant(at.plain, [member], meaning));
  let [left, right] = [0, 0];
  const runs = diffArrays(before.map(keyOf), after.map(keyOf));
  for (const [index, { count, added, removed }] of runs.entries()) {
    if (!added && !removed) [left, right] = [left + count, right + count];
    if (removed) {
      const next = runs[index + 1];
      const replaced = next?.added === true && next.count === count;
      for (let offset = 0; offset < count; offset++)
        compare(
          { path: `${at.path}[${left + offset}]`, plain: at.plain },
          before[left + offset],
          replaced ? after[right + offset] : undefined,
          meaning,
          changes,
        );
      left += count;
      if (replaced) right += count;
    }
    const previous = runs[index - 1];
    if (added && !(previous?.removed === true && previous.count === count)) {
      for (let offset = 0; offset < count; offset++)
        compare(
          { path: `${at.path}[${right + offset}]`, plain: at.plain },
          undefined,
          after[right + offset],
          meaning,
          changes,
        );
      right += count;
    }
  }
}
