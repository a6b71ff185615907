/**
 * The three files that make a cluster, as plain values and as text: blueprint, creation template, version definition. No
 * secret is in them: the template names secrets (secrets.ts) and the hook fills them into the request.
 */
import { createHash } from "node:crypto";
import type { ClusterSpec } from "./cluster";
import { listed, merged } from "./configuration/configuration";
import { groupMemory, memory } from "./configuration/memory";
import { security } from "./configuration/security";
import { storage } from "./configuration/storage";
import { warehouse } from "./configuration/warehouse";
import { zone } from "./configuration/zone";
import { distributionOf, stackOf } from "./distributions";
import { groupsOf, WORKERS } from "./placement";
import type { SecretPlaceholder } from "./secrets";
import { componentOf, servicesWith } from "./stacks";

/** Secrets of every cluster, and the properties that each is. */
export const CLUSTER_SECRETS: Readonly<Record<string, readonly string[]>> = {
  grafana_password: ["ams-grafana-env/metrics_grafana_password"],
  hadoop_keystore_password: ["ssl-server/ssl.server.keystore.keypassword", "ssl-server/ssl.server.keystore.password"],
  hadoop_truststore_password: [
    "ssl-client/ssl.client.truststore.password",
    "ssl-server/ssl.server.truststore.password",
  ],
  hive_db_password: ["hive-site/javax.jdo.option.ConnectionPassword"],
};

/** One more with Kerberos: the password of its administrator. */
export const KERBEROS_SECRET = "kerberos_admin_password";

/** The body of POST /blueprints/NAME. */
export function blueprintOf(cluster: ClusterSpec) {
  const { name: stack_name, version: stack_version } = stackOf(cluster.distribution);
  return {
    Blueprints: { security: { type: cluster.kerberos === undefined ? "NONE" : "KERBEROS" }, stack_name, stack_version },
    configurations: listed(
      merged(...storage(cluster), ...memory(cluster), ...warehouse(cluster), zone(cluster), ...security(cluster)),
    ),
    host_groups: groupsOf(cluster).map((group) => ({
      name: group.name,
      // The same for any number of workers: a blueprint that differed could add none.
      cardinality: group.name === WORKERS ? "0+" : "1",
      components: group.components.map((name) => ({ name })),
      configurations: listed(groupMemory(cluster, group)),
    })),
    settings: [{ recovery_settings: [{ recovery_enabled: "true" }] }],
  };
}

/** A JSON file as it lies among the artifacts. */
export const textOf = (document: unknown): string => `${JSON.stringify(document, null, 2)}\n`;

/**
 * The name to post the blueprint under: one that has made a cluster can't be replaced or deleted (Ambari 2.8), so another
 * content is another name. 12 hexadecimal digits of its SHA-256.
 */
export function blueprintNameOf(cluster: ClusterSpec): string {
  const hash = createHash("sha256")
    .update(textOf(blueprintOf(cluster)))
    .digest("hex");
  return `${cluster.name}-${hash.slice(0, 12)}`;
}

function secretConfiguration(): Record<string, Record<string, SecretPlaceholder>> {
  const types: Record<string, Record<string, SecretPlaceholder>> = {};
  for (const [secret, properties] of Object.entries(CLUSTER_SECRETS))
    for (const property of properties) {
      const [type = "", name = ""] = property.split("/");
      (types[type] ??= {})[name] = { secret };
    }
  return types;
}

/** The body of POST /clusters/NAME, without `repository_version_id`: the server gives that number, and the hook adds it. */
export function creationTemplateOf(cluster: ClusterSpec) {
  const { kerberos } = cluster;
  return {
    blueprint: blueprintNameOf(cluster),
    config_recommendation_strategy: "ALWAYS_APPLY_DONT_OVERRIDE_CUSTOM_VALUES",
    configurations: listed(secretConfiguration()),
    ...(kerberos === undefined
      ? {}
      : {
          credentials: [
            {
              alias: "kdc.admin.credential",
              key: { secret: KERBEROS_SECRET },
              principal: kerberos.adminPrincipal,
              type: "TEMPORARY",
            },
          ],
        }),
    host_groups: groupsOf(cluster)
      .filter(({ nodes }) => nodes.length > 0)
      .map(({ name, nodes }) => ({ name, hosts: nodes.map(({ fqdn }) => ({ fqdn })) })),
    provision_action: "INSTALL_AND_START",
    ...(kerberos === undefined ? {} : { security: { type: "KERBEROS" } }),
  };
}

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** The body of POST /version_definitions: which packages, from where. Text; Ambari validates no schema that it does not name. */
export function versionDefinitionOf(cluster: ClusterSpec): string {
  const stack = stackOf(cluster.distribution);
  const { repositories } = distributionOf(cluster.distribution);
  const { version, baseUrls } = cluster.repository;
  const [release = "", build] = version.split("-");
  const services = [
    ...new Set(groupsOf(cluster).flatMap((group) => group.components.flatMap((name) => servicesWith(stack, name)))),
  ].sort();
  const families = [...new Set(cluster.nodes.map(({ os }) => os))].sort();
  const separator = (os: string): string => (os.startsWith("ubuntu") || os.startsWith("debian") ? "-" : "_");
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    "<repository-version>",
    "  <release>",
    "    <type>STANDARD</type>",
    `    <stack-id>${stack.name}-${stack.version}</stack-id>`,
    `    <version>${escaped(release)}</version>`,
    ...(build === undefined ? [] : [`    <build>${escaped(build)}</build>`]),
    "    <release-notes>none</release-notes>",
    `    <display>${stack.name}-${escaped(version)}</display>`,
    "  </release>",
    "  <manifest>",
    ...services.map(
      (name) => `    <service id="${name}" name="${name}" version="${stack.services[name]?.version ?? ""}"/>`,
    ),
    "  </manifest>",
    "  <available-services/>",
    "  <repository-info>",
    ...families.flatMap((os) => [
      `    <os family="${os}">`,
      `      <package-version>${escaped(`${release}.*`.replaceAll(".", separator(os)))}</package-version>`,
      ...repositories.flatMap(({ name, id }) => [
        "      <repo>",
        `        <baseurl>${escaped(baseUrls[name] ?? "")}</baseurl>`,
        `        <repoid>${id}</repoid>`,
        `        <reponame>${name}</reponame>`,
        "      </repo>",
      ]),
      "    </os>",
    ]),
    "  </repository-info>",
    "</repository-version>",
    "",
  ].join("\n");
}

/**
 * How many host components a cluster has, and how many of them run: the provisioning is over when this many are installed
 * and started. Ambari's own COMPLETED comes earlier.
 */
export function componentCountsOf(cluster: ClusterSpec): { readonly installed: number; readonly started: number } {
  const stack = stackOf(cluster.distribution);
  const all = groupsOf(cluster).flatMap(({ nodes, components }) => nodes.flatMap(() => components));
  return {
    installed: all.length,
    started: all.filter((name) => componentOf(stack, name)?.category !== "CLIENT").length,
  };
}
