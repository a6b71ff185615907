import { Construct } from "constructs";
import { NetworkAcl as NcloudNetworkAcl } from "@cdktf/provider-ncloud/lib/network-acl";
import { NetworkAclRule, type NetworkAclRuleInbound } from "@cdktf/provider-ncloud/lib/network-acl-rule";
import type { PortRule, PortRules } from "./port-rules";
import { UNUSED } from "./unused";
import type { IVpc } from "./vpc";

export interface INetworkAcl {
  readonly aclId: string;
}

export interface NetworkAclProps {
  readonly vpc: IVpc;
  /** 3 to 30 characters. A change replaces the ACL. */
  readonly name: string;
  /** Changes in place. */
  readonly description: string;
  /** What passes the subnets' boundary, answers included: an ACL is stateless. */
  readonly rules: PortRules;
}

/** Priorities of a direction, lowest first. ncloud 4.0.5 lets 0 pass; the platform's documents begin at 1. */
export const ACL_PRIORITY = { min: 1, max: 199 } as const;

/** What no rule names passes on this platform: the last rules of each direction drop everything it can tell apart. */
const DROPS = [
  { protocol: "TCP", portRange: "1-65535" },
  { protocol: "UDP", portRange: "1-65535" },
  { protocol: "ICMP", portRange: UNUSED },
] as const;

/** A stateless boundary of subnets that admits its rules and drops the rest. */
export class NetworkAcl extends Construct implements INetworkAcl {
  readonly aclId: string;

  constructor(scope: Construct, id: string, props: NetworkAclProps) {
    super(scope, id);
    const acl = new NcloudNetworkAcl(this, "Default", {
      vpcNo: props.vpc.vpcId,
      name: props.name,
      description: props.description,
    });
    this.aclId = acl.id;
    // The one rule resource of this ACL: it owns all its rules, and there are always the drops.
    new NetworkAclRule(this, "rules", {
      networkAclNo: acl.id,
      inbound: this.direction("inbound", props.rules.inbound),
      outbound: this.direction("outbound", props.rules.outbound),
    });
  }

  private direction(name: string, rules: readonly PortRule[]): NetworkAclRuleInbound[] {
    const firstDrop = ACL_PRIORITY.max - DROPS.length + 1;
    const room = firstDrop - ACL_PRIORITY.min;
    if (rules.length > room)
      throw new Error(
        `${this.node.path}: ${rules.length} ${name} rules\n  allowed: up to ${room}, beside ${DROPS.length} that drop the rest\n` +
          "  try: fewer blocks in network.admin_cidrs or object_storage.cidrs of the pipeline file",
      );
    return [
      ...rules.map(({ protocol, ipBlock, portRange, description }, index) => ({
        priority: ACL_PRIORITY.min + index,
        protocol,
        ipBlock,
        denyAllowGroupNo: UNUSED,
        portRange,
        ruleAction: "ALLOW",
        description,
      })),
      ...DROPS.map(({ protocol, portRange }, index) => ({
        priority: firstDrop + index,
        protocol,
        ipBlock: "0.0.0.0/0",
        denyAllowGroupNo: UNUSED,
        portRange,
        ruleAction: "DROP",
        description: "what no flow names",
      })),
    ];
  }
}
