/**
 * Nodes on another server than the one on which Ambari installed: the disk was kept, and nothing is installed. Ambari does not
 * notice: it says INSTALLED of what was on the lost one, and starting that fails.
 */
import { HookError, sleep } from "../errors";
import { messageOf, Unanswered, type Ambari } from "./api";
import type { AmbariFolder } from "./files";
import { foundComponents, isUnderWay, listedRequests, standings, type Standing } from "./look";
import type { Run } from "./run";

/** Numbers of servers by full name of the node. */
export type Servers = Readonly<Record<string, string>>;

/** From these an install can be asked for; what is STARTED would be stopped instead. */
const INSTALLABLE = ["INIT", "INSTALLED", "INSTALL_FAILED", "UNKNOWN"];

const isDaemon = ({ goal }: Standing): boolean => goal === "STARTED";

const runsOrIsClient = (each: Standing): boolean => !isDaemon(each) || each.state === "STARTED";

/**
 * Has everything installed again on nodes whose server is not the one in `before`. Without knowledge of before (another machine
 * than the one that made the cluster) a node counts as replaced when something does not run there, and Ambari has nothing under way:
 * an install of what is installed changes nothing. @throws HookError when Ambari refuses
 */
export async function installOnReplaced(
  api: Ambari,
  folder: AmbariFolder,
  now: Servers,
  before: Servers | undefined,
  run: Run,
): Promise<void> {
  const changed = folder.hosts.map(({ fqdn }) => fqdn).filter((host) => before?.[host] !== now[host]);
  if (changed.length === 0) return;
  const known = changed.filter((host) => before?.[host] !== undefined);
  await untilNoticed(api, folder, known, run);
  const all = await standingsOf(api, folder, run);
  const idle = !(await listedRequests(api, run.cluster)).some(isUnderWay);
  for (const host of changed) {
    const own = all.filter((each) => each.host === host);
    // What runs on the new server has been installed there by an earlier run.
    if (own.every(runsOrIsClient) || !(idle || known.includes(host))) continue;
    const which = own.filter(({ state }) => INSTALLABLE.includes(state));
    if (which.length > 0) await installAgain(api, host, which, run);
  }
}

const standingsOf = async (api: Ambari, folder: AmbariFolder, run: Run): Promise<Standing[]> =>
  standings(folder.components, await foundComponents(api, run.cluster));

/** What ran on the lost server is STARTED until the new one's agent has told of it. What still is after that, does run. */
async function untilNoticed(api: Ambari, folder: AmbariFolder, hosts: readonly string[], run: Run): Promise<void> {
  for (
    const began = Date.now();
    Date.now() - began < run.patience.statusMs;
    await sleep(run.patience.pollMs, run.signal)
  ) {
    const all = await standingsOf(api, folder, run);
    if (!all.some(({ host, state }) => hosts.includes(host) && state === "STARTED")) return;
  }
}

/** Ambari ignores a daemon that it takes for installed, unless the request names it (HostComponentResourceProvider.java). */
async function installAgain(api: Ambari, host: string, which: readonly Standing[], run: Run): Promise<void> {
  run.say(`${host} is on another server: installs ${which.length} components again`);
  const named: Record<string, string> = {};
  for (const { component } of which.filter(isDaemon)) named[component.toLowerCase()] = "reinstall";
  const states = `HostRoles/state.in(${INSTALLABLE.join(",")})`;
  const path = `/clusters/${encodeURIComponent(run.cluster)}/host_components?HostRoles/host_name=${host}&${states}`;
  const wish = {
    RequestInfo: { context: `aws2ncp: install on the new server of ${host}`, ...named },
    Body: { HostRoles: { state: "INSTALLED" } },
  };
  try {
    const answer = await api.tell("PUT", path, JSON.stringify(wish));
    if (answer.status >= 300)
      throw new HookError(
        `${run.cluster}: Ambari does not install on ${host} again: ${answer.status}`,
        [messageOf(answer)],
        `see ambari-server.log, then run: ${run.again}`,
      );
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    throw new HookError(
      `${run.cluster}: Ambari's answer was lost while it was to install on ${host} again: ${error.message}`,
      [],
      `run: ${run.again}`,
    );
  }
}
