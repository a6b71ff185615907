/**
 * A cluster of the stand-in Ambari: host components and their tasks, with the traps of the real one. Nothing here has a clock or
 * runs anything: agents take the tasks and report, and the server calls `step`.
 */
import { mapOf, listOf, viewOf, type View } from "../../pipeline/hadoop/view";
import { componentOf, stackLabel, type Stack } from "../../pipeline/hadoop/stacks";
import { topologyOf } from "../../pipeline/hadoop/topology";
import { configurationOf, type Configuration } from "./configuration";
import { ORDER } from "./defaults";

export type ComponentState =
  "INIT" | "INSTALLING" | "INSTALLED" | "INSTALL_FAILED" | "STARTING" | "STARTED" | "UNKNOWN";
export type RequestStatus = "PENDING" | "IN_PROGRESS" | "COMPLETED" | "FAILED";
export type Command = "INSTALL" | "START";

export interface HostComponent {
  readonly host: string;
  readonly component: string;
  readonly client: boolean;
  state: ComponentState;
  desired: "INSTALLED" | "STARTED";
}

export interface Task {
  readonly id: number;
  /** The request that lists it. */
  readonly request: number;
  /** The provisioning request that it belongs to, if any; no list shows that one. */
  readonly provisioning?: number;
  readonly host: string;
  readonly role: string;
  readonly command: Command;
  status: "PENDING" | "IN_PROGRESS" | "COMPLETED" | "FAILED";
  exitCode: number;
  stdout: string;
  stderr: string;
}

export interface Request {
  readonly id: number;
  readonly context: string;
  /** A provisioning request has no tasks of its own, and is in no list (measured). */
  readonly provisioning: boolean;
}

/** What an agent says of a task. */
export interface Report {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What an agent needs to know of its host. */
export interface HostDefinition {
  readonly cluster: string;
  /** "HDP-3.1" */
  readonly stack: string;
  /** Wanted state by component. */
  readonly components: Readonly<Record<string, "INSTALLED" | "STARTED">>;
  readonly configuration: Configuration;
  /** Hosts by component, sorted. */
  readonly hosts: Readonly<Record<string, readonly string[]>>;
  /** Whether what does not run is started again. */
  readonly recovery: boolean;
}

/** As it is kept on disk. */
export interface ClusterState {
  readonly name: string;
  readonly blueprintName: string;
  readonly blueprint: unknown;
  readonly template: unknown;
  readonly topologyResolved: boolean;
  readonly components: HostComponent[];
  readonly tasks: Task[];
  readonly requests: Request[];
  /** Host -> its group and provisioning request, for hosts that no agent has registered yet. */
  readonly waiting: Record<string, { readonly group: string; readonly request: number }>;
  /** Group by host. */
  readonly groups: Record<string, string>;
  /** Provisioning request by host whose components are started once all are installed. */
  readonly toStart: Record<string, number>;
}

const UNINSTALLED: readonly ComponentState[] = ["INIT", "INSTALL_FAILED", "UNKNOWN"];
const byOrder = (a: string, b: string): number => orderOf(a) - orderOf(b);
const orderOf = (component: string): number => {
  const at = ORDER.indexOf(component);
  return at === -1 ? ORDER.length : at;
};

export class AmbariCluster {
  private readonly view: View;
  private readonly components: ReadonlyMap<string, ReadonlySet<string>>;
  /** What agents are told, until something in it changes. */
  private readonly definitions = new Map<string, HostDefinition>();

  constructor(readonly state: ClusterState) {
    this.view = viewOf(state.blueprint, state.template);
    this.components = topologyOf(this.view)?.groups ?? new Map();
  }

  /** POST /clusters/NAME. Request 1 provisions it. */
  static create(
    name: string,
    blueprintName: string,
    blueprint: unknown,
    template: unknown,
    registered: ReadonlySet<string>,
  ): AmbariCluster {
    const hosts = viewOf(blueprint, template).templateGroups.flatMap((group) =>
      group.hosts.map(({ fqdn }) => ({ fqdn, group: group.name })),
    );
    const missing = hosts.some(({ fqdn }) => !registered.has(fqdn));
    // Left out, the strategy is NEVER_APPLY.
    const strategy = mapOf(template)["config_recommendation_strategy"] ?? "NEVER_APPLY";
    const cluster = new AmbariCluster({
      name,
      blueprintName,
      blueprint,
      template,
      // Trap 1: the advisor ran without a host that was not registered yet, and only logged it.
      topologyResolved: !missing || strategy === "NEVER_APPLY",
      components: [],
      tasks: [],
      requests: [{ id: 1, context: "Logical Request: Provision Cluster", provisioning: true }],
      waiting: Object.fromEntries(hosts.map(({ fqdn, group }) => [fqdn, { group, request: 1 }])),
      groups: {},
      toStart: {},
    });
    for (const host of registered) cluster.hostRegistered(host);
    return cluster;
  }

  /** An agent came: the host gets its components, and tasks to install them. */
  hostRegistered(host: string): void {
    const due = this.state.waiting[host];
    if (due === undefined) return;
    delete this.state.waiting[host];
    this.state.groups[host] = due.group;
    const made = [...(this.components.get(due.group) ?? [])].map((component): HostComponent => ({
      host,
      component,
      client: componentOf(this.view.stack as Stack, component)?.category === "CLIENT",
      state: "INIT",
      desired: "INSTALLED",
    }));
    this.state.components.push(...made);
    this.request(`Logical Request: install ${host}`, made, "INSTALL", due.request);
    this.state.toStart[host] = due.request;
  }

  /** POST /clusters/NAME/hosts. @returns the number of the request */
  addHosts(hosts: readonly { readonly host: string; readonly group: string }[]): number {
    const request = this.nextRequest("Logical Request: Scale Cluster", true);
    for (const { host, group } of hosts) {
      this.state.waiting[host] = { group, request };
      this.hostRegistered(host);
    }
    return request;
  }

  hasGroup(group: string): boolean {
    return this.components.has(group);
  }

  hosts(): string[] {
    return Object.keys(this.state.groups).sort();
  }

  isPending(): boolean {
    return Object.keys(this.state.waiting).length > 0 || this.state.tasks.some(isOpen);
  }

  /**
   * PUT host_components {state: INSTALLED}, for those in the states given. @returns the request's number; undefined when there is
   * nothing to do
   */
  install(states: readonly ComponentState[]): number | undefined {
    const which = this.state.components.filter(({ state }) => states.includes(state) && UNINSTALLED.includes(state));
    return this.request("install", which, "INSTALL");
  }

  /**
   * The same for what a host has in the states given. What is installed is left out, but for clients and for what the request
   * names (HostComponentResourceProvider.java of Ambari).
   */
  installOn(host: string, states: readonly ComponentState[], named: readonly string[]): number | undefined {
    const which = this.state.components.filter(
      (each) =>
        each.host === host &&
        states.includes(each.state) &&
        (UNINSTALLED.includes(each.state) ||
          (each.state === "INSTALLED" && (each.client || named.includes(each.component.toLowerCase())))),
    );
    return this.request(`install on ${host}`, which, "INSTALL");
  }

  /** PUT services {state: STARTED}: everything that can run and does not. */
  start(): number | undefined {
    const which = this.state.components.filter(({ state, client }) => state === "INSTALLED" && !client);
    return this.request("start", which, "START");
  }

  /**
   * One step of the server: hosts whose components are all installed get tasks to start them. In between all of a host's tasks are
   * done (trap 2). A host with a failed install gets none.
   */
  step(): void {
    for (const [host, request] of Object.entries(this.state.toStart)) {
      const own = this.state.components.filter((each) => each.host === host);
      if (own.some(({ state }) => state === "INSTALL_FAILED")) delete this.state.toStart[host];
      if (!own.every(({ state }) => state === "INSTALLED")) continue;
      delete this.state.toStart[host];
      this.request(
        `Logical Request: start ${host}`,
        own.filter(({ client }) => !client),
        "START",
        request,
      );
    }
  }

  /** Tasks that an agent is to do now, in order: those not begun, and those that it has lost. */
  take(host: string, inHand: readonly number[]): Task[] {
    const open = this.state.tasks.filter((task) => task.host === host && isOpen(task) && !inHand.includes(task.id));
    for (const task of open) {
      task.status = "IN_PROGRESS";
      const target = this.find(task);
      if (target !== undefined) target.state = task.command === "INSTALL" ? "INSTALLING" : "STARTING";
    }
    return open.sort((a, b) => a.request - b.request || byOrder(a.role, b.role));
  }

  /** What came of a task; a report that comes twice counts once. */
  report(id: number, { exitCode, stdout, stderr }: Report): void {
    const task = this.state.tasks.find((each) => each.id === id);
    if (task === undefined || !isOpen(task)) return;
    Object.assign(task, { exitCode, stdout, stderr, status: exitCode === 0 ? "COMPLETED" : "FAILED" });
    const target = this.find(task);
    if (target === undefined) return;
    if (task.command === "INSTALL") target.state = exitCode === 0 ? "INSTALLED" : "INSTALL_FAILED";
    else target.state = exitCode === 0 ? "STARTED" : "INSTALLED";
  }

  /** Whether what should run does, as the agent sees it. */
  alive(host: string, running: Readonly<Record<string, boolean>>): void {
    for (const each of this.state.components) {
      const runs = each.host === host ? running[each.component] : undefined;
      if (runs === undefined || each.client || !["INSTALLED", "STARTED", "UNKNOWN"].includes(each.state)) continue;
      each.state = runs ? "STARTED" : "INSTALLED";
    }
  }

  /** Its agent is silent. */
  lost(host: string): void {
    for (const each of this.state.components)
      if (each.host === host && each.state === "STARTED") each.state = "UNKNOWN";
  }

  /** The same object as long as nothing in it has changed. */
  definitionOf(host: string): HostDefinition | undefined {
    const group = this.state.groups[host];
    if (group === undefined) return undefined;
    const known = this.definitions.get(host) ?? this.newDefinition(host, group);
    this.definitions.set(host, known);
    return known;
  }

  private newDefinition(host: string, group: string): HostDefinition {
    const settings = listOf(mapOf(listOf(this.view.blueprint["settings"])[0])["recovery_settings"])[0];
    const own = this.state.components.filter((each) => each.host === host);
    return {
      cluster: this.state.name,
      stack: stackLabel(this.view.stack as Stack).replace(" ", "-"),
      components: Object.fromEntries(own.map(({ component, desired }) => [component, desired])),
      configuration: this.configuration(group),
      hosts: Object.fromEntries(this.placed()),
      recovery: mapOf(settings)["recovery_enabled"] === "true",
    };
  }

  /** Of the cluster, or as a group's hosts have it. */
  configuration(group?: string): Configuration {
    return configurationOf(this.view, { hosts: this.placed(), resolved: this.state.topologyResolved }, group);
  }

  /** Trap 1: without the tag nothing was resolved. */
  tag(): "TOPOLOGY_RESOLVED" | "INITIAL" {
    return this.state.topologyResolved ? "TOPOLOGY_RESOLVED" : "INITIAL";
  }

  tasksOf({ id, provisioning }: Request): Task[] {
    return this.state.tasks.filter((task) => (provisioning ? task.provisioning : task.request) === id);
  }

  /** Trap 2: COMPLETED whenever the tasks so far are done, however many are still to come. */
  statusOf(request: Request): RequestStatus {
    const tasks = this.tasksOf(request);
    if (tasks.length === 0) return "PENDING";
    if (tasks.some(({ status }) => status === "FAILED")) return "FAILED";
    return tasks.some(isOpen) ? "IN_PROGRESS" : "COMPLETED";
  }

  /** Trap 3: STARTED from the beginning, before any host is there: the state that is wanted, not the one that is. */
  serviceStates(): Readonly<Record<string, "STARTED">> {
    return Object.fromEntries([...this.view.services].sort().map((service) => [service, "STARTED"]));
  }

  /** Hosts by component, sorted. */
  private placed(): Map<string, string[]> {
    const groups = Object.entries(this.state.groups);
    const placed = new Map<string, string[]>();
    for (const [host, group] of groups.sort(([a], [b]) => (a < b ? -1 : 1)))
      for (const component of this.components.get(group) ?? [])
        placed.set(component, [...(placed.get(component) ?? []), host]);
    return new Map([...placed].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  private request(
    context: string,
    which: readonly HostComponent[],
    command: Command,
    provisioning?: number,
  ): number | undefined {
    if (which.length === 0) return undefined;
    // Hosts and wanted states change with requests only.
    this.definitions.clear();
    const request = this.nextRequest(context, false);
    for (const each of which) {
      if (command === "START") each.desired = "STARTED";
      this.state.tasks.push({
        id: this.state.tasks.length + 1,
        request,
        ...(provisioning === undefined ? {} : { provisioning }),
        host: each.host,
        role: each.component,
        command,
        status: "PENDING",
        exitCode: 0,
        stdout: "",
        stderr: "",
      });
    }
    return request;
  }

  private nextRequest(context: string, provisioning: boolean): number {
    const id = this.state.requests.length + 1;
    this.state.requests.push({ id, context, provisioning });
    return id;
  }

  private find({ host, role }: Task): HostComponent | undefined {
    return this.state.components.find((each) => each.host === host && each.component === role);
  }
}

const isOpen = ({ status }: Task): boolean => status === "PENDING" || status === "IN_PROGRESS";
