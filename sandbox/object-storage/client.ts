/** Both object storages as this machine reads them: with the AWS SDK, so that rclone's work is judged by another program. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import type { Readable } from "node:stream";
import { GetObjectCommand, paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import { addressOf, PEERS } from "../network/addresses";
import { secretPath } from "../secrets";
import { ACCOUNTS, type Which } from "./servers";

/** Objects read at the same time. */
const PARALLEL = 16;
const MAX_SOCKETS = 50;

// Node 20 is what the project asks for; the SDK's note on its own future would stand in every command's output.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";

/** Resolves the sandbox's names without the machine's resolver, and nothing else. */
export const lookup: LookupFunction = (name, options, callback) => {
  const address = isIP(name) === 0 ? addressOf(name) : name;
  if (address === undefined) {
    const error: NodeJS.ErrnoException = new Error(`${name} is no name of the sandbox`);
    error.code = "ENOTFOUND";
    return callback(error, "", 0);
  }
  if (options.all === true) return callback(null, [{ address, family: 4 }]);
  callback(null, address, 4);
};

export interface ClientOptions {
  /** Name in ACCOUNTS. @default the one that may write */
  readonly account?: string;
}

/** A client of one of the servers, virtual-host style over TLS. The caller destroys it. */
export function s3Client(which: Which, { account = ACCOUNTS[which][0]?.name ?? "" }: ClientOptions = {}): S3Client {
  const secret = (name: string): string => readFileSync(secretPath(name), "utf8").trim();
  return new S3Client({
    endpoint: `https://${PEERS[which].hostName}`,
    // In any other region the SDK asks for a location when it makes a bucket, and s3proxy has none.
    region: "us-east-1",
    credentials: {
      accessKeyId: secret(`${account}-access-key-id`),
      secretAccessKey: secret(`${account}-secret-access-key`),
    },
    requestHandler: {
      httpsAgent: new Agent({
        ca: readFileSync(secretPath("ca.crt")),
        keepAlive: true,
        maxSockets: MAX_SOCKETS,
        lookup,
      }),
    },
    // Other services than AWS refuse the SDK's newer default checksums.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
}

export interface ObjectInfo {
  readonly key: string;
  readonly bytes: number;
  readonly modified: Date;
}

/** Everything under a prefix, in the order of the keys. */
export async function listObjects(which: Which, bucket: string, prefix = ""): Promise<ObjectInfo[]> {
  const client = s3Client(which);
  try {
    return await listWith(client, bucket, prefix);
  } finally {
    client.destroy();
  }
}

async function listWith(client: S3Client, bucket: string, prefix: string): Promise<ObjectInfo[]> {
  const objects: ObjectInfo[] = [];
  for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
    for (const { Key, Size, LastModified } of page.Contents ?? []) {
      objects.push({ key: Key ?? "", bytes: Size ?? 0, modified: LastModified ?? new Date(0) });
    }
  }
  return objects;
}

export interface ObjectHash {
  /** As read, not as listed. */
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Reads every object under a prefix to its end and hashes it. An object that vanishes meanwhile, or ends early, is an error:
 * what was not read is never called equal.
 */
export async function hashBucket(which: Which, bucket: string, prefix = ""): Promise<Map<string, ObjectHash>> {
  const client = s3Client(which);
  try {
    const waiting = await listWith(client, bucket, prefix);
    const hashes = new Map<string, ObjectHash>(waiting.map(({ key }) => [key, { bytes: 0, sha256: "" }]));
    const queue = waiting.values();
    const worker = async (): Promise<void> => {
      for (const { key } of queue) hashes.set(key, await hashObject(client, bucket, key));
    };
    await Promise.all(Array.from({ length: PARALLEL }, worker));
    return hashes;
  } finally {
    client.destroy();
  }
}

async function hashObject(client: S3Client, bucket: string, key: string): Promise<ObjectHash> {
  const { Body, ContentLength } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of Body as Readable) {
    hash.update(chunk as Buffer);
    bytes += (chunk as Buffer).length;
  }
  if (ContentLength !== undefined && ContentLength !== bytes) {
    throw new Error(`${bucket}/${key}: ${bytes} bytes came of ${ContentLength}`);
  }
  return { bytes, sha256: hash.digest("hex") };
}
