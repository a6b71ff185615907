/**
 * The stand-in Ambari's REST interface without a network: a request in, an answer out. What it does not know it refuses, so
 * that the hook can't come to rely on more than was measured on Ambari 2.8.2.
 */
import { isMap, listOf, mapOf } from "../../pipeline/hadoop/view";
import { AmbariCluster, masked, type Outcome } from "./cluster";
import { blueprintRefusal, clusterRefusal } from "./verdict";

export interface AmbariRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below /api/v1, without its query: "/blueprints/batch". */
  readonly path: string;
  /** Header X-Requested-By: without it only GET is answered. */
  readonly requestedBy?: string;
  readonly contentType?: string;
  readonly body?: string;
}

export interface AmbariAnswer {
  readonly status: number;
  readonly body?: unknown;
}

const refused = (status: number, message: string): AmbariAnswer => ({ status, body: { status, message } });
const missing = (what: string): AmbariAnswer => refused(404, `The requested resource doesn't exist: ${what}`);

type Route = (match: readonly string[], request: AmbariRequest) => AmbariAnswer;

function json(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "") as unknown;
  } catch {
    return undefined;
  }
}

export class AmbariModel {
  private readonly hosts = new Set<string>();
  private readonly blueprints = new Map<string, unknown>();
  private readonly versions: { readonly id: number; readonly xml: string }[] = [];
  private readonly clusters = new Map<string, AmbariCluster>();
  private readonly routes: readonly (readonly [string, RegExp, Route])[];

  /** @param outcome What each install does. */
  constructor(private readonly outcome?: Outcome) {
    this.routes = [
      ["GET", /^\/hosts$/, () => this.listHosts()],
      [
        "GET",
        /^\/version_definitions$/,
        () => ({ status: 200, body: { items: this.versions.map(({ id }) => versionItem(id)) } }),
      ],
      ["POST", /^\/version_definitions$/, (_, request) => this.postVersion(request)],
      ["GET", /^\/blueprints\/([^/]+)$/, ([name = ""]) => this.getBlueprint(name)],
      ["POST", /^\/blueprints\/([^/]+)$/, ([name = ""], request) => this.postBlueprint(name, request)],
      ["DELETE", /^\/blueprints\/([^/]+)$/, ([name = ""]) => this.deleteBlueprint(name)],
      ["POST", /^\/clusters\/([^/]+)$/, ([name = ""], request) => this.postCluster(name, request)],
      ["DELETE", /^\/clusters\/([^/]+)$/, ([name = ""]) => this.deleteCluster(name)],
      ["GET", /^\/clusters\/([^/]+)\/requests\/1$/, this.of((cluster) => this.getRequest(cluster))],
      // The provisioning request is not among them: the list has those of single hosts (measured).
      ["GET", /^\/clusters\/([^/]+)\/requests$/, this.of(() => ({ status: 200, body: { items: [] } }))],
      [
        "GET",
        /^\/clusters\/([^/]+)\/services$/,
        this.of((cluster) => ({ status: 200, body: { items: services(cluster) } })),
      ],
      [
        "GET",
        /^\/clusters\/([^/]+)\/host_components$/,
        this.of((cluster) => ({ status: 200, body: { items: hostComponents(cluster) } })),
      ],
      [
        "GET",
        /^\/clusters\/([^/]+)\/configurations$/,
        this.of((cluster) => ({ status: 200, body: { items: [{ type: "core-site", ...cluster.coreSite() }] } })),
      ],
      [
        "PUT",
        /^\/clusters\/([^/]+)\/host_components$/,
        this.of((cluster, request) => this.putState(cluster, request, "HostRoles", "INSTALLED")),
      ],
      [
        "PUT",
        /^\/clusters\/([^/]+)\/services$/,
        this.of((cluster, request) => this.putState(cluster, request, "ServiceInfo", "STARTED")),
      ],
      ["POST", /^\/clusters\/([^/]+)\/hosts$/, this.of((cluster, request) => this.postHosts(cluster, request))],
    ];
  }

  handle(request: AmbariRequest): AmbariAnswer {
    if (request.method !== "GET" && (request.requestedBy ?? "") === "")
      return refused(400, "CSRF protection is turned on. X-Requested-By HTTP header is required.");
    for (const [method, pattern, route] of this.routes) {
      const match = method === request.method ? pattern.exec(request.path) : null;
      if (match !== null) return route(match.slice(1), request);
    }
    return refused(501, `the stand-in does not do ${request.method} ${request.path}`);
  }

  /** An agent registers its host, in lower case as the server keeps it. */
  register(fqdn: string): void {
    const host = fqdn.toLowerCase();
    this.hosts.add(host);
    for (const cluster of this.clusters.values()) cluster.hostRegistered(host);
  }

  /** Time passes, by one step of every cluster. */
  tick(): void {
    for (const cluster of this.clusters.values()) cluster.tick();
  }

  private listHosts(): AmbariAnswer {
    return { status: 200, body: { items: [...this.hosts].sort().map((host) => ({ Hosts: { host_name: host } })) } };
  }

  private postVersion({ contentType, body = "" }: AmbariRequest): AmbariAnswer {
    if (contentType !== "text/xml") return refused(400, "a version definition is text/xml");
    const urls = (xml: string): string[] =>
      [...xml.matchAll(/<baseurl>([^<]*)<\/baseurl>/g)].map(([, url]) => url ?? "");
    if (urls(body).length === 0) return refused(400, "no repository in the version definition");
    const taken = new Set(this.versions.flatMap(({ xml }) => urls(xml)));
    if (urls(body).some((url) => taken.has(url)))
      return refused(500, "Base url is already defined for another repository version");
    this.versions.push({ id: this.versions.length + 1, xml: body });
    return { status: 201, body: { resources: [versionItem(this.versions.length)] } };
  }

  private getBlueprint(name: string): AmbariAnswer {
    const blueprint = this.blueprints.get(name);
    return blueprint === undefined ? missing(`Blueprint not found, ${name}`) : { status: 200, body: masked(blueprint) };
  }

  private postBlueprint(inUrl: string, { body = "" }: AmbariRequest): AmbariAnswer {
    const given = mapOf(mapOf(json(body))["Blueprints"])["blueprint_name"];
    const name = typeof given === "string" ? given : inUrl; // the body's beats the URL's (measured)
    const refusal = blueprintRefusal(body);
    if (refusal !== undefined) return refused(refusal.status, refusal.message);
    if (this.blueprints.has(name))
      return refused(409, `Attempted to create a Blueprint which already exists, blueprint_name=${name}`);
    this.blueprints.set(name, json(body));
    return { status: 201 };
  }

  private deleteBlueprint(name: string): AmbariAnswer {
    if (!this.blueprints.has(name)) return missing(`Blueprint not found, ${name}`);
    if ([...this.clusters.values()].some(({ blueprintName }) => blueprintName === name))
      return refused(500, `blueprint ${name} has provisioned a cluster`);
    this.blueprints.delete(name);
    return { status: 200 };
  }

  private postCluster(name: string, { body }: AmbariRequest): AmbariAnswer {
    const template = json(body);
    if (!isMap(template)) return refused(400, "Invalid Request: Malformed Request Body");
    if (this.clusters.has(name)) return refused(500, `Attempted to create a Cluster which already exists, ${name}`);
    const blueprintName = String(template["blueprint"]);
    if (!this.blueprints.has(blueprintName))
      return refused(400, `The specified blueprint doesn't exist: ${blueprintName}`);
    const refusal = clusterRefusal(this.blueprints.get(blueprintName), template);
    if (refusal !== undefined) return refused(refusal.status, refusal.message);
    const blueprint = this.blueprints.get(blueprintName);
    this.clusters.set(name, new AmbariCluster(name, blueprintName, blueprint, template, this.hosts, this.outcome));
    return {
      status: 202,
      body: { href: `/api/v1/clusters/${name}/requests/1`, Requests: { id: 1, status: "Accepted" } },
    };
  }

  /** Trap 4: a cluster that is being made is half deleted, behind an internal error. */
  private deleteCluster(name: string): AmbariAnswer {
    const cluster = this.clusters.get(name);
    if (cluster === undefined) return missing(`Cluster not found, ${name}`);
    if (cluster.isPending()) {
      cluster.components.splice(0, Math.ceil(cluster.components.length / 2));
      return refused(500, "Server Error");
    }
    this.clusters.delete(name);
    return { status: 200 };
  }

  private getRequest(cluster: AmbariCluster): AmbariAnswer {
    const count = (status: string): number => cluster.tasks.filter((task) => task.status === status).length;
    const total = cluster.tasks.length;
    return {
      status: 200,
      body: {
        Requests: {
          id: 1,
          request_status: cluster.requestStatus(),
          progress_percent: total === 0 ? 0 : (100 * (total - count("PENDING"))) / total,
          task_count: total,
          completed_task_count: count("COMPLETED"),
          failed_task_count: count("FAILED"),
        },
        tasks: cluster.tasks.map(({ id, host, role, command, status, exitCode, stderr }) => ({
          Tasks: { id, host_name: host, role, command, status, exit_code: exitCode, stderr },
        })),
      },
    };
  }

  private putState(
    cluster: AmbariCluster,
    { body }: AmbariRequest,
    key: string,
    only: "INSTALLED" | "STARTED",
  ): AmbariAnswer {
    const wish = mapOf(json(body));
    const state = mapOf(wish[key] ?? mapOf(wish["Body"])[key])["state"];
    if (state !== only) return refused(501, `the stand-in does not do ${key}/state ${String(state)}`);
    if (only === "INSTALLED") cluster.install();
    else cluster.start();
    return { status: 202, body: { Requests: { id: 2, status: "Accepted" } } };
  }

  private postHosts(cluster: AmbariCluster, { body }: AmbariRequest): AmbariAnswer {
    const wishes = listOf(json(body)).map(mapOf);
    for (const { blueprint, host_group: group, host_name: host } of wishes) {
      if (blueprint !== cluster.blueprintName)
        return refused(400, `blueprint ${String(blueprint)} is not the cluster's`);
      if (!cluster.hasGroup(String(group))) return refused(500, `host group ${String(group)} does not exist`);
      if (!this.hosts.has(String(host).toLowerCase())) return refused(404, `host ${String(host)} is not registered`);
    }
    for (const { host_group: group, host_name: host } of wishes)
      cluster.addHost(String(host).toLowerCase(), String(group));
    return { status: 202, body: { Requests: { id: 2, status: "Accepted" } } };
  }

  private of(answer: (cluster: AmbariCluster, request: AmbariRequest) => AmbariAnswer): Route {
    return ([name = ""], request) => {
      const cluster = this.clusters.get(name);
      return cluster === undefined ? missing(`Cluster not found, ${name}`) : answer(cluster, request);
    };
  }
}

const versionItem = (id: number) => ({ VersionDefinition: { id } });

const services = (cluster: AmbariCluster) =>
  Object.entries(cluster.serviceStates()).map(([service, state]) => ({
    ServiceInfo: { service_name: service, state },
  }));

const hostComponents = (cluster: AmbariCluster) =>
  cluster.components.map(({ host, component, client, state }) => ({
    HostRoles: { host_name: host, component_name: component, state, desired_state: client ? "INSTALLED" : "STARTED" },
  }));
