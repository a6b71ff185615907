/**
 * What the stacks need against what the platform gives. Its fixed limits stand in a table; how much an account may still have
 * is told by the console only: no API of the provider knows it, so it stays unknown here, with the numbers to look for.
 */
import type { States } from "../states";
import type { SynthResource } from "../synth";
import type { Check, Said } from "../types";

export interface FixedLimit {
  readonly what: string;
  readonly most: number;
  /** Where it is documented. */
  readonly source: string;
  /** What the stacks would have of it, the largest of each: where, how many. */
  readonly needed: (
    resources: readonly SynthResource[],
  ) => readonly { readonly where: string; readonly count: number }[];
}

const ofType = (resources: readonly SynthResource[], type: string): readonly SynthResource[] =>
  resources.filter((resource) => resource.type === type);

const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0);

/** Both directions of every rule resource of a type. */
const directions =
  (type: string): FixedLimit["needed"] =>
  (resources) =>
    ofType(resources, type).flatMap(({ stack, name, attributes }) =>
      ["inbound", "outbound"].map((direction) => ({
        where: `${stack}/${name}, ${direction}`,
        count: lengthOf(attributes[direction]),
      })),
    );

const lists =
  (type: string, attribute: string): FixedLimit["needed"] =>
  (resources) =>
    ofType(resources, type).map(({ stack, name, attributes }) => ({
      where: `${stack}/${name}`,
      count: lengthOf(attributes[attribute]),
    }));

const GUIDE = "guide.ncloud-docs.com/docs/en/server-acg-vpc";

export const FIXED_LIMITS: readonly FixedLimit[] = [
  {
    what: "rules of an ACG in one direction",
    most: 50,
    source: GUIDE,
    needed: directions("ncloud_access_control_group_rule"),
  },
  {
    what: "ACGs of a network, its default one included",
    most: 500,
    source: GUIDE,
    needed: (resources) => [
      { where: "all stacks", count: ofType(resources, "ncloud_access_control_group").length + 1 },
    ],
  },
  {
    what: "ACGs of a network interface",
    most: 3,
    source: GUIDE,
    needed: lists("ncloud_network_interface", "access_control_groups"),
  },
  {
    what: "network interfaces of a server",
    most: 3,
    source: "ncloud 4.0.5, ncloud_server",
    needed: lists("ncloud_server", "network_interface"),
  },
  {
    what: "rules of a network ACL in one direction",
    most: 199,
    source: "priorities 1 to 199, ncloud 4.0.5, ncloud_network_acl_rule",
    needed: directions("ncloud_network_acl_rule"),
  },
];

function within({ what, most, source, needed }: FixedLimit, resources: readonly SynthResource[]): Said[] {
  const all = needed(resources);
  const over = all.filter(({ count }) => count > most);
  if (over.length > 0)
    return over.map(({ where, count }) => ({
      severity: "error",
      place: where,
      found: `${count} ${what}`,
      allowed: `up to ${most} (${source})`,
      try: "fewer blocks in network.admin_cidrs or object_storage.cidrs of the pipeline file",
    }));
  const largest = Math.max(0, ...all.map(({ count }) => count));
  return [{ severity: "ok", place: what, found: `${largest} of ${most}` }];
}

/** What an account has a quota of, by type: one, many. */
const COUNTED: readonly (readonly [type: string, one: string, many: string])[] = [
  ["ncloud_vpc", "VPC", "VPCs"],
  ["ncloud_subnet", "subnet", "subnets"],
  ["ncloud_server", "server", "servers"],
  ["ncloud_public_ip", "public IP", "public IPs"],
  ["ncloud_block_storage", "additional volume", "additional volumes"],
  ["ncloud_objectstorage_bucket", "bucket", "buckets"],
];

/** What the account must have room for: what the stacks make and the states don't hold. */
export function neededOf(resources: readonly SynthResource[], counts: ReadonlyMap<string, number>): string[] {
  return COUNTED.flatMap(([type, one, many]) => {
    const more = ofType(resources, type).length - (counts.get(type) ?? 0);
    return more <= 0 ? [] : [`${more} ${more === 1 ? one : many}`];
  });
}

function ofAccount(resources: readonly SynthResource[], states: States): Said {
  const place = "the account's quotas";
  const needed = neededOf(resources, states.known ? states.counts : new Map());
  if (needed.length === 0)
    return { severity: "ok", place, found: "nothing more is needed than what stands in the states" };
  return {
    severity: "unknown",
    place,
    found: `${states.known ? "more is needed" : "all stacks need"}: ${needed.join(", ")}`,
    meaning: "no API that the provider knows tells an account's quotas",
    try: "compare with Service Quota on the console (guide.ncloud-docs.com/docs/en/servicequota-spec)",
  };
}

export const quotas: Check = {
  name: "quotas",
  about: "what the stacks need is within the platform's fixed limits; of the account's quotas, the numbers to look for",
  needs: [],
  run: async ({ synth, states }) => {
    const resources = await synth();
    return [...FIXED_LIMITS.flatMap((limit) => within(limit, resources)), ofAccount(resources, await states())];
  },
};
