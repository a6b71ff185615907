/** A blueprint and its creation template as the rules read them: whatever is malformed is left out, and told by shape.ts. */
import type { BlueprintFile } from "./problems";
import { STACKS, servicesWith, type Stack } from "./stacks";

export type Path = readonly (string | number)[];

export interface ComponentView {
  readonly name: string;
  readonly path: Path;
}

export interface GroupView {
  readonly name: string;
  readonly path: Path;
  readonly components: readonly ComponentView[];
  /** As written: "1", "3", "1+"; undefined when left out. */
  readonly cardinality?: string;
}

export interface ConfigView {
  readonly type: string;
  readonly file: BlueprintFile;
  readonly path: Path;
  /** Set for the configurations of one host group. */
  readonly hostGroup?: string;
}

export interface PropertyView extends ConfigView {
  readonly name: string;
  readonly value: unknown;
}

export interface TemplateGroupView {
  readonly name: string;
  readonly path: Path;
  /** Lower case, as Ambari keeps them. */
  readonly hosts: readonly { readonly fqdn: string; readonly path: Path }[];
  /** `host_count`, where hosts are not named. */
  readonly hostCount?: number;
}

export interface View {
  readonly blueprint: Readonly<Record<string, unknown>>;
  readonly template?: Readonly<Record<string, unknown>>;
  /** Undefined when the blueprint names none that is known. */
  readonly stack?: Stack;
  readonly groups: readonly GroupView[];
  readonly templateGroups: readonly TemplateGroupView[];
  readonly configs: readonly ConfigView[];
  readonly properties: readonly PropertyView[];
  /** Names of all services that some component belongs to. */
  readonly services: ReadonlySet<string>;
}

export const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
export const mapOf = (value: unknown): Readonly<Record<string, unknown>> => (isMap(value) ? value : {});
const nameOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** The properties of `{type: {properties: {…}}}`, or of the older `{type: {…}}`, with the key that leads to them. */
export function propertiesOf(body: unknown): {
  readonly at: Path;
  readonly properties: Readonly<Record<string, unknown>>;
} {
  const map = mapOf(body);
  return "properties" in map || "properties_attributes" in map
    ? { at: ["properties"], properties: mapOf(map["properties"]) }
    : { at: [], properties: map };
}

interface Configured {
  readonly list: unknown;
  readonly path: Path;
  readonly file: BlueprintFile;
  readonly hostGroup?: string;
}

function configsOf({ list, path, file, hostGroup }: Configured): [ConfigView, unknown][] {
  return listOf(list).flatMap((element, index) =>
    Object.entries(mapOf(element)).map(([type, body]): [ConfigView, unknown] => [
      { type, file, path: [...path, index, type], ...(hostGroup === undefined ? {} : { hostGroup }) },
      body,
    ]),
  );
}

function groupOf(value: unknown, index: number): GroupView {
  const group = mapOf(value);
  const path: Path = ["host_groups", index];
  const components = listOf(group["components"])
    .map((component, at) => ({ name: nameOf(mapOf(component)["name"]), path: [...path, "components", at] }))
    .filter(({ name }) => name !== "");
  const cardinality = group["cardinality"];
  return {
    name: nameOf(group["name"]),
    path,
    components,
    ...(typeof cardinality === "string" || typeof cardinality === "number" ? { cardinality: String(cardinality) } : {}),
  };
}

function templateGroupOf(value: unknown, index: number): TemplateGroupView {
  const group = mapOf(value);
  const path: Path = ["host_groups", index];
  const count = Number(group["host_count"]);
  return {
    name: nameOf(group["name"]),
    path,
    hosts: listOf(group["hosts"])
      .map((host, at) => ({ fqdn: nameOf(mapOf(host)["fqdn"]).toLowerCase(), path: [...path, "hosts", at, "fqdn"] }))
      .filter(({ fqdn }) => fqdn !== ""),
    ...(Number.isInteger(count) ? { hostCount: count } : {}),
  };
}

/** Services of the components; a component of two (ODP's LIVY2_SERVER) counts for the one that is there anyway. */
export function servicesOf(stack: Stack, components: Iterable<string>): Set<string> {
  const candidates = [...new Set(components)].map((name) => servicesWith(stack, name)).filter((all) => all.length > 0);
  const certain = new Set(candidates.filter((all) => all.length === 1).flat());
  for (const all of candidates) if (!all.some((service) => certain.has(service))) certain.add(all[0] as string);
  return certain;
}

const groupConfigs = (groups: unknown, file: BlueprintFile): Configured[] =>
  listOf(groups).map((value, index) => ({
    list: mapOf(value)["configurations"],
    path: ["host_groups", index, "configurations"],
    file,
    hostGroup: nameOf(mapOf(value)["name"]),
  }));

export function viewOf(blueprint: unknown, template?: unknown): View {
  const body = mapOf(blueprint);
  const creation = mapOf(template);
  const { stack_name: name, stack_version: version } = mapOf(body["Blueprints"]);
  const stack = STACKS.get(`${nameOf(name)}-${nameOf(version)}`);
  const groups = listOf(body["host_groups"]).map(groupOf);
  const configured: Configured[] = [
    { list: body["configurations"], path: ["configurations"], file: "blueprint" },
    ...groupConfigs(body["host_groups"], "blueprint"),
    { list: creation["configurations"], path: ["configurations"], file: "template" },
    ...groupConfigs(creation["host_groups"], "template"),
  ];
  const configs = configured.flatMap(configsOf);
  return {
    blueprint: body,
    ...(template === undefined ? {} : { template: creation }),
    ...(stack === undefined ? {} : { stack }),
    groups,
    templateGroups: listOf(creation["host_groups"]).map(templateGroupOf),
    configs: configs.map(([config]) => config),
    properties: configs.flatMap(([config, value]) => {
      const { at, properties } = propertiesOf(value);
      return Object.entries(properties).map(([property, found]): PropertyView => ({
        ...config,
        name: property,
        value: found,
        path: [...config.path, ...at, property],
      }));
    }),
    services: stack === undefined ? new Set() : servicesOf(stack, componentNames(groups)),
  };
}

const componentNames = (groups: readonly GroupView[]): string[] =>
  groups.flatMap(({ components }) => components.map(({ name }) => name));

/** The blueprint's own value for the whole cluster; what Ambari decides by at POST /blueprints. */
export function clusterProperty(view: View, type: string, name: string): PropertyView | undefined {
  return view.properties
    .filter((property) => property.file === "blueprint" && property.hostGroup === undefined)
    .filter((property) => property.type === type && property.name === name)
    .at(-1);
}

/** Ambari 2.8 `isNameNodeHAEnabled`: either property is there, whatever its value. */
export function nameservice(view: View): PropertyView | undefined {
  return (
    clusterProperty(view, "hdfs-site", "dfs.nameservices") ??
    clusterProperty(view, "hdfs-site", "dfs.internal.nameservices")
  );
}

export const groupsWith = (view: View, component: string): GroupView[] =>
  view.groups.filter(({ components }) => components.some(({ name }) => name === component));

/**
 * Hosts of a group: named by the template, counted by it, or by the blueprint's own cardinality ("3").
 * Undefined when open: "1+", or left out. One of "0+" that no template gives hosts has none.
 */
export function hostCountOf(view: View, group: GroupView): number | undefined {
  const given = view.templateGroups.find(({ name }) => name === group.name);
  if (given === undefined && group.cardinality === "0+") return 0;
  if (view.template !== undefined) {
    if (given === undefined) return undefined;
    return given.hosts.length > 0 ? given.hosts.length : given.hostCount;
  }
  return /^[0-9]+$/.test(group.cardinality ?? "") ? Number(group.cardinality) : undefined;
}

/** Hosts that carry a component; undefined when some group's number is open. */
export function hostsWith(view: View, component: string): number | undefined {
  const counts = groupsWith(view, component).map((group) => hostCountOf(view, group));
  return counts.reduce((sum, count) => (sum === undefined || count === undefined ? undefined : sum + count), 0);
}
