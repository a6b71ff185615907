import { Construct, type IValidation } from "constructs";
import { DataAwsIamUser } from "@cdktf/provider-aws/lib/data-aws-iam-user";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamUserPolicyAttachment } from "@cdktf/provider-aws/lib/iam-user-policy-attachment";
import { IAM_POLICY } from "../../pipeline/limits";
import { readerPolicy } from "./reader-policy";
import type { ISourceBucket } from "./source-bucket";

export interface ReadPlace {
  readonly bucket: ISourceBucket;
  /** For the error when the policy grows too long: the bucket's ARN is known only to AWS. */
  readonly bucketName: string;
  /** Prefixes of keys, "event_log/"; an empty one is the whole bucket. */
  readonly prefixes: readonly string[];
}

export interface ReaderProps {
  /** IAM user, made by AWS's administrator. A change moves the policy to another one. */
  readonly user: string;
  /** Unique in the account. A change makes another policy, and the reader has none for a moment. */
  readonly policyName: string;
  readonly places: readonly ReadPlace[];
  /** Public addresses that it comes from. */
  readonly addresses: readonly string[];
  readonly kmsKeyArns: readonly string[];
  readonly region: string;
}

/**
 * What rclone reads with. The user and its access key are made outside Terraform, whose state would hold the key; here it is looked
 * up and given its policy. That is a managed one: it may be three times as long as all inline policies of a user together, and
 * AWS keeps its last five versions.
 */
export class Reader extends Construct {
  constructor(scope: Construct, id: string, props: ReaderProps) {
    super(scope, id);
    const user = new DataAwsIamUser(this, "user", { userName: props.user });
    const places = props.places.map(({ bucket, prefixes }) => ({ bucketArn: bucket.bucketArn, prefixes }));
    const policy = new IamPolicy(this, "Default", {
      name: props.policyName,
      policy: JSON.stringify(readerPolicy({ ...props, places })),
    });
    new IamUserPolicyAttachment(this, "attachment", { user: user.userName, policyArn: policy.arn });
    this.node.addValidation(new PolicyLength(props));
  }
}

/** IAM would refuse it at apply; at synth the longest values that the unknown ones can have stand in for them. */
class PolicyLength implements IValidation {
  constructor(private readonly props: ReaderProps) {}

  validate(): string[] {
    const { places, addresses } = this.props;
    const longest = readerPolicy({
      ...this.props,
      places: places.map(({ bucketName, prefixes }) => ({ bucketArn: `arn:aws-us-gov:s3:::${bucketName}`, prefixes })),
      addresses: addresses.map(() => "255.255.255.255"),
    });
    const { length } = JSON.stringify(longest).replace(/\s/g, "");
    if (length <= IAM_POLICY.max) return [];
    return [
      `the reader's policy would be ${length} characters long\n  allowed: ${IAM_POLICY.max} (IAM)\n` +
        "  try: fewer datasets, or prefixes that share their beginning as one dataset",
    ];
  }
}
