/**
 * What each Ambari stack knows: services, components, how often each may stand, what it needs beside it. The data is a dump
 * of a running server (README.md says which); KERBEROS alone comes from Ambari's common services.
 */
import dump from "./data/stacks.json";

export interface Dependency {
  /** "HDFS/HDFS_CLIENT" */
  readonly component: string;
  /** host: in the same host group. cluster: in some host group. */
  readonly scope: "host" | "cluster";
  /** Whether Ambari adds what is missing, silently. */
  readonly auto_deploy: boolean;
  /** All must hold, else nothing is needed. */
  readonly conditions?: readonly { readonly configType: string; readonly property: string }[];
}

export interface Component {
  readonly category: "MASTER" | "SLAVE" | "CLIENT";
  /** How many host groups (not hosts) carry it: "1", "1+", "0-1", "ALL". */
  readonly cardinality: string;
  /** Added silently when missing: to the group that carries `co_locate`, or with ALL to every group. */
  readonly auto_deploy?: { readonly enabled: boolean; readonly co_locate: string | null };
  readonly dependencies?: readonly Dependency[];
}

export interface Service {
  readonly version: string;
  /** Ambari never enforces them in a blueprint; `required-service` in rules.ts does. */
  readonly required_services: readonly string[];
  readonly config_types: readonly string[];
  /** "TYPE/PROPERTY" that a cluster can't be created without. */
  readonly required_input: Readonly<Record<string, string>>;
  readonly components: Readonly<Record<string, Component>>;
}

export interface Stack {
  /** "HDP" */
  readonly name: string;
  /** "3.1" */
  readonly version: string;
  readonly services: Readonly<Record<string, Service>>;
  /** Services that the stack has and this data lacks. */
  readonly notCovered: readonly string[];
}

/** Ambari 2.7 common-services/KERBEROS/1.10.3-30: the same in every stack. */
const KERBEROS: Service = {
  version: "1.10.3-30",
  required_services: [],
  config_types: ["kerberos-env", "krb5-conf"],
  required_input: {},
  components: {
    KERBEROS_CLIENT: { category: "CLIENT", cardinality: "ALL", auto_deploy: { enabled: true, co_locate: null } },
  },
};

/** Stacks by "NAME-VERSION", and which dump describes each. That HDP 3.1 equals 3.0 is assumed: no public definition exists. */
const DUMPS = {
  "HDP-3.0": "HDP-3.0",
  "HDP-3.1": "HDP-3.0",
  "ODP-1.2": "ODP-1.2",
  "ODP-1.3": "ODP-1.3",
  "BIGTOP-3.2.0": "BIGTOP-3.2.0",
  "BIGTOP-3.3.0": "BIGTOP-3.3.0",
} as const;

export type StackId = keyof typeof DUMPS;

function stack(id: StackId): Stack {
  const { services, not_covered } = dump.stacks[DUMPS[id]];
  const [name = "", version = ""] = id.split("-");
  return {
    name,
    version,
    services: { ...(services as unknown as Stack["services"]), KERBEROS },
    notCovered: not_covered.filter((service) => service !== "KERBEROS"),
  };
}

/** Every stack that a blueprint can be checked against, by "NAME-VERSION". */
export const STACKS: ReadonlyMap<string, Stack> = new Map(
  (Object.keys(DUMPS) as StackId[]).map((id) => [id, stack(id)]),
);

/** "HDP 3.1" */
export const stackLabel = ({ name, version }: Pick<Stack, "name" | "version">): string => `${name} ${version}`;

/** Services that have a component of this name: one, but for ODP's LIVY2_SERVER. */
export function servicesWith(of: Stack, component: string): string[] {
  return Object.keys(of.services).filter((service) => component in (of.services[service]?.components ?? {}));
}

export function componentOf(of: Stack, component: string): Component | undefined {
  const [service] = servicesWith(of, component);
  return service === undefined ? undefined : of.services[service]?.components[component];
}

/** Services whose configuration type this is. */
export function servicesConfiguredBy(of: Stack, type: string): string[] {
  return Object.keys(of.services).filter((service) => of.services[service]?.config_types.includes(type));
}

/** How many host groups a cardinality allows; ALL is not a number and has no range. */
export function rangeOf(cardinality: string): { readonly min: number; readonly max: number } {
  const [low, high] = cardinality.replace("+", "-Infinity").split("-");
  return { min: Number(low), max: Number(high ?? low) };
}
