import type { Plain } from "../provider/cloud";
import { Refused } from "../provider/diagnostics";
import { type Kind, required, text } from "./kind";
import type { Platform } from "./platform";
import { type Group, type GroupRuleRecord, KIND, type Nic } from "./records";
import { objectsOf, type RulesKind } from "./rules";
import { claimInVpc, memberAttributes } from "./vpc-member";

export const accessControlGroup: Kind<Group> = {
  type: KIND.group,
  network: true,
  attributes: (record) => memberAttributes(record, "access_control_group_no"),
  claim: (wanted, id, platform) => ({
    ...claimInVpc(KIND.group, wanted, id, platform),
    inbound: [],
    outbound: [],
  }),
  mayGo: ({ id, name, isDefault }, platform) => {
    const what = `access control group ${name}`;
    if (isDefault) throw new Refused(`${what} is its VPC's default\n  allowed: it goes with the VPC`);
    platform.refuseInUse<Nic>(what, KIND.nic, ({ groupNos }) => groupNos.includes(id));
    const names = ({ sourceGroupNo }: GroupRuleRecord): boolean => sourceGroupNo === id;
    platform.refuseInUse<Group>(
      what,
      KIND.group,
      (other) => other.id !== id && [...other.inbound, ...other.outbound].some(names),
    );
  },
};

/** All rules of one group. On a default group they replace the rules that it came with (ncloud 4.0.5). */
export const accessControlGroupRules: RulesKind<Group> = {
  type: "ncloud_access_control_group_rule",
  owner: KIND.group,
  ownerAttribute: "access_control_group_no",
  importable: true,
  read: (wanted, platform) => ({
    inbound: rulesIn(wanted, "inbound", platform),
    outbound: rulesIn(wanted, "outbound", platform),
  }),
  attributes: ({ inbound, outbound }) => ({ inbound: inbound.map(written), outbound: outbound.map(written) }),
};

function rulesIn(wanted: Plain, direction: string, platform: Platform): GroupRuleRecord[] {
  return objectsOf(wanted[direction]).map((rule) => {
    const sourceGroupNo = text(rule, "source_access_control_group_no") ?? null;
    const ipBlock = text(rule, "ip_block") ?? null;
    if ((sourceGroupNo === null) === (ipBlock === null))
      throw new Refused(
        "a rule needs the other end\n  allowed: exactly one of ip_block, source_access_control_group_no",
        [direction],
      );
    if (sourceGroupNo !== null) platform.need<Group>(KIND.group, sourceGroupNo, "access control group");
    return {
      protocol: required(rule, "protocol"),
      ipBlock,
      sourceGroupNo,
      portRange: text(rule, "port_range") ?? null,
      description: text(rule, "description") ?? "",
    };
  });
}

/** As the real provider has it in the state: what was not written is empty. */
const written = (rule: GroupRuleRecord): Plain => ({
  protocol: rule.protocol,
  ip_block: rule.ipBlock ?? "",
  source_access_control_group_no: rule.sourceGroupNo ?? "",
  port_range: rule.portRange ?? "",
  description: rule.description,
});
