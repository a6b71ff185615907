import type { Construct } from "constructs";
import type { Plan } from "../pipeline/plan-types";
import type { BatchClusterStack } from "./batch-cluster";
import { HostsStack } from "./hosts-stack";
import type { NetworkStack } from "./network";

export interface ScheduleDependencies {
  readonly network: NetworkStack;
  readonly cluster: BatchClusterStack;
}

/** Airflow, which runs the batch jobs. */
export class ScheduleStack extends HostsStack {
  constructor(scope: Construct, plan: Plan, { network, cluster }: ScheduleDependencies) {
    super(scope, "schedule", plan, { network, roles: ["airflow"] });
    // It is told the host keys of the cluster's nodes, which the cluster's delivery has met.
    this.addDependency(cluster);
    this.deliver(this.bastion());
  }
}
