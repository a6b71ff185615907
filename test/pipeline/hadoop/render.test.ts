/** The rendered files: every one passes the check, holds no secret, nothing newer than its engine, and is always the same. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkCluster, type ClusterSpec, type NodeSpec } from "../../../pipeline/hadoop/cluster";
import { isAtLeast, osFamilyOf, distributionOf } from "../../../pipeline/hadoop/distributions";
import {
  blueprintNameOf,
  blueprintOf,
  CLUSTER_SECRETS,
  componentCountsOf,
  creationTemplateOf,
  textOf,
  versionDefinitionOf,
} from "../../../pipeline/hadoop/render";
import { checkBlueprint } from "../../../pipeline/hadoop/rules";
import { HEAPS } from "../../../pipeline/hadoop/sizing";
import { fillSecrets, secretsIn } from "../../../pipeline/hadoop/secrets";
import { IMAGES } from "../../../pipeline/images";
import { cluster, DISTRIBUTION_NAMES, KERBEROS, nodes } from "../../fixtures/cluster";

const propertiesOf = (of: ClusterSpec, type: string): Record<string, string> =>
  Object.assign(
    {},
    ...blueprintOf(of).configurations.flatMap((each) => (type in each ? [each[type]?.properties] : [])),
  );

const layouts = DISTRIBUTION_NAMES.flatMap((distribution) =>
  (["non-ha", "ha"] as const).flatMap((layout) =>
    [3, 4, 5, 9].flatMap((count) =>
      [undefined, KERBEROS].map((kerberos) => {
        const os = distributionOf(distribution).osFamilies[0] as string;
        const spec = cluster(distribution, { layout, nodes: nodes(count, { os }), ...(kerberos && { kerberos }) });
        return [`${distribution} ${layout} ${count} nodes${kerberos ? " kerberos" : ""}`, spec] as const;
      }),
    ),
  ),
);

it.each(layouts)("passes the check: %s", (_, spec) => {
  expect(checkCluster(spec)).toEqual([]);
  expect(checkBlueprint(blueprintOf(spec), creationTemplateOf(spec))).toEqual([]);
});

it.each(layouts)("passes as the request that Ambari sees: %s", (_, spec) => {
  const sent = fillSecrets(creationTemplateOf(spec), (name) => `value of ${name}`);
  expect(secretsIn(sent)).toEqual([]);
  expect(checkBlueprint(blueprintOf(spec), sent)).toEqual([]);
});

it("has the default layout of three nodes", () => {
  const groups = blueprintOf(cluster()).host_groups.map(({ name, components }) => [
    name,
    components.map((c) => c.name),
  ]);
  const clients =
    "HDFS_CLIENT YARN_CLIENT MAPREDUCE2_CLIENT TEZ_CLIENT HIVE_CLIENT ZOOKEEPER_CLIENT SPARK2_CLIENT SQOOP";
  const everywhere = `ZOOKEEPER_SERVER DATANODE NODEMANAGER METRICS_MONITOR ${clients}`;
  expect(groups).toEqual([
    [
      "master1",
      `NAMENODE HISTORYSERVER APP_TIMELINE_SERVER SPARK2_JOBHISTORYSERVER METRICS_COLLECTOR METRICS_GRAFANA ${everywhere}`.split(
        " ",
      ),
    ],
    [
      "master2",
      `SECONDARY_NAMENODE RESOURCEMANAGER TIMELINE_READER HIVE_SERVER HIVE_METASTORE ${everywhere}`.split(" "),
    ],
    ["master3", everywhere.split(" ")],
    ["workers", everywhere.split(" ").slice(1)],
  ]);
  expect(componentCountsOf(cluster())).toEqual({ installed: 47, started: 23 });
});

it("is the same blueprint with workers of the third master's spec: Ambari adds hosts to the blueprint that made the cluster", () => {
  const names = [3, 4, 9].map((count) => blueprintNameOf(cluster("hdp-3.1", { nodes: nodes(count) })));
  expect(new Set(names).size).toBe(1);
  const larger = [...nodes(3), { ...nodes(4)[3]!, spec: "m16-g3" }];
  expect(blueprintNameOf(cluster("hdp-3.1", { nodes: larger }))).not.toBe(names[0]);
  const templates = [3, 4].map((count) => creationTemplateOf(cluster("hdp-3.1", { nodes: nodes(count) })).host_groups);
  expect(templates.map((groups) => groups.map(({ name }) => name))).toEqual([
    ["master1", "master2", "master3"],
    ["master1", "master2", "master3", "workers"],
  ]);
});

it("has two NameNodes, three JournalNodes and no secondary with HA", () => {
  const groups = blueprintOf(cluster("hdp-3.1", { layout: "ha", nodes: nodes(5) })).host_groups;
  const hostsWith = (component: string): string[] =>
    groups.filter(({ components }) => components.some(({ name }) => name === component)).map(({ name }) => name);
  expect(
    ["NAMENODE", "ZKFC", "JOURNALNODE", "ZOOKEEPER_SERVER", "SECONDARY_NAMENODE", "DATANODE"].map(hostsWith),
  ).toEqual([
    ["master1", "master2"],
    ["master1", "master2"],
    ["master1", "master2", "master3"],
    ["master1", "master2", "master3"],
    [],
    ["master1", "master2", "master3", "workers"],
  ]);
});

it("reaches Object Storage by S3A without a key in any file", () => {
  expect(propertiesOf(cluster(), "core-site")).toMatchObject({
    "fs.s3a.endpoint": "kr.object.private.ncp.test",
    "fs.s3a.path.style.access": "true",
    "fs.s3a.connection.ssl.enabled": "true",
    "hadoop.security.credential.provider.path": "localjceks://file/etc/security/aws2ncp/s3a.jceks",
  });
  for (const [, spec] of layouts)
    expect(textOf([blueprintOf(spec), creationTemplateOf(spec)])).not.toMatch(/access\.key|secret\.key|fs\.s3a\.proxy/);
});

it.each([
  ["hdp-3.1", undefined],
  ["odp-1.2", "kr-standard"],
  ["odp-1.3", "kr-standard"],
  ["bigtop-3.3", "kr-standard"],
] as const)("renders fs.s3a.endpoint.region only where Hadoop knows it: %s", (distribution, region) => {
  expect(propertiesOf(cluster(distribution), "core-site")["fs.s3a.endpoint.region"]).toBe(region);
});

it.each(DISTRIBUTION_NAMES)("encrypts what travels between hosts: %s", (distribution) => {
  const spec = cluster(distribution);
  expect(propertiesOf(spec, "hdfs-site")).toMatchObject({
    "dfs.encrypt.data.transfer": "true",
    "dfs.block.access.token.enable": "true",
  });
  expect(propertiesOf(spec, "core-site")["hadoop.rpc.protection"]).toBe("privacy");
  expect(propertiesOf(spec, "mapred-site")["mapreduce.shuffle.ssl.enabled"]).toBe("true");
  expect(propertiesOf(spec, "tez-site")["tez.runtime.shuffle.ssl.enable"]).toBe("true");
  const spark = distributionOf(distribution).spark.config;
  expect(propertiesOf(spec, `${spark}-defaults`)).toMatchObject({
    "spark.authenticate": "true",
    "spark.network.crypto.enabled": "true",
  });
  expect(propertiesOf(spec, `${spark}-hive-site-override`)).toEqual({ "metastore.catalog.default": "hive" });
});

it("names every secret and holds none", () => {
  expect(secretsIn(blueprintOf(cluster()))).toEqual([]);
  expect(secretsIn(creationTemplateOf(cluster()))).toEqual(Object.keys(CLUSTER_SECRETS));
  expect(secretsIn(creationTemplateOf(cluster("hdp-3.1", { kerberos: KERBEROS })))).toEqual(
    [...Object.keys(CLUSTER_SECRETS), "kerberos_admin_password"].sort(),
  );
  for (const [, spec] of layouts) {
    const passwords = textOf(creationTemplateOf(spec))
      .split("\n")
      .filter((line) => /password|key"/i.test(line) && !line.includes('"secret"'));
    expect(passwords.every((line) => line.trimEnd().endsWith("{"))).toBe(true);
  }
});

it.each([undefined, ""])("sends no request with the value %p for a secret", (value) => {
  expect(() => fillSecrets(creationTemplateOf(cluster()), () => value)).toThrow("secret grafana_password has no value");
});

it("is the same every time, and another content has another name", () => {
  expect(textOf(blueprintOf(cluster()))).toBe(textOf(blueprintOf(cluster())));
  expect(blueprintNameOf(cluster())).toMatch(/^batch-[0-9a-f]{12}$/);
  expect(blueprintNameOf(cluster())).not.toBe(blueprintNameOf(cluster("hdp-3.1", { layout: "ha" })));
  for (const { properties } of blueprintOf(cluster()).configurations.flatMap((each) => Object.values(each)))
    expect(Object.keys(properties)).toEqual(Object.keys(properties).sort());
});

it("follows the sizing table", () => {
  const spec = cluster("hdp-3.1", { nodes: nodes(4, { spec: "s8-g3" }) });
  expect(propertiesOf(spec, "hadoop-env")).toEqual({ dtnode_heapsize: "1024m", namenode_heapsize: "4096m" });
  expect(propertiesOf(spec, "yarn-site")).toMatchObject({
    "yarn.scheduler.minimum-allocation-mb": "2048",
    "yarn.scheduler.maximum-allocation-mb": "24576",
    "yarn.nodemanager.resource.cpu-vcores": "7",
  });
  const memories = blueprintOf(spec).host_groups.map(
    ({ configurations }) => configurations[0]?.["yarn-site"]?.properties["yarn.nodemanager.resource.memory-mb"],
  );
  // 32768 - 4096 for the system - 1.2 times the heaps, in whole containers of 2048
  expect(memories).toEqual(["12288", "8192", "24576", "24576"]);
  expect(propertiesOf(spec, "hdfs-site")["dfs.datanode.du.reserved"]).toBe(String(50 * 1024 ** 3));
});

it("is documented: README.md has the sizing table", () => {
  const readme = readFileSync(join(__dirname, "../../../pipeline/hadoop/README.md"), "utf8");
  const flat = HEAPS.filter(({ heaps }) => new Set(heaps).size === 1);
  expect(flat.map(({ component }) => component)).toEqual(["WEBHCAT_SERVER", "METRICS_GRAFANA", "METRICS_MONITOR"]);
  expect(readme).toContain("WebHCat 256, Grafana 128, Metrics Monitor 64, everywhere.");
  for (const { heaps } of HEAPS.filter((row) => !flat.includes(row)))
    expect(readme).toContain(`| ${heaps.join(" | ")} |`);
});

it.each([
  ["non-ha", "s4-g3", 1536, true],
  ["ha", "s4-g3", 0, false],
  ["ha", "m4-g3", 1536, true],
  ["ha", "s8-g3", 1536, true],
] as const)("fits as README.md says: %s on %s with %d MB reserved: %p", (layout, spec, reservedMb, fits) => {
  const [first, ...others] = nodes(3, { spec });
  const of = cluster("hdp-3.1", { layout, nodes: [{ ...(first as NodeSpec), reservedMb }, ...others] });
  expect(checkCluster(of).length === 0).toBe(fits);
});

it("writes the version definition", () => {
  expect(versionDefinitionOf(cluster())).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<repository-version>
  <release>
    <type>STANDARD</type>
    <stack-id>HDP-3.1</stack-id>
    <version>3.1.0.0</version>
    <build>78</build>
    <release-notes>none</release-notes>
    <display>HDP-3.1.0.0-78</display>
  </release>
  <manifest>
    <service id="AMBARI_METRICS" name="AMBARI_METRICS" version="0.1.0"/>
    <service id="HDFS" name="HDFS" version="3.1.0"/>
    <service id="HIVE" name="HIVE" version="3.0.0.3.0"/>
    <service id="MAPREDUCE2" name="MAPREDUCE2" version="3.0.0.3.0"/>
    <service id="SPARK2" name="SPARK2" version="2.3.0"/>
    <service id="SQOOP" name="SQOOP" version="1.4.7"/>
    <service id="TEZ" name="TEZ" version="0.9.0.3.0"/>
    <service id="YARN" name="YARN" version="3.1.0"/>
    <service id="ZOOKEEPER" name="ZOOKEEPER" version="3.4.9.3.0"/>
  </manifest>
  <available-services/>
  <repository-info>
    <os family="redhat7">
      <package-version>3_1_0_0_*</package-version>
      <repo>
        <baseurl>https://packages.ncp.test/HDP</baseurl>
        <repoid>HDP-3.1</repoid>
        <reponame>HDP</reponame>
      </repo>
      <repo>
        <baseurl>https://packages.ncp.test/HDP-UTILS</baseurl>
        <repoid>HDP-UTILS-1.1.0.22</repoid>
        <reponame>HDP-UTILS</reponame>
      </repo>
    </os>
  </repository-info>
</repository-version>
`);
});

describe("a cluster is refused", () => {
  const os = (family: string) => ({
    nodes: nodes(3, { os: family }).map((n, i) => (i === 0 ? n : { ...n, os: "redhat7" })),
  });
  it.each([
    [
      "on a system outside the stack's families",
      os("redhat8"),
      'nodes.0.os: "redhat8" has no packages of hdp-3.1',
      "redhat7, ubuntu14, ubuntu16, debian9, suse12, amazonlinux2",
    ],
    [
      "with two nodes",
      { nodes: nodes(2) },
      "nodes: 2 nodes",
      "3 or more: ZooKeeper and the JournalNodes need a majority",
    ],
    [
      "with a node twice",
      { nodes: [...nodes(3), ...nodes(1)] },
      "nodes.3.fqdn: hdp-1.aws2ncp.internal is named twice",
      undefined,
    ],
    [
      "with capitals in a name",
      { nodes: [...nodes(3), ...nodes(1, { fqdn: "HDP-4.internal" })] },
      'nodes.3.fqdn: "HDP-4.internal" has capitals, and Ambari keeps names in lower case',
      "hdp-4.internal",
    ],
    [
      "without a data disk",
      { nodes: [...nodes(3), ...nodes(1, { fqdn: "hdp-4", disks: [] })] },
      "nodes.3.disks: no data disk",
      "one or more: HDFS never shares the system's disk",
    ],
    [
      "with different mounts",
      { nodes: [...nodes(3), ...nodes(1, { fqdn: "hdp-4", disks: [{ mount: "/d", sizeGb: 10 }] })] },
      "nodes.3.disks: /d differs from the first node's mounts",
      "/data/1, /data/2",
    ],
    [
      "of an unknown spec",
      { nodes: [...nodes(3), ...nodes(1, { fqdn: "hdp-4", spec: "big" })] },
      'nodes.3.spec: "big" says no number of cores and memory',
      "c, s or m, the vCPUs, and the generation, such as s4-g3",
    ],
    [
      "of a spec too small for its components",
      { layout: "ha" as const, nodes: nodes(3, { spec: "s2-g3" }) },
      'nodes.0.spec: "s2-g3" leaves 0 MB for YARN beside what runs on hdp-1.aws2ncp.internal',
      "a spec that leaves 1024 MB or more",
    ],
    [
      "without a repository",
      { repository: { version: "3.1.0.0-78", baseUrls: { HDP: "https://packages.ncp.test/" } } },
      "repository.baseUrls.HDP-UTILS: is missing",
      "the URL of the repository HDP-UTILS",
    ],
    [
      "with a repository of another distribution",
      { repository: { version: "3.1", baseUrls: { HDP: "x", "HDP-UTILS": "x", ODP: "x" } } },
      "repository.baseUrls.ODP: is no repository of hdp-3.1",
      "HDP, HDP-UTILS",
    ],
    [
      "with a key where the credential provider belongs",
      { objectStorage: { host: "h", region: "r", credentialProvider: "AKIA" } },
      'objectStorage.credentialProvider: "AKIA" is no Hadoop credential provider',
      "localjceks://file/PATH.jceks, jceks://file/PATH.jceks or jceks://hdfs@NAMENODE:8020/PATH.jceks",
    ],
  ])("%s", (_, change, message, allowed) => {
    const [problem] = checkCluster(cluster("hdp-3.1", change));
    expect([`${problem?.path.join(".")}: ${problem?.message}`, problem?.allowed]).toEqual([message, allowed]);
  });

  it("and told which distribution runs on its image", () => {
    const image = IMAGES.get("rocky-8.10-base")?.name ?? "";
    const [problem] = checkCluster(cluster("hdp-3.1", { nodes: nodes(3, { os: osFamilyOf(image) as string }) }));
    expect(problem?.hint).toBe(
      "distribution: odp-1.2 or odp-1.3 or bigtop-3.3, which runs on redhat8; or a member server image (member_server_image_no)",
    );
  });
});

it.each([
  ["rocky-8.10-base", "redhat8"],
  ["ubuntu-22.04-base", "ubuntu22"],
  ["ubuntu-24.04-base", "ubuntu24"],
  ["centos-7.9", "redhat7"],
  ["win-2019-64-en", undefined],
])("image %s is %s to Ambari", (image, family) => {
  expect(osFamilyOf(image)).toBe(family);
});

it("compares versions by number", () => {
  expect([
    isAtLeast("3.3.6", "3.3.2"),
    isAtLeast("3.1.1", "3.3.2"),
    isAtLeast("3.10.0", "3.9.1"),
    isAtLeast("3.3.2", "3.3.2"),
  ]).toEqual([true, false, true, true]);
});
