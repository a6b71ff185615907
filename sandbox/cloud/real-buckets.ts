/** Buckets of the S3 servers: those of the one that plays NCP's Object Storage; of AWS's only whether they are there. */
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  HeadBucketCommand,
  ListObjectsCommand,
  PutBucketAclCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { s3Client } from "../object-storage";
import { Refused } from "../provider/diagnostics";

let client: S3Client | undefined;

function storage(): S3Client {
  return (client ??= s3Client("ncp"));
}

export async function bucketExists(name: string): Promise<boolean> {
  return existsIn(storage(), name, "Object Storage");
}

export async function sourceBucketExists(name: string): Promise<boolean> {
  const source = s3Client("aws");
  try {
    return await existsIn(source, name, "AWS S3");
  } finally {
    source.destroy();
  }
}

async function existsIn(server: S3Client, name: string, what: string): Promise<boolean> {
  try {
    await server.send(new HeadBucketCommand({ Bucket: name }));
    return true;
  } catch (error) {
    if ((error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === 404) return false;
    throw notAnswering(error as Error, what);
  }
}

export async function createBucket(name: string): Promise<void> {
  await storage().send(new CreateBucketCommand({ Bucket: name }));
}

/** The platform refuses to delete a bucket with objects; here that is asked first, since servers differ in it. */
export async function deleteBucket(name: string): Promise<void> {
  const { Contents = [] } = await storage().send(new ListObjectsCommand({ Bucket: name, MaxKeys: 1 }));
  if (Contents.length > 0)
    throw new Refused(
      `BucketNotEmpty: ${name} holds objects, such as ${Contents[0]?.Key}\n  allowed: deleting an empty bucket\n` +
        `  try: keep the bucket, or delete its objects first, if nobody needs them`,
    );
  await storage().send(new DeleteBucketCommand({ Bucket: name }));
}

export async function allowEveryone(name: string, what: "nothing" | "reading"): Promise<void> {
  await storage().send(new PutBucketAclCommand({ Bucket: name, ACL: what === "nothing" ? "private" : "public-read" }));
}

function notAnswering(error: Error, what: string): Error {
  return new Error(`${what} does not answer: ${error.message || error.name}\n  try: npx aws2ncp sandbox up`, {
    cause: error,
  });
}
