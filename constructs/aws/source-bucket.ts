import { Construct } from "constructs";
import { DataAwsS3Bucket } from "@cdktf/provider-aws/lib/data-aws-s3-bucket";

export interface ISourceBucket {
  /** "arn:aws:s3:::company-event-log" */
  readonly bucketArn: string;
}

export interface SourceBucketProps {
  readonly name: string;
  /** Where it must lie: the proxy admits the hosts of one region. */
  readonly region: string;
}

/**
 * A bucket that holds the company's data at AWS: looked up, never made, changed or destroyed. Neither is its policy, which
 * Terraform could only own whole: one written here would put out whoever else writes to the bucket.
 */
export class SourceBucket extends Construct implements ISourceBucket {
  readonly bucketArn: string;

  constructor(scope: Construct, id: string, { name, region }: SourceBucketProps) {
    super(scope, id);
    this.bucketArn = new DataAwsS3Bucket(this, "Default", {
      bucket: name,
      lifecycle: {
        postcondition: [
          {
            condition: `\${self.bucket_region == "${region}"}`,
            errorMessage: `bucket ${name} lies in another region; allowed: ${region} (source.region in the pipeline file)`,
          },
        ],
      },
    }).arn;
  }
}
