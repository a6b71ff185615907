/** What holds for all stacks together: their order, their state, and traps of ncloud 4.0.5 that span resources. */
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { alwaysWrite } from "@cdktf/provider-ncloud/rules";
import { examplePlan } from "../fixtures/plan";
import { countsOf, filesIn, resourcesOf, synthStacks, type Synth } from "../constructs/synth";

const outdir = mkdtempSync(join(tmpdir(), "synth-"));
const { network, storage, transfer } = synthStacks(examplePlan(), { outdir });
const stacks = Object.entries({ network, storage, transfer });

it("makes these resources and no others", () => {
  expect(countsOf(network)).toEqual({
    ncloud_access_control_group: 2,
    ncloud_access_control_group_rule: 2,
    ncloud_network_acl: 2,
    ncloud_network_acl_rule: 2,
    ncloud_route_table: 1,
    ncloud_route_table_association: 1,
    ncloud_subnet: 2,
    ncloud_vpc: 1,
    terraform_data: 2,
  });
  expect(countsOf(storage)).toEqual({
    ncloud_objectstorage_bucket: 2,
    ncloud_objectstorage_bucket_acl: 2,
    terraform_data: 2,
  });
  expect(countsOf(transfer)).toEqual({
    ncloud_block_storage: 1,
    ncloud_init_script: 1,
    ncloud_network_interface: 2,
    ncloud_public_ip: 1,
    ncloud_server: 2,
    terraform_data: 3,
  });
});

describe("each stack", () => {
  it.each(stacks)("%s keeps its state beside the others', and pins the provider", (name, { terraform }) => {
    expect(terraform).toEqual({
      backend: { local: { path: `../../../out/sandbox/state/${name}.tfstate` } },
      required_providers: { ncloud: { source: "navercloudplatform/ncloud", version: "4.0.5" } },
    });
  });

  it.each(stacks)("%s says support_vpc (ncloud 4.0.5: needed), region and site, and no key", (_name, { provider }) => {
    expect(provider).toEqual({ ncloud: [{ support_vpc: true, region: "KR", site: "public" }] });
  });

  it.each(stacks)("%s reads no other stack's state", (_name, synth) => {
    expect(JSON.stringify(synth)).not.toContain("terraform_remote_state");
  });

  it.each(stacks)(
    "%s refers to subnets by id (ncloud 4.0.5: by subnet_no, an ACL's change replaces servers)",
    (_name, synth) => {
      expect(JSON.stringify(synth)).not.toMatch(/ncloud_subnet\.[\w-]+\.subnet_no/);
    },
  );

  it.each(stacks)(
    "%s writes what the provider forgets (ncloud 4.0.5: left out, any change replaces)",
    (_name, synth) => {
      const written = Object.keys(countsOf(synth))
        .filter((type) => type.startsWith("ncloud_"))
        .flatMap((type) =>
          Object.entries(resourcesOf(synth, type)).map(([name, given]) => [
            `${type}.${name}`,
            alwaysWrite(type).filter((path) => given[path] === undefined),
          ]),
        );
      expect(written.filter(([, missing]) => (missing as string[]).length > 0)).toEqual([]);
    },
  );

  it.each(stacks)("%s outputs no creation date (ncloud 4.0.5: its format drifts)", (_name, synth) => {
    expect(JSON.stringify(synth.output ?? {})).not.toContain("creation_date");
  });
});

describe("order", () => {
  const manifest = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8")) as {
    stacks: Record<string, { dependencies: string[] }>;
  };
  const dependenciesOf = (stack: string) => manifest.stacks[stack]?.dependencies;

  it("deploys network and storage before transfer, and so destroys them after it", () => {
    expect(stacks.map(([name]) => [name, dependenciesOf(name)])).toEqual([
      ["network", []],
      ["storage", []],
      ["transfer", ["network", "storage"]],
    ]);
  });

  it("keeps routes, associations and all rules out of the stack with servers (ncloud 4.0.5: a destroy would take them first)", () => {
    const holds = (synth: Synth) =>
      Object.keys(countsOf(synth)).filter((type) => /_rule$|_route|_acl$|_group$/.test(type));
    expect(holds(transfer)).toEqual([]);
    expect(holds(network)).toEqual([
      "ncloud_access_control_group",
      "ncloud_access_control_group_rule",
      "ncloud_network_acl",
      "ncloud_network_acl_rule",
      "ncloud_route_table",
      "ncloud_route_table_association",
    ]);
  });

  it("has a rule resource for each group and each ACL of its own, and none for a default one (ncloud 4.0.5)", () => {
    const targets = (type: string, key: string) => Object.values(resourcesOf(network, type)).map((given) => given[key]);
    expect(targets("ncloud_access_control_group_rule", "access_control_group_no")).toEqual([
      "${ncloud_access_control_group.proxy-group.id}",
      "${ncloud_access_control_group.sync-group.id}",
    ]);
    expect(targets("ncloud_network_acl_rule", "network_acl_no")).toEqual([
      "${ncloud_network_acl.private-acl.id}",
      "${ncloud_network_acl.public-acl.id}",
    ]);
  });
});

describe("the private subnet", () => {
  it("has a table of its own without routes: no NAT gateway opens a way out", () => {
    expect(resourcesOf(network, "ncloud_route_table_association")).toMatchObject({
      "private-routes_private": { subnet_no: "${ncloud_subnet.private.id}" },
    });
    const types = stacks.flatMap(([, synth]) => Object.keys(countsOf(synth)));
    expect(types.filter((type) => ["ncloud_route", "ncloud_nat_gateway"].includes(type))).toEqual([]);
  });
});

describe("one changed line of the pipeline file", () => {
  const changed = (from: string, to: string) => synthStacks(examplePlan([from, to]));

  it("replaces nothing when operators come from elsewhere: rules change in place", () => {
    const other = changed("198.51.100.1/32", "198.51.100.2/32");
    const rules = ["ncloud_access_control_group_rule", "ncloud_network_acl_rule", "terraform_data"];
    for (const type of Object.keys(countsOf(network)).filter((each) => !rules.includes(each)))
      expect(resourcesOf(other.network, type)).toEqual(resourcesOf(network, type));
    expect(resourcesOf(other.network, "ncloud_access_control_group_rule")["sync-group_rules"]).toEqual(
      resourcesOf(network, "ncloud_access_control_group_rule")["sync-group_rules"],
    );
  });

  it("gives the hook other triggers and changes no server when a schedule changes", () => {
    const other = changed('schedule: "* * * * *"', 'schedule: "*/2 * * * *"');
    expect(other.network).toEqual(network);
    expect(other.storage).toEqual(storage);
    expect(resourcesOf(other.transfer, "ncloud_server")).toEqual(resourcesOf(transfer, "ncloud_server"));
    expect(resourcesOf(other.transfer, "terraform_data")).not.toEqual(resourcesOf(transfer, "terraform_data"));
  });
});

describe("the output folder", () => {
  it("has the same bytes after a second synth", () => {
    const again = mkdtempSync(join(tmpdir(), "synth-"));
    synthStacks(examplePlan(), { outdir: again });
    expect(filesIn(again)).toEqual(filesIn(outdir));
  });

  it("names no folder of this machine and holds no token marker", () => {
    const root = join(__dirname, "..", "..");
    for (const [path, text] of filesIn(outdir)) {
      expect([path, text.includes(root), /TfToken|TOKEN\[/.test(text)]).toEqual([path, false, false]);
    }
  });
});
