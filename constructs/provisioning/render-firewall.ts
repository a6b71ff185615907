/** A host's part of the table of flows: what it may receive and send, and where the bastion may tunnel to. */
import { portsOf } from "../../pipeline/flows";
import type { Flow, HostPlan, Party, Plan } from "../../pipeline/plan-types";
import { isRole } from "../../pipeline/roles";
import { tunnelsOf } from "../../pipeline/tunnels";

export interface FirewallRule {
  /** The other ends, CIDR blocks; none means anybody. */
  readonly blocks: readonly string[];
  readonly protocol: "tcp" | "udp";
  /** "22", or "1024-65535". */
  readonly port: string;
  readonly comment: string;
}

/** Whether the party takes the host in. */
export function isIn(party: Party, host: HostPlan): boolean {
  return party === host.role || (party === "private" && host.subnet === "private");
}

const isHosts = (party: Party): boolean => isRole(party) || party === "private";

function rule(plan: Plan, flow: Flow, other: Party): FirewallRule[] {
  const party = plan.parties[other];
  if (party.length === 0) return [];
  // nft takes no block of all addresses in a set.
  const blocks = party.includes("0.0.0.0/0") ? [] : party;
  const comment = `${flow.from} to ${flow.to}: ${flow.why}`.replaceAll('"', "'");
  return [{ blocks, protocol: flow.protocol === "TCP" ? "tcp" : "udp", port: portsOf(flow), comment }];
}

export function inboundRules(plan: Plan, host: HostPlan): FirewallRule[] {
  return plan.flows.filter((flow) => isIn(flow.to, host)).flatMap((flow) => rule(plan, flow, flow.from));
}

export function outboundRules(plan: Plan, host: HostPlan): FirewallRule[] {
  return plan.flows.filter((flow) => isIn(flow.from, host)).flatMap((flow) => rule(plan, flow, flow.to));
}

/** Ends of the tunnels that sshd on this host opens, by address and by name: "10.20.1.6:22". */
export function tunnelEnds(plan: Plan, host: HostPlan): string[] {
  if (host.role !== "proxy") return tunnelsOf(plan, host);
  return plan.flows
    .filter((flow) => isIn(flow.from, host) && isHosts(flow.to) && flow.protocol === "TCP")
    .flatMap((flow) =>
      plan.hosts
        .filter((other) => isIn(flow.to, other) && other.name !== host.name)
        .flatMap((other) => [other.address, other.fqdn, other.name].map((end) => `${end}:${flow.port}`)),
    );
}
