import { HeadBucketCommand } from "@aws-sdk/client-s3";
import type { DatasetPlan } from "../../../pipeline/plan-types";
import { datasetCheck, placeOf, sourceClient, statusOf, type Asker, type AwsError, type ClientOf } from "./source";
import type { Check, Said } from "../types";

/** Whether the source buckets are there, in the region that the proxy admits. */
export const awsBuckets = (clientOf: ClientOf = sourceClient): Check =>
  datasetCheck(
    { name: "aws-buckets", about: "each source bucket exists, in source.region", needs: [] },
    askBucket,
    clientOf,
  );

async function askBucket(dataset: DatasetPlan, { client, context }: Asker): Promise<Said[]> {
  const { region } = context.plan.source;
  const place = placeOf(dataset);
  const at = (found: string | undefined): Said[] =>
    found === undefined || found === region
      ? [{ severity: "ok", place, found: "the bucket is there" }]
      : [
          {
            severity: "error",
            place,
            found: `the bucket lies in ${found}`,
            meaning: `the proxy admits hosts of ${region} only, and the endpoint there answers with a redirect`,
            allowed: region,
            try: "source.region and source.host of the bucket's region; all source buckets lie in one",
          },
        ];
  try {
    const bucket = new HeadBucketCommand({ Bucket: dataset.source.bucket });
    return at((await client.send(bucket, { abortSignal: context.signal })).BucketRegion);
  } catch (error) {
    const status = statusOf(error);
    if (status === 404)
      return [
        {
          severity: "error",
          place,
          found: "no such bucket",
          meaning: "stack source only looks buckets up: its plan fails",
          try: "the bucket's name, or the account of these credentials",
        },
      ];
    const elsewhere = (error as AwsError).$response?.headers?.["x-amz-bucket-region"];
    if (status === 301 && elsewhere !== undefined) return at(elsewhere);
    throw error;
  }
}
