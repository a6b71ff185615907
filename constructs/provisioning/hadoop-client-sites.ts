/** What a client outside the cluster must know of HDFS: the properties of core-site and hdfs-site that concern clients. */
import { blueprintOf } from "../../pipeline/hadoop/render";
import { groupsOf } from "../../pipeline/hadoop/placement";
import type { ClusterSpec } from "../../pipeline/hadoop/cluster";

export interface SiteProperty {
  readonly name: string;
  readonly value: string;
}

const CLIENTS: Readonly<Record<"core-site" | "hdfs-site", RegExp>> = {
  "core-site": /^(fs\.defaultFS|hadoop\.rpc\.protection)$/,
  "hdfs-site":
    /^(dfs\.encrypt\.data\.transfer.*|dfs\.nameservices|dfs\.internal\.nameservices|dfs\.ha\.namenodes\..*|dfs\.namenode\.rpc-address\..*|dfs\.client\.failover\.proxy\.provider\..*)$/,
};

const NAMENODE_PORT = 8020;

/** Properties by the name of their file, sorted; host groups are replaced by their hosts. */
export function hadoopClientSites(spec: ClusterSpec): Readonly<Record<keyof typeof CLIENTS, readonly SiteProperty[]>> {
  const groups = groupsOf(spec);
  const hostsOf = (text: string): string =>
    text.replaceAll(
      /%HOSTGROUP::(\w+)%/g,
      (_all, name) => groups.find((group) => group.name === name)?.nodes[0]?.fqdn ?? "",
    );
  const nameNode = groups.find(({ components }) => components.includes("NAMENODE"))?.nodes[0]?.fqdn ?? "";
  const site = (type: keyof typeof CLIENTS): SiteProperty[] => {
    const given = blueprintOf(spec)
      .configurations.flatMap((configuration) => Object.entries(configuration))
      .filter(([name]) => name === type)
      .flatMap(([, { properties }]) => Object.entries(properties));
    // Without HA the stack's own default names the NameNode, so the blueprint does not.
    const all =
      type === "core-site" ? [["fs.defaultFS", `hdfs://${nameNode}:${NAMENODE_PORT}`] as const, ...given] : given;
    return [...new Map(all.filter(([name]) => CLIENTS[type].test(name)))]
      .map(([name, value]) => ({ name, value: hostsOf(String(value)) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  };
  return { "core-site": site("core-site"), "hdfs-site": site("hdfs-site") };
}
