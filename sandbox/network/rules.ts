/** One rule of the platform as one line of nft, and the checks that keep anything else out of the script. */
import { contains, isAddress, isBlock } from "../../pipeline/cidr";
import type { AclRule, GroupRule, NetworkModel } from "./model";

export type Direction = "inbound" | "outbound";

const PORT_RANGE = /^(\d{1,5})(?:-(\d{1,5}))?$/;
const PORT = { min: 1, max: 65535 } as const;

function refuse(what: string, found: string, allowed: string): never {
  throw new Error(`sandbox network: ${what}: ${JSON.stringify(found)}\n  allowed: ${allowed}`);
}

/** Name of a chain or set for an object of the cloud. */
export function identifier(kind: "acl" | "group", id: string): string {
  if (!/^[A-Za-z0-9_]{1,64}$/.test(id)) refuse(`id of the ${kind}`, id, "1 to 64 letters, digits and underscores");
  return `${kind}_${id}`;
}

/** "" for everyone. The other end is the source of what comes in, the destination of what goes out. */
function otherEnd(block: string, direction: Direction): string {
  if (!isBlock(block)) refuse("ip_block", block, "an IPv4 block with its host bits zero, such as 10.20.1.0/24");
  if (block === "0.0.0.0/0") return "";
  return `ip ${direction === "inbound" ? "saddr" : "daddr"} ${block} `;
}

function traffic(protocol: string, portRange: string | null): string {
  const name = protocol.toLowerCase();
  if (name === "icmp" || /^\d+$/.test(name)) {
    if (portRange !== null) refuse(`port_range of protocol ${protocol}`, portRange, "none: it has no ports");
    if (name === "icmp") return "meta l4proto icmp";
    if (Number(name) < 1 || Number(name) > 254)
      refuse("protocol", protocol, "TCP, UDP, ICMP or a number from 1 to 254");
    return `meta l4proto ${Number(name)}`;
  }
  if (name !== "tcp" && name !== "udp") refuse("protocol", protocol, "TCP, UDP, ICMP or a number from 1 to 254");
  if (portRange === null) return `meta l4proto ${name}`;
  const [, first, last = first] = PORT_RANGE.exec(portRange) ?? [];
  const low = Number(first);
  const high = Number(last);
  if (!(low >= PORT.min && low <= high && high <= PORT.max)) {
    refuse("port_range", portRange, `one port or FIRST-LAST, from ${PORT.min} to ${PORT.max}`);
  }
  return `${name} dport ${low === high ? low : `${low}-${high}`}`;
}

/** A rule of a network ACL. */
export function aclRule(rule: AclRule, direction: Direction, verdict: string): string {
  return `${otherEnd(rule.ipBlock, direction)}${traffic(rule.protocol, rule.portRange)} ${verdict}`;
}

/** The rules of an access control group, each for the interfaces that are in it. */
export function groupRules(id: string, rules: readonly GroupRule[], direction: Direction): string[] {
  const [own, other] = direction === "inbound" ? ["daddr", "saddr"] : ["saddr", "daddr"];
  return rules.map((rule) => {
    if ((rule.ipBlock === undefined) === (rule.sourceGroupId === undefined)) {
      refuse(
        `rule of access control group ${id}`,
        JSON.stringify(rule),
        "an ip_block or a source group, one of the two",
      );
    }
    const end =
      rule.sourceGroupId === undefined
        ? otherEnd(rule.ipBlock as string, direction)
        : `ip ${other} @${identifier("group", rule.sourceGroupId)} `;
    return `ip ${own} @${identifier("group", id)} ${end}${traffic(rule.protocol, rule.portRange)} return`;
  });
}

/** Everything that one object says about another must hold, or the router would enforce something nobody wrote. */
export function checkModel(model: NetworkModel): void {
  const subnets = new Map(model.subnets.map((subnet) => [subnet.id, subnet]));
  const acls = new Set(model.acls.map((acl) => acl.id));
  const groups = new Set(model.groups.map((group) => group.id));
  const addresses = new Set<string>();
  for (const { id, cidr, aclId } of model.subnets) {
    if (!isBlock(cidr)) refuse(`block of subnet ${id}`, cidr, "an IPv4 block with its host bits zero");
    if (!acls.has(aclId)) refuse(`network ACL of subnet ${id}`, aclId, `one of ${[...acls].join(", ") || "none yet"}`);
  }
  for (const { id, ip, subnetId, groupIds } of model.nics) {
    const subnet = subnets.get(subnetId);
    if (subnet === undefined) refuse(`subnet of interface ${id}`, subnetId, `one of ${[...subnets.keys()].join(", ")}`);
    if (!isAddress(ip) || !contains(subnet.cidr, ip)) refuse(`address of interface ${id}`, ip, `inside ${subnet.cidr}`);
    if (addresses.has(ip)) refuse(`address of interface ${id}`, ip, "an address that no other interface has");
    addresses.add(ip);
    const unknown = groupIds.find((group) => !groups.has(group));
    if (unknown !== undefined) refuse(`group of interface ${id}`, unknown, `one of ${[...groups].join(", ")}`);
  }
  for (const group of model.groups) {
    for (const { sourceGroupId } of [...group.inbound, ...group.outbound]) {
      if (sourceGroupId !== undefined && !groups.has(sourceGroupId)) {
        refuse(`source group of access control group ${group.id}`, sourceGroupId, `one of ${[...groups].join(", ")}`);
      }
    }
  }
  for (const { ip, privateIp } of model.publicIps) {
    if (!isAddress(ip)) refuse("public IP", ip, "an IPv4 address");
    if (!addresses.has(privateIp))
      refuse(`interface of public IP ${ip}`, privateIp, `one of ${[...addresses].join(", ")}`);
  }
}
