/** What opens a port, in every notation that the outputs know, as one shape. */
import { referencesIn, type Element } from "../infrastructure/elements";
import type { JsonObject } from "../values/json";
import { at, listOf, objectOf, textOf } from "../values/json";

export interface Permit {
  readonly direction: "inbound" | "outbound";
  /** "TCP", "UDP", "ICMP", "any" */
  readonly protocol: string;
  /** An IPv4 or IPv6 block, or the name of a group. */
  readonly peer: string;
  /** First and last port. */
  readonly ports: readonly [number, number];
  /** The answers' half of a stateless rule. */
  readonly answers?: true;
}

export const ALL_PORTS = [0, 65535] as const;

/** Ports from which clients open connections begin here or above. */
const CLIENT_PORTS = 1024;

export function portsOf(text: string): readonly [number, number] {
  const [from, to = from] = text.split("-").map(Number);
  return Number.isInteger(from) && Number.isInteger(to) ? [from as number, to as number] : ALL_PORTS;
}

const DIRECTIONS = ["inbound", "outbound"] as const;

type Reader = (element: Element) => Permit[];

/** Rules of an access control group: all of them admit. */
const ncloudGroup: Reader = ({ config }) =>
  DIRECTIONS.flatMap((direction) =>
    listOf(config[direction]).map((rule) => ({
      direction,
      protocol: protocolOf(at(rule, "protocol")),
      peer: textOf(at(rule, "ip_block") ?? groupOf(at(rule, "source_access_control_group_no"))),
      ports: portsOf(textOf(at(rule, "port_range") ?? "")),
    })),
  );

/** Rules of a network ACL: those that allow, before the first that drops the same; what no rule names passes. */
const ncloudAcl: Reader = ({ config }) =>
  DIRECTIONS.flatMap((direction) => {
    const rules = listOf(config[direction])
      .map(objectOf)
      .sort((a, b) => Number(a["priority"]) - Number(b["priority"]));
    const allowed = rules.filter((rule) => rule["rule_action"] === "ALLOW").map((rule) => aclPermit(direction, rule));
    const dropped = rules.filter((rule) => rule["rule_action"] === "DROP").map((rule) => aclPermit(direction, rule));
    const open = ["TCP", "UDP", "ICMP"]
      .filter((protocol) => !dropped.some((drop) => drop.protocol === protocol && drop.peer === "0.0.0.0/0"))
      .map((protocol): Permit => ({ direction, protocol, peer: "0.0.0.0/0", ports: ALL_PORTS }));
    const marked = allowed.map((permit) => (isAnswer(permit, config) ? { ...permit, answers: true as const } : permit));
    return [...marked, ...open];
  });

function aclPermit(direction: Permit["direction"], rule: JsonObject): Permit {
  return {
    direction,
    protocol: protocolOf(rule["protocol"]),
    peer: textOf(rule["ip_block"] ?? groupOf(rule["deny_allow_group_no"])),
    ports: portsOf(textOf(rule["port_range"] ?? "")),
  };
}

/** The way back of a connection that the other direction allows: to the ports that clients use. */
function isAnswer({ direction, protocol, peer, ports }: Permit, config: JsonObject): boolean {
  if (ports[0] < CLIENT_PORTS || ports[1] - ports[0] < 1000) return false;
  return listOf(config[direction === "inbound" ? "outbound" : "inbound"]).some(
    (rule) =>
      at(rule, "rule_action") === "ALLOW" &&
      protocolOf(at(rule, "protocol")) === protocol &&
      at(rule, "ip_block") === peer,
  );
}

const awsGroup: Reader = ({ config }) =>
  (["ingress", "egress"] as const).flatMap((side) =>
    listOf(config[side]).flatMap((rule) => awsPermits(side, objectOf(rule))),
  );

const awsRule: Reader = ({ type, config }) => {
  const side = type.includes("_egress_") || config["type"] === "egress" ? "egress" : "ingress";
  return awsPermits(side, config);
};

const PEERS = [
  "cidr_blocks",
  "ipv6_cidr_blocks",
  "cidr_ipv4",
  "cidr_ipv6",
  "prefix_list_ids",
  "prefix_list_id",
  "security_groups",
  "source_security_group_id",
  "referenced_security_group_id",
];

function awsPermits(side: "ingress" | "egress", rule: JsonObject): Permit[] {
  const protocol = protocolOf(rule["protocol"] ?? rule["ip_protocol"]);
  const ports =
    protocol === "any" ? ALL_PORTS : ([Number(rule["from_port"] ?? 0), Number(rule["to_port"] ?? 65535)] as const);
  return PEERS.flatMap((key) => listOf(rule[key])).map((peer) => ({
    direction: side === "ingress" ? "inbound" : "outbound",
    protocol,
    peer: groupOf(peer),
    ports,
  }));
}

function protocolOf(value: unknown): string {
  const text = textOf(value ?? "any").toUpperCase();
  return text === "-1" || text === "ALL" ? "any" : text === "ANY" ? "any" : text;
}

/** A group by its address, for it has no other name before an apply. */
function groupOf(value: unknown): string {
  const text = textOf(value);
  return referencesIn(text)[0]?.address ?? text;
}

/** Readers by type. */
export const PERMIT_READERS: Readonly<Record<string, Reader>> = {
  aws_security_group: awsGroup,
  aws_security_group_rule: awsRule,
  aws_vpc_security_group_egress_rule: awsRule,
  aws_vpc_security_group_ingress_rule: awsRule,
  ncloud_access_control_group_rule: ncloudGroup,
  ncloud_network_acl_rule: ncloudAcl,
};

const ACCEPTS = /\baccept\b/;
const CHAIN = /^\s*chain\s+(\S+)/;
const POLICY = /hook\s+(input|output|forward).*policy\s+accept/;

/** What nftables admits; every row of the table of flows is one line. */
export function nftPermits(text: string): Permit[] {
  let direction: Permit["direction"] = "inbound";
  return text.split("\n").flatMap((line): Permit[] => {
    const chain = CHAIN.exec(line)?.[1];
    if (chain !== undefined) direction = /out/.test(chain) ? "outbound" : "inbound";
    const policy = POLICY.exec(line)?.[1];
    if (policy !== undefined)
      return [
        {
          direction: policy === "output" ? "outbound" : "inbound",
          protocol: "any",
          peer: "0.0.0.0/0",
          ports: ALL_PORTS,
        },
      ];
    if (!ACCEPTS.test(line) || /established|iifname "lo"|oifname "lo"|\(DHCP\)|!= syn/.test(line)) return [];
    const protocol = /\b(tcp|udp|icmp)\b/.exec(line)?.[1]?.toUpperCase() ?? "any";
    const peers = /ip [sd]addr (?:\{([^}]*)\}|(\S+))/.exec(line);
    const ports = /dport (?:\{([^}]*)\}|(\S+))/.exec(line);
    const list = (match: RegExpExecArray | null, otherwise: string): string[] =>
      (match?.[1] ?? match?.[2] ?? otherwise)
        .split(",")
        .map((each) => each.trim())
        .filter((each) => each !== "");
    return list(peers, "0.0.0.0/0").flatMap((peer) =>
      list(ports, "0-65535").map((port) => ({ direction, protocol, peer, ports: portsOf(port) })),
    );
  });
}
