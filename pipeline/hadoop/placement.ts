/** Which component stands on which node: a layout that real servers accept, for any number of nodes from three on. */
import type { ClusterSpec, NodeSpec } from "./cluster";
import { distributionOf, type Distribution } from "./distributions";

export interface HostGroup {
  /** "master1" */
  readonly name: string;
  /** None for `workers`, where there are no more nodes than masters. */
  readonly nodes: readonly NodeSpec[];
  /** In the order of the tables below. */
  readonly components: readonly string[];
}

const CLIENTS = ["HDFS_CLIENT", "YARN_CLIENT", "MAPREDUCE2_CLIENT", "TEZ_CLIENT", "HIVE_CLIENT", "ZOOKEEPER_CLIENT"];
const EVERYWHERE = ["DATANODE", "NODEMANAGER", "METRICS_MONITOR"];

/** Group of the nodes beside the masters. */
export const WORKERS = "workers";

/** On each of the three masters: an odd number. */
const QUORUM = { "non-ha": ["ZOOKEEPER_SERVER"], ha: ["ZOOKEEPER_SERVER", "JOURNALNODE"] } as const;

/** On one master alone, by its place. The third is the lightest: room for what is added beside Hadoop. */
const MASTERS = (distribution: Distribution, layout: ClusterSpec["layout"]): readonly (readonly string[])[] => [
  [
    "NAMENODE",
    ...(layout === "ha" ? ["ZKFC"] : []),
    "HISTORYSERVER",
    "APP_TIMELINE_SERVER",
    distribution.spark.historyServer,
    "METRICS_COLLECTOR",
    "METRICS_GRAFANA",
  ],
  [
    ...(layout === "ha" ? ["NAMENODE", "ZKFC"] : ["SECONDARY_NAMENODE"]),
    "RESOURCEMANAGER",
    "TIMELINE_READER",
    "HIVE_SERVER",
    "HIVE_METASTORE",
    ...distribution.besideHive,
  ],
  [],
];

/**
 * Three groups of one node each, and one for all others. That one is always there: Ambari adds hosts to groups of the
 * blueprint that made the cluster, and to no other (2.8 `ClusterTopologyImpl`).
 */
export function groupsOf(cluster: ClusterSpec): HostGroup[] {
  const distribution = distributionOf(cluster.distribution);
  const everywhere = [
    ...EVERYWHERE,
    ...CLIENTS,
    distribution.spark.client,
    ...distribution.clients,
    ...(cluster.kerberos === undefined ? [] : ["KERBEROS_CLIENT"]),
  ];
  const masters = MASTERS(distribution, cluster.layout).map((own, index) => ({
    name: `master${index + 1}`,
    nodes: cluster.nodes.slice(index, index + 1),
    components: [...own, ...QUORUM[cluster.layout], ...everywhere],
  }));
  return [...masters, { name: WORKERS, nodes: cluster.nodes.slice(masters.length), components: everywhere }];
}
