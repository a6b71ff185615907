/**
 * The stand-in Ambari's REST interface without a network: a request in, an answer out. What it does not know it refuses, so
 * that the hook can't come to rely on more than was measured on Ambari 2.8.2.
 */
import { timingSafeEqual } from "node:crypto";
import { isMap, listOf, mapOf } from "../../pipeline/hadoop/view";
import {
  baseUrlsOf,
  clusterItem,
  componentItems,
  configurationItems,
  json,
  missing,
  refused,
  requestItem,
  serviceItems,
  versionItem,
  requestInfoOf,
  wishOf,
  type AmbariAnswer,
  type Version,
} from "./answers";
import { AmbariCluster, type ClusterState, type ComponentState } from "./cluster";
import { masked } from "./masked";
import { queryOf, select, type Query } from "./select";
import { blueprintRefusal, clusterRefusal } from "./verdict";

export type { AmbariAnswer } from "./answers";

export interface AmbariRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below /api/v1, with its query: "/hosts?fields=Hosts/host_state". */
  readonly path: string;
  /** Header Authorization. */
  readonly authorization?: string;
  /** Header X-Requested-By: without it only GET is answered. */
  readonly requestedBy?: string;
  readonly contentType?: string;
  readonly body?: string;
}

/** Everything that outlives a restart. */
export interface ModelState {
  /** Of the user admin, in plain text, as the real one's database has the clusters' (trap 5). */
  password: string;
  readonly hosts: string[];
  readonly blueprints: Record<string, unknown>;
  readonly versions: Version[];
  readonly clusters: Record<string, ClusterState>;
}

const USER = "admin";
/** Of a server that was just installed. */
export const FIRST_PASSWORD = "admin";

interface Call extends AmbariRequest {
  readonly query: Query;
}
type Route = (match: readonly string[], call: Call) => AmbariAnswer;

export class AmbariModel {
  private readonly clusters: Map<string, AmbariCluster>;
  /** Hosts whose agents have been heard since the server started, and are not silent. */
  private readonly healthy = new Set<string>();
  private readonly routes: readonly (readonly [string, RegExp, Route])[];

  constructor(
    readonly state: ModelState = { password: FIRST_PASSWORD, hosts: [], blueprints: {}, versions: [], clusters: {} },
  ) {
    this.clusters = new Map(Object.entries(state.clusters).map(([name, of]) => [name, new AmbariCluster(of)]));
    const cluster = String.raw`\/clusters\/([^/]+)`;
    const at = (path: string): RegExp => new RegExp(`^${path}$`);
    this.routes = [
      ["GET", /^\/users\/admin$/, () => ({ status: 200, body: { Users: { user_name: USER } } })],
      ["PUT", /^\/users\/admin$/, (_, call) => this.putPassword(call)],
      ["GET", /^\/hosts$/, (_, call) => listed(this.hostItems(), ["Hosts/host_name"], call)],
      [
        "GET",
        /^\/version_definitions$/,
        (_, call) => listed(this.state.versions.map(versionItem), ["VersionDefinition/id"], call),
      ],
      ["POST", /^\/version_definitions$/, (_, call) => this.postVersion(call)],
      ["GET", /^\/blueprints$/, (_, call) => listed(this.blueprintItems(), ["Blueprints/blueprint_name"], call)],
      ["GET", /^\/blueprints\/([^/]+)$/, ([name = ""]) => this.getBlueprint(name)],
      ["POST", /^\/blueprints\/([^/]+)$/, ([name = ""], call) => this.postBlueprint(name, call)],
      ["DELETE", /^\/blueprints\/([^/]+)$/, ([name = ""]) => this.deleteBlueprint(name)],
      ["GET", at(cluster), this.of((of, call) => one(clusterItem(of), ["Clusters/cluster_name"], call))],
      ["POST", at(cluster), ([name = ""], call) => this.postCluster(name, call)],
      ["DELETE", at(cluster), ([name = ""]) => this.deleteCluster(name)],
      ["GET", at(`${cluster}/hosts`), this.of((of, call) => listed(clusterHosts(of), ["Hosts/host_name"], call))],
      ["POST", at(`${cluster}/hosts`), this.of((of, call) => this.postHosts(of, call))],
      // The provisioning request is not among them: the list has those of single hosts (measured).
      [
        "GET",
        at(`${cluster}/requests`),
        this.of((of, call) =>
          listed(
            of.state.requests.filter(({ provisioning }) => !provisioning).map((request) => requestItem(of, request)),
            ["Requests/id"],
            call,
          ),
        ),
      ],
      [
        "GET",
        at(`${cluster}\\/requests\\/(\\d+)`),
        ([name = "", id = ""], call) => this.of((of) => getRequest(of, Number(id), call))([name], call),
      ],
      [
        "GET",
        at(`${cluster}/services`),
        this.of((of, call) => listed(serviceItems(of), ["ServiceInfo/service_name"], call)),
      ],
      ["PUT", at(`${cluster}/services`), this.of((of, call) => putServices(of, call))],
      [
        "GET",
        at(`${cluster}/host_components`),
        this.of((of, call) => listed(componentItems(of), ["HostRoles/host_name", "HostRoles/component_name"], call)),
      ],
      ["PUT", at(`${cluster}/host_components`), this.of((of, call) => putComponents(of, call))],
      ["GET", at(`${cluster}/configurations`), this.of((of, call) => getConfigurations(of, call))],
    ];
  }

  handle(request: AmbariRequest): AmbariAnswer {
    const stranger = this.refusedLogin(request.authorization);
    if (stranger !== undefined) return stranger;
    if (request.method !== "GET" && (request.requestedBy ?? "") === "")
      return refused(400, "CSRF protection is turned on. X-Requested-By HTTP header is required.");
    const [path = "", query = ""] = request.path.split("?");
    const call: Call = { ...request, path, query: queryOf(decodeURIComponent(query)) };
    for (const [method, pattern, route] of this.routes) {
      const match = method === request.method ? pattern.exec(path) : null;
      if (match !== null) return route(match.slice(1), call);
    }
    return refused(501, `the stand-in does not do ${request.method} ${path}`);
  }

  /** An agent registers its host, in lower case as the server keeps it. */
  register(fqdn: string): void {
    const host = fqdn.toLowerCase();
    if (!this.state.hosts.includes(host)) this.state.hosts.push(host);
    this.healthy.add(host);
    for (const cluster of this.clusters.values()) cluster.hostRegistered(host);
  }

  /** False after a restart, until it registers again. */
  isRegistered(host: string): boolean {
    return this.healthy.has(host);
  }

  /** Its agent has been silent for too long. */
  lost(host: string): void {
    if (!this.healthy.delete(host)) return;
    for (const cluster of this.clusters.values()) cluster.lost(host);
  }

  /** Time passes, by one step of every cluster. */
  step(): void {
    for (const cluster of this.clusters.values()) cluster.step();
  }

  clusterOf(host: string): AmbariCluster | undefined {
    return [...this.clusters.values()].find((cluster) => cluster.hosts().includes(host));
  }

  private refusedLogin(authorization: string | undefined): AmbariAnswer | undefined {
    if (authorization === undefined) return refused(403, "Missing authentication token");
    const given = Buffer.from(authorization.replace(/^Basic /, ""), "base64");
    const right = Buffer.from(`${USER}:${this.state.password}`);
    return given.length === right.length && timingSafeEqual(given, right)
      ? undefined
      : refused(403, "Unable to sign in. Invalid username/password combination.");
  }

  private putPassword({ body }: Call): AmbariAnswer {
    const { old_password: old, password, ...others } = wishOf(body, "Users");
    const more = Object.keys(others).filter((key) => key !== "user_name");
    if (more.length > 0) return refused(501, `the stand-in does not do ${more.join(", ")} of a user`);
    if (old !== this.state.password) return refused(400, "Wrong current password provided");
    if (typeof password !== "string" || password === "") return refused(400, "The password can't be empty");
    this.state.password = password;
    return { status: 200 };
  }

  private hostItems() {
    return [...this.state.hosts].sort().map((host_name) => ({
      Hosts: { host_name, host_state: this.healthy.has(host_name) ? "HEALTHY" : "HEARTBEAT_LOST" },
    }));
  }

  private postVersion({ contentType, body = "" }: Call): AmbariAnswer {
    if (contentType !== "text/xml") return refused(400, "a version definition is text/xml");
    const urls = baseUrlsOf(body);
    if (urls.length === 0) return refused(400, "no repository in the version definition");
    const taken = new Set(this.state.versions.flatMap(({ xml }) => baseUrlsOf(xml)));
    if (urls.some((url) => taken.has(url)))
      return refused(500, "Base url is already defined for another repository version");
    const version = { id: this.state.versions.length + 1, xml: body };
    this.state.versions.push(version);
    return { status: 201, body: { resources: [select(versionItem(version), ["VersionDefinition/id"])] } };
  }

  private blueprintItems() {
    return Object.keys(this.state.blueprints)
      .sort()
      .map((blueprint_name) => ({ Blueprints: { blueprint_name } }));
  }

  private getBlueprint(name: string): AmbariAnswer {
    const blueprint = this.state.blueprints[name];
    return blueprint === undefined ? missing(`Blueprint not found, ${name}`) : { status: 200, body: masked(blueprint) };
  }

  private postBlueprint(inUrl: string, { body = "" }: Call): AmbariAnswer {
    const given = mapOf(mapOf(json(body))["Blueprints"])["blueprint_name"];
    const name = typeof given === "string" ? given : inUrl; // the body's beats the URL's (measured)
    const refusal = blueprintRefusal(body);
    if (refusal !== undefined) return refused(refusal.status, refusal.message);
    if (name in this.state.blueprints)
      return refused(409, `Attempted to create a Blueprint which already exists, blueprint_name=${name}`);
    this.state.blueprints[name] = json(body);
    return { status: 201 };
  }

  private deleteBlueprint(name: string): AmbariAnswer {
    if (!(name in this.state.blueprints)) return missing(`Blueprint not found, ${name}`);
    if ([...this.clusters.values()].some(({ state }) => state.blueprintName === name))
      return refused(500, `blueprint ${name} has provisioned a cluster`);
    delete this.state.blueprints[name];
    return { status: 200 };
  }

  private postCluster(name: string, { body }: Call): AmbariAnswer {
    const template = json(body);
    if (!isMap(template)) return refused(400, "Invalid Request: Malformed Request Body");
    if (this.clusters.has(name)) return refused(500, `Attempted to create a Cluster which already exists, ${name}`);
    const blueprintName = String(template["blueprint"]);
    const blueprint = this.state.blueprints[blueprintName];
    if (blueprint === undefined) return refused(400, `The specified blueprint doesn't exist: ${blueprintName}`);
    const version = template["repository_version_id"];
    if (version !== undefined && !this.state.versions.some(({ id }) => id === version))
      return refused(400, `Unable to identify repository version ${JSON.stringify(version)}`);
    const refusal = clusterRefusal(blueprint, template);
    if (refusal !== undefined) return refused(refusal.status, refusal.message);
    const cluster = AmbariCluster.create(name, blueprintName, blueprint, template, new Set(this.state.hosts));
    this.clusters.set(name, cluster);
    this.state.clusters[name] = cluster.state;
    return { status: 202, body: accepted(cluster, 1) };
  }

  /** Trap 4: a cluster that is being made is half deleted, behind an internal error. */
  private deleteCluster(name: string): AmbariAnswer {
    const cluster = this.clusters.get(name);
    if (cluster === undefined) return missing(`Cluster not found, ${name}`);
    if (cluster.isPending()) {
      cluster.state.components.splice(0, Math.ceil(cluster.state.components.length / 2));
      return refused(500, "Server Error");
    }
    this.clusters.delete(name);
    delete this.state.clusters[name];
    return { status: 200 };
  }

  private postHosts(cluster: AmbariCluster, { body }: Call): AmbariAnswer {
    const wishes = listOf(json(body)).map(mapOf);
    if (wishes.length === 0) return refused(400, "Invalid Request: Malformed Request Body");
    const hosts = wishes.map(({ host_group: group, host_name: host }) => ({
      host: String(host).toLowerCase(),
      group: String(group),
    }));
    if (wishes.some(({ blueprint }) => blueprint !== cluster.state.blueprintName))
      return refused(400, `not the blueprint of ${cluster.state.name}: a cluster grows by the one that made it`);
    for (const { host, group } of hosts) {
      if (!cluster.hasGroup(group)) return refused(500, `host group ${group} does not exist`);
      if (!this.state.hosts.includes(host)) return refused(404, `host ${host} is not registered`);
      if (cluster.hosts().includes(host)) return refused(409, `host ${host} is in the cluster`);
    }
    return { status: 202, body: accepted(cluster, cluster.addHosts(hosts)) };
  }

  private of(answer: (cluster: AmbariCluster, call: Call) => AmbariAnswer): Route {
    return ([name = ""], call) => {
      const cluster = this.clusters.get(name);
      return cluster === undefined ? missing(`Cluster not found, ${name}`) : answer(cluster, call);
    };
  }
}

const noPredicate = ({ method, path, query }: Call): AmbariAnswer =>
  refused(501, `the stand-in does not do ${method} ${path}?${query.predicate}`);

function listed(items: readonly unknown[], keys: readonly string[], call: Call): AmbariAnswer {
  if (call.query.predicate !== "") return noPredicate(call);
  return { status: 200, body: { items: items.map((item) => select(item, [...keys, ...call.query.fields])) } };
}

/** A single resource; without `fields` it is whole. */
function one(item: unknown, keys: readonly string[], call: Call): AmbariAnswer {
  if (call.query.predicate !== "") return noPredicate(call);
  const { fields } = call.query;
  return { status: 200, body: fields.length === 0 ? item : select(item, [...keys, ...fields]) };
}

const accepted = ({ state }: AmbariCluster, id: number) => ({
  href: `/api/v1/clusters/${state.name}/requests/${id}`,
  Requests: { id, status: "Accepted" },
});

/** Nothing to do is 200, without a request. */
const started = (cluster: AmbariCluster, id: number | undefined): AmbariAnswer =>
  id === undefined ? { status: 200 } : { status: 202, body: accepted(cluster, id) };

const clusterHosts = (cluster: AmbariCluster) => cluster.hosts().map((host_name) => ({ Hosts: { host_name } }));

function getRequest(cluster: AmbariCluster, id: number, call: Call): AmbariAnswer {
  const request = cluster.state.requests.find((each) => each.id === id);
  if (request === undefined) return missing(`Request resource doesn't exist: ${id}`);
  return one(requestItem(cluster, request), ["Requests/id"], call);
}

/** `(type=core-site&tag=TOPOLOGY_RESOLVED)|(…)`: with their properties. Without it a list of all, without. */
function getConfigurations(cluster: AmbariCluster, call: Call): AmbariAnswer {
  const items = configurationItems(cluster);
  if (call.query.predicate === "") return listed(items, ["type", "tag"], call);
  const wanted = call.query.predicate
    .split("|")
    .map((each) => /^\(type=([\w.-]+)&tag=([\w.-]+)\)$/.exec(each)?.slice(1).join(" "));
  if (wanted.includes(undefined)) return noPredicate(call);
  return { status: 200, body: { items: items.filter(({ type, tag }) => wanted.includes(`${type} ${tag}`)) } };
}

function putComponents(cluster: AmbariCluster, call: Call): AmbariAnswer {
  const { state } = wishOf(call.body, "HostRoles");
  const predicate = /^(?:HostRoles\/host_name=([\w.-]+)&)?HostRoles\/state\.in\(([A-Z_,]+)\)$/.exec(
    call.query.predicate,
  );
  if (state !== "INSTALLED" || predicate === null)
    return refused(501, `the stand-in does not do HostRoles/state ${String(state)} for ${call.query.predicate}`);
  const host = predicate[1];
  const states = (predicate[2] as string).split(",") as ComponentState[];
  if (host === undefined) return started(cluster, cluster.install(states));
  return started(cluster, cluster.installOn(host.toLowerCase(), states, requestInfoOf(call.body)));
}

function putServices(cluster: AmbariCluster, call: Call): AmbariAnswer {
  const { state } = wishOf(call.body, "ServiceInfo");
  if (state !== "STARTED" || call.query.predicate !== "")
    return refused(501, `the stand-in does not do ServiceInfo/state ${String(state)} for ${call.query.predicate}`);
  return started(cluster, cluster.start());
}
