import { FIXED_LIMITS, neededOf, quotas } from "../../../../ops/doctor/checks/quotas";
import type { SynthResource } from "../../../../ops/doctor/synth";
import { saidBy, statesWith } from "../context";

const resource = (type: string, name: string, attributes: SynthResource["attributes"] = {}): SynthResource => ({
  stack: "transfer",
  type,
  name,
  attributes,
});
const many = (count: number): object[] => Array.from({ length: count }, () => ({}));

const servers = ["proxy-1", "sync-1"].map((name) => resource("ncloud_server", name, { network_interface: many(1) }));

it("counts what is missing, and says where the account's quotas are told", async () => {
  const resources = [...servers, resource("ncloud_vpc", "vpc"), resource("ncloud_public_ip", "address")];
  const said = (inState = statesWith()) => saidBy(quotas, { resources, inState });
  const UNKNOWN = {
    severity: "unknown",
    place: "the account's quotas",
    found: "more is needed: 1 VPC, 2 servers, 1 public IP",
    meaning: "no API that the provider knows tells an account's quotas",
    try: "compare with Service Quota on the console (guide.ncloud-docs.com/docs/en/servicequota-spec)",
  };
  expect((await said()).at(-1)).toEqual(UNKNOWN);
  expect((await said(statesWith({ ncloud_vpc: ["1"], ncloud_server: ["2"] }))).at(-1)).toEqual({
    ...UNKNOWN,
    found: "more is needed: 1 server, 1 public IP",
  });
  expect((await said({ known: false, why: "elsewhere" })).at(-1)).toEqual({
    ...UNKNOWN,
    found: "all stacks need: 1 VPC, 2 servers, 1 public IP",
  });
  const all = statesWith({ ncloud_vpc: ["1"], ncloud_server: ["2", "3"], ncloud_public_ip: ["4"] });
  expect((await said(all)).at(-1)).toEqual({
    severity: "ok",
    place: "the account's quotas",
    found: "nothing more is needed than what stands in the states",
  });
});

it("more than is wanted is no need", () => {
  expect(neededOf(servers, new Map([["ncloud_server", 5]]))).toEqual([]);
});

it.each([
  [
    "rules of an ACG in one direction",
    50,
    (count: number) => [resource("ncloud_access_control_group_rule", "x", { inbound: many(count), outbound: many(1) })],
    "transfer/x, inbound",
  ],
  [
    "rules of a network ACL in one direction",
    199,
    (count: number) => [resource("ncloud_network_acl_rule", "x", { outbound: many(count) })],
    "transfer/x, outbound",
  ],
  [
    "ACGs of a network interface",
    3,
    (count: number) => [resource("ncloud_network_interface", "x", { access_control_groups: many(count) })],
    "transfer/x",
  ],
  [
    "network interfaces of a server",
    3,
    (count: number) => [resource("ncloud_server", "x", { network_interface: many(count) })],
    "transfer/x",
  ],
  [
    "ACGs of a network, its default one included",
    500,
    (count: number) => many(count - 1).map((_, index) => resource("ncloud_access_control_group", `x${index}`)),
    "all stacks",
  ],
])("%s: %d are within the limit, one more is not", async (what, most, made, where) => {
  const limit = FIXED_LIMITS.find((each) => each.what === what);
  const about = async (count: number, place: string) =>
    (await saidBy(quotas, { resources: made(count) })).filter((said) => said.place === place);
  expect(await about(most, what)).toEqual([{ severity: "ok", place: what, found: `${most} of ${most}` }]);
  expect(await about(most + 1, where)).toEqual([
    {
      severity: "error",
      place: where,
      found: `${most + 1} ${what}`,
      allowed: `up to ${most} (${limit?.source})`,
      try: "fewer blocks in network.admin_cidrs or object_storage.cidrs of the pipeline file",
    },
  ]);
});
