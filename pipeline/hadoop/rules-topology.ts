/** Rules about which component stands where, and how often. */
import { shown } from "../errors";
import type { Finding } from "./problems";
import type { BlueprintRule } from "./rule";
import { componentOf, rangeOf, servicesWith, stackLabel, type Stack } from "./stacks";
import { topologyOf } from "./topology";
import { clusterProperty, groupsWith, hostCountOf, hostsWith, nameservice, type GroupView, type View } from "./view";

const named = ({ groups }: View): GroupView[] => groups.filter(({ name }) => name !== "");
const groupNames = (view: View): string =>
  named(view)
    .map(({ name }) => name)
    .join(", ");
const pathOf = (view: View, group: string) => view.groups.filter(({ name }) => name === group).at(-1)?.path ?? [];

const componentsKnown = (view: View): Finding[] => {
  const { stack } = view;
  if (stack === undefined) return [];
  const checked = Object.keys(stack.services).sort();
  return view.groups.flatMap((group) =>
    group.components
      .filter(({ name }) => componentOf(stack, name) === undefined)
      .map(({ name, path }) => ({
        path,
        hostGroup: group.name,
        component: name,
        value: name,
        message: `is no component of ${stackLabel(stack)}`,
        allowed: `components of ${checked.join(", ")}; this check has no data on ${stack.notCovered.join(", ")}`,
      })),
  );
};

/** "1" -> "exactly 1 host group" */
function groupsInWords(cardinality: string): string {
  const { min, max } = rangeOf(cardinality);
  const count = min === max ? `exactly ${min}` : max === Infinity ? `${min} or more` : `${min} to ${max}`;
  return `${count} host group${count === "exactly 1" ? "" : "s"} with it`;
}

const cardinality = (view: View): Finding[] =>
  (topologyOf(view)?.cardinality ?? []).map(({ component, actual, required }) => {
    const carrying = groupsWith(view, component);
    const ha = component === "SECONDARY_NAMENODE" && nameservice(view) !== undefined;
    return {
      path: carrying.at(-1)?.components.find(({ name }) => name === component)?.path ?? ["host_groups"],
      component,
      value: actual,
      message:
        actual === 0
          ? `stands in no host group, although ${servicesWith(view.stack as NonNullable<View["stack"]>, component)[0] ?? ""} is in the blueprint`
          : `stands in ${actual} host groups: ${carrying.map(({ name }) => name).join(", ")}`,
      allowed: ha ? "none: dfs.nameservices is set, and a standby NameNode does its work" : groupsInWords(required),
      hint:
        actual < rangeOf(required).min ? `add {"name": "${component}"} to a host group` : "remove it from the others",
    };
  });

const dependencies = (view: View): Finding[] =>
  (topologyOf(view)?.dependencies ?? []).map(
    ({ hostGroup, component, dependency: { component: needed, scope, conditions } }) => {
      const name = needed.split("/")[1] ?? "";
      const because =
        conditions === undefined ? "" : ` with ${conditions.map(({ property }) => property).join(", ")} set`;
      const where = scope === "host" ? "in the same host group" : "in some host group";
      return {
        path: pathOf(view, hostGroup),
        hostGroup,
        component,
        message: `needs ${name}${because}, and none is there`,
        allowed: `${name} ${where}`,
        hint: `add {"name": "${name}"} to a host group`,
      };
    },
  );

const silentAdditions = (view: View): Finding[] =>
  (topologyOf(view)?.additions ?? []).map(({ hostGroup, component, because }) => ({
    path: [...pathOf(view, hostGroup), "components"],
    hostGroup,
    component,
    message: `is missing; Ambari would add it silently, as ${because}`,
    allowed: "a layout that is written down whole",
    hint: `add {"name": "${component}"} to host group ${hostGroup}`,
  }));

/** The place to point at for a service: a server of it rather than a client. */
function memberOf(view: View, stack: Stack, service: string) {
  const members = view.groups.flatMap(({ name: hostGroup, components }) =>
    components
      .filter(({ name }) => servicesWith(stack, name).includes(service))
      .map(({ name: component, path }) => ({ hostGroup, component, path })),
  );
  return members.find(({ component }) => componentOf(stack, component)?.category !== "CLIENT") ?? members[0];
}

const requiredServices = (view: View): Finding[] => {
  const { stack, services } = view;
  if (stack === undefined) return [];
  return [...services].sort().flatMap((service) => {
    const required = stack.services[service]?.required_services ?? [];
    return required
      .filter((name) => !services.has(name))
      .map((name) => ({
        path: ["host_groups"],
        ...memberOf(view, stack, service),
        message: `${service} is in the blueprint, and ${name}, which it requires, is not`,
        allowed: `${service} with ${required.join(", ")}`,
        hint: `add the components of ${name}`,
      }));
  });
};

const duplicateComponents = (view: View): Finding[] =>
  view.groups.flatMap((group) =>
    group.components
      .filter(({ name }, index) => group.components.findIndex((other) => other.name === name) < index)
      .map(({ name, path }) => ({
        path,
        hostGroup: group.name,
        component: name,
        value: name,
        message: "is named twice in this group",
        allowed: "each component once in a group",
        hint: "remove one",
      })),
  );

const duplicateGroups = (view: View): Finding[] =>
  named(view).flatMap((group): Finding[] =>
    named(view).find(({ name }) => name === group.name) === group
      ? []
      : [
          {
            path: [...group.path, "name"],
            hostGroup: group.name,
            value: group.name,
            message: "a group of this name came before; Ambari keeps the last, without a word",
            allowed: "a name of its own for each group",
          },
        ],
  );

const singles = (view: View): Finding[] => {
  const { stack } = view;
  if (stack === undefined) return [];
  return view.groups.flatMap((group) => {
    const count = hostCountOf(view, group);
    return group.components
      .filter(({ name }) => rangeOf(componentOf(stack, name)?.cardinality ?? "0+").max === 1)
      .filter(() => (count ?? 1) > 1)
      .map(({ name, path }) => ({
        path,
        hostGroup: group.name,
        component: name,
        value: count,
        message: `would run on ${String(count)} hosts; Ambari counts host groups, not hosts`,
        allowed: "one host in the group that carries it",
        hint: `move it to a group of one host`,
      }));
  });
};

const journalNodes = (view: View): Finding[] => {
  const groups = groupsWith(view, "JOURNALNODE");
  const count = hostsWith(view, "JOURNALNODE") ?? groups.length;
  if (nameservice(view) === undefined || count === 0 || (count >= 3 && count % 2 === 1)) return [];
  return [
    {
      path: groups.at(-1)?.components.find(({ name }) => name === "JOURNALNODE")?.path ?? ["host_groups"],
      component: "JOURNALNODE",
      value: count,
      message: `stands on ${count} host${count === 1 ? "" : "s"}: ${count === 1 ? "its loss stops HDFS" : "one lost is as many as an odd number fewer would bear"}`,
      allowed: "an odd number of hosts, 3 or more",
      hint: 'add {"name": "JOURNALNODE"} to a host group, or remove one',
    },
  ];
};

const nameNodesForHa = (view: View): Finding[] => {
  const property = nameservice(view);
  const groups = groupsWith(view, "NAMENODE");
  const count = hostsWith(view, "NAMENODE") ?? groups.length;
  if (property === undefined || groups.length === 0 || count >= 2) return [];
  return [
    {
      path: property.path,
      component: "NAMENODE",
      property: `${property.type}/${property.name}`,
      value: property.value,
      message: `${shown(property.value)} asks for high availability, with one NAMENODE`,
      allowed: "NAMENODE on two hosts, or no HA property",
      hint: 'add {"name": "NAMENODE"} to a second host group',
    },
  ];
};

const secondNameNode = (view: View): Finding[] => {
  const groups = groupsWith(view, "NAMENODE");
  const count = hostsWith(view, "NAMENODE") ?? groups.length;
  if (nameservice(view) !== undefined || Math.max(count, groups.length) < 2) return [];
  return [
    {
      path: groups.at(-1)?.components.find(({ name }) => name === "NAMENODE")?.path ?? ["host_groups"],
      component: "NAMENODE",
      value: Math.max(count, groups.length),
      message: `stands on ${Math.max(count, groups.length)} hosts without high availability: two separate file systems`,
      allowed: "one NAMENODE, or hdfs-site/dfs.nameservices with its HA properties",
      hint: "remove the second, or add the HA properties",
    },
  ];
};

const failoverControllers = (view: View): Finding[] =>
  nameservice(view) === undefined
    ? []
    : groupsWith(view, "NAMENODE")
        .filter((group) => groupsWith(view, "ZKFC").length > 0 && !group.components.some(({ name }) => name === "ZKFC"))
        .map((group) => ({
          path: [...group.path, "components"],
          hostGroup: group.name,
          component: "ZKFC",
          message: "is missing beside a NAMENODE: it would never become active by itself",
          allowed: "ZKFC in every host group with NAMENODE",
          hint: `add {"name": "ZKFC"} to host group ${group.name}`,
        }));

const PLACEHOLDER = /^%HOSTGROUP::(\S+?)%$/;

/** Ambari 2.8: both named, both groups with a NAMENODE, and as many groups with one as are named. */
const initialNameNodes = (view: View): Finding[] => {
  const properties = ["dfs_ha_initial_namenode_active", "dfs_ha_initial_namenode_standby"].map((name) =>
    clusterProperty(view, "hadoop-env", name),
  );
  const [active, standby] = properties;
  if (nameservice(view) === undefined || active === undefined || standby === undefined) return [];
  const carrying = groupsWith(view, "NAMENODE").map(({ name }) => name);
  const allowed = `each of ${carrying.map((name) => `%HOSTGROUP::${name}%`).join(", ")} once`;
  const wrong = [active, standby].filter(({ value }) => {
    const group = PLACEHOLDER.exec(String(value))?.[1];
    return group !== undefined && !carrying.includes(group);
  });
  const uneven = new Set([active.value, standby.value]).size !== carrying.length;
  return (wrong.length > 0 ? wrong : uneven ? [standby] : []).map(({ path, type, name, value }) => ({
    path,
    property: `${type}/${name}`,
    value,
    message:
      wrong.length > 0
        ? `${shown(value)} has no NAMENODE`
        : `NAMENODE stands in ${carrying.length} host groups, and these name another number`,
    allowed,
  }));
};

const hostGroupReferences = (view: View): Finding[] =>
  (named(view).length === 0 ? [] : view.properties).flatMap(({ file, path, type, name, value }) =>
    [...(typeof value === "string" ? value : "").matchAll(/%HOSTGROUP::(\S+?)%/g)]
      .filter(([, group]) => !named(view).some((known) => known.name === group))
      .map(([reference]) => ({
        file,
        path,
        property: `${type}/${name}`,
        value,
        message: `${shown(reference)} names no host group`,
        allowed: groupNames(view),
      })),
  );

export const TOPOLOGY_RULES: readonly BlueprintRule[] = [
  { id: "component", refused: "blueprint", why: "every component is one of the stack's", check: componentsKnown },
  {
    id: "cardinality",
    refused: "blueprint",
    why: "each component of a service stands in as many host groups as the stack says",
    check: cardinality,
  },
  { id: "dependency", refused: "blueprint", why: "what a component depends on is there", check: dependencies },
  {
    id: "initial-namenodes",
    refused: "blueprint",
    why: "the first active and standby NameNode are groups with one",
    check: initialNameNodes,
  },
  {
    id: "silent-addition",
    refused: "never",
    why: "Ambari would put a component where nobody wrote it",
    check: silentAdditions,
  },
  {
    id: "required-service",
    refused: "never",
    why: "a service runs on others, which Ambari never enforces",
    check: requiredServices,
  },
  { id: "component-twice", refused: "never", why: "the second mention does nothing", check: duplicateComponents },
  { id: "group-twice", refused: "never", why: "of two groups with one name the last wins", check: duplicateGroups },
  {
    id: "single-on-several",
    refused: "never",
    why: "a component that stands once would run on several hosts",
    check: singles,
  },
  { id: "ha-journalnodes", refused: "never", why: "a quorum is an odd number, 3 or more", check: journalNodes },
  { id: "ha-one-namenode", refused: "never", why: "high availability needs a second NameNode", check: nameNodesForHa },
  {
    id: "two-namenodes",
    refused: "never",
    why: "two NameNodes without HA are two file systems",
    check: secondNameNode,
  },
  {
    id: "ha-zkfc",
    refused: "never",
    why: "a NameNode without its failover controller never takes over",
    check: failoverControllers,
  },
  {
    id: "host-group-reference",
    refused: "never",
    why: "a reference to an unknown group stays in the configuration as text",
    check: hostGroupReferences,
  },
];
