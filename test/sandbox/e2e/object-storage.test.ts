/** The object storages of the sandbox that is up, seen from the operator's workstation. */
import { createHash } from "node:crypto";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListBucketsCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { run } from "../../../sandbox/run";
import { secretPath } from "../../../sandbox/secrets";
import { hashBucket, listObjects, s3Client } from "../../../sandbox/object-storage";

jest.setTimeout(60_000);

const BUCKET = "object-storage-test";
/** More than one page of a listing holds. */
const COUNT = 1005;
const key = (index: number): string => `day=${index % 7}/a b+ü&${index}`;
const body = (index: number): string => "x".repeat(index);

let client: S3Client;
beforeAll(async () => {
  client = s3Client("ncp");
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const indexes = Array.from({ length: COUNT }, (_, index) => index).values();
  const worker = async (): Promise<void> => {
    for (const index of indexes)
      await client.send(
        new PutObjectCommand({ Bucket: BUCKET, Key: key(index), Body: body(index), ContentLength: index }),
      );
  };
  await Promise.all(Array.from({ length: 16 }, worker));
});

afterAll(async () => {
  const keys = (await listObjects("ncp", BUCKET)).map(({ key }) => ({ Key: key }));
  for (let first = 0; first < keys.length; first += 500)
    await client.send(
      new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects: keys.slice(first, first + 500) } }),
    );
  await client.send(new DeleteBucketCommand({ Bucket: BUCKET }));
  client.destroy();
});

it("hashes every object by reading it, over more than one page and with any key", async () => {
  const expected = Array.from({ length: COUNT }, (_, index) => [
    key(index),
    { bytes: index, sha256: createHash("sha256").update(body(index)).digest("hex") },
  ]);
  const found = await hashBucket("ncp", BUCKET);
  expect(found.size).toBe(COUNT);
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
});

it("lists what lies under a prefix", async () => {
  const objects = await listObjects("ncp", BUCKET, "day=3/");
  expect(objects).toHaveLength(Array.from({ length: COUNT }, (_, i) => i % 7).filter((day) => day === 3).length);
  expect(objects.find((object) => object.key === key(3))?.bytes).toBe(3);
});

it("the key that the pipeline reads the source with can not write there", async () => {
  const reader = s3Client("aws", { account: "aws" });
  const names = (await reader.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name) ?? [];
  expect(names.length).toBeGreaterThan(0);
  await expect(
    reader.send(new PutObjectCommand({ Bucket: names[0], Key: "not-allowed", Body: "x" })),
  ).rejects.toMatchObject({ $metadata: { httpStatusCode: 501 } });
  expect(await listObjects("aws", names[0] as string, "not-allowed")).toEqual([]);
  reader.destroy();
});

it("each storage knows its own keys only", async () => {
  const stranger = s3Client("ncp", { account: "aws-owner" });
  await expect(stranger.send(new ListBucketsCommand({}))).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
  stranger.destroy();
});

it("nobody gets in without a key, or by a CA that is not the sandbox's", async () => {
  const curl = (...args: string[]): Promise<string> =>
    run(
      "curl",
      ["--silent", "--max-time", "10", "--output", "/dev/null", "--write-out", "%{http_code}", ...args].concat(
        "--resolve",
        "kr.object.private.ncp.test:443:198.51.100.65",
        "https://kr.object.private.ncp.test/",
      ),
      { allowFail: true },
    ).then(({ stdout, code }) => `${stdout} ${code}`);
  expect(await curl("--cacert", secretPath("ca.crt"))).toBe("403 0");
  expect(await curl("--cacert", secretPath("tests", "ca.crt"))).toBe("000 60");
});
