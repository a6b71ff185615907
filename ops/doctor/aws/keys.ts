import { GetBucketEncryptionCommand, HeadObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { DateTime } from "luxon";
import type { DatasetPlan } from "../../../pipeline/plan-types";
import {
  datasetCheck,
  placeOf,
  sourceClient,
  statusOf,
  Unanswered,
  unknown,
  type Asker,
  type AwsError,
  type ClientOf,
} from "./source";
import type { Check, Said } from "../types";

/** Objects looked at from each point on: keys may have been changed at any time. */
const SAMPLE = 5;

/** Whether the reader can decrypt: what the bucket does with new objects, and what was done with those that are there. */
export const awsKeys = (clientOf: ClientOf = sourceClient): Check =>
  datasetCheck(
    {
      name: "aws-keys",
      about: "the reader may use the keys that source objects are encrypted with",
      needs: ["aws-buckets"],
    },
    async (dataset, asker) => [await askDefault(dataset, asker), ...(await askObjects(dataset, asker))],
    clientOf,
  );

const TRY =
  "add the key's ARN to source.kms_key_arns, deploy stack source, and let the key's own policy leave it to IAM";

/** A key's id or ARN among ARNs. */
const mayUse = (key: string, arns: readonly string[]): boolean =>
  arns.some((arn) => arn === key || arn.endsWith(`:key/${key}`));

/** The bucket's default: the key of every object written from now on, unless its writer names another. */
async function askDefault({ source, name }: DatasetPlan, { client, context }: Asker): Promise<Said> {
  const place = `datasets.${name}.source (default of ${source.bucket})`;
  let key: string;
  try {
    const asked = new GetBucketEncryptionCommand({ Bucket: source.bucket });
    const { ServerSideEncryptionConfiguration: found } = await client.send(asked, { abortSignal: context.signal });
    if (found?.Rules === undefined) throw new Unanswered();
    const byDefault = found.Rules[0]?.ApplyServerSideEncryptionByDefault;
    if (byDefault?.SSEAlgorithm?.startsWith("aws:kms") !== true)
      return { severity: "ok", place, found: "S3's own keys, which need no right" };
    key = byDefault.KMSMasterKeyID ?? "alias/aws/s3";
  } catch (error) {
    // Buckets from before 2023 may have none.
    if ((error as AwsError).name === "ServerSideEncryptionConfigurationNotFoundError")
      return { severity: "ok", place, found: "no encryption by default" };
    return unknown(place, error);
  }
  if (mayUse(key, context.plan.source.kmsKeyArns))
    return { severity: "ok", place, found: `SSE-KMS with ${key}, which the reader may use` };
  if (key.includes("alias/"))
    return {
      severity: "unknown",
      place,
      found: `SSE-KMS with ${key}: an alias does not say which key it is`,
      try: `aws kms describe-key --key-id ${key} --query KeyMetadata.Arn, and look for it in source.kms_key_arns`,
    };
  return {
    severity: "error",
    place,
    found: `SSE-KMS with ${key}, which the reader may not use`,
    meaning: "no object written from now on can be read",
    try: TRY,
  };
}

/** Keys after which samples are taken: the first of all, those of the start date, those of yesterday. */
function samplePoints(dataset: DatasetPlan, now: DateTime): string[] {
  const { prefix } = dataset.source;
  if (dataset.layout === "tree") return [prefix];
  const folder = (at: DateTime): string => `${prefix}${at.setZone(dataset.prefixZone).toFormat("yyyy/MM/dd/")}`;
  return [prefix, folder(DateTime.fromISO(dataset.start)), folder(now.minus({ days: 1 }))];
}

async function sampleKeys(dataset: DatasetPlan, { client, context }: Asker): Promise<string[]> {
  const { bucket, prefix } = dataset.source;
  const keys = new Set<string>();
  for (const StartAfter of samplePoints(dataset, DateTime.utc())) {
    const asked = new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, StartAfter, MaxKeys: SAMPLE });
    const { Contents = [] } = await client.send(asked, { abortSignal: context.signal });
    for (const { Key } of Contents) if (Key !== undefined) keys.add(Key);
  }
  return [...keys];
}

/** A key that only the writer has: S3 answers 400 to whoever doesn't send it along. */
const CUSTOMER_KEY = "customer";
/** S3's own keys, or none. */
const NO_KEY = "";

/** What an object is encrypted with: a KMS key's ARN, or one of the two above. */
async function keyOf(bucket: string, key: string, { client, context }: Asker): Promise<string> {
  try {
    const asked = new HeadObjectCommand({ Bucket: bucket, Key: key });
    const { ServerSideEncryption, SSEKMSKeyId } = await client.send(asked, { abortSignal: context.signal });
    return ServerSideEncryption?.startsWith("aws:kms") === true ? (SSEKMSKeyId ?? "an unnamed key") : NO_KEY;
  } catch (error) {
    if (statusOf(error) === 400) return CUSTOMER_KEY;
    throw error;
  }
}

async function askObjects(dataset: DatasetPlan, asker: Asker): Promise<Said[]> {
  const { kmsKeyArns } = asker.context.plan.source;
  const place = placeOf(dataset);
  const objects = await sampleKeys(dataset, asker);
  const byKey = new Map<string, string[]>();
  for (const object of objects) {
    const key = await keyOf(dataset.source.bucket, object, asker);
    byKey.set(key, [...(byKey.get(key) ?? []), object]);
  }
  const readable = (key: string): boolean => key === NO_KEY || mayUse(key, kmsKeyArns);
  const refused = [...byKey].filter(([key]) => !readable(key));
  if (refused.length === 0)
    return [
      {
        severity: "ok",
        place,
        found: `${objects.length} objects looked at, the reader may decrypt all`,
        ...([...byKey.keys()].some((key) => key !== NO_KEY)
          ? { meaning: "SSE-KMS: their ETag is no MD5, so a copy is compared by size and time" }
          : {}),
      },
    ];
  return refused.map(([key, held]): Said => {
    const which = `${held.length} of ${objects.length} objects looked at, such as ${held[0]}`;
    return key === CUSTOMER_KEY
      ? {
          severity: "error",
          place,
          found: `${which}: under a key of the writer's own (SSE-C)`,
          meaning: "rclone has no such key, and can't read them",
          try: "have the writer copy them over themselves under S3's keys or a KMS key",
        }
      : { severity: "error", place, found: `${which}: under ${key}, which the reader may not use`, try: TRY };
  });
}
