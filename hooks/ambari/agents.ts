/**
 * Waits for the agents. This comes before the cluster is made: with a host that is not registered Ambari makes one whose HDFS is at
 * localhost, and calls it COMPLETED.
 */
import { HookError, sleep } from "../errors";
import { textAt, type Ambari } from "./api";
import type { Run } from "./run";

const SILENT = "HEARTBEAT_LOST";

/** @throws HookError naming the hosts that did not come */
export async function waitForAgents(api: Ambari, hosts: readonly string[], run: Run): Promise<void> {
  const began = Date.now();
  let told = "";
  for (;;) {
    const states = new Map(
      await api.list("/hosts?fields=Hosts/host_name,Hosts/host_state", (item) => [
        textAt(item, "Hosts/host_name").toLowerCase(),
        textAt(item, "Hosts/host_state"),
      ]),
    );
    const missing = hosts.filter((host) => !states.has(host) || states.get(host) === SILENT);
    if (missing.length === 0) return;
    const waited = Date.now() - began;
    if (waited >= run.patience.agentsMs) throw notRegistered(missing, hosts, states, waited, run);
    const line = `waits for agents: ${missing.join(", ")}`;
    if (line !== told) run.say(line);
    told = line;
    await sleep(run.patience.pollMs, run.signal);
  }
}

function notRegistered(
  missing: readonly string[],
  hosts: readonly string[],
  states: ReadonlyMap<string, string>,
  waited: number,
  run: Run,
): HookError {
  const others = [...states.keys()].filter((host) => !hosts.includes(host));
  return new HookError(
    `${run.cluster}: ${missing.length} of ${hosts.length} agents did not register within ${Math.round(waited / 1000)} s; nothing was changed`,
    [
      ...missing.map((host) => `${host}: ${states.has(host) ? "registered, and silent since" : "never registered"}`),
      ...(others.length > 0 ? [`registered under other names: ${others.join(", ")}`] : []),
      "on such a host: systemctl status ambari-agent; /var/log/ambari-agent/ambari-agent.log; hostname -f must be the name above",
      "its ambari-agent.ini must name the server, whose ports 8440 and 8441 it must reach",
    ],
    `correct it, then run: ${run.again}`,
  );
}
