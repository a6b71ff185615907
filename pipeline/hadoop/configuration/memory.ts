/** Heaps, containers and cores, from the tables in sizing.ts. */
import type { ClusterSpec, NodeSpec } from "../cluster";
import { distributionOf } from "../distributions";
import { groupsOf, WORKERS, type HostGroup } from "../placement";
import { containerMbOf, heapOf, HEAPS, sizeOf, yarnCoresOf, yarnMemoryOf } from "../sizing";
import { zoneOption } from "./zone";
import { merged, type Configuration, type Properties } from "./configuration";

const smallest = (values: readonly number[]): number => Math.min(...values);

/** A heap is set once for the cluster: by the smallest node that carries the component. */
function heaps(groups: readonly HostGroup[]): Configuration {
  return merged(
    ...HEAPS.map((row): Configuration => {
      const nodes = groups
        .filter(({ components }) => components.includes(row.component))
        .flatMap((group) => group.nodes);
      const [type = "", name = ""] = (row.property ?? "").split("/");
      if (nodes.length === 0 || row.property === undefined) return {};
      const heap = heapOf(row, smallest(nodes.map((node) => sizeOf(node).memoryMb)));
      return { [type]: { [name]: `${heap}${row.unit ?? ""}` } };
    }),
  );
}

/** Workers that may come are sized as the third master, the lightest: one of its spec then changes nothing in the blueprint. */
const sizedBy = (cluster: ClusterSpec, { nodes }: HostGroup): readonly NodeSpec[] =>
  nodes.length > 0 ? nodes : cluster.nodes.slice(-1).map(({ reservedMb: _, ...node }) => node);

function nodeManager(cluster: ClusterSpec, group: HostGroup): Properties {
  const nodes = sizedBy(cluster, group);
  const memories = nodes.map((node) => yarnMemoryOf(node, group.components).memoryMb);
  return {
    "yarn.nodemanager.resource.cpu-vcores": String(smallest(nodes.map(yarnCoresOf))),
    "yarn.nodemanager.resource.memory-mb": String(smallest(memories)),
  };
}

/** What differs between groups: a master has less left for containers than a worker. */
export const groupMemory = (cluster: ClusterSpec, group: HostGroup): Configuration => ({
  "yarn-site": nodeManager(cluster, group),
});

/** Groups whose nodes decide what a container may take at most: workers only where they are larger than the third master. */
function roomiest(cluster: ClusterSpec, groups: readonly HostGroup[]): readonly HostGroup[] {
  const third = cluster.nodes[2];
  const limit = third === undefined ? 0 : sizeOf(third).memoryMb;
  return groups.filter(({ name, nodes }) => name !== WORKERS || nodes.some((node) => sizeOf(node).memoryMb > limit));
}

const heapOption = (cluster: ClusterSpec, containerMb: number): string =>
  `-Xmx${Math.floor(containerMb * 0.8)}m ${zoneOption(cluster)}`;

export function memory(cluster: ClusterSpec): readonly Configuration[] {
  const groups = groupsOf(cluster);
  const numbers = (name: string, of: readonly HostGroup[]): number[] =>
    of.map((group) => Number(nodeManager(cluster, group)[name]));
  const largest = (name: string): number => Math.max(...numbers(name, roomiest(cluster, groups)));
  const [memories, cores] = ["yarn.nodemanager.resource.memory-mb", "yarn.nodemanager.resource.cpu-vcores"] as const;
  const container = containerMbOf(smallest(cluster.nodes.map((node) => sizeOf(node).memoryMb)));
  const double = 2 * container;
  const spark = distributionOf(cluster.distribution).spark.config;
  return [
    heaps(groups),
    {
      "yarn-site": {
        "yarn.nodemanager.resource.cpu-vcores": String(smallest(numbers(cores, groups))),
        "yarn.nodemanager.resource.memory-mb": String(smallest(numbers(memories, groups))),
        "yarn.scheduler.maximum-allocation-mb": String(largest(memories)),
        "yarn.scheduler.maximum-allocation-vcores": String(largest(cores)),
        "yarn.scheduler.minimum-allocation-mb": String(container),
        "yarn.scheduler.minimum-allocation-vcores": "1",
      },
      "mapred-site": {
        "mapreduce.map.java.opts": heapOption(cluster, container),
        "mapreduce.map.memory.mb": String(container),
        "mapreduce.reduce.java.opts": heapOption(cluster, double),
        "mapreduce.reduce.memory.mb": String(double),
        "mapreduce.task.io.sort.mb": String(container / 4),
        "yarn.app.mapreduce.am.command-opts": heapOption(cluster, container),
        "yarn.app.mapreduce.am.resource.mb": String(container),
      },
      "tez-site": {
        "tez.am.resource.memory.mb": String(container),
        "tez.runtime.io.sort.mb": String(container / 4),
        "tez.task.resource.memory.mb": String(container),
      },
      "hive-site": {
        "hive.auto.convert.join.noconditionaltask.size": String(Math.floor((container * 1024 ** 2) / 3)),
        "hive.tez.container.size": String(container),
        "hive.tez.java.opts": heapOption(cluster, container),
      },
      [`${spark}-defaults`]: {
        // Spark adds a tenth, at least 384 MB, to make the container.
        "spark.executor.memory": `${double - Math.max(384, Math.ceil(double / 10))}m`,
      },
    },
  ];
}
