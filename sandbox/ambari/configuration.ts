/** A cluster's configuration as Ambari resolves it: the stack's hosts, the blueprint, the creation template, a host's group. */
import { nameservice, type View } from "../../pipeline/hadoop/view";
import { HOST_DEFAULTS, RETRY_DEFAULTS } from "./defaults";

/** Type -> property -> text. */
export type Configuration = Record<string, Record<string, string>>;

export interface Placement {
  /** Host names by component, sorted. */
  readonly hosts: ReadonlyMap<string, readonly string[]>;
  /** Trap 1: false when the advisor ran without a host, and left everything at localhost. */
  readonly resolved: boolean;
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** @param group of a host: its own configuration is laid over the cluster's. */
export function configurationOf(view: View, placement: Placement, group?: string): Configuration {
  const all: Configuration = {};
  const set = (type: string, name: string, value: string): void => {
    (all[type] ??= {})[name] = value;
  };
  for (const [name, value] of Object.entries(RETRY_DEFAULTS)) set("cluster-env", name, value);
  const ha = nameservice(view) !== undefined;
  for (const { property, component, value, all: every, notWithHa } of HOST_DEFAULTS) {
    const hosts = placement.hosts.get(component) ?? [];
    const [type = "", name = ""] = property.split("/");
    if (hosts.length === 0 || (ha && notWithHa === true)) continue;
    const named = !placement.resolved ? ["localhost"] : every === true ? hosts : hosts.slice(0, 1);
    set(type, name, named.map((host) => value.replace("HOST", host)).join(","));
  }
  const written = view.properties.filter(({ hostGroup }) => hostGroup === undefined || hostGroup === group);
  // The group's come after the cluster's, the template's after the blueprint's.
  const weight = (of: (typeof written)[number]): number =>
    (of.hostGroup === undefined ? 0 : 2) + (of.file === "template" ? 1 : 0);
  for (const property of [...written].sort((a, b) => weight(a) - weight(b)))
    set(property.type, property.name, resolved(textOf(property.value), view, placement));
  return all;
}

function resolved(value: string, view: View, placement: Placement): string {
  if (!placement.resolved) return value;
  return value.replace(/%HOSTGROUP::(\S+?)%/g, (reference, group: string) => {
    const hosts = view.templateGroups.find(({ name }) => name === group)?.hosts ?? [];
    return hosts[0]?.fqdn ?? reference;
  });
}
