/**
 * Names that the stacks would take: an object that bears one and stands in no state stops the apply, for the platform refuses a
 * second one. Such objects are what an interrupted deploy left behind, or somebody else's.
 */
import type { Answer, Queries, Query } from "../../platform";
import type { States } from "../states";
import type { SynthResource } from "../synth";
import type { Check, Said } from "../types";

/** How a type is found by its name, and who must not share one. */
interface NamedType {
  /** Attribute of the resource that names it. */
  readonly by: string;
  readonly query: (name: string) => Query;
  /** List in the answer; left out where the data source is of one object. */
  readonly list?: string;
  /** Unique in its VPC only: another network may have the same. */
  readonly inVpc?: true;
}

const filtered =
  (type: string, attribute = "name") =>
  (value: string): Query => ({ type, config: { filter: [{ name: attribute, values: [value] }] } });

/** Filters are exact on every data source; arguments named `name` are the platform's own search, which is not. */
export const NAMED_TYPES: Readonly<Record<string, NamedType>> = {
  ncloud_vpc: { by: "name", query: filtered("ncloud_vpcs"), list: "vpcs" },
  ncloud_subnet: { by: "name", query: filtered("ncloud_subnets"), list: "subnets", inVpc: true },
  ncloud_network_acl: { by: "name", query: filtered("ncloud_network_acls"), list: "network_acls", inVpc: true },
  ncloud_route_table: { by: "name", query: filtered("ncloud_route_tables"), list: "route_tables", inVpc: true },
  ncloud_access_control_group: { by: "name", query: filtered("ncloud_access_control_group"), inVpc: true },
  ncloud_init_script: { by: "name", query: filtered("ncloud_init_script") },
  ncloud_network_interface: { by: "name", query: filtered("ncloud_network_interfaces"), list: "network_interfaces" },
  ncloud_server: { by: "name", query: filtered("ncloud_server") },
  ncloud_block_storage: { by: "name", query: filtered("ncloud_block_storage") },
  ncloud_objectstorage_bucket: {
    by: "bucket_name",
    query: (name) => ({ type: "ncloud_objectstorage_bucket", config: { bucket_name: name } }),
  },
};

export interface NamedObject {
  readonly stack: string;
  readonly type: string;
  readonly name: string;
}

/** Resources of synth whose own, literal name can be looked for. */
export function namedObjects(resources: readonly SynthResource[]): NamedObject[] {
  return resources.flatMap(({ stack, type, attributes }) => {
    const name = attributes[NAMED_TYPES[type]?.by ?? ""];
    return typeof name === "string" && !name.includes("${") ? [{ stack, type, name }] : [];
  });
}

const keyOf = ({ type, name }: NamedObject): string => `${type} ${name}`;

export const questionsFor = (objects: readonly NamedObject[]): Queries =>
  Object.fromEntries(
    objects.map((object) => [keyOf(object), (NAMED_TYPES[object.type] as NamedType).query(object.name)]),
  );

type Row = Readonly<Record<string, unknown>>;

/** Objects in an answer. A bucket that is not one's own comes as a row without id (ncloud 4.0.5). */
function found({ type }: NamedObject, answer: Answer | undefined): readonly Row[] {
  if (answer?.kind !== "row") return [];
  const { list } = NAMED_TYPES[type] as NamedType;
  const rows = list === undefined ? [answer.row] : ((answer.row[list] as readonly Row[] | null) ?? []);
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
    const rows = found(object, answer).filter(
      (row) => NAMED_TYPES[object.type]?.inVpc !== true || ours.has(row["vpc_no"]),
    );
    const strangers = states.known ? rows.filter((row) => !states.ids.has(`${object.type} ${String(row["id"])}`)) : [];
    if (answer?.kind === "failed") said.push(severalOf(place));
    else if (!states.known && rows.length > 0)
      said.push({ severity: "unknown", place, found: `is there; ${states.why}`, try: ORPHANS });
    else if (strangers.length > 0) said.push(takenBy(place, object.stack, strangers));
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

const takenBy = (place: string, stack: string, strangers: readonly Row[]): Said => ({
  severity: "error",
  place,
  found: `is there already, as ${strangers.map((row) => String(row["id"])).join(", ")}, and stands in no state`,
  meaning: `the apply of stack ${stack} would stop: the platform refuses a second one`,
  try: ORPHANS,
});

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
