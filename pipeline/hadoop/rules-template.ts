/** Rules about the creation template: which hosts make the cluster, and how. */
import { shown } from "../errors";
import type { Finding } from "./problems";
import type { BlueprintRule } from "./rule";
import { isSecret } from "./secrets";
import { listOf, mapOf, type View } from "./view";

const STRATEGIES = [
  "ALWAYS_APPLY",
  "ALWAYS_APPLY_DONT_OVERRIDE_CUSTOM_VALUES",
  "NEVER_APPLY",
  "ONLY_STACK_DEFAULTS_APPLY",
];
const PROVISION_ACTIONS = ["INSTALL_AND_START", "INSTALL_ONLY", "START_ONLY"];

const file = "template" as const;
const groupNames = ({ groups }: View): string =>
  groups
    .map(({ name }) => name)
    .filter((name) => name !== "")
    .join(", ");

const hostGroups = (view: View): Finding[] => {
  if (view.template === undefined) return [];
  const groups = view.template["host_groups"];
  if (Array.isArray(groups) && groups.length > 0) return [];
  return [
    {
      file,
      path: ["host_groups"],
      ...(groups === undefined ? {} : { value: groups }),
      message: groups === undefined ? "is missing" : `${shown(groups)} holds no host group`,
      allowed: `[{"name": …, "hosts": [{"fqdn": …}]}] for ${groupNames(view)}`,
      hint: "check that this is a creation template, and which file is which",
    },
  ];
};

const blueprintName = ({ template }: View): Finding[] => {
  const name = template?.["blueprint"];
  if (template === undefined || (typeof name === "string" && name !== "")) return [];
  return [
    {
      file,
      path: ["blueprint"],
      ...(name === undefined ? {} : { value: name }),
      message: name === undefined ? "is missing" : `${shown(name)} names no blueprint`,
      allowed: "the name under which the blueprint is posted",
    },
  ];
};

const groupsKnown = (view: View): Finding[] =>
  (view.groups.length === 0 ? [] : view.templateGroups)
    .filter(({ name }) => !view.groups.some((group) => name !== "" && group.name === name))
    .map(({ name, path }) => ({
      file,
      path: [...path, "name"],
      hostGroup: name,
      value: name,
      message: "is no host group of the blueprint; Ambari answers with an internal error",
      allowed: groupNames(view),
    }));

const groupsFilled = (view: View): Finding[] => {
  if (view.template === undefined || view.templateGroups.length === 0) return [];
  return (
    view.groups
      .filter(({ name }) => name !== "")
      // Left out of the template, it is not waited for (2.8 `ClusterTopologyImpl`); hosts are added to it later.
      .filter(
        ({ name, cardinality }) => cardinality !== "0+" || view.templateGroups.some((group) => group.name === name),
      )
      .filter(({ name }) => {
        const given = view.templateGroups.find((group) => group.name === name);
        return (given?.hosts.length ?? 0) === 0 && (given?.hostCount ?? 0) === 0;
      })
      .map(({ name }) => ({
        file,
        path: view.templateGroups.find((group) => group.name === name)?.path ?? ["host_groups"],
        hostGroup: name,
        message: "gets no host: the cluster would wait for one for ever",
        allowed: 'one host or more for each group; none for one of cardinality "0+" that the template leaves out',
        hint: `add {"name": "${name}", "hosts": [{"fqdn": …}]}`,
      }))
  );
};

const isHostName = (value: unknown): boolean => typeof value === "string" && /^[A-Za-z0-9][A-Za-z0-9.-]*$/.test(value);

const hostsNamed = ({ template }: View): Finding[] =>
  listOf(template?.["host_groups"]).flatMap((group, index) =>
    listOf(mapOf(group)["hosts"])
      .map((host, at) => ({ value: host, path: ["host_groups", index, "hosts", at] }))
      .filter(({ value }) => !isHostName(mapOf(value)["fqdn"]))
      .map(({ value, path }) => ({
        file,
        path,
        hostGroup: String(mapOf(group)["name"]),
        value,
        message: `${shown(value)} names no host`,
        allowed: '{"fqdn": …}, the full name of a host',
      })),
  );

const hostsOnce = (view: View): Finding[] => {
  const hosts = view.templateGroups.flatMap(({ name, hosts: all }) => all.map((host) => ({ ...host, group: name })));
  return hosts.flatMap((host, index): Finding[] => {
    const first = hosts.findIndex(({ fqdn }) => fqdn === host.fqdn);
    if (first === index) return [];
    return [
      {
        file,
        path: host.path,
        hostGroup: host.group,
        value: host.fqdn,
        message: `${host.fqdn} is already in host group ${hosts[first]?.group ?? ""}`,
        allowed: "each host in one group, once",
      },
    ];
  });
};

const oneOf =
  (key: string, allowed: readonly string[]) =>
  ({ template }: View): Finding[] => {
    const value = template?.[key];
    if (value === undefined || allowed.includes(value as string)) return [];
    return [{ file, path: [key], value, message: `${shown(value)} is not known`, allowed: allowed.join(", ") }];
  };

const KDC_ADMIN = "kdc.admin.credential";

const kerberosCredential = (view: View): Finding[] => {
  const { blueprint, template } = view;
  if (template === undefined) return [];
  const types = [mapOf(mapOf(blueprint["Blueprints"])["security"])["type"], mapOf(template["security"])["type"]];
  if (!types.includes("KERBEROS")) return [];
  const credential = listOf(template["credentials"])
    .map(mapOf)
    .find(({ alias }) => alias === KDC_ADMIN);
  const allowed = `{"alias": "${KDC_ADMIN}", "principal": …, "key": {"secret": "NAME"}, "type": "TEMPORARY"}`;
  if (credential === undefined)
    return [{ file, path: ["credentials"], message: `${KDC_ADMIN} is missing: nobody can make principals`, allowed }];
  const index = listOf(template["credentials"]).findIndex((value) => mapOf(value)["alias"] === KDC_ADMIN);
  return ["principal", "key", "type"]
    .filter((key) => {
      const value = credential[key];
      if (key === "type") return value !== "TEMPORARY" && value !== "PERSISTED";
      return !(typeof value === "string" && value !== "") && !(key === "key" && isSecret(value));
    })
    .map((key) => ({
      file,
      path: ["credentials", index, key],
      message: `${key} of ${KDC_ADMIN} is missing or not valid`,
      allowed,
    }));
};

/** What Ambari needs to make principals; without it Kerberos fails after everything is installed. */
const KERBEROS_PROPERTIES = [
  "kerberos-env/realm",
  "kerberos-env/kdc_type",
  "kerberos-env/kdc_hosts",
  "kerberos-env/admin_server_host",
];

const kerberosProperties = (view: View): Finding[] => {
  if (mapOf(mapOf(view.blueprint["Blueprints"])["security"])["type"] !== "KERBEROS") return [];
  const given = new Set(
    view.properties
      .filter(({ value }) => typeof value === "string" && value !== "")
      .map(({ type, name }) => `${type}/${name}`),
  );
  return KERBEROS_PROPERTIES.filter((property) => !given.has(property)).map((property) => ({
    path: ["configurations"],
    property,
    message: "is missing: with security KERBEROS, Ambari has no KDC to ask",
    allowed: `${KERBEROS_PROPERTIES.join(", ")}`,
    hint: "add it to kerberos-env",
  }));
};

export const TEMPLATE_RULES: readonly BlueprintRule[] = [
  { id: "template-host-groups", refused: "cluster", why: "a template places hosts", check: hostGroups },
  { id: "template-blueprint", refused: "cluster", why: "a template names its blueprint", check: blueprintName },
  { id: "template-group", refused: "cluster", why: "the template's groups are the blueprint's", check: groupsKnown },
  { id: "template-host-twice", refused: "cluster", why: "a host is in one group", check: hostsOnce },
  {
    id: "template-strategy",
    refused: "cluster",
    why: "the recommendation strategy is one of four",
    check: oneOf("config_recommendation_strategy", STRATEGIES),
  },
  {
    id: "template-action",
    refused: "cluster",
    why: "the provision action is one of three",
    check: oneOf("provision_action", PROVISION_ACTIONS),
  },
  {
    id: "kerberos-credential",
    refused: "cluster",
    why: "Ambari makes the principals, as an administrator",
    check: kerberosCredential,
  },
  {
    id: "kerberos-properties",
    refused: "never",
    why: "Kerberos would fail after everything is installed",
    check: kerberosProperties,
  },
  { id: "template-host", refused: "never", why: "a host without a name is skipped", check: hostsNamed },
  { id: "template-group-empty", refused: "never", why: "a group without hosts is waited for", check: groupsFilled },
];
