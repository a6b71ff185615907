/**
 * What Ambari makes of a blueprint's host groups at POST /blueprints (2.8 `BlueprintValidatorImpl`): it adds what it may add,
 * silently, and refuses what is then still missing or too many.
 */
import { componentOf, rangeOf, type Dependency, type Stack } from "./stacks";
import { clusterProperty, nameservice, servicesOf, type View } from "./view";

/** Put into a group by Ambari. */
export interface Addition {
  readonly hostGroup: string;
  readonly component: string;
  readonly because: string;
}

export interface CardinalityFailure {
  readonly component: string;
  /** Host groups that carry it. */
  readonly actual: number;
  readonly required: string;
}

export interface MissingDependency {
  readonly hostGroup: string;
  readonly component: string;
  readonly dependency: Dependency;
}

export interface Topology {
  /** Components by group name, additions included; of two groups with one name the last counts. */
  readonly groups: ReadonlyMap<string, ReadonlySet<string>>;
  readonly additions: readonly Addition[];
  readonly cardinality: readonly CardinalityFailure[];
  readonly dependencies: readonly MissingDependency[];
}

class Resolution {
  readonly groups: Map<string, Set<string>>;
  readonly additions: Addition[] = [];
  readonly cardinality: CardinalityFailure[] = [];
  readonly dependencies: MissingDependency[] = [];
  private known: ReadonlySet<string> | undefined;

  constructor(
    private readonly stack: Stack,
    private readonly view: View,
  ) {
    this.groups = new Map(
      view.groups
        .filter(({ components }) => components.length > 0)
        .map(({ name, components }) => [name, new Set(components.map((component) => component.name))]),
    );
  }

  run(): Topology {
    for (const group of this.groups.keys()) this.resolveDependencies(group);
    for (const service of this.services())
      for (const [name, component] of Object.entries(this.stack.services[service]?.components ?? {}))
        if (component.cardinality === "ALL") this.resolveEverywhere(name, `${name} belongs on every host`);
        else this.resolveCount(name);
    if (this.isKerberos()) this.resolveEverywhere("KERBEROS_CLIENT", "security is KERBEROS");
    return this;
  }

  private isKerberos(): boolean {
    const blueprints = this.view.blueprint["Blueprints"] as { security?: { type?: unknown } } | undefined;
    return blueprints?.security?.type === "KERBEROS";
  }

  /** Of all components so far: what Ambari adds counts. */
  private services(): ReadonlySet<string> {
    return (this.known ??= servicesOf(
      this.stack,
      [...this.groups.values()].flatMap((components) => [...components]),
    ));
  }

  private carrying(component: string): string[] {
    return [...this.groups].filter(([, components]) => components.has(component)).map(([name]) => name);
  }

  private add(hostGroup: string, component: string, because: string): void {
    const components = this.groups.get(hostGroup);
    if (components === undefined || components.has(component)) return;
    components.add(component);
    this.known = undefined;
    this.additions.push({ hostGroup, component, because });
  }

  private resolveDependencies(group: string): void {
    for (const name of [...(this.groups.get(group) ?? [])])
      for (const dependency of componentOf(this.stack, name)?.dependencies ?? [])
        if (this.applies(dependency) && !this.resolve(group, name, dependency))
          this.dependencies.push({ hostGroup: group, component: name, dependency });
  }

  /** A client of a service that the blueprint lacks is not asked for; nor what the stack itself lacks. */
  private applies({ component, conditions = [] }: Dependency): boolean {
    const [service = "", name = ""] = component.split("/");
    const needed = componentOf(this.stack, name);
    if (needed === undefined) return false;
    if (needed.category === "CLIENT" && !this.services().has(service)) return false;
    return conditions.every(
      ({ configType, property }) => clusterProperty(this.view, configType, property) !== undefined,
    );
  }

  private resolve(group: string, needing: string, { component, scope, auto_deploy }: Dependency): boolean {
    const name = component.split("/")[1] ?? "";
    if (scope === "cluster") return this.carrying(name).length > 0;
    if (auto_deploy) this.add(group, name, `${needing} needs it on its host`);
    return this.groups.get(group)?.has(name) === true;
  }

  private resolveEverywhere(component: string, because: string): void {
    for (const group of this.groups.keys()) this.add(group, component, because);
  }

  private resolveCount(name: string): void {
    const { cardinality, auto_deploy } = componentOf(this.stack, name) ?? { cardinality: "0+" };
    // Ambari hard-codes it: with HA a standby NameNode does the SecondaryNameNode's work.
    const required = name === "SECONDARY_NAMENODE" && nameservice(this.view) !== undefined ? "0" : cardinality;
    const { min, max } = rangeOf(required);
    const actual = this.carrying(name).length;
    if (actual >= min && actual <= max) return;
    const beside = auto_deploy?.enabled === true ? (auto_deploy.co_locate?.split("/")[1] ?? "") : "";
    const [host] = this.carrying(beside);
    if (actual < min && host !== undefined) this.add(host, name, `${beside} stands there`);
    else this.cardinality.push({ component: name, actual, required });
  }
}

const resolved = new WeakMap<View, Topology>();

/** Resolved once for a view: three rules ask. @returns undefined when the stack is not known */
export function topologyOf(view: View): Topology | undefined {
  if (view.stack === undefined) return undefined;
  const topology = resolved.get(view) ?? new Resolution(view.stack, view).run();
  resolved.set(view, topology);
  return topology;
}
