import { ACL_PRIORITY, NetworkAcl } from "../../../constructs/network/network-acl";
import type { PortRule, PortRules } from "../../../constructs/network/port-rules";
import { countsOf, onlyResource, synthOf } from "../synth";

const vpc = { vpcId: "4711" };
const rule = (index: number): PortRule => ({
  protocol: "TCP",
  ipBlock: `10.20.0.${index}/32`,
  portRange: "22",
  description: "bastion",
});
const rules = (count: number): PortRule[] => Array.from({ length: count }, (_, index) => rule(index));

const synth = (given: PortRules) =>
  synthOf(
    (stack) =>
      void new NetworkAcl(stack, "acl", { vpc, name: "aws2ncp-private", description: "boundary", rules: given }),
  );
const ruleResource = (given: PortRules) =>
  onlyResource(synth(given), "ncloud_network_acl_rule") as { inbound: Record<string, unknown>[]; outbound: unknown[] };

const drop = (priority: number, protocol: string, port_range: string | null) => ({
  priority,
  protocol,
  port_range,
  ip_block: "0.0.0.0/0",
  rule_action: "DROP",
  deny_allow_group_no: null,
  description: "what no flow names",
});
const DROPS = [drop(197, "TCP", "1-65535"), drop(198, "UDP", "1-65535"), drop(199, "ICMP", null)];

it("ends both directions by dropping TCP, UDP and ICMP: on this platform what no rule names passes", () => {
  const { inbound, outbound } = ruleResource({ inbound: [], outbound: [] });
  expect(inbound).toEqual(DROPS);
  expect(outbound).toEqual(DROPS);
});

it("writes every key of a rule, null where unused, ICMP without ports (ncloud 4.0.5: required; never converges)", () => {
  expect(ruleResource({ inbound: rules(1), outbound: [] }).inbound).toEqual([
    {
      priority: 1,
      protocol: "TCP",
      ip_block: "10.20.0.0/32",
      port_range: "22",
      rule_action: "ALLOW",
      deny_allow_group_no: null,
      description: "bastion",
    },
    ...DROPS,
  ]);
});

it("is one ACL with one rule resource that is never empty (ncloud 4.0.5: emptied, it breaks)", () => {
  expect(countsOf(synth({ inbound: [], outbound: [] }))).toEqual({
    ncloud_network_acl: 1,
    ncloud_network_acl_rule: 1,
  });
});

it("gives each rule of a direction a priority of its own, up to the last", () => {
  const full = rules(ACL_PRIORITY.max - DROPS.length);
  const priorities = ruleResource({ inbound: full, outbound: [] }).inbound.map(({ priority }) => priority);
  expect(priorities).toEqual(Array.from({ length: 199 }, (_, index) => index + 1));
});

it("refuses one rule more, with the construct, the number and what is allowed", () => {
  expect(() => synth({ inbound: [], outbound: rules(197) })).toThrow(
    "test/acl: 197 outbound rules\n  allowed: up to 196, beside 3 that drop the rest\n" +
      "  try: fewer blocks in network.admin_cidrs or object_storage.cidrs of the pipeline file",
  );
});
