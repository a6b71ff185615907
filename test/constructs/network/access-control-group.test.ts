import { AccessControlGroup } from "../../../constructs/network/access-control-group";
import type { PortRules } from "../../../constructs/network/port-rules";
import { countsOf, dataOf, onlyResource, synthOf } from "../synth";

const vpc = { vpcId: "4711" };
const ssh = { protocol: "TCP", ipBlock: "10.20.0.6/32", portRange: "22", description: "bastion" } as const;

const synth = (rules: PortRules) =>
  synthOf(
    (stack) =>
      void new AccessControlGroup(stack, "sync-group", { vpc, name: "aws2ncp-sync", description: "sync", rules }),
  );

it("writes every key of a rule, null where unused (ncloud 4.0.5: attributes are required)", () => {
  expect(onlyResource(synth({ inbound: [ssh], outbound: [] }), "ncloud_access_control_group_rule")).toEqual({
    access_control_group_no: "${ncloud_access_control_group.sync-group.id}",
    inbound: [
      {
        protocol: "TCP",
        ip_block: "10.20.0.6/32",
        port_range: "22",
        source_access_control_group_no: null,
        description: "bastion",
      },
    ],
    outbound: [],
  });
});

it("is one group with one rule resource, whatever the number of rules (ncloud 4.0.5: two remove each other's rules)", () => {
  const https = { ...ssh, portRange: "443" };
  expect(countsOf(synth({ inbound: [ssh, https], outbound: [https] }))).toEqual({
    ncloud_access_control_group: 1,
    ncloud_access_control_group_rule: 1,
  });
});

it("refuses to be without rules (ncloud 4.0.5: made again at every apply)", () => {
  expect(() => synth({ inbound: [], outbound: [] })).toThrow(
    "test/sync-group: no flow begins or ends at group aws2ncp-sync\n  allowed: one rule or more\n" +
      "  try: add the flow to pipeline/flows.ts, or make no group",
  );
});

it("is found by its name in its network", () => {
  const found = synthOf((stack) => void AccessControlGroup.fromName(stack, "group", vpc, "aws2ncp-sync"));
  expect(dataOf(found, "ncloud_access_control_group")).toEqual({ group: { name: "aws2ncp-sync", vpc_no: "4711" } });
});
