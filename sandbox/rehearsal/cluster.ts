/** The cluster as its hosts have it: counted from processes, each asked something that only it can answer. */
import { readFileSync } from "node:fs";
import type { Plan } from "../../pipeline/plan-types";
import { hostExec } from "../hosts";
import { outputPath } from "../paths";
import { onClients } from "./ask";

/** Hosts of each component that is a process, sorted. */
export type Placement = Readonly<Record<string, readonly string[]>>;

interface Process {
  /** The class that Java was started with. */
  readonly main: RegExp;
  /** Asked on the host where the process is by HTTP or a command, or as SQL of Hive. */
  readonly ask:
    | { readonly port: number; readonly path: string }
    | { readonly command: readonly string[] }
    | { readonly sql: string };
  readonly answer: RegExp;
}

const hadoop = (bean: string): string => `/jmx?qry=Hadoop:${bean}`;
const SRVR = ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/2181; printf srvr >&3; cat <&3"];

/** What must run for SQL to be answered. */
export const PROCESSES: Readonly<Record<string, Process>> = {
  NAMENODE: {
    main: /\.hdfs\.server\.namenode\.NameNode$/,
    ask: { port: 50070, path: hadoop("service=NameNode,name=FSNamesystemState") },
    answer: /"FSState" : "Operational"/,
  },
  SECONDARY_NAMENODE: {
    main: /\.namenode\.SecondaryNameNode$/,
    ask: { port: 50090, path: hadoop("service=SecondaryNameNode,name=SecondaryNameNodeInfo") },
    answer: /"LastCheckpointTime" : \d+/,
  },
  DATANODE: {
    main: /\.hdfs\.server\.datanode\.DataNode$/,
    ask: { port: 50075, path: hadoop("service=DataNode,name=DataNodeInfo") },
    answer: /"ClusterId" : "CID-/,
  },
  RESOURCEMANAGER: {
    main: /\.resourcemanager\.ResourceManager$/,
    ask: { port: 8088, path: "/ws/v1/cluster/info" },
    answer: /"state":"STARTED"/,
  },
  NODEMANAGER: {
    main: /\.nodemanager\.NodeManager$/,
    ask: { port: 8042, path: "/ws/v1/node/info" },
    answer: /"nodeHealthy":true/,
  },
  ZOOKEEPER_SERVER: { main: /\.QuorumPeerMain /, ask: { command: SRVR }, answer: /^Mode: (leader|follower)$/m },
  HIVE_METASTORE: { main: /\.metastore\.HiveMetaStore$/, ask: { sql: "SHOW DATABASES" }, answer: /^default$/m },
  HIVE_SERVER: { main: /\.server\.HiveServer2$/, ask: { sql: "SELECT 6 * 7" }, answer: /^42$/m },
};

interface Group {
  readonly name: string;
  readonly components: readonly { readonly name: string }[];
  readonly hosts: readonly { readonly fqdn: string }[];
}

/** Where the rendered blueprint and its template put the components that are processes. */
export function placed(blueprint: string, template: string): Placement {
  const groups = (text: string): Group[] => (JSON.parse(text) as { host_groups: Group[] }).host_groups;
  const hosts = new Map(groups(template).map(({ name, hosts }) => [name, hosts.map(({ fqdn }) => fqdn)]));
  return sorted(
    groups(blueprint).flatMap(({ name, components }) =>
      components.flatMap((component) => (hosts.get(name) ?? []).map((host) => [component.name, host] as const)),
    ),
  );
}

function sorted(pairs: readonly (readonly [component: string, host: string])[]): Placement {
  return Object.fromEntries(
    Object.keys(PROCESSES).map((name) => [
      name,
      pairs.flatMap(([component, host]) => (component === name ? [host.split(".")[0] as string] : [])).sort(),
    ]),
  );
}

/** Components in the output of `ps -eo args` of each host. */
export function running(processes: Readonly<Record<string, string>>): Placement {
  return sorted(
    Object.entries(processes).flatMap(([host, output]) =>
      output
        .split("\n")
        .flatMap((line) => Object.keys(PROCESSES).filter((name) => (PROCESSES[name] as Process).main.test(line.trim())))
        .map((name) => [name, host] as const),
    ),
  );
}

async function answers(plan: Plan, { ask, answer }: Process, host: string): Promise<boolean> {
  if ("sql" in ask) return answer.test(await onClients(plan, "hive", ask.sql));
  const command =
    "command" in ask
      ? ask.command
      : [
          "curl",
          "-sS",
          "--max-time",
          "30",
          "--noproxy",
          "*",
          `http://${host}.${plan.network.domain}:${ask.port}${ask.path}`,
        ];
  return answer.test((await hostExec(host, command, { allowFail: true })).stdout);
}

export interface ClusterSummary {
  /** Processes of each component. */
  readonly components: Readonly<Record<string, number>>;
  /** Those of them that answered. */
  readonly started: number;
}

/** @throws where a component is not where the blueprint put it, or does not answer */
export async function lookAtCluster(plan: Plan, note: (text: string) => void): Promise<ClusterSummary> {
  const artifact = (name: string): string =>
    readFileSync(outputPath("batch-cluster", "artifacts", "ambari", name), "utf8");
  const hosts = plan.hosts.filter(({ role }) => role === "hdp").map(({ name }) => name);
  const listed = await Promise.all(
    hosts.map(async (host) => [host, (await hostExec(host, ["ps", "-ww", "-eo", "args"])).stdout] as const),
  );
  const [wanted, found] = [
    placed(artifact("blueprint.json"), artifact("template.json")),
    running(Object.fromEntries(listed)),
  ];
  const problems = Object.keys(PROCESSES).flatMap((name) =>
    `${wanted[name]}` === `${found[name]}`
      ? []
      : [
          `${name} runs on ${found[name]?.join(", ") || "no host"}; the blueprint put it on ${wanted[name]?.join(", ")}`,
        ],
  );
  let started = 0;
  for (const [name, process] of Object.entries(PROCESSES))
    for (const host of found[name] ?? []) {
      note(`${name} on ${host}`);
      if (await answers(plan, process, host)) started++;
      else problems.push(`${name} on ${host} runs and does not answer`);
    }
  if (problems.length > 0) throw new Error(problems.join("\n  "));
  return { components: Object.fromEntries(Object.entries(found).map(([name, on]) => [name, on.length])), started };
}
