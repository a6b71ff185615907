import type { Construct } from "constructs";
import { Bucket } from "../constructs/storage/bucket";
import type { Plan } from "../pipeline/plan-types";
import { PlatformStack } from "./platform-stack";

/** The buckets of Object Storage: what is copied, and what a copy would overwrite. Outlives every server. */
export class StorageStack extends PlatformStack {
  constructor(scope: Construct, plan: Plan) {
    super(scope, "storage", plan);
    for (const { purpose, name } of plan.buckets) new Bucket(this, purpose, { name });
  }
}
