/** What the Ambari hook reads: complete, the same each time, without a secret's value. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ambariFilesOf } from "../../../constructs/hadoop/ambari-files";
import { foreignMatter } from "../../../constructs/provisioning/artifacts";
import {
  blueprintNameOf,
  blueprintOf,
  creationTemplateOf,
  textOf,
  versionDefinitionOf,
} from "../../../pipeline/hadoop/render";
import { secretsIn } from "../../../pipeline/hadoop/secrets";
import type { ClusterPlan, SecretName, SecretRef } from "../../../pipeline/plan-types";
import { cluster, KERBEROS } from "../../fixtures/cluster";

const refs = (...names: SecretName[]): SecretRef[] =>
  names.map((name, index) => ({ name, from: `env:${name.toUpperCase()}`, version: index + 1 }));
const SECRETS = refs(
  "deploy_ssh_key",
  "grafana_password",
  "ambari_admin_password",
  "hive_db_password",
  "hadoop_keystore_password",
  "hadoop_truststore_password",
);
const planned = (spec = cluster()): ClusterPlan => ({
  spec,
  server: "hdp-1",
  hive: "hdp-2",
  ambariRepository: "http://packages.ncp.test/ambari",
});

it("says what the cluster is called, where its server is, and when it is done", () => {
  const { files } = ambariFilesOf({ secrets: SECRETS }, planned());
  expect(Object.keys(files).sort()).toEqual([
    "blueprint.json",
    "cluster.json",
    "template.json",
    "version-definition.xml",
  ]);
  expect(JSON.parse(files["cluster.json"] as string)).toEqual({
    version: 1,
    name: "batch",
    server: "hdp-1",
    port: 8080,
    admin: { user: "admin", password: "ambari_admin_password" },
    blueprint: blueprintNameOf(cluster()),
    repository: { stack: "HDP", stackVersion: "3.1", version: "3.1.0.0-78" },
    components: { installed: 47, started: 23 },
    clients: [
      "HDFS_CLIENT",
      "HIVE_CLIENT",
      "MAPREDUCE2_CLIENT",
      "SPARK2_CLIENT",
      "SQOOP",
      "TEZ_CLIENT",
      "YARN_CLIENT",
      "ZOOKEEPER_CLIENT",
    ],
    workers: "workers",
    secrets: SECRETS.filter(({ name }) => name !== "deploy_ssh_key").sort((a, b) => (a.name < b.name ? -1 : 1)),
  });
});

it("has the bodies of the requests as they are rendered", () => {
  const { files } = ambariFilesOf({ secrets: SECRETS }, planned());
  expect(files["blueprint.json"]).toBe(textOf(blueprintOf(cluster())));
  expect(files["template.json"]).toBe(textOf(creationTemplateOf(cluster())));
  expect(files["version-definition.xml"]).toBe(versionDefinitionOf(cluster()));
});

it("needs the secrets that its template names, and the administrator's", () => {
  const kerberos = cluster("hdp-3.1", { kerberos: KERBEROS });
  const all = [...SECRETS, ...refs("kerberos_admin_password")];
  const { secrets, files } = ambariFilesOf({ secrets: all }, planned(kerberos));
  expect(secrets.map(({ name }) => name)).toEqual(
    ["ambari_admin_password", ...secretsIn(JSON.parse(files["template.json"] as string))].sort(),
  );
  expect(() => ambariFilesOf({ secrets: SECRETS }, planned(kerberos))).toThrow(
    "secrets.kerberos_admin_password is missing\n  try: add it to the pipeline file",
  );
});

it("is the same each time, and holds nothing that must not leave synth", () => {
  const render = () => ambariFilesOf({ secrets: SECRETS }, planned()).files;
  expect(render()).toEqual(render());
  for (const content of Object.values(render())) expect(foreignMatter(content)).toBeUndefined();
});

it("is what the hook reads", () => {
  const names = readFileSync(join(__dirname, "../../../hooks/ambari/main.ts"), "utf8");
  for (const name of Object.keys(ambariFilesOf({ secrets: SECRETS }, planned()).files)) expect(names).toContain(name);
});
