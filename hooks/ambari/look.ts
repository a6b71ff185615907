/** What a cluster has: hosts, components and their states, what is under way, its configuration. Only questions. */
import { at, textAt, type Ambari } from "./api";
import type { WantedComponent } from "./files";

export interface FoundComponent {
  readonly host: string;
  readonly component: string;
  /** "INIT", "INSTALLING", "INSTALLED", "INSTALL_FAILED", "STARTING", "STARTED", "UNKNOWN" … */
  readonly state: string;
}

const clusterPath = (name: string): string => `/clusters/${encodeURIComponent(name)}`;

export const clusterHosts = (api: Ambari, name: string): Promise<string[]> =>
  api.list(`${clusterPath(name)}/hosts?fields=Hosts/host_name`, (item) => textAt(item, "Hosts/host_name"));

export const foundComponents = (api: Ambari, name: string): Promise<FoundComponent[]> =>
  api.list(`${clusterPath(name)}/host_components?fields=HostRoles/state`, (item) => ({
    host: textAt(item, "HostRoles/host_name"),
    component: textAt(item, "HostRoles/component_name"),
    state: textAt(item, "HostRoles/state"),
  }));

/** A wanted component as it is now; ABSENT when the cluster does not have it. */
export interface Standing extends WantedComponent {
  readonly state: string;
}

export function standings(wanted: readonly WantedComponent[], found: readonly FoundComponent[]): Standing[] {
  const states = new Map(found.map(({ host, component, state }) => [`${host} ${component}`, state]));
  return wanted.map((each) => ({ ...each, state: states.get(`${each.host} ${each.component}`) ?? "ABSENT" }));
}

/** A client is done when it is installed; that it once was STARTED is nothing that Ambari says of it. */
export const isDone = ({ state, goal }: Standing): boolean => state === goal;

const OVER = ["COMPLETED", "FAILED", "ABORTED", "TIMEDOUT", "SKIPPED_FAILED"];
/** Of a request, or of a task. */
export const FAILED = ["FAILED", "ABORTED", "TIMEDOUT"];

export interface FoundRequest {
  readonly id: number;
  readonly status: string;
  /** "install", or why it was aborted. */
  readonly context: string;
  /** -1: it was aborted before its first stage. */
  readonly progress: number;
}

const REQUEST_FIELDS = "Requests/request_status,Requests/request_context,Requests/progress_percent";

const requestOf = (item: unknown): FoundRequest => ({
  id: Number(at(item, "Requests/id")),
  status: textAt(item, "Requests/request_status"),
  context: textAt(item, "Requests/request_context"),
  progress: Number(at(item, "Requests/progress_percent") ?? 0),
});

/** Requests of single hosts, and those that were asked for; never the one that provisions the cluster. */
export const listedRequests = (api: Ambari, name: string): Promise<FoundRequest[]> =>
  api.list(`${clusterPath(name)}/requests?fields=${REQUEST_FIELDS}`, requestOf);

export async function requestAt(api: Ambari, name: string, id: number): Promise<FoundRequest | undefined> {
  const answer = await api.get(`${clusterPath(name)}/requests/${id}?fields=${REQUEST_FIELDS}`);
  return answer.status === 200 ? requestOf(answer.body) : undefined;
}

export const isUnderWay = ({ status }: FoundRequest): boolean => !OVER.includes(status);

export interface FoundTask {
  readonly id: number;
  readonly host: string;
  readonly role: string;
  readonly command: string;
  readonly status: string;
  readonly exitCode: number;
  readonly stderr: string;
}

export async function tasksOf(api: Ambari, name: string, id: number): Promise<FoundTask[]> {
  const fields = ["id", "host_name", "role", "command", "status", "exit_code", "stderr"].map(
    (field) => `tasks/Tasks/${field}`,
  );
  const answer = await api.get(`${clusterPath(name)}/requests/${id}?fields=${fields.join(",")}`);
  const tasks = at(answer.body, "tasks");
  return (Array.isArray(tasks) ? (tasks as unknown[]) : []).map((item) => ({
    id: Number(at(item, "Tasks/id")),
    host: textAt(item, "Tasks/host_name"),
    role: textAt(item, "Tasks/role"),
    command: textAt(item, "Tasks/command"),
    status: textAt(item, "Tasks/status"),
    exitCode: Number(at(item, "Tasks/exit_code") ?? 0),
    stderr: textAt(item, "Tasks/stderr"),
  }));
}

/** Type -> property -> text. */
export type Configuration = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** A URL with them all would be too long. */
const TYPES_AT_ONCE = 20;

/** The cluster's configuration as it is now, without what single groups have of their own; passwords are masked. */
export async function configurationOf(api: Ambari, name: string): Promise<Configuration> {
  const answer = await api.get(`${clusterPath(name)}?fields=Clusters/desired_configs`);
  const desired = at(answer.body, "Clusters/desired_configs");
  const types = Object.keys(desired ?? {}).map((type) => ({
    type,
    tag: textAt(desired, `${type}/tag`),
  }));
  const all: Record<string, Record<string, string>> = {};
  for (let from = 0; from < types.length; from += TYPES_AT_ONCE) {
    const asked = types.slice(from, from + TYPES_AT_ONCE).map(({ type, tag }) => `(type=${type}&tag=${tag})`);
    const path = `${clusterPath(name)}/configurations?${encodeURI(asked.join("|"))}`;
    for (const [type, properties] of await api.list(path, (item) => [textAt(item, "type"), at(item, "properties")]))
      all[type as string] = (properties ?? {}) as Record<string, string>;
  }
  return all;
}

/** Tags of all versions that a type has had. */
export async function tagsOf(api: Ambari, name: string, type: string): Promise<string[]> {
  const all = await api.list(`${clusterPath(name)}/configurations`, (item) => ({
    type: textAt(item, "type"),
    tag: textAt(item, "tag"),
  }));
  return all.filter((each) => each.type === type).map(({ tag }) => tag);
}
