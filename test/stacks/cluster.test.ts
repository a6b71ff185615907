/** The batch cluster, Presto and Airflow as stacks of their own: each after those that it needs. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Manifest } from "../../pipeline/manifest";
import { ROLES, roleOf } from "../../pipeline/roles";
import { countsOf, resourcesOf, synthStacks } from "../constructs/synth";
import { wholePlan } from "../fixtures/plan";

const plan = wholePlan();
const outdir = mkdtempSync(join(tmpdir(), "cluster-"));
afterAll(() => rmSync(outdir, { recursive: true }));
const stacks = synthStacks(plan, { outdir });
const [cluster, query, schedule] = [stacks["batch-cluster"], stacks.query, stacks.schedule];
const manifestOf = (stack: string): Manifest =>
  JSON.parse(readFileSync(join(outdir, "stacks", stack, "artifacts", "manifest.json"), "utf8")) as Manifest;

it("makes these resources and no others", () => {
  expect(countsOf(cluster!)).toEqual({
    ncloud_block_storage: 3,
    ncloud_init_script: 1,
    ncloud_network_interface: 3,
    ncloud_server: 3,
    terraform_data: 4,
  });
  expect(countsOf(query!)).toEqual({
    ncloud_init_script: 1,
    ncloud_network_interface: 2,
    ncloud_server: 2,
    terraform_data: 3,
  });
  expect(countsOf(schedule!)).toEqual({
    ncloud_block_storage: 1,
    ncloud_init_script: 1,
    ncloud_network_interface: 1,
    ncloud_server: 1,
    terraform_data: 3,
  });
});

it("makes Presto and Airflow after the cluster, one beside the other", () => {
  const manifest = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8")) as {
    stacks: Record<string, { dependencies: string[] }>;
  };
  const names = ["batch-cluster", "query", "schedule"];
  expect(names.map((name) => [name, manifest.stacks[name]?.dependencies])).toEqual([
    ["batch-cluster", ["network", "transfer"]],
    ["query", ["network", "batch-cluster"]],
    ["schedule", ["network", "batch-cluster"]],
  ]);
});

it("makes nodes from the member image, and ignores another number for those that exist", () => {
  const server = resourcesOf(cluster!, "ncloud_server")["hdp-1_server"];
  expect(server).toMatchObject({ member_server_image_no: "4711", server_spec_code: "s4-g3" });
  expect(server).not.toHaveProperty("server_image_number");
  expect(server?.["lifecycle"]).toMatchObject({
    ignore_changes: ["init_script_no", "login_key_name", "member_server_image_no"],
    prevent_destroy: true,
  });
});

it("Ambari's hook is the last resource, after the delivery", () => {
  const { deliver, ambari } = resourcesOf(cluster!, "terraform_data");
  expect(ambari?.["depends_on"]).toEqual(
    expect.arrayContaining(["terraform_data.deliver", "ncloud_server.hdp-3_server"]),
  );
  expect(deliver?.["depends_on"]).not.toContain("terraform_data.ambari");
  expect(ambari?.["triggers_replace"]).toMatchObject({
    secrets: {
      ambari_admin_password: 1,
      grafana_password: 1,
      hadoop_keystore_password: 1,
      hadoop_truststore_password: 1,
      hive_db_password: 1,
    },
    servers: {
      "hdp-1": "${ncloud_server.hdp-1_server.id}",
      "proxy-1": "${data.ncloud_public_ip.bastion.server_instance_no}",
    },
  });
});

it.each([
  ["batch-cluster", ["hdp-1", "hdp-2", "hdp-3"]],
  ["query", ["presto-1", "presto-2"]],
  ["schedule", ["airflow-1"]],
])("%s delivers to its hosts through the other stack's bastion", (stack, hosts) => {
  const manifest = manifestOf(stack);
  expect(manifest.hosts.map(({ name }) => name)).toEqual(hosts);
  // What looks for a host's delivery afterwards goes by its role.
  expect(hosts.map((host) => ROLES[roleOf(host)!.role].stack)).toEqual(hosts.map(() => stack));
  expect([manifest.bastion, manifest.bastionStack]).toEqual(["proxy-1", "transfer"]);
  expect(resourcesOf(stacks[stack as "query"]!, "terraform_data")["deliver"]?.["triggers_replace"]).toMatchObject({
    servers: { "proxy-1": "${data.ncloud_public_ip.bastion.server_instance_no}" },
  });
});

it("names to each stack's delivery the secrets of its own hosts alone", () => {
  const secretsOf = (stack: string): string[] => manifestOf(stack).secrets.map(({ name }) => name);
  expect(secretsOf("transfer").filter((name) => /^(hdp|presto|airflow|ambari|hive)_/.test(name))).toEqual([]);
  expect(secretsOf("query").filter((name) => /^(aws|sync|proxy|airflow|ambari)_/.test(name))).toEqual([]);
  expect(secretsOf("schedule")).toContain("airflow_fernet_key");
});
