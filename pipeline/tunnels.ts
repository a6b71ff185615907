/**
 * What operators, hooks and this project's programs reach behind a private host's sshd, through the bastion: on the host
 * itself, and from there what has no way in of its own.
 */
import { PORTS } from "./limits";
import type { HostPlan, Plan } from "./plan-types";

type Ends = (plan: Plan, host: HostPlan) => readonly string[];

const TUNNELS: Partial<Record<HostPlan["role"], Ends>> = {
  // Ambari's REST interface on its own node; the metastore, and the objects that it is rebuilt from.
  hdp: ({ cluster, objectStorage, network }, { name }) =>
    name === cluster?.server
      ? [
          `localhost:${PORTS.pages}`,
          `${cluster.hive}.${network.domain}:${PORTS.metastore}`,
          `${objectStorage.host}:${PORTS.objectStorage}`,
        ]
      : [],
  presto: ({ presto, network }, { name }) =>
    name === presto?.coordinator ? [`${name}.${network.domain}:${PORTS.presto}`] : [],
  airflow: () => [`localhost:${PORTS.pages}`],
};

/** Ends that sshd on a private host may open a tunnel to, "localhost:8080". */
export const tunnelsOf = (plan: Plan, host: HostPlan): string[] => [...(TUNNELS[host.role]?.(plan, host) ?? [])];
