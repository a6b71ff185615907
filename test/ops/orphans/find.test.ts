/** The search alone, on stacks and answers as plain values. */
import { findOrphans } from "../../../ops/orphans/find";
import type { StackView, Wanted } from "../../../ops/orphans/types";
import type { Answer, Queries } from "../../../ops/platform";

const wanted = (address: string, attributes: Wanted["attributes"], ignored: string[] = []): Wanted => ({
  address,
  type: address.split(".")[0] as string,
  attributes,
  ignored,
});

const stack = (resources: Wanted[], more: Partial<StackView> = {}): StackView => ({
  name: "test",
  folder: "/nowhere",
  wanted: resources,
  data: new Map(),
  state: new Map(),
  ...more,
});

/** Answers by question; every other one is that there is none. Notes the rounds. */
function platform(answers: Record<string, Answer>) {
  const rounds: Queries[] = [];
  const ask = async (queries: Queries): Promise<Record<string, Answer>> => {
    rounds.push(queries);
    return Object.fromEntries(Object.keys(queries).map((key) => [key, answers[key] ?? { kind: "none" }]));
  };
  return { ask, rounds };
}

const row = (values: Record<string, unknown>): Answer => ({ kind: "row", row: values });

it("asks nothing where the state has everything", async () => {
  const { ask, rounds } = platform({});
  const state = new Map([["ncloud_vpc.vpc", { id: "1" }]]);
  expect(await findOrphans(stack([wanted("ncloud_vpc.vpc", { name: "vpc" })], { state }), ask)).toEqual([]);
  expect(rounds).toEqual([]);
});

it("follows data sources before it judges what refers to them", async () => {
  const data = new Map([["data.ncloud_subnet.private", { vpc_no: "7" }]]);
  const server = wanted("ncloud_server.a", { name: "a", subnet_no: "${data.ncloud_subnet.private.id}" });
  const found = { "ncloud_server.a#one": row({ id: "9", subnet_no: "3" }) };
  const same = platform({ ...found, "data.ncloud_subnet.private": row({ id: "3" }) });
  expect(await findOrphans(stack([server], { data }), same.ask)).toMatchObject([{ kind: "orphan", importId: "9" }]);

  const other = platform({ ...found, "data.ncloud_subnet.private": row({ id: "4" }) });
  expect(await findOrphans(stack([server], { data }), other.ask)).toMatchObject([
    {
      kind: "refused",
      ids: ["9"],
      note: "it bears the name, but is another one: subnet_no is 3, wanted 4. Rename it, or what is wanted",
    },
  ]);

  const none = platform(found);
  expect((await findOrphans(stack([server], { data }), none.ask))[0]?.note).toContain(
    "subnet_no is 3, which is not the wanted one",
  );
});

it("does not look inside what is not there", async () => {
  const group = wanted("ncloud_access_control_group.g", { name: "g", vpc_no: "${ncloud_vpc.vpc.id}" });
  const rules = wanted("ncloud_access_control_group_rule.r", {
    access_control_group_no: "${ncloud_access_control_group.g.id}",
  });
  const { ask, rounds } = platform({ "ncloud_vpc.vpc#list": row({ vpcs: [] }) });
  expect(await findOrphans(stack([rules, group, wanted("ncloud_vpc.vpc", { name: "vpc" })]), ask)).toEqual([]);
  expect(rounds.map((queries) => Object.keys(queries))).toEqual([["ncloud_vpc.vpc#list"]]);
});

it("ignores attributes that the configuration ignores, and those that the platform does not tell", async () => {
  const server = wanted("ncloud_server.a", { name: "a", login_key_name: "new", description: "d" }, ["login_key_name"]);
  const { ask } = platform({ "ncloud_server.a#one": row({ id: "9", login_key_name: "old", description: null }) });
  expect(await findOrphans(stack([server]), ask)).toMatchObject([{ kind: "orphan", importId: "9" }]);
});

it("takes a volume that is attached to nothing, or to its own server, and no other's", async () => {
  const volume = wanted("ncloud_block_storage.v", { name: "v", server_instance_no: "${ncloud_server.a.id}" });
  const state = new Map([["ncloud_server.a", { id: "5" }]]);
  const kindOf = async (server: string | null): Promise<string | undefined> => {
    const { ask } = platform({ "ncloud_block_storage.v#one": row({ id: "9", server_instance_no: server }) });
    return (await findOrphans(stack([volume], { state }), ask))[0]?.kind;
  };
  expect([await kindOf(null), await kindOf("5"), await kindOf("6")]).toEqual(["orphan", "orphan", "refused"]);
});

it("passes on what the platform says when it won't choose", async () => {
  const { ask } = platform({ "ncloud_public_ip.p#one": { kind: "failed", message: "2 objects fit" } });
  expect(await findOrphans(stack([wanted("ncloud_public_ip.p", { description: "d" })]), ask)).toMatchObject([
    { kind: "refused", name: "d", ids: [], note: "the platform does not say which: 2 objects fit" },
  ]);
});

it("says of a type that it does not know that it does not look for it", async () => {
  const { ask, rounds } = platform({});
  expect(await findOrphans(stack([wanted("ncloud_hadoop.h", { cluster_name: "h" })]), ask)).toMatchObject([
    { kind: "unseen", address: "ncloud_hadoop.h", note: "is not looked for by this command" },
  ]);
  expect(rounds).toEqual([]);
});
