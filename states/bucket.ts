/** The bucket of the states, as this project's own programs use it: the key comes from a profile, as Terraform's backend has it. */
import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { fromIni } from "@aws-sdk/credential-provider-ini";
import type { RemoteStatePlan } from "../pipeline/plan-types";
import type { HeldBody } from "./held";

// Node 20 is what the project asks for; the SDK's note on its own future would stand in every deploy's output.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";

export type StatePlace = Pick<RemoteStatePlan, "bucket" | "host" | "region" | "profile">;

export interface ClientOptions {
  /** Tries of one request. @default 3 */
  readonly attempts?: number;
  /** AWS_CA_BUNDLE names the CAs to trust, for Terraform's backend and here. @default process.env */
  readonly env?: NodeJS.ProcessEnv;
}

const nothing = (): void => undefined;
/** The SDK warns on the terminal of every refusal of a body that it can't send again; who asked tells what the refusal means. */
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** A client of the endpoint, path style: what Terraform's backend is told too, and bucket names need no DNS. The caller destroys it. */
export function stateClient(place: StatePlace, { attempts = 3, env = process.env }: ClientOptions = {}): S3Client {
  const bundle = env["AWS_CA_BUNDLE"];
  const client = new S3Client({
    endpoint: `https://${place.host}`,
    region: place.region,
    forcePathStyle: true,
    // Named, so that AWS_* in the environment, the source account's, never counts.
    credentials: fromIni({ profile: place.profile }),
    maxAttempts: attempts,
    logger: SILENT,
    requestHandler: {
      connectionTimeout: 10_000,
      requestTimeout: 30_000,
      httpsAgent: new Agent({ ...(bundle ? { ca: readFileSync(bundle) } : {}), keepAlive: true }),
    },
    // Other services than AWS refuse the SDK's newer default checksums.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
  // The SDK adds the region as a bucket's place, which only AWS's own regions are.
  client.middlewareStack.add(
    (next) => (args) => {
      delete (args.input as { CreateBucketConfiguration?: unknown }).CreateBucketConfiguration;
      return next(args);
    },
    { step: "initialize", priority: "low", name: "noLocationConstraint" },
  );
  return client;
}

/** HTTP status of an error that the service itself answered with. */
export const statusOf = (error: unknown): number | undefined =>
  error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;

/** What the service said, in a few words: `AccessDenied (403)`. */
export const answerOf = (error: unknown): string =>
  error instanceof S3ServiceException
    ? `${error.name} (${error.$metadata.httpStatusCode ?? "no status"})`
    : (error as Error).message || (error as Error).name;

/** Objects of one bucket. */
export class StateBucket {
  private readonly client: S3Client;

  constructor(
    private readonly place: StatePlace,
    options: ClientOptions = {},
  ) {
    this.client = stateClient(place, options);
  }

  /** The object's bytes; undefined where there is none. */
  async get(key: string): Promise<Buffer | undefined> {
    try {
      const { Body } = await this.client.send(new GetObjectCommand({ Bucket: this.place.bucket, Key: key }));
      return Buffer.from((await Body?.transformToByteArray()) ?? []);
    } catch (error) {
      if (error instanceof S3ServiceException && error.name === "NoSuchKey") return undefined;
      throw error;
    }
  }

  async put(key: string, body: Buffer | string): Promise<void> {
    await this.client.send(new PutObjectCommand({ Bucket: this.place.bucket, Key: key, Body: body }));
  }

  /** Writes unless there is an object, as Terraform takes a lock; whether it wrote. @throws what the service answers beside that */
  async putIfAbsent(key: string, body: string | HeldBody): Promise<boolean> {
    const content = typeof body === "string" ? { Body: body } : { Body: body.stream, ContentLength: body.bytes };
    try {
      await this.client.send(
        new PutObjectCommand({ Bucket: this.place.bucket, Key: key, ...content, IfNoneMatch: "*" }),
      );
      return true;
    } catch (error) {
      // 409: AWS's answer when another conditional write is under way.
      if ([409, 412].includes(statusOf(error) ?? 0)) return false;
      throw error;
    }
  }

  /** Removes it; no error where there is none. */
  async remove(key: string): Promise<void> {
    await this.client.send(new DeleteObjectCommand({ Bucket: this.place.bucket, Key: key }));
  }

  /** All keys under a prefix, sorted. Asked in the newer form of the request, which Terraform's backend needs as well. */
  async keys(prefix: string): Promise<string[]> {
    const keys: string[] = [];
    for await (const page of paginateListObjectsV2(
      { client: this.client },
      { Bucket: this.place.bucket, Prefix: prefix },
    ))
      keys.push(...(page.Contents ?? []).map(({ Key }) => Key as string));
    return keys.sort();
  }

  destroy(): void {
    this.client.destroy();
  }
}
