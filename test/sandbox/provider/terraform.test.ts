import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { groupRule, network, script, subnet, vpc, withServer } from "./configs";
import { standIn, without, type Workspace } from "./workspace";

jest.setTimeout(120_000);

const { workspace, served } = standIn();

describe("the life of a small cloud", () => {
  it("is made, comes to rest, and is destroyed in the order of its references", async () => {
    const tf = await served();
    await tf.apply(withServer());
    expect(await tf.plan()).toEqual([]);
    const id = tf.id("ncloud_server.main");
    expect(tf.attributes("ncloud_server.main")).toMatchObject({
      instance_no: id,
      hypervisor_type: "KVM",
      cpu_count: 2,
      memory_size: 8 * 2 ** 30,
      private_ip: null,
      network_interface: [
        {
          network_interface_no: tf.id("ncloud_network_interface.main"),
          order: 0,
          private_ip: "10.20.0.6",
          subnet_no: tf.id("ncloud_subnet.public"),
        },
      ],
    });
    expect(tf.fake.done()).toEqual([
      "attach nic 10.20.0.6 to proxy-1",
      "create host proxy-1",
      "host proxy-1 is up",
      `create volume ${tf.id("ncloud_block_storage.main")} of 10 GB`,
      `attach volume ${tf.id("ncloud_block_storage.main")} to proxy-1`,
    ]);
    expect(tf.fake.network()).toMatchObject({
      nics: [{ host: "proxy-1", ip: "10.20.0.6", groupIds: [tf.id("ncloud_access_control_group.main")] }],
      publicIps: [{ ip: "198.51.100.129", privateIp: "10.20.0.6" }],
    });

    await tf.succeed("destroy", "-auto-approve");
    expect(["hosts", "nics", "volumes"].map((kind) => tf.fake.standing(kind as "hosts"))).toEqual([[], [], []]);
    expect(tf.fake.network()).toEqual({ subnets: [], acls: [], groups: [], nics: [], publicIps: [] });
  });

  it("gives other stacks its objects by name", async () => {
    const tf = await served();
    const made = {
      ...network,
      ncloud_objectstorage_bucket: { logs: { bucket_name: "test-logs" } },
      ncloud_public_ip: { one: { description: "test: proxy-1" }, two: { description: "test: proxy-2" } },
    };
    await tf.apply(made);
    const data = {
      ncloud_vpc: { found: { name: "test" } },
      ncloud_subnet: {
        found: { vpc_no: "${data.ncloud_vpc.found.id}", filter: [{ name: "name", values: ["test-private"] }] },
      },
      ncloud_access_control_group: { found: { vpc_no: "${data.ncloud_vpc.found.id}", name: "test-main" } },
      ncloud_server_image_numbers: { found: { server_image_name: "ubuntu-22.04-base" } },
      ncloud_objectstorage_bucket: { found: { bucket_name: "test-logs" } },
      ncloud_public_ip: { found: { filter: [{ name: "description", values: ["test: proxy-2"] }] } },
    };
    const output = {
      found: {
        value: [
          "${data.ncloud_subnet.found.id}",
          "${data.ncloud_access_control_group.found.id}",
          "${data.ncloud_server_image_numbers.found.image_number_list[0].server_image_number}",
          "${data.ncloud_objectstorage_bucket.found.id}",
          "${data.ncloud_public_ip.found.public_ip}",
        ],
      },
    };
    await tf.apply(made, { data, output });
    expect(JSON.parse(await tf.succeed("output", "-json", "found"))).toEqual([
      tf.id("ncloud_subnet.private"),
      tf.id("ncloud_access_control_group.main"),
      "sandbox-ubuntu-22.04-base",
      "test-logs",
      tf.attributes("ncloud_public_ip.two")["public_ip"],
    ]);
    const missing = { data: { ncloud_vpc: { missing: { name: "nobody" } } } };
    await tf.configure({}, missing);
    const { code, output: told } = await tf.terraform("plan");
    expect(code).toBe(1);
    expect(told).toContain("data.ncloud_vpc: no ncloud_vpc fits");
    expect(told).toContain("there are: test try: deploy the stack that makes it first");
  });
});

describe("import", () => {
  it("takes over what stands, with an empty plan", async () => {
    const tf = await served();
    const bucket = { ncloud_objectstorage_bucket: { main: { bucket_name: "test-logs" } } };
    const acl = {
      ncloud_objectstorage_bucket_acl: {
        main: { bucket_name: "${ncloud_objectstorage_bucket.main.id}", rule: "private" },
      },
    };
    await tf.apply({ ...withServer(), ...bucket, ...acl });
    const addresses = [
      ["ncloud_vpc.main", tf.id("ncloud_vpc.main")],
      ["ncloud_server.main", tf.id("ncloud_server.main")],
      ["ncloud_network_interface.main", tf.id("ncloud_network_interface.main")],
      ["ncloud_access_control_group_rule.main", tf.id("ncloud_access_control_group.main")],
      ["ncloud_objectstorage_bucket_acl.main", "test-logs"],
    ] as const;
    for (const [address, id] of addresses) {
      await tf.succeed("state", "rm", address);
      await tf.succeed("import", address, id);
    }
    // The rule of a bucket's ACL is not read back (ncloud 4.0.5).
    expect(await tf.plan()).toEqual(["update ncloud_objectstorage_bucket_acl.main"]);
    await tf.succeed("state", "rm", "ncloud_vpc.main");
    const { code, output } = await tf.terraform("import", "ncloud_vpc.main", "1");
    expect(code).toBe(1);
    expect(output).toContain('there is none with the import id "1"');
  });
});

describe("what is refused", () => {
  it("types without a stand-in: at plan, not at validate", async () => {
    const tf = await served();
    await tf.configure({
      ncloud_cdss_config_group: { main: { name: "test", kafka_version_code: "2823006" } },
      ncloud_login_key: { main: { key_name: "test-key" } },
      ncloud_placement_group: { main: { name: "test-group" } },
    });
    await tf.succeed("validate");
    const { code, output } = await tf.terraform("plan");
    expect(code).toBe(1);
    expect(output).toContain(
      "ncloud_cdss_config_group: the sandbox has no stand-in for it, and does not make answers up",
    );
    expect(output).toContain("ncloud_login_key: its private key would stand in Terraform's state");
    expect(output).toContain("ncloud_placement_group.main will be created");
  });

  it("breaches of the rules, all at once, each at its attribute; unknown values wait", async () => {
    const tf = await served();
    await tf.configure({
      terraform_data: { later: { input: 1 } },
      ncloud_vpc: { main: { name: "Te", ipv4_cidr_block: "10.20.0.1/16" } },
      ncloud_subnet: {
        public: subnet("PUBLIC", {
          usage_type: "OTHER",
          zone: "${terraform_data.later.id}",
          vpc_no: "1",
          network_acl_no: "1",
        }),
      },
      ncloud_block_storage: {
        main: {
          server_instance_no: "1",
          size: 15,
          volume_type: "CB1",
          disk_detail_type: "SSD",
          name: "${terraform_data.later.id}",
        },
      },
      ncloud_access_control_group_rule: {
        main: {
          access_control_group_no: "1",
          inbound: [groupRule({ ip_block: "10.20.0.0/16", protocol: "ICMP", port_range: "22" })],
          outbound: [],
        },
      },
    });
    const { code, output } = await tf.terraform("validate");
    expect(code).toBe(1);
    for (const told of [
      'ncloud_vpc: name "Te" is 2 characters long with ncloud_vpc.main, on main.tf.json line',
      "allowed: 3 to 30 characters",
      'ipv4_cidr_block "10.20.0.1/16" has host bits',
      'usage_type "OTHER" is none of the values',
      "allowed: GEN, LOADB, BM, NATGW",
      "size 15 is no multiple of 10",
      "volume_type",
      "port_range",
    ])
      expect(output).toContain(told);
  });
});

const servers = ({ home }: Workspace): Readonly<Record<string, unknown>>[] =>
  readdirSync(join(home, "cloud", "ncloud_server"))
    .filter((file) => file.endsWith(".json"))
    .map((file) => JSON.parse(readFileSync(join(home, "cloud", "ncloud_server", file), "utf8")));

/** Whether the platform has made every server that it was asked for. */
const claimIsFinished = (tf: Workspace): boolean => servers(tf).every(({ unfinished }) => unfinished === undefined);

describe("when something goes wrong", () => {
  it("keeps a server whose init script failed, as tainted, and replaces it at the next apply", async () => {
    const tf = workspace();
    await tf.configure(without(withServer({ server: { name: "bad-1" } }), "ncloud_block_storage", "ncloud_public_ip"));
    const { output } = await tf.terraform("apply", "-auto-approve");
    expect(output).toContain("its init script ended with 3");
    expect(tf.fake.standing("hosts")).toEqual(["bad-1"]);
    expect(await tf.plan()).toEqual(["replace ncloud_server.main"]);
    await tf.apply(without(withServer({ server: { name: "good-1" } }), "ncloud_block_storage", "ncloud_public_ip"));
    expect(tf.fake.standing("hosts")).toEqual(["good-1"]);
  });

  it("never adopts what was made while Terraform was killed", async () => {
    const tf = workspace();
    const config = without(withServer({ server: { name: "slow-1" } }), "ncloud_block_storage", "ncloud_public_ip");
    await tf.configure(config);
    await tf.killApply(() => tf.fake.standing("hosts").includes("slow-1"));
    tf.fake.letGo();
    while (!claimIsFinished(tf)) await sleep(20);
    expect(() => tf.id("ncloud_server.main")).toThrow("is not in the state");

    // Terraform wrote the state for the last time before the server: the rest stands in it.
    const again = await tf.terraform("apply", "-auto-approve");
    expect(again.code).toBe(1);
    expect(again.output).toContain('the name "slow-1" is taken by');
    const orphan = /is taken by (\d+)/.exec(again.output)?.[1] ?? "";
    await tf.succeed("import", "ncloud_server.main", orphan);
    expect(await tf.plan()).toEqual([]);
  });

  it("makes what it was asked for although the provider was killed as well", async () => {
    const tf = workspace();
    const config = without(withServer({ server: { name: "slow-1" } }), "ncloud_block_storage", "ncloud_public_ip");
    await tf.configure(config);
    await tf.killApply(
      () => tf.fake.standing("hosts").includes("slow-1"),
      () => tf.providers(),
    );
    expect(tf.providers()).toEqual([]);
    expect(claimIsFinished(tf)).toBe(false);
    tf.fake.letGo();
    while (!claimIsFinished(tf)) await sleep(20);
    expect(tf.fake.done().at(-1)).toBe("host slow-1 is up");
    await tf.succeed("import", "ncloud_server.main", String(servers(tf)[0]?.["id"]));
    expect(await tf.plan()).toEqual([]);
  });

  it("names an interrupted provider's claim when the name is wanted again", async () => {
    const tf = workspace();
    await tf.apply({ ncloud_vpc: { main: vpc } });
    const claim = { id: "20000000", name: "test-init", unfinished: "making" };
    mkdirSync(`${tf.home}/cloud/ncloud_init_script`, { recursive: true });
    writeFileSync(`${tf.home}/cloud/ncloud_init_script/20000000.json`, JSON.stringify(claim));
    await tf.configure({ ncloud_init_script: { main: { name: "test-init", content: script } } });
    const { output } = await tf.terraform("apply", "-auto-approve");
    expect(output).toContain('the name "test-init" is taken by 20000000, whose creation was interrupted');
  });
});
