import type { Construct } from "constructs";
import type { Plan } from "../pipeline/plan-types";
import { HostsStack } from "./hosts-stack";
import type { NetworkStack } from "./network";
import type { TransferStack } from "./transfer";

export interface QueryDependencies {
  readonly network: NetworkStack;
  readonly transfer: TransferStack;
}

/** Presto: a coordinator and its workers, which read the tables of the cluster's metastore. */
export class QueryStack extends HostsStack {
  constructor(scope: Construct, plan: Plan, { network, transfer }: QueryDependencies) {
    super(scope, "query", plan, { network, roles: ["presto"] });
    // Beside the cluster and not after it: the metastore is asked when a query comes.
    this.addDependency(transfer);
    this.deliver(this.bastion());
  }
}
