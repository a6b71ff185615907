/** Ports opened and closed: access control groups, network ACLs, AWS's security groups, nftables; and new ways out. */
import ipaddr from "ipaddr.js";
import type { ElementChange } from "../infrastructure/compare";
import type { Element } from "../infrastructure/elements";
import type { Finding, Place } from "../report";
import { at, sortedUnique, textOf } from "../values/json";
import {
  constructOf,
  finding,
  hostsOf,
  hostsOnlyIn,
  placeOf,
  type Comparison,
  type Rule,
  type Verdict,
} from "./comparison";
import { nameIn } from "./data";
import { nftPermits, PERMIT_READERS, type Permit } from "./permits";

/** Who opens: a resource or a host's own firewall. */
interface Owner {
  readonly name: string;
  readonly place: Place;
}

/** One permit that is new, or gone, with everybody who gives it. */
interface Change {
  readonly permit: Permit;
  readonly owners: Owner[];
}

export const ports: Rule = (comparison) => {
  const [opened, closed] = [new Map<string, Change>(), new Map<string, Change>()];
  for (const { owner, before, after } of permitsOf(comparison)) {
    collect(
      opened,
      owner,
      after.filter((permit) => !before.some((other) => covers(other, permit))),
    );
    collect(
      closed,
      owner,
      before.filter((permit) => !after.some((other) => covers(other, permit))),
    );
  }
  const [arrived, gone] = [
    hostsOnlyIn(comparison.after, comparison.before),
    hostsOnlyIn(comparison.before, comparison.after),
  ];
  return [...told(opened, verdictOf, arrived), ...told(closed, () => NARROWED, gone)];
};

const NARROWED: Verdict = {
  severity: "info",
  kind: "network-narrowed",
  consequence: "connections that came this way are dropped",
};

/** Permits of everything that stands on both sides, or on one. */
function permitsOf({
  before,
  after,
  elements,
  files,
}: Comparison): { readonly owner: Owner; readonly before: Permit[]; readonly after: Permit[] }[] {
  const read = (element: Element | undefined): Permit[] =>
    element === undefined ? [] : (PERMIT_READERS[element.type]?.(element) ?? []);
  const resources = elements
    .filter(
      ({ before: old, after: now, action }) =>
        action !== undefined && (now ?? old)?.block === "resource" && ((now ?? old) as Element).type in PERMIT_READERS,
    )
    .map(({ before: old, after: now }) => ({
      owner: ownerOf((now ?? old) as Element),
      before: read(old),
      after: read(now),
    }));
  const [left, right] = [hostsOf(before), hostsOf(after)];
  const firewalls = files
    .filter(
      ({ path, host, before: old, after: now }) =>
        path.endsWith(".nft") && old?.text !== now?.text && left.has(host) && right.has(host),
    )
    .map(({ path, host, before: old, after: now }) => ({
      owner: { name: `nftables of ${host}`, place: { file: path, host } },
      before: nftPermits(old?.text ?? ""),
      // Without the table everything passes.
      after: now === undefined ? OPEN : nftPermits(now.text),
    }));
  return [...resources, ...firewalls];
}

const OPEN: Permit[] = (["inbound", "outbound"] as const).map((direction) => ({
  direction,
  protocol: "any",
  peer: "0.0.0.0/0",
  ports: [0, 65535],
}));

function ownerOf(element: Element): Owner {
  // The construct that the rules belong to: "network/proxy-group" of "network/proxy-group/rules".
  const construct = constructOf(element);
  return {
    name: construct
      .replace(/\/rules$/, "")
      .split("/")
      .at(-1) as string,
    place: { construct },
  };
}

function covers(wide: Permit, narrow: Permit): boolean {
  return (
    wide.direction === narrow.direction &&
    (wide.protocol === narrow.protocol || wide.protocol === "any") &&
    wide.ports[0] <= narrow.ports[0] &&
    wide.ports[1] >= narrow.ports[1] &&
    blockCovers(wide.peer, narrow.peer)
  );
}

/** Whether one block holds the other; names hold themselves. */
export function blockCovers(wide: string, narrow: string): boolean {
  if (wide === narrow) return true;
  const [outer, inner] = [parsed(wide), parsed(narrow)];
  if (outer === undefined || inner === undefined || outer[0].kind() !== inner[0].kind()) return false;
  return inner[1] >= outer[1] && inner[0].match(outer as never);
}

const blocks = new Map<string, readonly [ipaddr.IPv4 | ipaddr.IPv6, number] | undefined>();

function parsed(text: string): readonly [ipaddr.IPv4 | ipaddr.IPv6, number] | undefined {
  if (blocks.has(text)) return blocks.get(text);
  let block: readonly [ipaddr.IPv4 | ipaddr.IPv6, number] | undefined;
  try {
    if (text.includes("/")) block = ipaddr.parseCIDR(text);
    else {
      const address = ipaddr.parse(text);
      block = [address, address.kind() === "ipv4" ? 32 : 128];
    }
  } catch {
    block = undefined;
  }
  blocks.set(text, block);
  return block;
}

/** A boundary's answers follow from its requests, and are told with them. */
function collect(changes: Map<string, Change>, owner: Owner, permits: readonly Permit[]): void {
  for (const permit of permits) {
    if (permit.answers === true) continue;
    const key = [permit.direction, permit.protocol, permit.peer, ...permit.ports].join(" ");
    const change = changes.get(key) ?? { permit, owners: [] };
    if (!change.owners.some(({ name }) => name === owner.name)) change.owners.push(owner);
    changes.set(key, change);
  }
}

/** One finding for all peers that the same owners admit to the same ports with the same gravity. */
function told(
  changes: ReadonlyMap<string, Change>,
  judge: (permit: Permit) => Verdict,
  hosts: ReadonlyMap<string, string>,
): Finding[] {
  const groups = new Map<string, Change[]>();
  const withHosts = new Map<string, Change[]>();
  for (const change of changes.values()) {
    const { direction, protocol, peer, ports: range } = change.permit;
    const host = hosts.get(peer);
    const { kind, severity } = judge(change.permit);
    const owners = change.owners.map(({ name }) => name).join();
    const [map, key] =
      host === undefined
        ? [groups, [direction, protocol, range.join("-"), kind, severity, owners].join(" ")]
        : [withHosts, host];
    map.set(key, [...(map.get(key) ?? []), change]);
  }
  return [
    ...[...groups.values()].map((group) => groupFinding(group, judge)),
    ...[...withHosts].map(([host, group]) => hostFinding(host, group, judge)),
  ];
}

function groupFinding(group: readonly Change[], judge: (permit: Permit) => Verdict): Finding {
  const { permit, owners } = group[0] as Change;
  return finding(judge(permit), (owners[0] as Owner).place, inWords(group));
}

/** What comes, or goes, with a host is one finding. */
function hostFinding(host: string, group: readonly Change[], judge: (permit: Permit) => Verdict): Finding {
  const { permit, owners } = group[0] as Change;
  const verdict = judge(permit);
  const reason = `with the host ${host}: ${group.map((change) => inWords([change])).join("; ")}`;
  return finding(
    verdict.severity === "info" ? verdict : { ...verdict, severity: "low" },
    (owners[0] as Owner).place,
    reason,
  );
}

/** "203.0.113.0/24 to TCP 22 of proxy-group, nftables of proxy-1" */
function inWords(group: readonly Change[]): string {
  const { permit, owners } = group[0] as Change;
  const peers = sortedUnique(group.map((change) => change.permit.peer)).join(", ");
  const [first, last] = permit.ports;
  const range = first === 0 && last === 65535 ? "all ports" : first === last ? String(first) : `${first}-${last}`;
  const port =
    permit.protocol === "ICMP" ? "ICMP" : `${permit.protocol === "any" ? "any protocol," : permit.protocol} ${range}`;
  const who = owners.map(({ name }) => name).join(", ");
  return permit.direction === "inbound" ? `${peers} to ${port} of ${who}` : `${who} to ${port} of ${peers}`;
}

function verdictOf({ direction, peer }: Permit): Verdict {
  const block = parsed(peer);
  const everywhere = block !== undefined && block[1] < 8;
  const range = block?.[0].range();
  const inside =
    block === undefined ||
    range === "private" ||
    range === "uniqueLocal" ||
    range === "linkLocal" ||
    range === "loopback";
  if (direction === "inbound" && everywhere)
    return {
      severity: "critical",
      kind: "internet-opened",
      consequence: "everybody on the internet reaches this port",
    };
  if (direction === "inbound" && !inside)
    return { severity: "high", kind: "network-opened", consequence: "addresses outside the network reach this port" };
  if (direction === "inbound")
    return { severity: "medium", kind: "network-opened", consequence: "these hosts reach this port" };
  if (everywhere) return { severity: "high", kind: "way-out-opened", consequence: "data can leave to any address" };
  return inside
    ? { severity: "medium", kind: "network-opened", consequence: "these hosts open connections to this port" }
    : { severity: "high", kind: "way-out-opened", consequence: "data can leave to these addresses" };
}

interface Door {
  readonly type: string;
  /** Whether this one is a door at all. */
  readonly opens?: (element: Element) => boolean;
  readonly what: string;
  readonly verdict: Verdict;
}

const out = (consequence: string): Verdict => ({ severity: "high", kind: "way-out-opened", consequence });
const inward = (consequence: string): Verdict => ({ severity: "critical", kind: "internet-opened", consequence });

/** Resources that are a door by being there. */
const DOORS: readonly Door[] = [
  {
    type: "ncloud_nat_gateway",
    what: "a NAT gateway",
    verdict: out("private hosts reach the internet without the proxy"),
  },
  { type: "ncloud_route", what: "a route", verdict: out("hosts of its subnets reach what lies behind it") },
  {
    type: "ncloud_vpc_peering",
    what: "a peering of networks",
    verdict: out("hosts of the other network can be reached, and reach these"),
  },
  { type: "aws_nat_gateway", what: "a NAT gateway", verdict: out("private hosts reach the internet") },
  {
    type: "aws_internet_gateway",
    what: "an internet gateway",
    verdict: out("hosts with public addresses reach the internet, and are reached"),
  },
  { type: "aws_eip", what: "a public address", verdict: inward("its host can be reached from the internet") },
  {
    type: "ncloud_public_ip",
    what: "a public address",
    verdict: inward("its host can be reached from the internet, by what its groups admit"),
  },
  {
    type: "ncloud_lb",
    opens: ({ config }) => config["network_type"] !== "PRIVATE",
    what: "a public load balancer",
    verdict: inward("its targets can be reached from the internet"),
  },
  {
    type: "ncloud_subnet",
    opens: ({ config }) => config["subnet_type"] === "PUBLIC",
    what: "a public subnet",
    verdict: out("its hosts may have public addresses and have the route to the internet"),
  },
];

const CLOSED: Verdict = { severity: "info", kind: "way-out-closed", consequence: "what went this way has none" };

export const doors: Rule = ({ elements }) =>
  elements.flatMap((each: ElementChange): Finding[] => {
    const element = each.after ?? each.before;
    const door = DOORS.find(({ type }) => type === element?.type);
    if (element?.block !== "resource" || door === undefined) return [];
    const { opens = () => true } = door;
    const [old, now] = [each.before, each.after].map((side) => side !== undefined && opens(side));
    if (old === now) return [];
    return [
      finding(
        now === true ? door.verdict : CLOSED,
        placeOf(element),
        `${door.what}, ${nameIn(element)}, is ${now === true ? "new" : "gone"}`,
      ),
    ];
  });

/** An ACL that a subnet leaves, and a host's groups: rights by membership. */
export const memberships: Rule = ({ elements }) =>
  elements.flatMap(({ before, after }): Finding[] => {
    if (before === undefined || after?.block !== "resource") return [];
    const findings: Finding[] = [];
    if (after.type === "ncloud_network_interface") {
      const groups = (element: Element): string[] =>
        ([] as unknown[]).concat(element.config["access_control_groups"] ?? []).map(textOf);
      const added = groups(after).filter((group) => !groups(before).includes(group));
      const verdict: Verdict = {
        severity: "medium",
        kind: "network-opened",
        consequence: "the host gets what these groups admit",
      };
      if (added.length > 0)
        findings.push(finding(verdict, placeOf(after), `${nameIn(after)} joins the groups ${added.join(", ")}`));
    }
    if (after.type === "ncloud_subnet" && at(before.config, "network_acl_no") !== at(after.config, "network_acl_no")) {
      const verdict: Verdict = {
        severity: "medium",
        kind: "network-opened",
        consequence: "another boundary decides what passes",
      };
      findings.push(finding(verdict, placeOf(after), `the network ACL of ${nameIn(after)} is another`));
    }
    return findings;
  });
