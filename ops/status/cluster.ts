/** Step four: Ambari has made the cluster, by what its hook has left. */
import { readAmbariResult } from "../../hooks/ambari/results";
import { DEPLOY_ALL } from "../../hooks/errors";
import type { ClusterPlan } from "../../pipeline/plan-types";
import { ROLES } from "../../pipeline/roles";
import { hookAtWork, WAIT } from "./infrastructure";
import type { Part, StatusContext } from "./types";
import { count, firstLine } from "./words";

export async function cluster({ plan, state, again }: StatusContext): Promise<Part[]> {
  const { spec } = plan.cluster as ClusterPlan;
  const { name } = spec;
  const { stack } = ROLES.hdp;
  const atWork = hookAtWork(state, stack, "ambari");
  if (atWork !== undefined)
    return [{ name, state: "under way", found: `being made since ${atWork.since}`, try: WAIT(again) }];
  try {
    const result = readAmbariResult(state, stack);
    if (result === undefined) return [{ name, state: "waiting", found: "not made yet", try: DEPLOY_ALL }];
    if (!result.ok)
      return [{ name, state: "failed", found: (result.reason ?? "").split("\n")[0] || "it failed", try: DEPLOY_ALL }];
    const missing = spec.nodes.map(({ fqdn }) => fqdn).filter((fqdn) => !result.hosts.includes(fqdn));
    if (missing.length > 0)
      return [{ name, state: "waiting", found: `not in the cluster yet: ${missing.join(", ")}`, try: DEPLOY_ALL }];
    const { components, started, hosts } = result;
    return [
      {
        name,
        state: "done",
        found: `${count(components, "component")} on ${count(hosts.length, "host")}, ${started} running`,
      },
    ];
  } catch (error) {
    return [{ name, state: "unknown", found: firstLine(error as Error), try: DEPLOY_ALL }];
  }
}
