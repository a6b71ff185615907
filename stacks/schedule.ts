import type { Construct } from "constructs";
import type { Plan } from "../pipeline/plan-types";
import type { BatchClusterStack } from "./batch-cluster";
import { HostsStack } from "./hosts-stack";
import type { NetworkStack } from "./network";
import type { QueryStack } from "./query";

export interface ScheduleDependencies {
  readonly network: NetworkStack;
  readonly cluster: BatchClusterStack;
  readonly query: QueryStack;
}

/** Airflow, which runs the batch jobs. */
export class ScheduleStack extends HostsStack {
  constructor(scope: Construct, plan: Plan, { network, cluster, query }: ScheduleDependencies) {
    super(scope, "schedule", plan, { network, roles: ["airflow"] });
    // It is told the host keys of the cluster's nodes, which the cluster's delivery has met.
    this.addDependency(cluster);
    this.addDependency(query);
    this.deliver(this.bastion());
  }
}
