/** Rules about configuration types, properties and their values. */
import { shown } from "../errors";
import type { Finding } from "./problems";
import type { BlueprintRule } from "./rule";
import { isSecret } from "./secrets";
import { servicesConfiguredBy, stackLabel } from "./stacks";
import { clusterProperty, groupsWith, hostsWith, nameservice, type PropertyView, type View } from "./view";

/** Ambari's own type: of every cluster, of no service. */
const ALWAYS_THERE = "cluster-env";

const found = ({ file, path, type, name, value }: PropertyView) => ({ file, path, property: `${type}/${name}`, value });

const textOf = (property: PropertyView | undefined): string =>
  typeof property?.value === "string" ? property.value : "";

const unknownTypes = ({ stack, configs }: View): Finding[] =>
  stack === undefined
    ? []
    : configs
        .filter(({ type }) => type !== ALWAYS_THERE && servicesConfiguredBy(stack, type).length === 0)
        .map(({ type, file, path, hostGroup }) => ({
          file,
          path,
          ...(hostGroup === undefined ? {} : { hostGroup }),
          property: type,
          message: `is no configuration type of ${stackLabel(stack)}; the cluster's creation would fail, not this blueprint's`,
          allowed: `types of ${Object.keys(stack.services).sort().join(", ")}; this check has no data on ${stack.notCovered.join(", ")}`,
        }));

const absentServices = ({ stack, configs, services, blueprint }: View): Finding[] => {
  if (stack === undefined || services.size === 0) return [];
  const kerberos =
    (blueprint["Blueprints"] as { security?: { type?: unknown } } | undefined)?.security?.type === "KERBEROS";
  return configs.flatMap(({ type, file, path, hostGroup }): Finding[] => {
    const owners = servicesConfiguredBy(stack, type);
    if (owners.length === 0 || owners.some((owner) => services.has(owner) || (kerberos && owner === "KERBEROS")))
      return [];
    return [
      {
        file,
        path,
        ...(hostGroup === undefined ? {} : { hostGroup }),
        property: type,
        message: `configures ${owners.join(", ")}, which is not in the blueprint: Ambari drops it`,
        allowed: `types of ${[...services].sort().join(", ")}`,
        hint: `remove it, or add the components of ${owners.join(" or ")}`,
      },
    ];
  });
};

const valueTypes = ({ properties }: View): Finding[] =>
  properties
    .filter(({ value }) => value === null || typeof value === "number" || typeof value === "boolean")
    .map((property) => ({
      ...found(property),
      message: `${shown(property.value)} is no text; Ambari takes it and hands on something else`,
      allowed: "a text in quotes",
      hint: property.value === null ? "remove the property" : `write "${shown(property.value)}"`,
    }));

const secretReferences = ({ properties }: View): Finding[] =>
  properties
    .filter(
      ({ file, hostGroup, value }) =>
        file === "blueprint" && hostGroup === undefined && typeof value === "string" && value.startsWith("SECRET:"),
    )
    .map((property) => ({
      ...found(property),
      message: `${shown(property.value)} is a reference of a cluster that exists; a new one can't resolve it`,
      allowed: 'a value, or {"secret": "NAME"} in the creation template',
    }));

const LZO = "com.hadoop.compression.lzo.LzoCodec";

const lzo = (view: View): Finding[] =>
  ["io.compression.codecs", "io.compression.codec.lzo.class"]
    .map((name) => clusterProperty(view, "core-site", name))
    .filter((property): property is PropertyView => textOf(property).includes(LZO))
    .map((property) => ({
      ...found(property),
      message: `${LZO} needs gpl.license.accepted on the server, which is off`,
      allowed: "codecs of Hadoop itself, such as org.apache.hadoop.io.compress.SnappyCodec",
    }));

const mysql = (view: View): Finding[] => {
  const database = clusterProperty(view, "hive-env", "hive_database");
  if (!textOf(database).startsWith("Existing")) return [];
  return groupsWith(view, "MYSQL_SERVER").map((group) => ({
    path: group.components.find(({ name }) => name === "MYSQL_SERVER")?.path ?? group.path,
    hostGroup: group.name,
    component: "MYSQL_SERVER",
    property: "hive-env/hive_database",
    value: database?.value,
    message: `${shown(database?.value)} means a database outside the blueprint, and MYSQL_SERVER is in it`,
    allowed: 'MYSQL_SERVER with "New MySQL Database", or none',
    hint: "remove MYSQL_SERVER",
  }));
};

/** None at all is told by `cardinality`. */
const replication = (view: View): Finding[] => {
  const nodes = hostsWith(view, "DATANODE");
  return view.properties
    .filter(
      ({ type, name, value }) =>
        type === "hdfs-site" && name === "dfs.replication" && Number(value) > (nodes || Infinity),
    )
    .map((property) => ({
      ...found(property),
      message: `${String(property.value)} copies of each block, on ${String(nodes)} DataNode${nodes === 1 ? "" : "s"}`,
      allowed: `1 to ${String(nodes)}`,
    }));
};

/** What HDFS needs beside dfs.nameservices to start with two NameNodes, for one name service NS. */
function neededForHa(view: View, service: string): string[] {
  const ids = textOf(clusterProperty(view, "hdfs-site", `dfs.ha.namenodes.${service}`))
    .split(",")
    .map((id) => id.trim())
    .filter((id) => id !== "");
  return [
    `dfs.ha.namenodes.${service}`,
    `dfs.client.failover.proxy.provider.${service}`,
    "dfs.namenode.shared.edits.dir",
    ...ids.map((id) => `dfs.namenode.rpc-address.${service}.${id}`),
  ];
}

const haProperties = (view: View): Finding[] => {
  const property = nameservice(view);
  if (property === undefined || groupsWith(view, "NAMENODE").length === 0) return [];
  return textOf(property)
    .split(",")
    .map((service) => service.trim())
    .filter((service) => service !== "")
    .flatMap((service) => neededForHa(view, service))
    .filter((name) => clusterProperty(view, "hdfs-site", name) === undefined)
    .map((name) => ({
      path: property.path,
      property: `hdfs-site/${name}`,
      message: "is missing: a name service can't start without it",
      allowed: "a complete set of HA properties",
      hint: `add ${name} to hdfs-site, or remove ${property.name}`,
    }));
};

/** Only with a template: it is the cluster's creation that asks. Its default_password serves every password. */
const requiredInput = (view: View): Finding[] => {
  const { stack, services, properties, template } = view;
  if (stack === undefined || template === undefined) return [];
  const fallback = template["default_password"];
  if (isSecret(fallback) || (typeof fallback === "string" && fallback !== "")) return [];
  const given = new Set(
    properties
      .filter(({ value }) => isSecret(value) || (typeof value === "string" && value !== ""))
      .map(({ type, name }) => `${type}/${name}`),
  );
  return [...services].sort().flatMap((service) =>
    Object.keys(stack.services[service]?.required_input ?? {})
      .filter((input) => !given.has(input))
      .sort()
      .map((input) => ({
        file: "template" as const,
        path: ["configurations"],
        property: input,
        message: `is missing: ${service} can't be created without it`,
        allowed: 'a value, or {"secret": "NAME"}',
        hint: `add ${input.split("/")[0] ?? ""} with ${input.split("/")[1] ?? ""} to the template's configurations`,
      })),
  );
};

export const CONFIGURATION_RULES: readonly BlueprintRule[] = [
  {
    id: "secret-reference",
    refused: "blueprint",
    why: "SECRET: refers to another cluster's passwords",
    check: secretReferences,
  },
  { id: "lzo", refused: "blueprint", why: "LZO is under the GPL, which the server must have accepted", check: lzo },
  {
    id: "mysql-server",
    refused: "blueprint",
    why: "the metastore's database is in the blueprint or outside, not both",
    check: mysql,
  },
  {
    id: "unknown-type",
    refused: "never",
    why: "an unknown type fails only when the cluster is created",
    check: unknownTypes,
  },
  { id: "absent-service", refused: "never", why: "a type of an absent service is dropped", check: absentServices },
  { id: "value-type", refused: "never", why: "properties are texts", check: valueTypes },
  { id: "replication", refused: "never", why: "more copies than DataNodes are never made", check: replication },
  { id: "ha-properties", refused: "never", why: "a name service needs all of its properties", check: haProperties },
  { id: "required-input", refused: "cluster", why: "a password without a default must be given", check: requiredInput },
];
