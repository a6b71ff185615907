/** From flows to port rules, as plain values: what access control groups and network ACLs admit. */
import { contains } from "../../pipeline/cidr";
import { portsOf } from "../../pipeline/flows";
import type { Flow, Party, Plan } from "../../pipeline/plan-types";

export type Parties = Plan["parties"];

/** One rule of a direction. The other end is an IPv4 block; the near end is whoever the rules belong to. */
export interface PortRule {
  readonly protocol: "TCP" | "UDP";
  readonly ipBlock: string;
  /** "22" or "32768-60999" */
  readonly portRange: string;
  readonly description: string;
}

export interface PortRules {
  readonly inbound: readonly PortRule[];
  readonly outbound: readonly PortRule[];
}

/** Ports from which Linux opens connections (net.ipv4.ip_local_port_range); ours are all Linux. */
const OUR_CLIENT_PORTS = "32768-60999";
/** Ports from which other systems do. */
const ANY_CLIENT_PORTS = "1024-65535";

/** Rules of a stateful group whose members are hosts, given as /32 blocks. Answers need no rule. */
export function groupRules(members: readonly string[], flows: readonly Flow[], parties: Parties): PortRules {
  const isMember = (party: Party): boolean => parties[party].some((block) => members.includes(block));
  return {
    inbound: merged(flows.filter((flow) => isMember(flow.to)).flatMap((flow) => requests(flow, parties[flow.from]))),
    outbound: merged(flows.filter((flow) => isMember(flow.from)).flatMap((flow) => requests(flow, parties[flow.to]))),
  };
}

/**
 * Rules of a stateless subnet boundary: requests one way, answers the other. An answer's rule names the client's ports, as
 * narrow as the client is known: ports of our own services never lie among those that answers come in by.
 */
export function boundaryRules(
  subnetCidr: string,
  vpcCidr: string,
  flows: readonly Flow[],
  parties: Parties,
): PortRules {
  const all = (outer: string, party: Party): boolean => parties[party].every((block) => contains(outer, block));
  // What stays in the subnet never crosses its boundary.
  const crossing = flows.filter((flow) => !(all(subnetCidr, flow.from) && all(subnetCidr, flow.to)));
  const some = (party: Party): boolean => parties[party].some((block) => contains(subnetCidr, block));
  const answers = (flow: Flow, blocks: readonly string[]): PortRule[] =>
    requests(flow, blocks).map((rule) => ({
      ...rule,
      portRange: all(vpcCidr, flow.from) ? OUR_CLIENT_PORTS : ANY_CLIENT_PORTS,
      description: `answers, ${rule.description}`,
    }));
  return {
    inbound: merged(
      crossing.flatMap((flow) => [
        ...(some(flow.to) ? requests(flow, parties[flow.from]) : []),
        ...(some(flow.from) ? answers(flow, parties[flow.to]) : []),
      ]),
    ),
    outbound: merged(
      crossing.flatMap((flow) => [
        ...(some(flow.from) ? requests(flow, parties[flow.to]) : []),
        ...(some(flow.to) ? answers(flow, parties[flow.from]) : []),
      ]),
    ),
  };
}

function requests(flow: Flow, blocks: readonly string[]): PortRule[] {
  return blocks.map((ipBlock) => ({
    protocol: flow.protocol,
    ipBlock,
    portRange: portsOf(flow),
    description: `${flow.from} to ${flow.to}: ${flow.why}`,
  }));
}

/** The platform refuses a rule that is there already: one rule carries the reasons of all flows that need it. */
function merged(rules: readonly PortRule[]): PortRule[] {
  const meaningOf = ({ protocol, ipBlock, portRange }: PortRule): string => `${protocol} ${ipBlock} ${portRange}`;
  return [...new Set(rules.map(meaningOf))].map((meaning) => {
    const alike = rules.filter((rule) => meaningOf(rule) === meaning);
    return { ...(alike[0] as PortRule), description: [...new Set(alike.map((rule) => rule.description))].join("; ") };
  });
}
