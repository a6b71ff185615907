/**
 * Heap, memory and disk from the servers' specs. The tables here are the ones in README.md; every number of the rendered
 * files follows from them.
 */
import type { DiskSpec, NodeSpec } from "./cluster";

export interface ServerSize {
  readonly vcpus: number;
  readonly memoryMb: number;
}

/** GB a vCPU, by the first letter of a spec code (ncloud: c2-g3 is 2 vCPU 4 GB, s2-g3 8 GB, m2-g3 16 GB). */
const GB_PER_VCPU: Readonly<Record<string, number>> = { c: 2, s: 4, m: 8 };

/** "s4-g3" -> 4 vCPUs, 16384 MB; undefined for another form. */
export function serverSizeOf(spec: string): ServerSize | undefined {
  const [, kind = "", vcpus = ""] = /^([csm])([1-9][0-9]*)-g[0-9]/.exec(spec) ?? [];
  const gb = GB_PER_VCPU[kind];
  return gb === undefined ? undefined : { vcpus: Number(vcpus), memoryMb: Number(vcpus) * gb * 1024 };
}

/** A spec that `checkCluster` has let pass. */
export const sizeOf = ({ spec }: NodeSpec): ServerSize => serverSizeOf(spec) ?? { vcpus: 0, memoryMb: 0 };

/** Columns of the tables: memory of a node, in MB, from which each holds. */
const TIERS_MB = [0, 16, 32, 64].map((gb) => gb * 1024);

type Tiers = readonly [below16: number, from16: number, from32: number, from64: number];

const tierOf = (memoryMb: number): number => TIERS_MB.filter((from) => memoryMb >= from).length - 1;
const byTier = (tiers: Tiers, memoryMb: number): number => tiers[tierOf(memoryMb)] ?? tiers[0];

export interface HeapRow {
  readonly component: string;
  /** Heap in MB. */
  readonly heaps: Tiers;
  /** "TYPE/PROPERTY" that sets it; undefined: set by another row's, or by nothing. */
  readonly property?: string;
  /** Whether the property wants "1024m" instead of "1024". */
  readonly unit?: "m";
}

export const HEAPS: readonly HeapRow[] = [
  { component: "NAMENODE", heaps: [1024, 2048, 4096, 8192], property: "hadoop-env/namenode_heapsize", unit: "m" },
  { component: "SECONDARY_NAMENODE", heaps: [1024, 2048, 4096, 8192] },
  { component: "DATANODE", heaps: [512, 1024, 1024, 2048], property: "hadoop-env/dtnode_heapsize", unit: "m" },
  { component: "JOURNALNODE", heaps: [512, 1024, 1024, 1024], property: "hadoop-env/hadoop_heapsize" },
  { component: "ZKFC", heaps: [512, 1024, 1024, 1024] },
  { component: "RESOURCEMANAGER", heaps: [512, 1024, 1024, 2048], property: "yarn-env/resourcemanager_heapsize" },
  { component: "NODEMANAGER", heaps: [512, 512, 1024, 1024], property: "yarn-env/nodemanager_heapsize" },
  { component: "APP_TIMELINE_SERVER", heaps: [512, 1024, 1024, 2048], property: "yarn-env/apptimelineserver_heapsize" },
  { component: "TIMELINE_READER", heaps: [512, 512, 1024, 1024], property: "yarn-env/yarn_heapsize" },
  { component: "HISTORYSERVER", heaps: [512, 1024, 1024, 2048], property: "mapred-env/jobhistory_heapsize" },
  { component: "HIVE_SERVER", heaps: [1024, 2048, 4096, 8192], property: "hive-env/hive.heapsize" },
  { component: "HIVE_METASTORE", heaps: [512, 1024, 2048, 4096], property: "hive-env/hive.metastore.heapsize" },
  { component: "WEBHCAT_SERVER", heaps: [256, 256, 256, 256] },
  { component: "SPARK2_JOBHISTORYSERVER", heaps: [512, 1024, 1024, 2048], property: "spark2-env/spark_daemon_memory" },
  { component: "SPARK_JOBHISTORYSERVER", heaps: [512, 1024, 1024, 2048], property: "spark-env/spark_daemon_memory" },
  {
    component: "ZOOKEEPER_SERVER",
    heaps: [256, 512, 1024, 1024],
    property: "zookeeper-env/zk_server_heapsize",
    unit: "m",
  },
  { component: "METRICS_COLLECTOR", heaps: [512, 512, 1024, 1024], property: "ams-env/metrics_collector_heapsize" },
  // The collector's embedded HBase: a second process of the same component.
  { component: "METRICS_COLLECTOR", heaps: [512, 768, 1024, 2048], property: "ams-hbase-env/hbase_master_heapsize" },
  { component: "METRICS_GRAFANA", heaps: [128, 128, 128, 128] },
  { component: "METRICS_MONITOR", heaps: [64, 64, 64, 64] },
];

export const heapOf = ({ heaps }: HeapRow, memoryMb: number): number => byTier(heaps, memoryMb);

/** What a Java process takes beside its heap. */
const OVERHEAD = 1.2;

/** The smallest container, in MB. */
const CONTAINER_MB: Tiers = [512, 1024, 2048, 2048];
export const containerMbOf = (memoryMb: number): number => byTier(CONTAINER_MB, memoryMb);

/** An eighth of the memory, 1 to 8 GB: for the system, its cache, and what logs in. */
const systemMb = (memoryMb: number): number => Math.min(8192, Math.max(1024, memoryMb / 8));

export interface YarnMemory {
  /** For containers, in whole smallest ones. */
  readonly memoryMb: number;
  /** Two containers: an application's master, and one that works. */
  readonly smallestMb: number;
}

/** What is left for containers on a node that carries these components. */
export function yarnMemoryOf(node: NodeSpec, components: readonly string[]): YarnMemory {
  const { memoryMb } = sizeOf(node);
  const heaps = HEAPS.filter(({ component }) => components.includes(component))
    .map((row) => heapOf(row, memoryMb))
    .reduce((sum, heap) => sum + heap, 0);
  const container = containerMbOf(memoryMb);
  const left = memoryMb - systemMb(memoryMb) - (node.reservedMb ?? 0) - heaps * OVERHEAD;
  return { memoryMb: Math.floor(left / container) * container, smallestMb: 2 * container };
}

/** One core is left to the daemons. */
export const yarnCoresOf = (node: NodeSpec): number => Math.max(1, sizeOf(node).vcpus - 1);

/** Bytes that HDFS leaves free on each disk: a tenth of the smallest, for YARN's local files and logs. */
export const reservedBytesOf = (disks: readonly DiskSpec[]): number =>
  Math.floor((Math.min(...disks.map(({ sizeGb }) => sizeGb)) * 1024 ** 3) / 10);
