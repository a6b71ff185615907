import { changesIn, errorsIn, lineInShort, resourcesIn } from "../../../sandbox/rehearsal/deploy";

it("counts the instances of managed resources in a state, and no data sources", () => {
  const state = {
    version: 4,
    resources: [
      { mode: "managed", type: "ncloud_vpc", name: "vpc", instances: [{}] },
      { mode: "managed", type: "ncloud_server", name: "hosts", instances: [{}, {}] },
      { mode: "data", type: "ncloud_subnet", name: "public", instances: [{}] },
    ],
  };
  expect(resourcesIn(JSON.stringify(state))).toBe(3);
  expect(resourcesIn('{"version":4}')).toBe(0);
});

it("names everything that a plan would change, outputs too, and nothing that it only reads", () => {
  const plan = {
    resource_changes: [
      { address: "ncloud_vpc.vpc", change: { actions: ["no-op"] } },
      { address: "data.ncloud_subnet.public", change: { actions: ["read"] } },
      { address: "ncloud_server.sync-1", change: { actions: ["delete", "create"] } },
    ],
    output_changes: { address: { actions: ["update"] }, same: { actions: ["no-op"] } },
  };
  expect(changesIn(JSON.stringify(plan))).toEqual(["delete and create ncloud_server.sync-1", "update output.address"]);
  expect(changesIn("{}")).toEqual([]);
});

it("shortens a padded line of cdktf", () => {
  expect(
    lineInShort(
      "transfer  terraform_data.deliver (deliver/Default) (local-exec): sync-1: at work: 15 tasks, 2 changed",
    ),
  ).toBe("sync-1: at work: 15 tasks, 2 changed");
  expect(lineInShort("transfer   ncloud_server.sync-1: Still creating... [10s elapsed]  ")).toBe(
    "transfer ncloud_server.sync-1: Still creating... [10s elapsed]",
  );
});

it("takes Terraform's own words out of cdktf's output, each once", () => {
  const block = [
    "network  Error: ncloud_vpc: the name is taken",
    "",
    "           with ncloud_vpc.vpc (vpc/Default),",
    "         allowed here: another name",
  ];
  const log = [
    "network  Initializing the backend...",
    ...block,
    "2 Stacks deploying     0 Stacks done",
    "throw ex;",
    ...block,
    "",
  ];
  expect(errorsIn(log.join("\n"))).toEqual([
    "ncloud_vpc: the name is taken\n  with ncloud_vpc.vpc (vpc/Default),\n  allowed here: another name",
  ]);
  expect(errorsIn("all well")).toEqual([]);
});
