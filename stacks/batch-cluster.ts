import type { Construct } from "constructs";
import { AmbariHook } from "../constructs/hadoop/ambari-hook";
import type { ClusterPlan, Plan } from "../pipeline/plan-types";
import { HostsStack } from "./hosts-stack";
import type { NetworkStack } from "./network";
import type { TransferStack } from "./transfer";

export interface BatchClusterDependencies {
  readonly network: NetworkStack;
  readonly transfer: TransferStack;
}

/** The nodes of the batch cluster. Ansible prepares them, then Ambari installs the distribution by a blueprint. */
export class BatchClusterStack extends HostsStack {
  constructor(scope: Construct, plan: Plan, { network, transfer }: BatchClusterDependencies) {
    super(scope, "batch-cluster", plan, { network, roles: ["hdp"] });
    // Its hosts are reached through the proxy, and have their packages by it.
    this.addDependency(transfer);
    const bastion = this.bastion();
    this.deliver(bastion);
    new AmbariHook(this, "ambari", {
      pipeline: plan,
      cluster: plan.cluster as ClusterPlan,
      artifacts: this.artifacts,
      servers: this.serversWith(bastion),
      bastionAddress: bastion.address,
    });
  }
}
