/** Every rule on every stack: good layouts pass, and one mistake is told exactly as it should be. */
import type { ClusterSpec } from "../../../pipeline/hadoop/cluster";
import { distributionOf, type DistributionName } from "../../../pipeline/hadoop/distributions";
import { formatAtConstruct } from "../../../pipeline/hadoop/problems";
import { blueprintOf, creationTemplateOf } from "../../../pipeline/hadoop/render";
import { BLUEPRINT_RULES, checkBlueprint } from "../../../pipeline/hadoop/rules";
import { STACKS } from "../../../pipeline/hadoop/stacks";
import { cluster, KERBEROS, nodes } from "../../fixtures/cluster";

const STACK_LIST = [
  ["HDP", "3.0", "hdp-3.1"],
  ["HDP", "3.1", "hdp-3.1"],
  ["ODP", "1.2", "odp-1.2"],
  ["ODP", "1.3", "odp-1.3"],
  ["BIGTOP", "3.2.0", "bigtop-3.3"],
  ["BIGTOP", "3.3.0", "bigtop-3.3"],
] as const;

/** Two files that a test may break. */
interface Files {
  blueprint: any;
  template: any;
}

function files(
  stack: string,
  version: string,
  distribution: DistributionName,
  change: Partial<ClusterSpec> = {},
): Files {
  const spec = cluster(distribution, change);
  const copy = JSON.parse(
    JSON.stringify({ blueprint: blueprintOf(spec), template: creationTemplateOf(spec) }),
  ) as Files;
  Object.assign(copy.blueprint.Blueprints, { stack_name: stack, stack_version: version });
  return copy;
}

const propertiesOf = (body: any, type: string): Record<string, unknown> => {
  const found = body.configurations.find((each: any) => type in each);
  if (found !== undefined) return found[type].properties;
  body.configurations.push({ [type]: { properties: {} } });
  return propertiesOf(body, type);
};
const group = (body: any, name: string): any => body.host_groups.find((each: any) => each.name === name);
const add = (body: any, name: string, ...components: string[]): void =>
  group(body, name).components.push(...components.map((component) => ({ name: component })));
const remove = (body: any, component: string, ...from: string[]): void => {
  for (const each of body.host_groups)
    if (from.length === 0 || from.includes(each.name))
      each.components = each.components.filter(({ name }: { name: string }) => name !== component);
};

interface Case {
  readonly rule: string;
  readonly change?: Partial<ClusterSpec>;
  readonly breaks: (files: Files) => void;
  /** Lines as synth tells them; `{…}` stands for what differs between stacks. */
  readonly says: string;
  /** Rules that are broken with it, and can't be otherwise. */
  readonly also?: readonly string[];
}

const HA = { layout: "ha" } as const;
const master1 = "host_groups.0";

const CASES: readonly Case[] = [
  {
    rule: "stack",
    breaks: ({ blueprint }) => (blueprint.Blueprints.stack_version = "9.9"),
    says: 'blueprint Blueprints.stack_version: stack "{name}" in version "9.9" is not known',
  },
  {
    rule: "host-groups",
    breaks: ({ blueprint }) => (blueprint.host_groups = []),
    says: "blueprint host_groups: [] holds no host group",
  },
  {
    rule: "group-name",
    breaks: ({ blueprint }) => delete blueprint.host_groups[2].name,
    says: "blueprint host_groups.2: a host group without a name",
    also: ["template-group", "replication"],
  },
  {
    rule: "group-components",
    breaks: ({ blueprint }) => (group(blueprint, "master3").components = []),
    says: "blueprint host_groups.2.components: host group master3: [] holds no component",
    also: ["replication"],
  },
  {
    rule: "component-name",
    breaks: ({ blueprint }) => group(blueprint, "master1").components.push({}),
    says: `blueprint ${master1}.components.{end}: host group master1: {} names no component`,
  },
  {
    rule: "component-action",
    breaks: ({ blueprint }) => (group(blueprint, "master1").components[0].provision_action = "RUN"),
    says: `blueprint ${master1}.components.0.provision_action: host group master1, component NAMENODE: "RUN" is no provision action`,
  },
  {
    rule: "configurations",
    breaks: ({ blueprint }) =>
      (blueprint.configurations = [{ "zoo.cfg": { properties: {} }, "hdfs-site": { properties: {} } }]),
    says: "blueprint configurations.0: property hdfs-site: 2 configuration types in one element: zoo.cfg, hdfs-site",
  },
  {
    rule: "configuration-format",
    breaks: ({ blueprint }) => (propertiesOf(blueprint, "hdfs-site")["dfs.hosts"] = ["a"]),
    says: 'blueprint configurations.{type}.hdfs-site.properties.dfs.hosts: property hdfs-site/dfs.hosts: ["a"] is nested',
  },
  {
    rule: "security-type",
    breaks: ({ blueprint }) => (blueprint.Blueprints.security = { type: "LDAP" }),
    says: 'blueprint Blueprints.security.type: "LDAP" is no security type',
  },
  {
    rule: "settings-shape",
    breaks: ({ blueprint }) => (blueprint.settings = {}),
    says: "blueprint settings: {} is no list",
  },
  {
    rule: "unknown-setting",
    breaks: ({ blueprint }) => blueprint.settings.push({ recovery: [] }),
    says: "blueprint settings.1.recovery: property recovery: is no setting: Ambari ignores it",
  },
  {
    rule: "setting-target",
    breaks: ({ blueprint }) =>
      blueprint.settings.push({ service_settings: [{ name: "KAFKA", recovery_enabled: "true" }] }),
    says: 'blueprint settings.1.service_settings.0.name: property service_settings: "KAFKA" is not in this blueprint: Ambari ignores it',
  },
  {
    rule: "unknown-key",
    breaks: ({ blueprint }) => (blueprint.configuration = []),
    says: "blueprint configuration: this key means nothing here: Ambari ignores it",
  },
  {
    rule: "component",
    breaks: ({ blueprint }) => add(blueprint, "master1", "SLIDER"),
    says: `blueprint ${master1}.components.{end}: host group master1, component SLIDER: is no component of {stack}`,
  },
  {
    rule: "cardinality",
    breaks: ({ blueprint }) => remove(blueprint, "RESOURCEMANAGER"),
    says: "blueprint host_groups: component RESOURCEMANAGER: stands in no host group, although YARN is in the blueprint",
  },
  {
    rule: "cardinality",
    breaks: ({ blueprint }) => add(blueprint, "master3", "SECONDARY_NAMENODE"),
    says: "blueprint host_groups.2.components.{end3}: component SECONDARY_NAMENODE: stands in 2 host groups: master2, master3",
  },
  {
    rule: "cardinality",
    change: HA,
    breaks: ({ blueprint }) => add(blueprint, "master3", "SECONDARY_NAMENODE"),
    says: "blueprint host_groups.2.components.{end3}: component SECONDARY_NAMENODE: stands in 1 host groups: master3",
  },
  {
    rule: "dependency",
    change: HA,
    breaks: ({ blueprint }) => remove(blueprint, "JOURNALNODE"),
    says: `blueprint ${master1}: host group master1, component NAMENODE: needs JOURNALNODE with dfs.nameservices set, and none is there`,
  },
  {
    rule: "initial-namenodes",
    change: HA,
    breaks: ({ blueprint }) =>
      (propertiesOf(blueprint, "hadoop-env")["dfs_ha_initial_namenode_standby"] = "%HOSTGROUP::master3%"),
    says: 'blueprint configurations.{type}.hadoop-env.properties.dfs_ha_initial_namenode_standby: property hadoop-env/dfs_ha_initial_namenode_standby: "%HOSTGROUP::master3%" has no NAMENODE',
  },
  {
    rule: "silent-addition",
    breaks: ({ blueprint }) => remove(blueprint, "HIVE_METASTORE"),
    says: "blueprint host_groups.1.components: host group master2, component HIVE_METASTORE: is missing; Ambari would add it silently, as HIVE_SERVER stands there",
  },
  {
    rule: "silent-addition",
    breaks: ({ blueprint }) => remove(blueprint, "HISTORYSERVER"),
    says: "blueprint host_groups.1.components: host group master2, component HISTORYSERVER: is missing; Ambari would add it silently, as RESOURCEMANAGER stands there",
  },
  {
    rule: "silent-addition",
    breaks: ({ blueprint }) => remove(blueprint, "METRICS_MONITOR", "master3"),
    says: "blueprint host_groups.2.components: host group master3, component METRICS_MONITOR: is missing; Ambari would add it silently, as METRICS_MONITOR belongs on every host",
  },
  {
    rule: "silent-addition",
    breaks: ({ blueprint }) => remove(blueprint, "HDFS_CLIENT"),
    says: `blueprint ${master1}.components: host group master1, component HDFS_CLIENT: is missing; Ambari would add it silently, as HISTORYSERVER needs it on its host`,
  },
  {
    rule: "silent-addition",
    change: { kerberos: KERBEROS },
    breaks: ({ blueprint }) => remove(blueprint, "KERBEROS_CLIENT", "master3"),
    says: "blueprint host_groups.2.components: host group master3, component KERBEROS_CLIENT: is missing; Ambari would add it silently, as KERBEROS_CLIENT belongs on every host",
  },
  {
    rule: "required-service",
    breaks: ({ blueprint }) => {
      remove(blueprint, "TEZ_CLIENT");
      blueprint.configurations = blueprint.configurations.filter((each: any) => !("tez-site" in each));
    },
    says: "blueprint host_groups.1.components.{hive}: host group master2, component HIVE_SERVER: HIVE is in the blueprint, and TEZ, which it requires, is not",
  },
  {
    rule: "component-twice",
    breaks: ({ blueprint }) => add(blueprint, "master1", "DATANODE"),
    says: `blueprint ${master1}.components.{end}: host group master1, component DATANODE: is named twice in this group`,
  },
  {
    rule: "group-twice",
    breaks: ({ blueprint }) => blueprint.host_groups.push({ ...group(blueprint, "master3") }),
    says: "blueprint host_groups.4.name: host group master3: a group of this name came before; Ambari keeps the last, without a word",
  },
  {
    rule: "single-on-several",
    breaks: ({ template }) => group(template, "master1").hosts.push({ fqdn: "hdp-9.aws2ncp.internal" }),
    says: `blueprint ${master1}.components.{history}: host group master1, component HISTORYSERVER: would run on 2 hosts; Ambari counts host groups, not hosts`,
    also: ["two-namenodes"],
  },
  {
    rule: "ha-journalnodes",
    change: HA,
    breaks: ({ blueprint }) => remove(blueprint, "JOURNALNODE", "master3"),
    says: "blueprint host_groups.1.components.{journal}: component JOURNALNODE: stands on 2 hosts: one lost is as many as an odd number fewer would bear",
  },
  {
    rule: "ha-one-namenode",
    change: HA,
    breaks: ({ blueprint }) => {
      remove(blueprint, "NAMENODE", "master2");
      delete propertiesOf(blueprint, "hadoop-env")["dfs_ha_initial_namenode_standby"];
    },
    says: 'blueprint configurations.{type}.hdfs-site.properties.dfs.nameservices: component NAMENODE, property hdfs-site/dfs.nameservices: "batch" asks for high availability, with one NAMENODE',
  },
  {
    rule: "two-namenodes",
    breaks: ({ blueprint }) => add(blueprint, "master3", "NAMENODE"),
    says: "blueprint host_groups.2.components.{end3}: component NAMENODE: stands on 2 hosts without high availability: two separate file systems",
  },
  {
    rule: "ha-zkfc",
    change: HA,
    breaks: ({ blueprint }) => remove(blueprint, "ZKFC", "master2"),
    says: "blueprint host_groups.1.components: host group master2, component ZKFC: is missing beside a NAMENODE: it would never become active by itself",
  },
  {
    rule: "host-group-reference",
    breaks: ({ blueprint }) =>
      (propertiesOf(blueprint, "hdfs-site")["dfs.namenode.http-address"] = "%HOSTGROUP::master9%:50070"),
    says: 'blueprint configurations.{type}.hdfs-site.properties.dfs.namenode.http-address: property hdfs-site/dfs.namenode.http-address: "%HOSTGROUP::master9%" names no host group',
  },
  {
    rule: "secret-reference",
    breaks: ({ blueprint }) => (propertiesOf(blueprint, "hive-site")["x.password"] = "SECRET:hive-site:1:x.password"),
    says: 'blueprint configurations.{type}.hive-site.properties.x.password: property hive-site/x.password: "SECRET:hive-site:1:x.password" is a reference of a cluster that exists; a new one can\'t resolve it',
  },
  {
    rule: "lzo",
    breaks: ({ blueprint }) =>
      (propertiesOf(blueprint, "core-site")["io.compression.codecs"] = "com.hadoop.compression.lzo.LzoCodec"),
    says: "blueprint configurations.{type}.core-site.properties.io.compression.codecs: property core-site/io.compression.codecs: com.hadoop.compression.lzo.LzoCodec needs gpl.license.accepted on the server, which is off",
  },
  {
    rule: "mysql-server",
    breaks: ({ blueprint }) => add(blueprint, "master1", "MYSQL_SERVER"),
    says: `blueprint ${master1}.components.{end}: host group master1, component MYSQL_SERVER, property hive-env/hive_database: "Existing PostgreSQL Database" means a database outside the blueprint, and MYSQL_SERVER is in it`,
  },
  {
    rule: "unknown-type",
    breaks: ({ blueprint }) => void propertiesOf(blueprint, "hdfs-sites"),
    says: "blueprint configurations.{type}.hdfs-sites: property hdfs-sites: is no configuration type of {stack}; the cluster's creation would fail, not this blueprint's",
  },
  {
    rule: "absent-service",
    breaks: ({ blueprint }) => void propertiesOf(blueprint, "krb5-conf"),
    says: "blueprint configurations.{type}.krb5-conf: property krb5-conf: configures KERBEROS, which is not in the blueprint: Ambari drops it",
  },
  ...([3, true, null] as const).map((value) => ({
    rule: "value-type",
    breaks: ({ blueprint }: Files) => void (propertiesOf(blueprint, "hdfs-site")["dfs.x"] = value),
    says: `blueprint configurations.{type}.hdfs-site.properties.dfs.x: property hdfs-site/dfs.x: ${String(value)} is no text; Ambari takes it and hands on something else`,
  })),
  {
    rule: "replication",
    breaks: ({ blueprint }) => (propertiesOf(blueprint, "hdfs-site")["dfs.replication"] = "4"),
    says: "blueprint configurations.{type}.hdfs-site.properties.dfs.replication: property hdfs-site/dfs.replication: 4 copies of each block, on 3 DataNodes",
  },
  {
    rule: "ha-properties",
    change: HA,
    breaks: ({ blueprint }) => delete propertiesOf(blueprint, "hdfs-site")["dfs.namenode.rpc-address.batch.nn2"],
    says: "blueprint configurations.{type}.hdfs-site.properties.dfs.nameservices: property hdfs-site/dfs.namenode.rpc-address.batch.nn2: is missing: a name service can't start without it",
  },
  {
    rule: "required-input",
    breaks: ({ template }) => delete propertiesOf(template, "hive-site")["javax.jdo.option.ConnectionPassword"],
    says: "template configurations: property hive-site/javax.jdo.option.ConnectionPassword: is missing: HIVE can't be created without it",
  },
  {
    rule: "template-host-groups",
    breaks: ({ template }) => delete template.host_groups,
    says: "template host_groups: is missing",
  },
  {
    rule: "template-blueprint",
    breaks: ({ template }) => delete template.blueprint,
    says: "template blueprint: is missing",
  },
  {
    rule: "template-group",
    breaks: ({ template }) => template.host_groups.push({ name: "edge", hosts: [{ fqdn: "edge-1" }] }),
    says: "template host_groups.3.name: host group edge: is no host group of the blueprint; Ambari answers with an internal error",
  },
  {
    rule: "template-host-twice",
    breaks: ({ template }) => (group(template, "master2").hosts[0].fqdn = "HDP-1.aws2ncp.internal"),
    says: "template host_groups.1.hosts.0.fqdn: host group master2: hdp-1.aws2ncp.internal is already in host group master1",
  },
  {
    rule: "template-host",
    breaks: ({ template }) => group(template, "master3").hosts.push({ name: "hdp-4" }),
    says: 'template host_groups.2.hosts.1: host group master3: {"name":"hdp-4"} names no host',
  },
  {
    rule: "template-strategy",
    breaks: ({ template }) => (template.config_recommendation_strategy = "ALWAYS"),
    says: 'template config_recommendation_strategy: "ALWAYS" is not known',
  },
  {
    rule: "template-action",
    breaks: ({ template }) => (template.provision_action = "START"),
    says: 'template provision_action: "START" is not known',
  },
  {
    rule: "kerberos-credential",
    change: { kerberos: KERBEROS },
    breaks: ({ template }) => delete template.credentials,
    says: "template credentials: kdc.admin.credential is missing: nobody can make principals",
  },
  {
    rule: "kerberos-properties",
    change: { kerberos: KERBEROS },
    breaks: ({ blueprint }) => delete propertiesOf(blueprint, "kerberos-env")["realm"],
    says: "blueprint configurations: property kerberos-env/realm: is missing: with security KERBEROS, Ambari has no KDC to ask",
  },
  {
    rule: "template-group-empty",
    breaks: ({ template }) => (group(template, "master3").hosts = []),
    says: "template host_groups.2: host group master3: gets no host: the cluster would wait for one for ever",
  },
];

it("tries every rule", () => {
  expect([...new Set(CASES.map(({ rule }) => rule))].sort()).toEqual(BLUEPRINT_RULES.map(({ id }) => id).sort());
});

it("knows every stack", () => {
  expect([...STACKS.keys()]).toEqual(STACK_LIST.map(([name, version]) => `${name}-${version}`));
});

describe.each(STACK_LIST)("%s %s", (name, version, distribution) => {
  const os = distributionOf(distribution).osFamilies[0] as string;

  it.each([
    ["three nodes", {}],
    ["seven nodes", { nodes: nodes(7, { os }) }],
    ["HA on three nodes", HA],
    ["HA on seven nodes", { ...HA, nodes: nodes(7, { os }) }],
    ["Kerberos", { kerberos: KERBEROS }],
    ["HA and Kerberos", { ...HA, kerberos: KERBEROS }],
  ])("accepts %s", (_, change) => {
    const { blueprint, template } = files(name, version, distribution, change);
    expect(checkBlueprint(blueprint)).toEqual([]);
    expect(checkBlueprint(blueprint, template)).toEqual([]);
  });

  it.each(CASES.map((each) => [each.rule, each.says, each] as const))(
    "%s: %s",
    (_, __, { rule, change, breaks, says, also = [] }) => {
      const broken = files(name, version, distribution, change);
      breaks(broken);
      const problems = checkBlueprint(broken.blueprint, broken.template);
      const lines = problems.map((problem) => formatAtConstruct(problem, "batch-cluster/ambari").split("\n")[0] ?? "");
      const pattern = says
        .replace(/[.*+?^$()|[\]\\]/g, "\\$&")
        .replace(/\{(name|stack)\}/g, (_all, what) => (what === "name" ? name : `${name} ${version}`))
        .replace(/\{(end|end3|type|hive|history|journal)\}/g, "\\d+");
      expect(lines.filter((_line, index) => problems[index]?.rule === rule)).toContainEqual(
        expect.stringMatching(new RegExp(`^batch-cluster/ambari  ${pattern}$`)),
      );
      const others = problems.map((problem) => problem.rule).filter((other) => other !== rule);
      expect(others.filter((other) => !also.includes(other))).toEqual([]);
    },
  );
});

it("says all that a reader needs, at a construct", () => {
  const { blueprint } = files("HDP", "3.1", "hdp-3.1");
  propertiesOf(blueprint, "hdfs-site")["dfs.replication"] = "4";
  const [problem] = checkBlueprint(blueprint);
  expect(problem).toMatchObject({
    rule: "replication",
    file: "blueprint",
    property: "hdfs-site/dfs.replication",
    value: "4",
  });
  expect(formatAtConstruct(problem as NonNullable<typeof problem>, "batch-cluster/ambari")).toMatch(
    /^batch-cluster\/ambari {2}blueprint configurations\.\d+\.hdfs-site\.properties\.dfs\.replication: property hdfs-site\/dfs\.replication: 4 copies of each block, on 3 DataNodes\n {2}allowed: 1 to 3$/,
  );
});

it.each([["[]"], ["3"], ["null"], ['"x"']])("says of %s that it is no blueprint", (text) => {
  const [problem] = checkBlueprint(JSON.parse(text));
  expect([problem?.rule, problem?.message]).toEqual(["json", `${text} is no JSON object`]);
});

it("takes a default password for every required one", () => {
  const { blueprint, template } = files("HDP", "3.1", "hdp-3.1");
  template.configurations = [];
  expect(checkBlueprint(blueprint, template).map(({ property }) => property)).toEqual([
    "ams-grafana-env/metrics_grafana_password",
    "hive-site/javax.jdo.option.ConnectionPassword",
  ]);
  template.default_password = { secret: "default_password" };
  expect(checkBlueprint(blueprint, template)).toEqual([]);
});

it("reads the older form of configurations too", () => {
  const { blueprint } = files("HDP", "3.1", "hdp-3.1");
  blueprint.configurations = [{ "hdfs-site": { "dfs.replication": 4 } }];
  expect(checkBlueprint(blueprint).map(({ rule, path }) => [rule, path.join(".")])).toEqual([
    ["value-type", "configurations.0.hdfs-site.dfs.replication"],
    ["replication", "configurations.0.hdfs-site.dfs.replication"],
  ]);
});

it("counts a component of two services for the one that is there", () => {
  const { blueprint } = files("ODP", "1.2", "odp-1.2");
  for (const { components } of blueprint.host_groups)
    for (const component of components) component.name = component.name.replace("SPARK2", "SPARK3");
  for (const each of blueprint.configurations)
    for (const type of Object.keys(each).filter((t) => t.startsWith("spark2"))) {
      each[type.replace("spark2", "spark3")] = each[type];
      delete each[type];
    }
  add(blueprint, "master3", "LIVY2_SERVER");
  expect(checkBlueprint(blueprint)).toEqual([]);
});

describe("values of the wrong kind, anywhere", () => {
  const whole = (): Files => files("HDP", "3.1", "hdp-3.1", { ...HA, kerberos: KERBEROS });
  /** Paths below the files, properties' own values left out: `value-type` has those. */
  const paths: (string | number)[][] = [];
  const walk = (value: unknown, path: (string | number)[]): void => {
    if (path.length > 1) paths.push(path);
    if (typeof value !== "object" || value === null || path.at(-1) === "properties") return;
    for (const key of Object.keys(value)) walk((value as any)[key], [...path, key]);
  };
  walk(whole(), []);

  /** What Ambari takes as it is: a group's cardinality (measured), a setting's value, no settings at all, no configuration. */
  const TAKEN = [
    /^blueprint\.host_groups\.3\.name "x"$/, // the template has no hosts for it under either name
    /^blueprint\.host_groups\.\d+\.cardinality /,
    /^blueprint\.settings\.0\.recovery_settings\.0\.recovery_enabled (3|"x")$/,
    /^template\.host_groups\.\d+\.hosts\.\d+\.fqdn "x"$/,
    /^template\.blueprint "x"$/,
    /^template\.credentials\.0\.(key|key\.secret|principal) "x"$/,
  ];

  it.each([[null], [3], ["x"], [[null]]])("%j is told, and nothing throws", (junk) => {
    const silent = paths
      .filter((path) => {
        const broken = whole() as any;
        const parent = path.slice(0, -1).reduce((value, key) => value[key], broken);
        parent[path.at(-1) as string] = junk;
        return checkBlueprint(broken.blueprint, broken.template).length === 0;
      })
      .map((path) => `${path.join(".")} ${JSON.stringify(junk)}`);
    expect(silent.filter((path) => !TAKEN.some((taken) => taken.test(path)))).toEqual([]);
  });
});
