/** Answers of the stand-in Ambari, and the items in them, with all their fields. */
import { isMap } from "../../pipeline/hadoop/view";
import type { AmbariCluster, Request } from "./cluster";
import { masked } from "./masked";

export interface AmbariAnswer {
  readonly status: number;
  readonly body?: unknown;
}

export const refused = (status: number, message: string): AmbariAnswer => ({ status, body: { status, message } });
export const missing = (what: string): AmbariAnswer => refused(404, `The requested resource doesn't exist: ${what}`);

/** Undefined when it is none. */
export function json(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "") as unknown;
  } catch {
    return undefined;
  }
}

/** `{"Body": {KEY: …}}` with a RequestInfo beside it, or bare. */
export function wishOf(body: string | undefined, key: string): Readonly<Record<string, unknown>> {
  const given = json(body);
  const inner = isMap(given) && isMap(given["Body"]) ? given["Body"] : given;
  const wish = isMap(inner) ? inner[key] : undefined;
  return isMap(wish) ? wish : {};
}

/** Names of what a request says of itself, beside what it wants. */
export function requestInfoOf(body: string | undefined): string[] {
  const given = json(body);
  return isMap(given) && isMap(given["RequestInfo"]) ? Object.keys(given["RequestInfo"]) : [];
}

export interface Version {
  readonly id: number;
  readonly xml: string;
}

/** What stands between `<name>` and its end, of the first. */
const textIn = (xml: string, name: string): string => new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? "";

export const baseUrlsOf = (xml: string): string[] =>
  [...xml.matchAll(/<baseurl>([^<]*)<\/baseurl>/g)].map(([, url]) => url ?? "");

export function versionItem({ id, xml }: Version) {
  const [stack_name = "", stack_version = ""] = textIn(xml, "stack-id").split("-");
  const build = textIn(xml, "build");
  const repository_version = `${textIn(xml, "version")}${build === "" ? "" : `-${build}`}`;
  return { VersionDefinition: { id, stack_name, stack_version, repository_version } };
}

export const serviceItems = (cluster: AmbariCluster) =>
  Object.entries(cluster.serviceStates()).map(([service_name, state]) => ({ ServiceInfo: { service_name, state } }));

export const componentItems = ({ state }: AmbariCluster) =>
  state.components.map(({ host, component, state: now, desired }) => ({
    HostRoles: { host_name: host, component_name: component, state: now, desired_state: desired },
  }));

export const configurationItems = (cluster: AmbariCluster) =>
  Object.entries(cluster.configuration())
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, properties]) => ({ type, tag: cluster.tag(), properties: masked(properties) }));

export function clusterItem(cluster: AmbariCluster) {
  const types = Object.keys(cluster.configuration()).sort();
  return {
    Clusters: {
      cluster_name: cluster.state.name,
      desired_configs: Object.fromEntries(types.map((type) => [type, { tag: cluster.tag() }])),
    },
  };
}

export function requestItem(cluster: AmbariCluster, request: Request) {
  const tasks = cluster.tasksOf(request);
  const count = (status: string): number => tasks.filter((task) => task.status === status).length;
  const done = count("COMPLETED") + count("FAILED");
  return {
    Requests: {
      id: request.id,
      request_context: request.context,
      request_status: cluster.statusOf(request),
      progress_percent: tasks.length === 0 ? 0 : (100 * done) / tasks.length,
      task_count: tasks.length,
      completed_task_count: count("COMPLETED"),
      failed_task_count: count("FAILED"),
    },
    tasks: tasks.map(({ id, host, role, command, status, exitCode, stdout, stderr }) => ({
      Tasks: { id, host_name: host, role, command, status, exit_code: exitCode, stdout, stderr },
    })),
  };
}
