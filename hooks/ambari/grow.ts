/** Adds hosts to a cluster, by the blueprint that made it. */
import { HookError } from "../errors";
import { messageOf, Unanswered, type Ambari } from "./api";
import type { Comparison } from "./compare";
import { requestNumber } from "./create";
import { clusterHosts } from "./look";
import type { Run } from "./run";

/** @returns the number of the request, if its answer came and there was one */
export async function addHosts(api: Ambari, { added, blueprint }: Comparison, run: Run): Promise<number | undefined> {
  const path = `/clusters/${encodeURIComponent(run.cluster)}/hosts`;
  for (;;) {
    const present = await clusterHosts(api, run.cluster);
    const missing = added.filter(({ fqdn }) => !present.includes(fqdn));
    if (missing.length === 0) return undefined;
    const wish = missing.map(({ fqdn, group }) => ({ blueprint, host_group: group, host_name: fqdn }));
    try {
      const answer = await api.tell("POST", path, JSON.stringify(wish));
      if (answer.status >= 300)
        throw new HookError(
          `${run.cluster}: Ambari does not add ${missing.map(({ fqdn }) => fqdn).join(", ")}: ${answer.status}`,
          [messageOf(answer)],
          `run: ${run.again}`,
        );
      run.say(`adds ${missing.map(({ fqdn, group }) => `${fqdn} (${group})`).join(", ")}`);
      return requestNumber(answer);
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      run.say(`an answer was lost (${error.message}); looks whether the hosts were added`);
    }
  }
}
