import type { Construct } from "constructs";
import type { Plan } from "../pipeline/plan-types";
import { HostsStack } from "./hosts-stack";
import type { NetworkStack } from "./network";
import type { QueryStack } from "./query";

export interface ScheduleDependencies {
  readonly network: NetworkStack;
  readonly query: QueryStack;
}

/** Airflow, which runs the batch jobs. */
export class ScheduleStack extends HostsStack {
  constructor(scope: Construct, plan: Plan, { network, query }: ScheduleDependencies) {
    super(scope, "schedule", plan, { network, roles: ["airflow"] });
    this.addDependency(query);
    this.deliver(this.bastion());
  }
}
