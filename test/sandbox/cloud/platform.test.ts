/** What the platform refuses, asked of the handlers directly: each case is one sentence of ncloud-4.0.5.constraints.json or ncloud.md. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ncloud } from "../../../sandbox/cloud/ncloud";
import { Platform } from "../../../sandbox/cloud/platform";
import type { Cloud, Plain, ResourceHandler } from "../../../sandbox/provider/cloud";
import { type FakeFolder, fakeMachinery } from "./fake-machinery";

let folder: string;
let cloud: Cloud;
let fake: FakeFolder;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "platform-"));
  fake = fakeMachinery(join(folder, "fakes"));
  mkdirSync(join(folder, "cloud"));
  writeFileSync(join(folder, "cloud", "login-keys.json"), '["aws2ncp"]');
  cloud = ncloud(new Platform(join(folder, "cloud"), fake.machinery));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function handler(type: string): ResourceHandler {
  const found = cloud.resource(`ncloud_${type}`);
  if ("refusal" in found) throw new Error(found.refusal);
  return found;
}

const make = async (type: string, wanted: Plain): Promise<Record<string, string>> =>
  (await handler(type).create(wanted)) as Record<string, string>;

const vpc = (more: Plain = {}) => make("vpc", { name: "one", ipv4_cidr_block: "10.20.0.0/16", ...more });

const subnet = async (in_: Record<string, string>, more: Plain = {}) =>
  make("subnet", {
    name: "public",
    vpc_no: in_["id"],
    subnet: "10.20.0.0/24",
    zone: "KR-1",
    network_acl_no: in_["default_network_acl_no"],
    subnet_type: "PUBLIC",
    usage_type: "GEN",
    ...more,
  });

const privateSubnet = (in_: Record<string, string>, more: Plain = {}) =>
  subnet(in_, { name: "private", subnet: "10.20.1.0/24", subnet_type: "PRIVATE", ...more });

const group = (in_: Record<string, string>, name = "group") =>
  make("access_control_group", { name, vpc_no: in_["id"] });

async function network() {
  const main = await vpc();
  return { main, public_: await subnet(main), private_: await privateSubnet(main), group: await group(main) };
}

const nic = (in_: Record<string, string>, groups: readonly Record<string, string>[], more: Plain = {}) =>
  make("network_interface", {
    subnet_no: in_["id"],
    access_control_groups: groups.map(({ id }) => id),
    ...more,
  });

const server = (in_: Record<string, string>, more: Plain = {}) =>
  make("server", {
    name: "host-1",
    subnet_no: in_["id"],
    server_image_number: "sandbox-ubuntu-22.04-base",
    server_spec_code: "s2-g3",
    login_key_name: "aws2ncp",
    network_interface: [],
    ...more,
  });

describe("VPC and subnets", () => {
  it("a VPC comes with a network ACL, a group and two route tables, and they go with it", async () => {
    const made = await vpc();
    const table = (name: string) => handler("route_table").find?.(made[name] ?? "");
    expect(await table("default_private_route_table_no")).toMatchObject({
      is_default: true,
      supported_subnet_type: "PRIVATE",
    });
    expect(await table("default_public_route_table_no")).toMatchObject({ supported_subnet_type: "PUBLIC" });
    expect(await handler("access_control_group").find?.(made["default_access_control_group_no"] ?? "")).toMatchObject({
      is_default: true,
    });
    await handler("vpc").remove(made);
    expect(await table("default_private_route_table_no")).toBeUndefined();
    expect(await handler("vpc").read(made)).toBeUndefined();
  });

  it("two can't have one name; a VPC's range is private, /16 to /28", async () => {
    await vpc();
    await expect(vpc({ ipv4_cidr_block: "10.30.0.0/16" })).rejects.toThrow('the name "one" is taken by 10000001');
    await expect(vpc({ name: "two", ipv4_cidr_block: "10.0.0.0/8" })).rejects.toThrow("10.0.0.0/8 can't be used");
    await expect(vpc({ name: "two", ipv4_cidr_block: "11.0.0.0/16" })).rejects.toThrow("allowed: /16 to /28 inside");
  });

  it("a subnet lies inside its VPC and overlaps no other", async () => {
    const main = await vpc();
    await subnet(main);
    await expect(subnet(main, { name: "far", subnet: "10.21.0.0/24" })).rejects.toThrow(
      "10.21.0.0/24 lies outside VPC one",
    );
    await expect(subnet(main, { name: "big", subnet: "10.20.0.0/20" })).rejects.toThrow(
      "10.20.0.0/20 overlaps with subnet public (10.20.0.0/24)",
    );
    await expect(subnet(main, { name: "lost", subnet: "10.20.9.0/24", vpc_no: "1" })).rejects.toThrow(
      'VPC "1" does not exist',
    );
  });

  it("a VPC with a subnet, and a subnet with an interface, stay", async () => {
    const { main, public_, group: own } = await network();
    await expect(handler("vpc").remove(main)).rejects.toThrow("VPC one is in use by ncloud_subnet public");
    await nic(public_, [own]);
    await expect(handler("subnet").remove(public_)).rejects.toThrow(
      "subnet public is in use by ncloud_network_interface",
    );
  });
});

describe("network interfaces", () => {
  it("an address is not among the first six, not taken, and inside the subnet", async () => {
    const { public_, group: own } = await network();
    const at = (private_ip: string) => nic(public_, [own], { private_ip });
    await expect(at("10.20.0.5")).rejects.toThrow(
      "10.20.0.5 is kept by the platform in subnet public (10.20.0.0/24)\n  allowed: 10.20.0.6 to 10.20.0.254, unless taken",
    );
    await expect(at("10.20.0.255")).rejects.toThrow("is kept by the platform");
    await expect(at("10.20.1.6")).rejects.toThrow("10.20.1.6 lies outside subnet public");
    expect((await at("10.20.0.6"))["private_ip"]).toBe("10.20.0.6");
    await expect(at("10.20.0.6")).rejects.toThrow("10.20.0.6 is taken in subnet public");
    expect((await nic(public_, [own]))["private_ip"]).toBe("10.20.0.7");
  });

  it("has one to three groups of its VPC, changed in place", async () => {
    const { main, public_, group: own } = await network();
    const more = await Promise.all(["a-1", "b-1", "c-1"].map((name) => group(main, name)));
    await expect(nic(public_, [own, ...more])).rejects.toThrow("4 access control groups (1002035)");
    await expect(nic(public_, [])).rejects.toThrow("allowed: 1 to 3 for each network interface");
    const other = await vpc({ name: "two", ipv4_cidr_block: "10.30.0.0/16" });
    await expect(nic(public_, [await group(other)])).rejects.toThrow("belongs to another VPC");
    const made = await nic(public_, [own]);
    const wanted = { ...made, access_control_groups: more.map(({ id }) => id) };
    expect(await handler("network_interface").update(made, wanted)).toMatchObject({
      access_control_groups: more.map(({ id }) => id),
    });
    await expect(handler("access_control_group").remove(more[0] as Plain)).rejects.toThrow(
      "access control group a-1 is in use",
    );
    await handler("access_control_group").remove(own);
  });
});

describe("servers", () => {
  it("gets an interface of its own in the default group when it names none, and takes it along", async () => {
    const { main, public_ } = await network();
    const made = await server(public_);
    const [own] = made["network_interface"] as unknown as { network_interface_no: string }[];
    expect(await handler("network_interface").find?.(own?.network_interface_no ?? "")).toMatchObject({
      access_control_groups: [main["default_access_control_group_no"]],
      private_ip: "10.20.0.6",
      is_default: true,
    });
    await handler("server").remove(made);
    expect(await handler("network_interface").find?.(own?.network_interface_no ?? "")).toBeUndefined();
    expect(fake.network().nics).toEqual([]);
  });

  it.each([
    [{ server_image_number: "25495367" }, "the sandbox's hosts are of Debian's family: rocky-8.10-base"],
    [{ server_image_number: "1" }, "no server image has the number 1"],
    [{ server_spec_code: "s2-g2-s50" }, "spec s2-g2-s50 is XEN, image ubuntu-22.04-base is KVM"],
    [{ server_spec_code: "huge" }, "no spec has the code huge"],
    [{ login_key_name: "mine" }, 'there is no login key "mine"\n  allowed: aws2ncp'],
    [{ init_script_no: "1" }, 'init script "1" does not exist'],
    [{ zone: "KR-2" }, "zone KR-2 is not that of subnet public"],
  ])("is refused with %j", async (more, told) => {
    const { public_ } = await network();
    await expect(server(public_, more)).rejects.toThrow(told);
    expect(fake.standing("hosts")).toEqual([]);
  });

  it("stands in a subnet for servers only, with an interface of that subnet that no other has", async () => {
    const { main, public_, private_, group: own } = await network();
    const balancers = await subnet(main, { name: "lb-1", subnet: "10.20.2.0/24", usage_type: "LOADB" });
    await expect(server(balancers)).rejects.toThrow("subnet lb-1 is for LOADB");
    const one = await nic(public_, [own]);
    const named = { network_interface: [{ network_interface_no: one["id"], order: 0 }] };
    await expect(server(private_, named)).rejects.toThrow("is in another subnet");
    const made = await server(public_, named);
    await expect(server(public_, { ...named, name: "host-2" })).rejects.toThrow(`is attached to server ${made["id"]}`);
    await expect(handler("network_interface").remove(one)).rejects.toThrow("is attached to server");
  });

  it("has one interface in the sandbox, which is said at plan", () => {
    const two = [0, 1].map((order) => ({ network_interface_no: "1", order }));
    expect(handler("server").problems?.({ network_interface: two }, undefined)).toEqual([
      expect.objectContaining({ path: ["network_interface", 1] }),
    ]);
  });

  it("is not destroyed while it is protected", async () => {
    const { public_ } = await network();
    const made = await server(public_, { is_protect_server_termination: true });
    await expect(handler("server").remove(made)).rejects.toThrow("host-1 is protected against termination");
    await handler("server").remove(
      await handler("server").update(made, { ...made, is_protect_server_termination: false }),
    );
    expect(fake.standing("hosts")).toEqual([]);
  });
});

describe("public IPs", () => {
  it("are for a server in a PUBLIC subnet, one each; a released one can be had again under a new number", async () => {
    const { public_, private_ } = await network();
    const [open, hidden] = [await server(public_), await server(private_, { name: "host-2" })];
    const address = (to?: Record<string, string>) => make("public_ip", { server_instance_no: to?.["id"] });
    await expect(address(hidden)).rejects.toThrow("server host-2 is in subnet private, which is PRIVATE");
    const first = await address(open);
    expect(first["public_ip"]).toBe("198.51.100.129");
    await expect(address(open)).rejects.toThrow("server host-1 has public IP 198.51.100.129 already");
    expect((await handler("server").read(open))?.["public_ip"]).toBe("198.51.100.129");
    await handler("public_ip").remove(first);
    const second = await address(open);
    expect(second["public_ip"]).toBe("198.51.100.129");
    expect(Number(second["id"])).toBeGreaterThan(Number(first["id"]));
  });
});

describe("rules", () => {
  const rule = { protocol: "TCP", ip_block: "10.0.0.0/8", port_range: "22", source_access_control_group_no: "" };

  it("are held by one resource for each group; on a default group they replace what came with it", async () => {
    const { main, group: own } = await network();
    const rules = (of: string, inbound: readonly Plain[]) =>
      make("access_control_group_rule", { access_control_group_no: of, inbound, outbound: [] });
    const id = main["default_access_control_group_no"] ?? "";
    expect(fake.network().groups.find((found) => found.id === id)?.outbound).toHaveLength(3);
    await rules(id, [rule]);
    expect(fake.network().groups.find((found) => found.id === id)).toEqual({
      id,
      inbound: [{ protocol: "TCP", ipBlock: "10.0.0.0/8", portRange: "22" }],
      outbound: [],
    });
    await rules(own["id"] ?? "", [rule]);
    await expect(rules(own["id"] ?? "", [rule])).rejects.toThrow("group has 1 rules already");
  });

  it("name either addresses or a group that exists, which then stays", async () => {
    const { main, group: own } = await network();
    const other = await group(main, "other");
    const rules = (inbound: Plain) =>
      make("access_control_group_rule", { access_control_group_no: own["id"], inbound: [inbound], outbound: [] });
    await expect(rules({ ...rule, ip_block: "" })).rejects.toThrow(
      "exactly one of ip_block, source_access_control_group_no",
    );
    await expect(rules({ ...rule, ip_block: "", source_access_control_group_no: "1" })).rejects.toThrow(
      'access control group "1" does not exist',
    );
    const made = await rules({ ...rule, ip_block: "", source_access_control_group_no: other["id"] });
    await expect(handler("access_control_group").remove(other)).rejects.toThrow(
      "in use by ncloud_access_control_group group",
    );
    await handler("access_control_group_rule").remove(made);
    expect(await handler("access_control_group_rule").read(made)).toBeUndefined();
    await handler("access_control_group").remove(other);
  });
});

describe("the way out of a private subnet", () => {
  it("is a route to a NAT gateway, by its name, from the subnet's own table or the default one", async () => {
    const { main, private_ } = await network();
    const gateways = await subnet(main, { name: "nat-1", subnet: "10.20.3.0/24", usage_type: "NATGW" });
    const gateway = (more: Plain = {}) =>
      make("nat_gateway", { name: "way-out", vpc_no: main["id"], zone: "KR-1", subnet_no: gateways["id"], ...more });
    await expect(gateway({ subnet_no: private_["id"] })).rejects.toThrow("takes no NAT gateway");
    const out = await gateway();
    const table = await make("route_table", { name: "private", vpc_no: main["id"], supported_subnet_type: "PRIVATE" });
    const route = (in_: string | undefined, more: Plain = {}) =>
      make("route", {
        route_table_no: in_,
        destination_cidr_block: "0.0.0.0/0",
        target_type: "NATGW",
        target_no: out["id"],
        target_name: "way-out",
        ...more,
      });
    const open = () => fake.network().subnets.find(({ id }) => id === private_["id"])?.internet;
    await expect(route(table["id"], { target_name: "other" })).rejects.toThrow('allowed: its name, "way-out"');
    await expect(route(main["default_public_route_table_no"])).rejects.toThrow("is for PUBLIC subnets");
    const byDefault = await route(main["default_private_route_table_no"]);
    expect(open()).toBe(true);
    await handler("route").remove(byDefault);
    expect(open()).toBe(false);
    await route(table["id"]);
    await make("route_table_association", { route_table_no: table["id"], subnet_no: private_["id"] });
    expect(open()).toBe(true);
    await expect(handler("nat_gateway").remove(out)).rejects.toThrow("NAT gateway way-out is in use by ncloud_route");
    await expect(
      make("route_table_association", {
        route_table_no: main["default_private_route_table_no"],
        subnet_no: private_["id"],
      }),
    ).rejects.toThrow("subnet private has route table");
  });
});

describe("buckets", () => {
  it("have names that no customer has, and stay while an object is in them", async () => {
    await fake.machinery.createBucket("somebodys");
    const bucket = (bucket_name: string) => make("objectstorage_bucket", { bucket_name });
    await expect(bucket("somebodys")).rejects.toThrow("BucketAlreadyExists: somebodys");
    expect(fake.standing("buckets")).toEqual(["somebodys"]);
    const own = await bucket("own-bucket");
    await expect(bucket("own-bucket")).rejects.toThrow('the name "own-bucket" is taken');
    fake.putObject("own-bucket", "key");
    await expect(handler("objectstorage_bucket").remove(own)).rejects.toThrow("BucketNotEmpty");
    expect(await handler("objectstorage_bucket").read(own)).toMatchObject({ bucket_name: "own-bucket" });
  });

  it("are gone when something else deleted them", async () => {
    const own = await make("objectstorage_bucket", { bucket_name: "own-bucket" });
    await fake.machinery.deleteBucket("own-bucket");
    expect(await handler("objectstorage_bucket").read(own)).toBeUndefined();
  });

  it("keep what their ACL allowed when it is destroyed (ncloud 4.0.5)", async () => {
    await make("objectstorage_bucket", { bucket_name: "own-bucket" });
    const acl = (rule: string) => make("objectstorage_bucket_acl", { bucket_name: "own-bucket", rule });
    await expect(acl("authenticated-read")).rejects.toThrow("the sandbox's object storage can't play");
    await handler("objectstorage_bucket_acl").remove(await acl("public-read"));
    expect(fake.done()).toEqual(["bucket own-bucket: everyone may do reading"]);
  });
});

describe("volumes", () => {
  const volume = (on: Record<string, string>, more: Plain = {}) =>
    make("block_storage", {
      name: "data-1",
      server_instance_no: on["id"],
      size: 10,
      hypervisor_type: "KVM",
      volume_type: "CB1",
      zone: "KR-1",
      ...more,
    });

  it("are of their server's hypervisor and zone", async () => {
    const host = await server((await network()).public_);
    await expect(volume(host, { zone: "KR-2" })).rejects.toThrow("zone KR-2 is not that of server host-1");
    await expect(volume(host, { hypervisor_type: "XEN", volume_type: "SSD" })).rejects.toThrow("hypervisor_type KVM");
    expect(await volume(host)).toMatchObject({ device_name: "/dev/vdb", status: "ATTAC", server_name: "host-1" });
  });

  it("stay when their server goes, and are attached to the next", async () => {
    const { public_ } = await network();
    const host = await server(public_);
    const data = await volume(host);
    await handler("server").remove(host);
    expect(await handler("block_storage").read(data)).toMatchObject({ server_instance_no: null, status: "CREAT" });
    const next = await server(public_);
    expect(next["id"]).not.toBe(host["id"]);
    expect(await handler("block_storage").update(data, { ...data, server_instance_no: next["id"] })).toMatchObject({
      server_instance_no: next["id"],
      device_name: "/dev/vdb",
    });
    expect(fake.standing("volumes")).toEqual([data["id"]]);
  });
});
