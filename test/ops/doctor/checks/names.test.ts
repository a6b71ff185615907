import { names, namedObjects, questionsFor } from "../../../../ops/doctor/checks/names";
import type { SynthResource } from "../../../../ops/doctor/synth";
import { queryPlatform, type Answer } from "../../../../ops/platform";
import { acl, withServer } from "../../../sandbox/provider/configs";
import { standIn, type Resources } from "../../../sandbox/provider/workspace";
import { saidBy, statesWith } from "../context";

jest.setTimeout(120_000);

const resource = (type: string, attributes: SynthResource["attributes"], stack = "network"): SynthResource => ({
  stack,
  type,
  name: "x",
  attributes,
});

const resources = [
  resource("ncloud_vpc", { name: "aws2ncp-vpc" }),
  resource("ncloud_subnet", { name: "aws2ncp-private", vpc_no: "${ncloud_vpc.x.id}" }),
  resource("ncloud_access_control_group", { name: "aws2ncp-sync", vpc_no: "${ncloud_vpc.x.id}" }),
  resource("ncloud_access_control_group_rule", { access_control_group_no: "${…}" }),
  resource("ncloud_objectstorage_bucket", { bucket_name: "aws2ncp-replaced" }, "storage"),
  resource("ncloud_server", { name: "sync-1" }, "transfer"),
  resource("ncloud_block_storage", { name: "${var.x}" }, "transfer"),
];

it("asks for every literal name, by filters that are exact, and for nothing else", () => {
  const filter = (value: string): object => ({ filter: [{ name: "name", values: [value] }] });
  expect(questionsFor(namedObjects(resources))).toEqual({
    "ncloud_vpc aws2ncp-vpc": { type: "ncloud_vpcs", config: filter("aws2ncp-vpc") },
    "ncloud_subnet aws2ncp-private": { type: "ncloud_subnets", config: filter("aws2ncp-private") },
    "ncloud_access_control_group aws2ncp-sync": { type: "ncloud_access_control_group", config: filter("aws2ncp-sync") },
    "ncloud_objectstorage_bucket aws2ncp-replaced": {
      type: "ncloud_objectstorage_bucket",
      config: { bucket_name: "aws2ncp-replaced" },
    },
    "ncloud_server sync-1": { type: "ncloud_server", config: filter("sync-1") },
  });
});

const row = (attributes: object): Answer => ({ kind: "row", row: { ...attributes } });
const NOTHING: Record<string, Answer> = {
  "ncloud_vpc aws2ncp-vpc": row({ vpcs: [] }),
  "ncloud_subnet aws2ncp-private": row({ subnets: [] }),
  "ncloud_access_control_group aws2ncp-sync": { kind: "none" },
  // ncloud 4.0.5 answers with a row without id for a bucket that is not in the account.
  "ncloud_objectstorage_bucket aws2ncp-replaced": row({ id: null, bucket_name: "aws2ncp-replaced" }),
  "ncloud_server sync-1": { kind: "none" },
};

const about = (answers: Record<string, Answer>, inState = statesWith()) =>
  saidBy(names, { resources, answers: { ...NOTHING, ...answers }, inState });

const ALL_FREE = { severity: "ok", place: "names on the platform", found: "5 of 5 are free, or ours" };
const ORPHANS = "npx aws2ncp orphans tells whose it is, and what to do with it";

it("names that nothing bears are free", async () => {
  expect(await about({})).toEqual([ALL_FREE]);
});

it("what stands in a state is ours; what does not would stop the apply", async () => {
  const there = {
    "ncloud_vpc aws2ncp-vpc": row({ vpcs: [{ id: "7" }] }),
    "ncloud_server sync-1": row({ id: "9", instance_no: "9" }),
  };
  expect(await about(there, statesWith({ ncloud_vpc: ["7"], ncloud_server: ["9"] }))).toEqual([ALL_FREE]);
  expect(await about(there, statesWith({ ncloud_vpc: ["7"], ncloud_server: ["8"] }))).toEqual([
    {
      severity: "error",
      place: "ncloud_server sync-1",
      found: "is there already, as 9, and stands in no state",
      meaning: "the apply of stack transfer would stop: the platform refuses a second one",
      try: ORPHANS,
    },
    { ...ALL_FREE, found: "4 of 5 are free, or ours" },
  ]);
});

it("in another network a subnet or a group may bear the same name", async () => {
  const elsewhere = {
    "ncloud_subnet aws2ncp-private": row({ subnets: [{ id: "3", vpc_no: "1" }] }),
    "ncloud_access_control_group aws2ncp-sync": row({ id: "4", vpc_no: "1" }),
  };
  expect(await about(elsewhere)).toEqual([ALL_FREE]);
  const inOurs = await about(
    { ...elsewhere, "ncloud_vpc aws2ncp-vpc": row({ vpcs: [{ id: "1" }] }) },
    statesWith({ ncloud_vpc: ["1"] }),
  );
  expect(inOurs.map(({ severity, place }) => `${severity} ${place}`)).toEqual([
    "error ncloud_subnet aws2ncp-private",
    "error ncloud_access_control_group aws2ncp-sync",
    "ok names on the platform",
  ]);
});

it("a public address is known by its description, which another one may share", async () => {
  const address = resource("ncloud_public_ip", { description: "aws2ncp: proxy-1" }, "transfer");
  const answers = { "ncloud_public_ip aws2ncp: proxy-1": row({ id: "5" }) };
  expect(await saidBy(names, { resources: [address], answers })).toEqual([
    {
      severity: "warning",
      place: "ncloud_public_ip aws2ncp: proxy-1",
      found: "is there already, as 5, and stands in no state",
      meaning: "the apply of stack transfer would make another one",
      try: ORPHANS,
    },
  ]);
});

it("what can't be told is unknown, never free", async () => {
  const unsure = {
    "ncloud_server sync-1": { kind: "failed", message: "more than one found results(2). please change" },
    "ncloud_access_control_group aws2ncp-sync": { kind: "failed", message: "timeout" },
  } as const;
  expect(await about(unsure)).toEqual([
    {
      severity: "unknown",
      place: "ncloud_access_control_group aws2ncp-sync",
      found: "the platform refuses the question: timeout",
    },
    { severity: "unknown", place: "ncloud_server sync-1", found: "several objects bear that name", try: ORPHANS },
    { ...ALL_FREE, found: "3 of 5 are free, or ours" },
  ]);
  const there = { "ncloud_vpc aws2ncp-vpc": row({ vpcs: [{ id: "7" }] }) };
  expect(await about(there, { known: false, why: "the states are in a bucket" })).toEqual([
    {
      severity: "unknown",
      place: "ncloud_vpc aws2ncp-vpc",
      found: "is there; the states are in a bucket",
      try: ORPHANS,
    },
    { ...ALL_FREE, found: "4 of 5 are free, or ours" },
  ]);
});

describe("with the real Terraform and the stand-in", () => {
  const { served } = standIn();

  it("everything that was made is found: ours with its state, and in the way without it", async () => {
    const tf = await served();
    const made: Resources = {
      ...withServer(),
      ncloud_network_acl: { main: acl("test-acl") },
      ncloud_route_table: {
        main: { name: "test-table", vpc_no: "${ncloud_vpc.main.id}", supported_subnet_type: "PRIVATE" },
      },
      ncloud_objectstorage_bucket: { main: { bucket_name: "test-bucket" } },
    };
    const all = Object.entries(made).flatMap(([type, byName]) =>
      Object.entries(byName).map(([name, attributes]) => ({ stack: "one", type, name, attributes })),
    );
    const wanted = namedObjects(all);
    const ask = () => queryPlatform({ site: "public", region: "KR" }, questionsFor(wanted), { env: tf.env });
    const about = async (inState = statesWith()) =>
      (await saidBy(names, { resources: all, answers: await ask(), inState })).map(
        ({ severity, place }) => `${severity} ${place}`,
      );

    await tf.configure({});
    expect(await about()).toEqual(["ok names on the platform"]);
    await tf.apply(made);
    const ids = all.map(({ type, name }) => [type, tf.id(`${type}.${name}`)] as const);
    const ofType = (type: string): string[] => ids.filter(([other]) => other === type).map(([, id]) => id);
    expect(await about(statesWith(Object.fromEntries(ids.map(([type]) => [type, ofType(type)]))))).toEqual([
      "ok names on the platform",
    ]);
    expect((await about()).sort()).toEqual([
      "error ncloud_access_control_group test-main",
      "error ncloud_block_storage test-data",
      "error ncloud_init_script test-init",
      "error ncloud_network_acl test-acl",
      "error ncloud_network_interface nic-10-20-0-6",
      "error ncloud_objectstorage_bucket test-bucket",
      "error ncloud_route_table test-table",
      "error ncloud_server proxy-1",
      "error ncloud_subnet test-private",
      "error ncloud_subnet test-public",
      "error ncloud_vpc test",
      "warning ncloud_public_ip of proxy-1",
    ]);
  });
});
