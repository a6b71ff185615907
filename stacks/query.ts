import type { Construct } from "constructs";
import type { Plan } from "../pipeline/plan-types";
import type { BatchClusterStack } from "./batch-cluster";
import { HostsStack } from "./hosts-stack";
import type { NetworkStack } from "./network";

export interface QueryDependencies {
  readonly network: NetworkStack;
  readonly cluster: BatchClusterStack;
}

/** Presto: a coordinator and its workers, which read the tables of the cluster's metastore. */
export class QueryStack extends HostsStack {
  constructor(scope: Construct, plan: Plan, { network, cluster }: QueryDependencies) {
    super(scope, "query", plan, { network, roles: ["presto"] });
    // It asks the cluster's metastore. Beside Airflow, which comes after the cluster too.
    this.addDependency(cluster);
    this.deliver(this.bastion());
  }
}
