/**
 * Names that the stacks would take: an object that bears one and stands in no state stops the apply, for the platform refuses a
 * second one. Such objects are what an interrupted deploy left behind, or somebody else's.
 */
import type { Answer, Queries, Query } from "../../platform";
import { ruleOf, type Lookup } from "../../orphans/table";
import type { States } from "../states";
import type { SynthResource } from "../synth";
import type { Check, Said } from "../types";

export interface NamedObject {
  readonly stack: string;
  readonly type: string;
  readonly name: string;
  /** Unique in its VPC only: another network may have the same. */
  readonly inVpc: boolean;
}

/** Resources of synth on the platform whose own, literal name can be looked for. */
export function namedObjects(resources: readonly SynthResource[]): NamedObject[] {
  return resources.flatMap(({ stack, type, attributes }) => {
    if (!type.startsWith("ncloud_")) return [];
    const name = attributes[ruleOf(type).lookup?.by ?? ""];
    if (typeof name !== "string" || name.includes("${")) return [];
    return [{ stack, type, name, inVpc: "vpc_no" in attributes }];
  });
}

const keyOf = ({ type, name }: NamedObject): string => `${type} ${name}`;

/** By a filter where there is one: it is exact, where an argument `name` is the platform's own search. */
function questionFor({ type, name }: NamedObject): Query {
  const { by, list, one, within, argument } = ruleOf(type).lookup as Lookup;
  const config =
    argument === true && within === undefined ? { [by]: name } : { filter: [{ name: by, values: [name] }] };
  return { type: one === false && list !== undefined ? list.type : type, config };
}

export const questionsFor = (objects: readonly NamedObject[]): Queries =>
  Object.fromEntries(objects.map((object) => [keyOf(object), questionFor(object)]));

type Row = Readonly<Record<string, unknown>>;

/** Objects in an answer. A bucket that is not one's own comes as a row without id (ncloud 4.0.5). */
function found({ type }: NamedObject, answer: Answer | undefined): readonly Row[] {
  if (answer?.kind !== "row") return [];
  const { list, one } = ruleOf(type).lookup as Lookup;
  const rows =
    one === false && list !== undefined ? ((answer.row[list.rows] as readonly Row[] | null) ?? []) : [answer.row];
  return rows.filter((row) => typeof row["id"] === "string" && row["id"] !== "");
}

/** A data source of one object that fits several: they are there, and which of them is ours can't be told. */
const SEVERAL = /more than one found results|\d+ objects fit/i;

interface Found {
  readonly said: readonly Said[];
  /** How many names are nobody's or ours. */
  readonly good: number;
}

function examined(objects: readonly NamedObject[], answers: Readonly<Record<string, Answer>>, states: States): Found {
  const vpcs = objects.filter(({ type }) => type === "ncloud_vpc");
  const ours = new Set(vpcs.flatMap((vpc) => found(vpc, answers[keyOf(vpc)]).map((row) => row["id"])));
  const said: Said[] = [];
  let good = 0;
  for (const object of objects) {
    const answer = answers[keyOf(object)];
    const place = `${object.type} ${object.name}`;
    if (answer?.kind === "failed" && !SEVERAL.test(answer.message)) {
      said.push({ severity: "unknown", place, found: `the platform refuses the question: ${answer.message}` });
      continue;
    }
    const rows = found(object, answer).filter((row) => !object.inVpc || ours.has(row["vpc_no"]));
    const strangers = states.known ? rows.filter((row) => !states.ids.has(`${object.type} ${String(row["id"])}`)) : [];
    if (answer?.kind === "failed") said.push(severalOf(place));
    else if (!states.known && rows.length > 0)
      said.push({ severity: "unknown", place, found: `is there; ${states.why}`, try: ORPHANS });
    else if (strangers.length > 0) said.push(takenBy(object, place, strangers));
    else good++;
  }
  return { said, good };
}

const ORPHANS = "npx aws2ncp orphans tells whose it is, and what to do with it";

const severalOf = (place: string): Said => ({
  severity: "unknown",
  place,
  found: "several objects bear that name",
  try: ORPHANS,
});

function takenBy({ type, stack }: NamedObject, place: string, strangers: readonly Row[]): Said {
  const found = `is there already, as ${strangers.map((row) => String(row["id"])).join(", ")}, and stands in no state`;
  // A description need not be unique.
  if (ruleOf(type).lookup?.by === "description")
    return {
      severity: "warning",
      place,
      found,
      meaning: `the apply of stack ${stack} would make another one`,
      try: ORPHANS,
    };
  const meaning = `the apply of stack ${stack} would stop: the platform refuses a second one`;
  return { severity: "error", place, found, meaning, try: ORPHANS };
}

export const names: Check = {
  name: "names",
  about: "nothing on the platform bears a name that the stacks would take, unless it stands in their states",
  needs: ["platform"],
  deadlineMs: 300_000,
  queries: async ({ synth }) => questionsFor(namedObjects(await synth())),
  run: async ({ synth, states, platform }) => {
    const objects = namedObjects(await synth());
    const { said, good } = examined(objects, await platform(), await states());
    if (good === 0) return said;
    return [
      ...said,
      { severity: "ok", place: "names on the platform", found: `${good} of ${objects.length} are free, or ours` },
    ];
  },
};
