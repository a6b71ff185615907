import { Construct } from "constructs";
import { AccessControlGroup as NcloudAccessControlGroup } from "@cdktf/provider-ncloud/lib/access-control-group";
import {
  AccessControlGroupRule,
  type AccessControlGroupRuleInbound,
} from "@cdktf/provider-ncloud/lib/access-control-group-rule";
import { DataNcloudAccessControlGroup } from "@cdktf/provider-ncloud/lib/data-ncloud-access-control-group";
import type { PortRule, PortRules } from "./port-rules";
import { UNUSED } from "./unused";
import type { IVpc } from "./vpc";

export interface IAccessControlGroup {
  readonly groupId: string;
}

export interface AccessControlGroupProps {
  readonly vpc: IVpc;
  /** 3 to 30 characters. A change replaces the group, which fails while a server uses it. */
  readonly name: string;
  /** A change replaces the group, as the name's does. */
  readonly description: string;
  /** What it admits; at least one rule. Changes in place. */
  readonly rules: PortRules;
}

/** A stateful group of servers: what no rule of it names is dropped, answers pass. */
export class AccessControlGroup extends Construct implements IAccessControlGroup {
  /** A group made elsewhere. */
  static fromName(scope: Construct, id: string, vpc: IVpc, name: string): IAccessControlGroup {
    return { groupId: new DataNcloudAccessControlGroup(scope, id, { vpcNo: vpc.vpcId, name }).id };
  }

  readonly groupId: string;

  constructor(scope: Construct, id: string, props: AccessControlGroupProps) {
    super(scope, id);
    const { inbound, outbound } = props.rules;
    // ncloud 4.0.5: a rule resource without rules vanishes from the state and is made again at every apply.
    if (inbound.length + outbound.length === 0)
      throw new Error(
        `${this.node.path}: no flow begins or ends at group ${props.name}\n  allowed: one rule or more\n` +
          "  try: add the flow to pipeline/flows.ts, or make no group",
      );
    const group = new NcloudAccessControlGroup(this, "Default", {
      vpcNo: props.vpc.vpcId,
      name: props.name,
      description: props.description,
    });
    this.groupId = group.id;
    // The one rule resource of this group: two would remove each other's rules.
    new AccessControlGroupRule(this, "rules", {
      accessControlGroupNo: group.id,
      inbound: inbound.map(ruleObject),
      outbound: outbound.map(ruleObject),
    });
  }
}

function ruleObject({ protocol, ipBlock, portRange, description }: PortRule): AccessControlGroupRuleInbound {
  return { protocol, ipBlock, portRange, sourceAccessControlGroupNo: UNUSED, description };
}
