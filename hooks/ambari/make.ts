/** The steps, in order, over an interface that is reached: log in, make or compare, wait, verify. */
import { fillSecrets } from "../../pipeline/hadoop/secrets";
import { waitForAgents } from "./agents";
import type { Ambari } from "./api";
import { compare } from "./compare";
import { clusterExists, createCluster, ensureBlueprint, ensureVersion } from "./create";
import type { AmbariFolder } from "./files";
import { addHosts } from "./grow";
import { logIn } from "./login";
import { clusterHosts, foundComponents, isDone, standings } from "./look";
import type { Progress } from "./progress";
import { installOnReplaced, type Servers } from "./replaced";
import type { Run } from "./run";
import { settle } from "./settle";
import { verifyTopology } from "./verify";

export interface Made {
  /** False: everything was there, and nothing was asked for. */
  readonly changed: boolean;
}

/** On which servers the nodes are, and were when the cluster was last seen whole, if that is known. */
export interface OnServers {
  readonly now: Servers;
  readonly before?: Servers;
}

/**
 * Makes the cluster, or what is left of it to make. With nothing to do it asks, and changes nothing.
 * @param api with the password that the secret has @param secretOf values of secrets by name
 * @throws HookError when it can't be made, Stopped when told to stop
 */
export async function makeCluster(
  api: Ambari,
  folder: AmbariFolder,
  servers: OnServers,
  secretOf: (name: string) => string,
  progress: Progress,
  run: Run,
): Promise<Made> {
  const { cluster } = folder;
  await logIn(api, cluster.admin.user, secretOf(cluster.admin.password), run.say);
  const provisioning = (await clusterExists(api, cluster.name))
    ? await continueCluster(api, folder, servers, run)
    : await newCluster(api, folder, secretOf, run);
  if (provisioning === "nothing") {
    await verifyTopology(api, run);
    return { changed: false };
  }
  try {
    await settle(api, folder, provisioning, progress, run);
  } catch (error) {
    // What was not resolved explains what does not run, and a retry would not help.
    if (!run.signal.aborted && (await clusterHosts(api, cluster.name)).length > 0) await verifyTopology(api, run);
    throw error;
  }
  await verifyTopology(api, run);
  return { changed: true };
}

const fqdns = ({ hosts }: AmbariFolder): string[] => hosts.map(({ fqdn }) => fqdn);

async function newCluster(
  api: Ambari,
  folder: AmbariFolder,
  secretOf: (name: string) => string,
  run: Run,
): Promise<number | undefined> {
  const version = await ensureVersion(api, folder, run);
  await waitForAgents(api, fqdns(folder), run);
  await ensureBlueprint(api, folder, run);
  const template = fillSecrets(folder.template, secretOf) as Readonly<Record<string, unknown>>;
  return createCluster(api, folder.cluster.name, template, version, run);
}

/** @returns the number of the request that adds hosts, if any; "nothing" when everything is as it should be */
async function continueCluster(
  api: Ambari,
  folder: AmbariFolder,
  { now, before }: OnServers,
  run: Run,
): Promise<number | undefined | "nothing"> {
  const found = await compare(api, folder, run);
  await waitForAgents(api, fqdns(folder), run);
  const present = await clusterHosts(api, folder.cluster.name);
  await installOnReplaced(api, folder, now, before, run);
  if (present.length > 0 && found.added.length > 0) return addHosts(api, found, run);
  const all = standings(folder.components, await foundComponents(api, folder.cluster.name));
  if (all.every(isDone)) return "nothing";
  run.say(
    `the cluster ${folder.cluster.name} is there; ${all.filter((each) => !isDone(each)).length} components are left`,
  );
  return undefined;
}
