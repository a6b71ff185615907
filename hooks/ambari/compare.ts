/**
 * A cluster that is there, against what the pipeline file wants: hosts that are new are added; what a blueprint can't do to a cluster
 * that it has made is refused, with what to do instead.
 */
import { HookError, sleep } from "../errors";
import { at, textAt, type Ambari } from "./api";
import { versionNumber } from "./create";
import { readBlueprint, type AmbariFolder, type Blueprint, type WantedHost } from "./files";
import { clusterHosts, configurationOf, foundComponents, isDone, standings, type FoundComponent } from "./look";
import type { Run } from "./run";

export interface Comparison {
  /** Hosts to add. */
  readonly added: readonly WantedHost[];
  /** Name of the blueprint that made the cluster: it grows by no other. */
  readonly blueprint: string;
}

/** Lines of an error; the rest is counted. */
const LINES = 20;

/** @throws HookError with everything that can't be made in place */
export async function compare(api: Ambari, folder: AmbariFolder, run: Run): Promise<Comparison> {
  const { cluster, hosts } = folder;
  const present = await presentHosts(api, folder, run);
  const found = await foundComponents(api, cluster.name);
  const wrong = [
    ...removedHosts(present, hosts),
    ...newMasters(present, folder),
    ...otherLayout(found, folder),
    ...(await otherPackages(api, folder)),
  ];
  const blueprint = await blueprintOf(api, folder, wrong.length > 0);
  if (blueprint.name !== cluster.blueprint)
    wrong.push(...(await otherConfiguration(api, folder)), ...otherGroups(blueprint.body, folder));
  else if (standings(folder.components, found).every(isDone))
    for (const line of (await otherConfiguration(api, folder)).slice(0, LINES)) run.say(`changed in Ambari: ${line}`);
  if (wrong.length > 0) throw refused(wrong, run);
  return {
    added: hosts.filter(({ fqdn }) => !present.includes(fqdn)),
    blueprint: blueprint.name,
  };
}

/** Ambari gives a cluster its hosts one after the other: while some are missing, until no more have come for a while. */
async function presentHosts(api: Ambari, { cluster, hosts }: AmbariFolder, run: Run): Promise<string[]> {
  let changed = Date.now();
  for (let last = -1; ; await sleep(run.patience.pollMs, run.signal)) {
    const present = await clusterHosts(api, cluster.name);
    if (present.length !== last) changed = Date.now();
    last = present.length;
    const isWhole = hosts.every(({ fqdn }) => present.includes(fqdn));
    if (isWhole || Date.now() - changed >= run.patience.graceMs) return present;
  }
}

function refused(wrong: readonly string[], run: Run): HookError {
  return new HookError(
    `${run.cluster}: the cluster is another one than the pipeline file's, and Ambari can't apply a blueprint twice; nothing was changed`,
    [...wrong.slice(0, LINES), ...(wrong.length > LINES ? [`and ${wrong.length - LINES} more`] : [])],
    `make the same change in Ambari, or undo it in the pipeline file, then run: ${run.again}`,
  );
}

const removedHosts = (present: readonly string[], hosts: readonly WantedHost[]): string[] =>
  present
    .filter((host) => !hosts.some(({ fqdn }) => fqdn === host))
    .map(
      (host) => `${host} is in the cluster and not in the pipeline file: decommission and delete it in Ambari first`,
    );

/** None at all is no mistake: the cluster was asked for just now. */
const newMasters = (present: readonly string[], { hosts, cluster }: AmbariFolder): string[] =>
  present.length === 0
    ? []
    : hosts
        .filter(({ fqdn, group }) => group !== cluster.workers && !present.includes(fqdn))
        .map(({ fqdn, group }) => `${fqdn} of group ${group} is not in the cluster: only workers can be added`);

/** Components that stand elsewhere than they should. What the blueprint knows nothing of was added by someone, and may stay. */
function otherLayout(found: readonly FoundComponent[], { components, blueprint }: AmbariFolder): string[] {
  const known = new Set(blueprint.host_groups.flatMap((group) => group.components.map(({ name }) => name)));
  const key = ({ host, component }: { readonly host: string; readonly component: string }): string =>
    `${host} ${component}`;
  const [wanted, there] = [new Set(components.map(key)), new Set(found.map(key))];
  const begun = new Set(found.map(({ host }) => host));
  const isOurs = new Set(components.map(({ host }) => host));
  return [
    ...found
      .filter((each) => isOurs.has(each.host) && known.has(each.component) && !wanted.has(key(each)))
      .map(({ host, component }) => `${component} is on ${host}, and does not belong there`),
    ...components
      .filter((each) => begun.has(each.host) && !there.has(key(each)))
      .map(({ host, component }) => `${component} is not on ${host}`),
  ];
}

async function otherPackages(api: Ambari, folder: AmbariFolder): Promise<string[]> {
  const { stack, version } = folder.cluster.repository;
  return (await versionNumber(api, folder)) === undefined
    ? [`${stack} ${version} is not registered: an upgrade is made in Ambari > Stack and Versions`]
    : [];
}

/** The one of the same name is the cluster's; else the only one of this tool's that has the wanted groups. */
async function blueprintOf(
  api: Ambari,
  { cluster, blueprint }: AmbariFolder,
  isRefused: boolean,
): Promise<{ readonly name: string; readonly body: Blueprint }> {
  const all = await api.list("/blueprints", (item) => textAt(item, "Blueprints/blueprint_name"));
  if (isRefused || all.includes(cluster.blueprint)) return { name: cluster.blueprint, body: blueprint };
  const alike: { name: string; body: Blueprint }[] = [];
  for (const name of all.filter((each) => each.startsWith(`${cluster.name}-`))) {
    const body = readBlueprint((await api.get(`/blueprints/${encodeURIComponent(name)}`)).body);
    if (layoutOf(body) === layoutOf(blueprint)) alike.push({ name, body });
  }
  const [only, ...others] = alike;
  if (only !== undefined && others.length === 0) return only;
  throw new HookError(
    `${cluster.name}: the blueprint that made the cluster can't be told`,
    [
      `wanted: ${cluster.blueprint}; with the same host groups: ${alike.map(({ name }) => name).join(", ") || "none"}`,
      `found: ${all.join(", ") || "none"}`,
    ],
    "delete those blueprints in Ambari that made no cluster (it refuses to delete the one that did), then run again",
  );
}

const layoutOf = ({ host_groups }: Blueprint): string =>
  JSON.stringify(
    host_groups.map(({ name, components }) => [name, components.map((each) => each.name).sort()] as const).sort(),
  );

/** "hdfs-site/dfs.replication: 2 in the cluster, 3 in the pipeline file" */
async function otherConfiguration(api: Ambari, { blueprint, template, cluster }: AmbariFolder): Promise<string[]> {
  const now = await configurationOf(api, cluster.name);
  return blueprint.configurations.flatMap((each) =>
    Object.entries(each).flatMap(([type, { properties }]) =>
      Object.entries(properties).flatMap(([name, value]) => {
        const [wanted, found] = [resolved(value, template), now[type]?.[name]];
        // A type that the cluster lacks is one that is still to come.
        return now[type] === undefined || found === wanted ? [] : [differs(`${type}/${name}`, found, wanted)];
      }),
    ),
  );
}

/** What a group's hosts have of their own: the cluster's configuration does not show it, the blueprint that made it does. */
function otherGroups(made: Blueprint, { blueprint }: AmbariFolder): string[] {
  const own = (of: Blueprint): Map<string, string> =>
    new Map(
      of.host_groups.flatMap((group) =>
        group.configurations.flatMap((each) =>
          Object.entries(each).flatMap(([type, { properties }]) =>
            Object.entries(properties).map(([name, value]) => [`group ${group.name}: ${type}/${name}`, value] as const),
          ),
        ),
      ),
    );
  const [now, wanted] = [own(made), own(blueprint)];
  return [...new Set([...now.keys(), ...wanted.keys()])]
    .filter((key) => now.get(key) !== wanted.get(key))
    .map((key) => differs(key, now.get(key), wanted.get(key)));
}

const differs = (what: string, found: string | undefined, wanted: string | undefined): string =>
  `${what}: ${found ?? "not set"} in the cluster, ${wanted ?? "not set"} in the pipeline file`;

/** `%HOSTGROUP::master1%` as Ambari resolves it: the group's host. */
function resolved(value: string, template: AmbariFolder["template"]): string {
  return value.replace(/%HOSTGROUP::(\S+?)%/g, (reference, group: string) => {
    const groups = template["host_groups"] as readonly unknown[];
    const hosts = at(
      groups.find((each) => textAt(each, "name") === group),
      "hosts",
    );
    return Array.isArray(hosts) ? textAt(hosts[0], "fqdn") || reference : reference;
  });
}
