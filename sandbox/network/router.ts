/**
 * The router's rules as one nft script. Every packet of the sandbox passes here, between two hosts of one subnet too,
 * and hosts have no part in it: what a host does to its own firewall changes nothing.
 *
 * Order of the checks in `forward`: routes (stateless), network ACLs at subnet boundaries (stateless, for every packet in
 * both directions), then connection tracking, then access control groups of the source's and of the destination's
 * interface. Addresses are private ones throughout: public addresses are translated before and after.
 */
import {
  NAT_GATEWAY_ADDRESS,
  NIC,
  nicInterface,
  NOWHERE,
  OUTER_ADDRESS,
  OUTSIDE,
  peerInterface,
  peers,
  PLATFORM_SERVICES,
  RESOLVER_ADDRESS,
} from "./addresses";
import { aclRule, checkModel, groupRules, identifier } from "./rules";
import type { NetworkModel } from "./model";

/** Why the router drops a packet. Each is a counter; `dropCounters()` reads them. */
export const DROP_REASONS = [
  "spoofed", // the source is not the sender's address
  "no_route", // nobody has that destination in the sandbox
  "no_internet", // from a subnet or host without a way to the internet
  "private_address", // from outside to a private address
  "this_machine", // a connection to the machine that the sandbox runs on
  "acl_inbound",
  "acl_outbound",
  "invalid", // no state that connection tracking knows
  "group_inbound",
  "group_outbound",
  "router_service", // to the router itself, other than its resolver
] as const;
export type DropReason = (typeof DROP_REASONS)[number];
export type DropCounters = Readonly<Record<DropReason, { readonly packets: number; readonly bytes: number }>>;

const NOTHING = { packets: 0, bytes: 0 };
const drop = (reason: DropReason): string => `counter name ${reason} drop`;

function set(name: string, type: string, elements: readonly string[], flags = ""): string[] {
  const body = [`type ${type};`, ...(flags === "" ? [] : [flags])];
  if (elements.length > 0) body.push(`elements = { ${elements.join(", ")} }`);
  return [`set ${name} {`, ...body.map((line) => `  ${line}`), "}"];
}

function chain(name: string, rules: readonly string[], hook = ""): string[] {
  return [`chain ${name} {`, ...(hook === "" ? [] : [`  ${hook}`]), ...rules.map((rule) => `  ${rule}`), "}"];
}

/** The whole table, replacing the one before in one transaction; `counted` carries its counters over. */
export function renderRouter(model: NetworkModel, counted: Partial<DropCounters> = {}): string {
  checkModel(model);
  const counters = DROP_REASONS.map((reason) => {
    const { packets, bytes } = counted[reason] ?? NOTHING;
    return `counter ${reason} { packets ${packets} bytes ${bytes} }`;
  });
  const blocks = [counters, ...sets(model), ...packetFilter(model), ...translation(model)];
  return [
    "table ip sandbox",
    "delete table ip sandbox",
    "table ip sandbox {",
    ...blocks.flatMap((block, index) => (index === 0 ? block : ["", ...block])).map((line) => line && `  ${line}`),
    "}",
    "",
  ].join("\n");
}

function sets(model: NetworkModel): string[][] {
  const interval = "flags interval; auto-merge;";
  const publicSubnets = new Set(model.subnets.filter((subnet) => subnet.type === "PUBLIC").map((subnet) => subnet.id));
  const published = new Set(model.publicIps.map((entry) => entry.privateIp));
  const natted = model.subnets.filter((subnet) => subnet.type === "PRIVATE" && subnet.internet);
  const bound = [
    `"${OUTSIDE}" . ${OUTER_ADDRESS}`,
    ...peers.map((peer) => `"${peerInterface(peer)}" . ${peer.address}`),
    ...model.nics.map((nic) => `"${nicInterface(nic.ip)}" . ${nic.ip}`),
  ];
  return [
    set("bound", "ifname . ipv4_addr", bound),
    set(
      "subnets",
      "ipv4_addr",
      model.subnets.map((subnet) => subnet.cidr),
      interval,
    ),
    set(
      "published",
      "ipv4_addr",
      model.nics.filter((nic) => publicSubnets.has(nic.subnetId) && published.has(nic.ip)).map((nic) => nic.ip),
    ),
    set(
      "natted",
      "ipv4_addr",
      natted.map((subnet) => subnet.cidr),
      interval,
    ),
    set(
      "nics",
      "ipv4_addr",
      model.nics.map((nic) => nic.ip),
    ),
    ...model.groups.map((group) =>
      set(
        identifier("group", group.id),
        "ipv4_addr",
        model.nics.filter((nic) => nic.groupIds.includes(group.id)).map((nic) => nic.ip),
      ),
    ),
  ];
}

function packetFilter(model: NetworkModel): string[][] {
  const acls = model.acls.flatMap((acl) =>
    (["inbound", "outbound"] as const).map((direction) =>
      chain(
        `${identifier("acl", acl.id)}_${direction}`,
        [...acl[direction]]
          .sort((a, b) => a.priority - b.priority)
          .map((rule) => aclRule(rule, direction, rule.action === "ALLOW" ? "return" : drop(`acl_${direction}`))),
      ),
    ),
  );
  const boundaries = model.subnets.flatMap(({ cidr, aclId }) => [
    `ip saddr ${cidr} ip daddr != ${cidr} jump ${identifier("acl", aclId)}_outbound`,
    `ip daddr ${cidr} ip saddr != ${cidr} jump ${identifier("acl", aclId)}_inbound`,
  ]);
  const groups = (direction: "inbound" | "outbound"): string[] =>
    chain(`groups_${direction}`, [
      ...model.groups.flatMap((group) => groupRules(group.id, group[direction], direction)),
      drop(`group_${direction}`),
    ]);

  return [
    chain(
      "senders",
      ['iifname "lo" accept', `iifname . ip saddr != @bound ${drop("spoofed")}`],
      "type filter hook prerouting priority raw; policy accept;",
    ),
    chain("routes", [
      "ip saddr @subnets ip daddr @subnets return",
      `ip saddr @subnets ip daddr ${PLATFORM_SERVICES} return`,
      `ip saddr @subnets ip saddr != @published ip saddr != @natted ${drop("no_internet")}`,
      `ip daddr @subnets ct state { established, related } return`,
      "ip daddr @subnets ct status dnat return",
      `ip daddr @subnets ${drop("private_address")}`,
      `oifname "${OUTSIDE}" ct state { established, related } return`,
      `oifname "${OUTSIDE}" ${drop("this_machine")}`,
    ]),
    ...acls,
    chain("boundaries", boundaries),
    groups("outbound"),
    groups("inbound"),
    chain(
      "forward",
      [
        "jump routes",
        `oifname "${NOWHERE}" ${drop("no_route")}`,
        "jump boundaries",
        "ct state { established, related } accept",
        `ct state invalid ${drop("invalid")}`,
        "ip saddr @nics jump groups_outbound",
        "ip daddr @nics jump groups_inbound",
      ],
      "type filter hook forward priority filter; policy accept;",
    ),
    // The router itself: the platform's resolver, for hosts only, under the same rules as any other address.
    chain(
      "to_router",
      [
        'iifname "lo" accept',
        `ip daddr != ${RESOLVER_ADDRESS} ${drop("router_service")}`,
        `ip saddr != @nics ${drop("router_service")}`,
        "jump boundaries",
        "ct state { established, related } accept",
        "jump groups_outbound",
        "udp dport 53 accept",
        "tcp dport 53 accept",
        drop("router_service"),
      ],
      "type filter hook input priority filter; policy accept;",
    ),
    chain("from_router", ["jump boundaries"], "type filter hook output priority filter; policy accept;"),
  ];
}

function translation(model: NetworkModel): string[][] {
  const map = (from: "ip" | "privateIp", to: "ip" | "privateIp"): string =>
    `{ ${model.publicIps.map((entry) => `${entry[from]} : ${entry[to]}`).join(", ")} }`;
  const some = model.publicIps.length > 0;
  return [
    chain(
      "public_to_private",
      some ? [`iifname != "${NIC}*" dnat to ip daddr map ${map("ip", "privateIp")}`] : [],
      "type nat hook prerouting priority dstnat; policy accept;",
    ),
    chain(
      "private_to_public",
      [
        `ip daddr @subnets return`,
        `ip daddr ${PLATFORM_SERVICES} return`,
        ...(some ? [`snat to ip saddr map ${map("privateIp", "ip")}`] : []),
        `ip saddr @natted snat to ${NAT_GATEWAY_ADDRESS}`,
      ],
      "type nat hook postrouting priority srcnat; policy accept;",
    ),
  ];
}
