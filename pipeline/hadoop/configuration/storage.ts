/** HDFS and Object Storage. */
import type { ClusterSpec } from "../cluster";
import { distributionOf, isAtLeast } from "../distributions";
import { groupsOf } from "../placement";
import { reservedBytesOf } from "../sizing";
import type { Configuration, Properties } from "./configuration";

/** Ports of HDFS in the HA addresses: HDP's own defaults, which the other stacks keep. */
const PORTS = { rpc: 8020, http: 50070, edits: 8485 };

export const mountsOf = ({ nodes }: ClusterSpec): string[] => (nodes[0]?.disks ?? []).map(({ mount }) => mount);
const onEach = (cluster: ClusterSpec, folder: string): string =>
  mountsOf(cluster)
    .map((mount) => `${mount}/${folder}`)
    .join(",");
const onFirst = (cluster: ClusterSpec, folder: string): string => `${mountsOf(cluster)[0] ?? ""}/${folder}`;

/** Hadoop versions from which an option exists; older distributions are rendered without it. */
const S3A_SINCE: Readonly<Record<string, string>> = {
  "fs.s3a.endpoint.region": "3.3.2", // HADOOP-17705
};

/** Without keys: those are in the credential provider, which is a file of the hosts. */
function s3a(cluster: ClusterSpec): Properties {
  const { host, region, credentialProvider } = cluster.objectStorage;
  const { hadoop } = distributionOf(cluster.distribution);
  const all: Properties = {
    "fs.s3a.aws.credentials.provider": "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider",
    "fs.s3a.buffer.dir": onEach(cluster, "hadoop/s3a"),
    "fs.s3a.connection.ssl.enabled": "true",
    "fs.s3a.endpoint": host,
    "fs.s3a.endpoint.region": region,
    "fs.s3a.list.version": "1", // Object Storage documents no ListObjectsV2
    "fs.s3a.path.style.access": "true",
    "hadoop.security.credential.provider.path": credentialProvider,
  };
  return Object.fromEntries(Object.entries(all).filter(([name]) => isAtLeast(hadoop, S3A_SINCE[name] ?? "0.0.0")));
}

function highAvailability(cluster: ClusterSpec): Configuration {
  if (cluster.layout !== "ha") return {};
  const service = cluster.name;
  const groups = groupsOf(cluster);
  const placed = (component: string): string[] =>
    groups.filter(({ components }) => components.includes(component)).map(({ name }) => `%HOSTGROUP::${name}%`);
  const [first = "", second = ""] = placed("NAMENODE");
  const zookeepers = placed("ZOOKEEPER_SERVER").map((group) => `${group}:2181`);
  const journals = placed("JOURNALNODE").map((group) => `${group}:${PORTS.edits}`);
  const addresses = [first, second].flatMap((group, index) => [
    [`dfs.namenode.rpc-address.${service}.nn${index + 1}`, `${group}:${PORTS.rpc}`],
    [`dfs.namenode.http-address.${service}.nn${index + 1}`, `${group}:${PORTS.http}`],
  ]);
  return {
    "core-site": { "fs.defaultFS": `hdfs://${service}`, "ha.zookeeper.quorum": zookeepers.join(",") },
    "hadoop-env": { dfs_ha_initial_namenode_active: first, dfs_ha_initial_namenode_standby: second },
    "hdfs-site": {
      [`dfs.client.failover.proxy.provider.${service}`]:
        "org.apache.hadoop.hdfs.server.namenode.ha.ConfiguredFailoverProxyProvider",
      "dfs.ha.automatic-failover.enabled": "true",
      "dfs.ha.fencing.methods": "shell(/bin/true)", // the quorum admits one writer
      [`dfs.ha.namenodes.${service}`]: "nn1,nn2",
      "dfs.internal.nameservices": service,
      "dfs.journalnode.edits.dir": onFirst(cluster, "hadoop/hdfs/journal"),
      "dfs.namenode.shared.edits.dir": `qjournal://${journals.join(";")}/${service}`,
      "dfs.nameservices": service,
      ...(Object.fromEntries(addresses) as Properties),
    },
  };
}

export function storage(cluster: ClusterSpec): readonly Configuration[] {
  const disks = cluster.nodes.flatMap((node) => node.disks);
  return [
    { "core-site": { "fs.trash.interval": "4320", ...s3a(cluster) } },
    {
      "hdfs-site": {
        "dfs.datanode.data.dir": onEach(cluster, "hadoop/hdfs/data"),
        "dfs.datanode.du.reserved": String(reservedBytesOf(disks)),
        "dfs.datanode.failed.volumes.tolerated": mountsOf(cluster).length > 2 ? "1" : "0",
        "dfs.namenode.checkpoint.dir": onFirst(cluster, "hadoop/hdfs/namesecondary"),
        "dfs.namenode.name.dir": mountsOf(cluster)
          .slice(0, 2)
          .map((mount) => `${mount}/hadoop/hdfs/namenode`)
          .join(","),
        "dfs.permissions.enabled": "true",
        "dfs.replication": String(Math.min(3, cluster.nodes.length)),
      },
    },
    highAvailability(cluster),
    { "zoo.cfg": { dataDir: onFirst(cluster, "hadoop/zookeeper") } },
    { "ams-hbase-site": { "hbase.rootdir": `file://${onFirst(cluster, "ambari-metrics/hbase")}` } },
    {
      "yarn-site": {
        "yarn.nodemanager.local-dirs": onEach(cluster, "hadoop/yarn/local"),
        "yarn.nodemanager.log-dirs": onEach(cluster, "hadoop/yarn/log"),
      },
    },
  ];
}
