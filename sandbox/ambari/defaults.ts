/**
 * What the stack itself sets to hosts, as the advisor and the topology leave it: properties of HDP 3.0's stack that name a
 * component's host, and their ports. Other defaults of the stack are left to the engines that the components start.
 */
export interface HostDefault {
  /** "hdfs-site/dfs.namenode.http-address" */
  readonly property: string;
  /** Whose host it names; set only if the cluster has one. */
  readonly component: string;
  /** `HOST` is replaced. */
  readonly value: string;
  /** Every host, joined by commas, instead of the first. */
  readonly all?: true;
  /** With two NameNodes the blueprint's own addresses take its place. */
  readonly notWithHa?: true;
}

export const HOST_DEFAULTS: readonly HostDefault[] = [
  { property: "core-site/fs.defaultFS", component: "NAMENODE", value: "hdfs://HOST:8020", notWithHa: true },
  { property: "hdfs-site/dfs.namenode.http-address", component: "NAMENODE", value: "HOST:50070", notWithHa: true },
  { property: "hdfs-site/dfs.namenode.https-address", component: "NAMENODE", value: "HOST:50470", notWithHa: true },
  { property: "hdfs-site/dfs.namenode.rpc-address", component: "NAMENODE", value: "HOST:8020", notWithHa: true },
  {
    property: "hdfs-site/dfs.namenode.secondary.http-address",
    component: "SECONDARY_NAMENODE",
    value: "HOST:50090",
    notWithHa: true,
  },
  { property: "yarn-site/yarn.resourcemanager.hostname", component: "RESOURCEMANAGER", value: "HOST" },
  { property: "yarn-site/yarn.resourcemanager.address", component: "RESOURCEMANAGER", value: "HOST:8050" },
  { property: "yarn-site/yarn.resourcemanager.admin.address", component: "RESOURCEMANAGER", value: "HOST:8141" },
  {
    property: "yarn-site/yarn.resourcemanager.resource-tracker.address",
    component: "RESOURCEMANAGER",
    value: "HOST:8025",
  },
  { property: "yarn-site/yarn.resourcemanager.scheduler.address", component: "RESOURCEMANAGER", value: "HOST:8030" },
  { property: "yarn-site/yarn.resourcemanager.webapp.address", component: "RESOURCEMANAGER", value: "HOST:8088" },
  { property: "yarn-site/yarn.log.server.url", component: "HISTORYSERVER", value: "http://HOST:19888/jobhistory/logs" },
  { property: "yarn-site/yarn.timeline-service.address", component: "APP_TIMELINE_SERVER", value: "HOST:10200" },
  { property: "yarn-site/hadoop.registry.zk.quorum", component: "ZOOKEEPER_SERVER", value: "HOST:2181", all: true },
  { property: "mapred-site/mapreduce.jobhistory.address", component: "HISTORYSERVER", value: "HOST:10020" },
  { property: "mapred-site/mapreduce.jobhistory.webapp.address", component: "HISTORYSERVER", value: "HOST:19888" },
  { property: "hive-site/hive.metastore.uris", component: "HIVE_METASTORE", value: "thrift://HOST:9083", all: true },
  { property: "hive-site/hive.zookeeper.quorum", component: "ZOOKEEPER_SERVER", value: "HOST:2181", all: true },
  { property: "ams-site/timeline.metrics.service.webapp.address", component: "METRICS_COLLECTOR", value: "HOST:6188" },
];

/** Set by Ambari's blueprint processor where the blueprint does not: agents try again what fails for so long. */
export const RETRY_DEFAULTS: Readonly<Record<string, string>> = {
  command_retry_enabled: "true",
  command_retry_max_time_in_sec: "600",
  commands_to_retry: "INSTALL,START",
};

/** In which order a host's commands run; whatever is not named comes last. HDP's role_command_order. */
export const ORDER: readonly string[] = [
  "ZOOKEEPER_SERVER",
  "JOURNALNODE",
  "NAMENODE",
  "ZKFC",
  "DATANODE",
  "SECONDARY_NAMENODE",
  "HISTORYSERVER",
  "APP_TIMELINE_SERVER",
  "TIMELINE_READER",
  "RESOURCEMANAGER",
  "NODEMANAGER",
  "HIVE_METASTORE",
  "HIVE_SERVER",
];
