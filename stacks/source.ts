import type { Construct } from "constructs";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Reader } from "../constructs/aws/reader";
import { SourceBucket } from "../constructs/aws/source-bucket";
import { PublicIp } from "../constructs/host/public-ip";
import { descriptionOf, nameOf } from "../constructs/naming";
import type { Plan } from "../pipeline/plan-types";
import { PlatformStack } from "./platform-stack";
import type { TransferStack } from "./transfer";

export interface SourceDependencies {
  readonly transfer: TransferStack;
}

/**
 * The AWS side: the company's buckets, which are only looked up, and what the reader may do with them. Deployed after the proxies,
 * whose addresses it admits; until then the reader may do nothing at all, and the first runs of the copy fail.
 */
export class SourceStack extends PlatformStack {
  constructor(scope: Construct, plan: Plan, { transfer }: SourceDependencies) {
    super(scope, "source", plan);
    this.addDependency(transfer);
    // Credentials come from where all AWS programs look for them: the environment, or a profile.
    new AwsProvider(this, "aws", { region: plan.source.region });

    const proxies = plan.hosts
      .filter(({ role }) => role === "proxy")
      .map(({ name }) => PublicIp.fromDescription(this, name, descriptionOf(plan, name)));
    new Reader(this, "reader", {
      user: plan.source.reader,
      policyName: nameOf(plan, "reader"),
      places: [...placesOf(plan)].map(([bucketName, prefixes]) => ({
        bucket: new SourceBucket(this, bucketName, { name: bucketName, region: plan.source.region }),
        bucketName,
        prefixes,
      })),
      addresses: [...proxies.map(({ address }) => address), ...plan.source.standbyAddresses],
      kmsKeyArns: plan.source.kmsKeyArns,
      region: plan.source.region,
    });
  }
}

/** Prefixes of all datasets by bucket, both sorted. */
function placesOf({ datasets }: Plan): ReadonlyMap<string, readonly string[]> {
  const buckets = [...new Set(datasets.map(({ source }) => source.bucket))].sort();
  return new Map(
    buckets.map((bucket) => {
      const prefixes = datasets.filter(({ source }) => source.bucket === bucket).map(({ source }) => source.prefix);
      return [bucket, [...new Set(prefixes)].sort()];
    }),
  );
}
