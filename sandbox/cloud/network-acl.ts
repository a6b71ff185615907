import type { Plain } from "../provider/cloud";
import { Refused } from "../provider/diagnostics";
import { type Kind, required, text } from "./kind";
import { type AclRuleRecord, KIND, type NetworkAcl, type Subnet } from "./records";
import { objectsOf, type RulesKind } from "./rules";
import { claimInVpc, descriptionOf, memberAttributes } from "./vpc-member";

export const networkAcl: Kind<NetworkAcl> = {
  type: KIND.acl,
  network: true,
  attributes: (record) => memberAttributes(record, "network_acl_no"),
  claim: (wanted, id, platform) => ({
    ...claimInVpc(KIND.acl, wanted, id, platform),
    inbound: [],
    outbound: [],
  }),
  change: (record, wanted) => ({ ...record, ...descriptionOf(wanted) }),
  mayGo: ({ id, name, isDefault }, platform) => {
    if (isDefault) throw new Refused(`${name} is its VPC's default network ACL\n  allowed: it goes with the VPC`);
    platform.refuseInUse<Subnet>(`network ACL ${name}`, KIND.subnet, ({ aclNo }) => aclNo === id);
  },
};

/** All rules of one ACL. There is no import (ncloud 4.0.5). */
export const networkAclRules: RulesKind<NetworkAcl> = {
  type: "ncloud_network_acl_rule",
  owner: KIND.acl,
  ownerAttribute: "network_acl_no",
  importable: false,
  read: (wanted) => ({ inbound: rulesIn(wanted, "inbound"), outbound: rulesIn(wanted, "outbound") }),
  attributes: ({ inbound, outbound }) => ({ inbound: inbound.map(written), outbound: outbound.map(written) }),
};

function rulesIn(wanted: Plain, direction: string): AclRuleRecord[] {
  return objectsOf(wanted[direction]).map((rule) => {
    if (text(rule, "deny_allow_group_no") !== undefined)
      throw new Refused("the sandbox's network knows no deny-allow groups\n  allowed here: ip_block", [direction]);
    return {
      priority: Number(rule["priority"]),
      protocol: required(rule, "protocol") as AclRuleRecord["protocol"],
      ipBlock: required(rule, "ip_block"),
      portRange: text(rule, "port_range") ?? null,
      action: required(rule, "rule_action") as AclRuleRecord["action"],
      description: text(rule, "description") ?? "",
    };
  });
}

/** As the real provider has it in the state: a text that was not written is empty, unless it has no default. */
const written = (rule: AclRuleRecord): Plain => ({
  priority: rule.priority,
  protocol: rule.protocol,
  ip_block: rule.ipBlock,
  port_range: rule.portRange ?? "",
  rule_action: rule.action,
  description: rule.description,
  deny_allow_group_no: null,
});
