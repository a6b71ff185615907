/**
 * A cluster of the stand-in Ambari: host components and their tasks, moved on by `tick`, with the traps of the real one. Nothing
 * here has a clock: a test or the server decides when time passes.
 */
import { isMap, listOf, mapOf, viewOf, type View } from "../../pipeline/hadoop/view";
import { componentOf, type Stack } from "../../pipeline/hadoop/stacks";
import { topologyOf } from "../../pipeline/hadoop/topology";

export type ComponentState = "INIT" | "INSTALLED" | "INSTALL_FAILED" | "STARTED";
export type RequestStatus = "PENDING" | "IN_PROGRESS" | "COMPLETED" | "FAILED";

export interface HostComponent {
  readonly host: string;
  readonly component: string;
  readonly client: boolean;
  state: ComponentState;
}

export interface Task {
  readonly id: number;
  readonly host: string;
  readonly role: string;
  readonly command: "INSTALL" | "START";
  status: "PENDING" | "COMPLETED" | "FAILED";
  exitCode: number;
  stderr: string;
}

/** What the next install of a component does; tests make it fail. */
export type Outcome = (host: string, component: string) => { readonly exitCode: number; readonly stderr: string };
const success: Outcome = () => ({ exitCode: 0, stderr: "" });

export class AmbariCluster {
  readonly components: HostComponent[] = [];
  readonly tasks: Task[] = [];
  /** Trap 1: the advisor ran without a host that was not registered yet, and only logged it. */
  readonly topologyResolved: boolean;
  private readonly view: View;
  private readonly groups: ReadonlyMap<string, ReadonlySet<string>>;
  /** Hosts of the template that no agent has registered yet, with their group. */
  private readonly waiting = new Map<string, string>();

  constructor(
    readonly name: string,
    readonly blueprintName: string,
    blueprint: unknown,
    template: unknown,
    registered: ReadonlySet<string>,
    private readonly outcome: Outcome = success,
  ) {
    this.view = viewOf(blueprint, template);
    this.groups = topologyOf(this.view)?.groups ?? new Map();
    for (const group of this.view.templateGroups)
      for (const { fqdn } of group.hosts) this.waiting.set(fqdn, group.name);
    const missing = [...this.waiting.keys()].some((host) => !registered.has(host));
    // Left out, the strategy is NEVER_APPLY.
    const strategy = mapOf(template)["config_recommendation_strategy"] ?? "NEVER_APPLY";
    this.topologyResolved = !missing || strategy === "NEVER_APPLY";
    for (const host of registered) this.hostRegistered(host);
  }

  /** An agent came: the host gets its components, and tasks to install them. */
  hostRegistered(host: string): void {
    const group = this.waiting.get(host);
    if (group === undefined) return;
    this.waiting.delete(host);
    this.addHost(host, group);
  }

  /** POST /clusters/NAME/hosts. */
  addHost(host: string, group: string): void {
    for (const component of this.groups.get(group) ?? []) {
      const client = componentOf(this.view.stack as Stack, component)?.category === "CLIENT";
      this.components.push({ host, component, client, state: "INIT" });
    }
    this.install((each) => each.host === host);
  }

  hasGroup(group: string): boolean {
    return this.groups.has(group);
  }

  isPending(): boolean {
    return this.waiting.size > 0 || this.tasks.some(({ status }) => status === "PENDING");
  }

  /** PUT host_components {state: INSTALLED}: what is not installed yet is tried again. */
  install(which: (component: HostComponent) => boolean = () => true): void {
    for (const each of this.components.filter(({ state }) => state === "INIT" || state === "INSTALL_FAILED"))
      if (which(each)) this.task(each, "INSTALL");
  }

  /** PUT services {state: STARTED}. */
  start(which: (component: HostComponent) => boolean = () => true): void {
    for (const each of this.components.filter(({ state, client }) => state === "INSTALLED" && !client))
      if (which(each)) this.task(each, "START");
  }

  /**
   * One step: what is pending is done. The tasks that start a host come a step after its last install, so that in between
   * all tasks there are done (trap 2).
   */
  tick(): void {
    const pending = this.tasks.filter(({ status }) => status === "PENDING");
    if (pending.length === 0) return this.startInstalledHosts();
    for (const task of pending) this.run(task);
  }

  /** Trap 2: COMPLETED whenever the tasks so far are done, however many are still to come. */
  requestStatus(): RequestStatus {
    if (this.tasks.length === 0) return "PENDING";
    if (this.latestTasks().some(({ status }) => status === "FAILED")) return "FAILED";
    return this.tasks.every(({ status }) => status !== "PENDING") ? "COMPLETED" : "IN_PROGRESS";
  }

  /** Trap 3: STARTED from the beginning, before any host is there: the state that is wanted, not the one that is. */
  serviceStates(): Readonly<Record<string, "STARTED">> {
    return Object.fromEntries([...this.view.services].sort().map((service) => [service, "STARTED"]));
  }

  /** Trap 1: core-site without the tag, and HDFS on the local host. */
  coreSite(): { readonly tag: string; readonly properties: Readonly<Record<string, string>> } {
    const given = this.view.properties.filter(({ type, value }) => type === "core-site" && typeof value === "string");
    const properties = Object.fromEntries(given.map(({ name, value }) => [name, this.resolved(value as string)]));
    const first = this.components.find(({ component }) => component === "NAMENODE")?.host ?? "localhost";
    const host = this.topologyResolved ? first : "localhost";
    return {
      tag: this.topologyResolved ? "TOPOLOGY_RESOLVED" : "INITIAL",
      properties: { "fs.defaultFS": `hdfs://${host}:8020`, ...properties },
    };
  }

  private resolved(value: string): string {
    if (!this.topologyResolved) return value;
    return value.replace(/%HOSTGROUP::(\S+?)%/g, (reference, group: string) => {
      const hosts = this.view.templateGroups.find(({ name }) => name === group)?.hosts ?? [];
      return hosts[0]?.fqdn ?? reference;
    });
  }

  private task({ host, component }: HostComponent, command: Task["command"]): void {
    this.tasks.push({
      id: this.tasks.length + 1,
      host,
      role: component,
      command,
      status: "PENDING",
      exitCode: 0,
      stderr: "",
    });
  }

  private run(task: Task): void {
    const target = this.components.find(({ host, component }) => host === task.host && component === task.role);
    if (target === undefined) return;
    if (task.command === "INSTALL") Object.assign(task, this.outcome(task.host, task.role));
    task.status = task.exitCode === 0 ? "COMPLETED" : "FAILED";
    const done = task.command === "INSTALL" ? "INSTALLED" : "STARTED";
    target.state = task.status === "COMPLETED" ? done : "INSTALL_FAILED";
  }

  private startInstalledHosts(): void {
    const unfinished = new Set(
      this.components.filter(({ state }) => state === "INIT" || state === "INSTALL_FAILED").map(({ host }) => host),
    );
    this.start(({ host }) => !unfinished.has(host));
  }

  /** Of several tries of the same, the last. */
  private latestTasks(): Task[] {
    return [...new Map(this.tasks.map((task) => [`${task.host} ${task.role} ${task.command}`, task])).values()];
  }
}

/** Passwords as GET shows them. The database keeps them in plain text (trap 5). */
export function masked(document: unknown, key = ""): unknown {
  if (typeof document === "string") return /password/i.test(key) ? "SECRET" : document;
  if (Array.isArray(document)) return listOf(document).map((item) => masked(item, key));
  if (!isMap(document)) return document;
  return Object.fromEntries(Object.entries(document).map(([name, value]) => [name, masked(value, name)]));
}
