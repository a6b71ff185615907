/** What the reader may do at AWS, as IAM reads it. Pure: ARNs and addresses in, a policy document out. */

/** What is read of one bucket. */
export interface SourcePlace {
  readonly bucketArn: string;
  /** Prefixes of keys, "event_log/"; an empty one is the whole bucket. */
  readonly prefixes: readonly string[];
}

export interface ReaderPolicyProps {
  readonly places: readonly SourcePlace[];
  /** Public addresses that the reader comes from. */
  readonly addresses: readonly string[];
  /** Keys that objects are encrypted with (SSE-KMS). */
  readonly kmsKeyArns: readonly string[];
  /** Region of the buckets, by which S3 calls KMS. */
  readonly region: string;
}

type Condition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

export interface Statement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Action?: string | readonly string[];
  readonly NotAction?: readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: readonly string[];
  readonly Condition?: Condition;
}

export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}

/** Oldest TLS that the reader may speak. */
const TLS = "1.2";

/**
 * The policy of the reader. Each condition stands twice, since neither form does the other's work: an Allow whose condition asks
 * for what a request lacks admits nothing, and only a Deny also holds against what others grant to the same user: a bucket policy for the
 * whole organisation, a group, one more policy. So a stolen key is good for these prefixes, from these addresses, and nothing else.
 */
export function readerPolicy({ places, addresses, kmsKeyArns, region }: ReaderPolicyProps): PolicyDocument {
  const blocks = addresses.map((address) => `${address}/32`);
  const inTheRightWay: Condition = {
    IpAddress: { "aws:SourceIp": blocks },
    Bool: { "aws:SecureTransport": "true" },
    NumericGreaterThanEquals: { "s3:TlsVersion": TLS },
  };
  const objects = places.flatMap(({ bucketArn, prefixes }) => prefixes.map((prefix) => `${bucketArn}/${prefix}*`));
  const decrypts = kmsKeyArns.length > 0;
  return {
    Version: "2012-10-17",
    Statement: [
      ...places.map(({ bucketArn, prefixes }): Statement => ({
        Effect: "Allow",
        Action: "s3:ListBucket",
        Resource: bucketArn,
        Condition: { ...inTheRightWay, StringLike: { "s3:prefix": prefixes.map((prefix) => `${prefix}*`) } },
      })),
      { Sid: "Read", Effect: "Allow", Action: "s3:GetObject", Resource: objects, Condition: inTheRightWay },
      ...(decrypts ? [decryptThroughS3(kmsKeyArns, region)] : []),
      {
        Sid: "DoNothingElse",
        Effect: "Deny",
        NotAction: ["s3:GetObject", "s3:ListBucket", ...(decrypts ? ["kms:Decrypt"] : [])],
        Resource: "*",
      },
      {
        Sid: "NothingElsewhere",
        Effect: "Deny",
        Action: "s3:*",
        NotResource: [...places.map(({ bucketArn }) => bucketArn), ...objects],
      },
      denied("FromNowhereElse", { NotIpAddress: { "aws:SourceIp": blocks } }),
      denied("NeverInTheClear", { Bool: { "aws:SecureTransport": "false" } }),
      denied("NoOlderTls", { NumericLessThan: { "s3:TlsVersion": TLS } }),
    ],
  };
}

/** Of S3 only: S3 itself asks KMS for the reader, and what it says of address and TLS there is its own affair. */
const denied = (sid: string, condition: Condition): Statement => ({
  Sid: sid,
  Effect: "Deny",
  Action: "s3:*",
  Resource: "*",
  Condition: condition,
});

const decryptThroughS3 = (keys: readonly string[], region: string): Statement => ({
  Sid: "Decrypt",
  Effect: "Allow",
  Action: "kms:Decrypt",
  Resource: keys,
  Condition: { StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` } },
});
