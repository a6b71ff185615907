/** What ncloud.md says that a change does, with the real Terraform: the stand-in has the real provider's traps. */
import { acl, aclRule, network, nic, script, subnet, vpc, withServer } from "./configs";
import { type Resources, standIn, without } from "./workspace";

jest.setTimeout(120_000);

const { served } = standIn();

describe("what a change does (ncloud.md)", () => {
  const acls = { ncloud_network_acl: { other: acl("test-other") } };
  const otherAcl = { network_acl_no: "${ncloud_network_acl.other.id}" };

  it("2: a change of the subnet's ACL replaces what refers to it by subnet_no, and nothing that does by id", async () => {
    const tf = await served();
    const config = (reference: string, more: object): Resources => ({
      ...network,
      ...acls,
      ncloud_subnet: { public: subnet("PUBLIC", more as Record<string, unknown>) },
      ncloud_network_interface: {
        main: { ...nic("public", "10.20.0.6"), subnet_no: `\${ncloud_subnet.public.${reference}}` },
      },
    });
    await tf.apply(config("id", {}));
    expect(await tf.plan(config("id", otherAcl))).toEqual(["update ncloud_subnet.public"]);
    expect(await tf.plan(config("subnet_no", otherAcl))).toEqual([
      "replace ncloud_network_interface.main",
      "update ncloud_subnet.public",
    ]);
  });

  it.each(["name", "usage_type"])("3: without %s a change of the ACL replaces the subnet", async (forgotten) => {
    const tf = await served();
    const config = (more: object): Resources => {
      const { [forgotten]: _, ...rest } = subnet("PUBLIC", more as Record<string, unknown>);
      return { ncloud_vpc: { main: vpc }, ...acls, ncloud_subnet: { public: rest } };
    };
    await tf.apply(config({}));
    expect(await tf.plan()).toEqual([]);
    expect(await tf.plan(config(otherAcl))).toEqual(["replace ncloud_subnet.public"]);
  });

  it("4: an edited init script replaces its servers; volume and public IP follow in place, and no id comes back", async () => {
    const tf = await served();
    await tf.apply(withServer());
    const before = tf.id("ncloud_server.main");
    const edited = withServer({ script: { content: `${script}# edited\n`, name: "test-init-2" } });
    expect(await tf.plan(edited)).toEqual([
      "replace ncloud_init_script.main",
      "replace ncloud_server.main",
      "update ncloud_block_storage.main",
      "update ncloud_public_ip.main",
    ]);
    await tf.apply(edited);
    const volume = tf.id("ncloud_block_storage.main");
    expect(Number(tf.id("ncloud_server.main"))).toBeGreaterThan(Number(before));
    expect(tf.fake.done().slice(-6)).toEqual(
      [
        `detach volume ${volume} from proxy-1`,
        "destroy host proxy-1",
        "detach nic of proxy-1",
        "attach nic 10.20.0.6 to proxy-1",
        "create host proxy-1",
        "host proxy-1 is up",
        `attach volume ${volume} to proxy-1`,
      ].slice(-6),
    );
    expect(tf.fake.done()).toContain(`detach volume ${volume} from proxy-1`);
    expect(tf.attributes("ncloud_public_ip.main")["public_ip"]).toBe("198.51.100.129");
    expect(await tf.plan()).toEqual([]);
  });

  it("5: spec and protection change in place, the description replaces, dropped interfaces change nothing", async () => {
    const tf = await served();
    await tf.apply(withServer());
    const grown = { server_spec_code: "s4-g3", is_protect_server_termination: true };
    expect(await tf.plan(withServer({ server: grown }))).toEqual(["update ncloud_server.main"]);
    await tf.apply(withServer({ server: grown }));
    expect(tf.fake.done().slice(-1)).toEqual(["restart host proxy-1"]);
    expect(await tf.plan(withServer({ server: { ...grown, network_interface: [] } }))).toEqual([]);
    expect(await tf.plan(withServer({ server: { ...grown, description: "another" } }))).toContain(
      "replace ncloud_server.main",
    );
    const destroyed = await tf.terraform("destroy", "-auto-approve", "-target=ncloud_server.main");
    expect(destroyed.output).toContain("server proxy-1 is protected against termination");
    expect(tf.fake.standing("hosts")).toEqual(["proxy-1"]);
  });

  it("7: an association's table changes only by replacement", async () => {
    const tf = await served();
    const table = (name: string) => ({ name, vpc_no: "${ncloud_vpc.main.id}", supported_subnet_type: "PRIVATE" });
    const config = (to: string, more: object = {}, trigger = to): Resources => ({
      ...network,
      ncloud_route_table: { one: table("test-one"), two: table("test-two") },
      terraform_data: { table: { input: trigger } },
      ncloud_route_table_association: {
        main: { route_table_no: `\${ncloud_route_table.${to}.id}`, subnet_no: "${ncloud_subnet.private.id}", ...more },
      },
    });
    await tf.apply(config("one"));
    await tf.configure(config("two"));
    const refused = await tf.terraform("apply", "-auto-approve");
    expect(refused.output).toContain("ncloud_route_table_association: route_table_no can't be changed in place");
    expect(refused.output).toContain(
      "the real provider accepts it, sends nothing, and plans it again after every apply",
    );
    await tf.apply(config("two", { lifecycle: { replace_triggered_by: ["terraform_data.table"] } }, "again"));
    expect(await tf.plan()).toEqual([]);
  });

  it("8: rules without a rule are refused at plan; a missing key is an error of the schema", async () => {
    const tf = await served();
    const config = (rules: object): Resources => ({
      ncloud_vpc: { main: vpc },
      ncloud_network_acl: { main: acl("test-acl") },
      ncloud_network_acl_rule: { main: { network_acl_no: "${ncloud_network_acl.main.id}", ...rules } },
    });
    await tf.configure(config({ inbound: [], outbound: [] }));
    expect((await tf.terraform("plan")).output).toContain("has no rule in either direction");
    const { description: _, ...incomplete } = aclRule({});
    await tf.configure(config({ inbound: [incomplete], outbound: [] }));
    expect((await tf.terraform("plan")).output).toContain('attribute "description" is required');
    await tf.apply(config({ inbound: [aclRule({ port_range: "22" })], outbound: [aclRule({ protocol: "ICMP" })] }));
    expect(await tf.plan()).toEqual([]);
  });

  it("9: a bucket with an object stays, and an output of its creation date drifts", async () => {
    const tf = await served();
    const config: Resources = {
      ncloud_objectstorage_bucket: { logs: { bucket_name: "test-logs" } },
      ncloud_objectstorage_bucket_acl: {
        logs: { bucket_name: "${ncloud_objectstorage_bucket.logs.id}", rule: "private" },
      },
    };
    await tf.apply(config, { output: { date: { value: "${ncloud_objectstorage_bucket.logs.creation_date}" } } });
    expect((await tf.terraform("plan", "-detailed-exitcode")).code).toBe(2);
    await tf.apply(config);
    expect(await tf.plan()).toEqual([]);
    tf.fake.putObject("test-logs", "one");
    expect((await tf.terraform("destroy", "-auto-approve")).output).toContain("BucketNotEmpty");
    tf.fake.deleteObject("test-logs", "one");
    await tf.succeed("destroy", "-auto-approve");
    expect(tf.fake.standing("buckets")).toEqual([]);
  });

  it("10: a mounted volume does not go, and a protected one neither", async () => {
    const tf = await served();
    await tf.apply(withServer());
    tf.fake.mount(tf.id("ncloud_block_storage.main"), true);
    const gone = without(withServer(), "ncloud_block_storage");
    await tf.configure(gone);
    expect((await tf.terraform("apply", "-auto-approve")).output).toContain("can't be destroyed (24002)");
    tf.fake.mount(tf.id("ncloud_block_storage.main"), false);
    await tf.apply(withServer({ volume: { return_protection: true } }));
    await tf.configure(gone);
    expect((await tf.terraform("apply", "-auto-approve")).output).toContain(
      "volume test-data is protected against return",
    );
    await tf.configure(withServer({ volume: { size: 20, return_protection: true } }));
    expect((await tf.terraform("plan")).output).toContain("the sandbox can't grow a volume from 10 to 20 GB");
  });
});
