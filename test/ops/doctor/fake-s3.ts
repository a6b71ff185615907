/** A small S3 server with the answers that AWS documents, for what the sandbox's servers don't know. Path style, plain HTTP. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { S3Client } from "@aws-sdk/client-s3";

export interface FakeObject {
  /** @default STANDARD */
  readonly storageClass?: string;
  /** `<RestoreStatus>` of a listing: until when a restored copy stays, or "in progress". */
  readonly restored?: string;
  /** Headers of HeadObject. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Status of HeadObject. @default 200 */
  readonly status?: number;
}

export interface FakeBucket {
  readonly region?: string;
  readonly objects?: Readonly<Record<string, FakeObject>>;
  /** Body of GetBucketEncryption, or an error's status and code. */
  readonly encryption?: string | readonly [status: number, code: string];
  readonly lifecycle?: string | readonly [status: number, code: string];
}

/** Keys of a page of a listing. */
const PAGE = 3;

export class FakeS3 {
  buckets: Readonly<Record<string, FakeBucket>> = {};
  /** Every request, "GET /bucket?list-type=2". */
  readonly asked: string[] = [];
  private readonly server: Server = createServer((request, response) => this.answer(request, response));
  private port = 0;

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.port = (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** One attempt: what is wrong here stays wrong. */
  client(credentials = { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "secret" }): S3Client {
    const endpoint = `http://127.0.0.1:${this.port}`;
    return new S3Client({ endpoint, region: "ap-northeast-2", forcePathStyle: true, maxAttempts: 1, credentials });
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? "/", "http://fake");
    this.asked.push(`${request.method} ${url.pathname}${url.search}`);
    const [, bucketName = "", ...rest] = url.pathname.split("/");
    const key = decodeURIComponent(rest.join("/"));
    const bucket = this.buckets[bucketName];
    if (bucket === undefined) return error(response, 404, "NoSuchBucket");
    if (bucket.region !== undefined) response.setHeader("x-amz-bucket-region", bucket.region);
    if (bucket.region !== undefined && bucket.region !== "ap-northeast-2")
      return error(response, 301, "PermanentRedirect");
    if (url.searchParams.has("encryption"))
      return setting(response, bucket.encryption ?? [404, "ServerSideEncryptionConfigurationNotFoundError"]);
    if (url.searchParams.has("lifecycle"))
      return setting(response, bucket.lifecycle ?? [404, "NoSuchLifecycleConfiguration"]);
    if (request.method === "HEAD" && key !== "") return head(response, bucket.objects?.[key]);
    if (request.method === "HEAD") return void response.end();
    return list(response, bucket, url.searchParams, String(request.headers["x-amz-optional-object-attributes"]));
  }
}

function error(response: ServerResponse, status: number, code: string): void {
  response.statusCode = status;
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>what ${code} says</Message></Error>`);
}

function setting(response: ServerResponse, said: string | readonly [number, string]): void {
  if (typeof said === "string") response.end(said);
  else error(response, ...said);
}

function head(response: ServerResponse, object: FakeObject | undefined): void {
  if (object === undefined) return error(response, 404, "NoSuchKey");
  response.statusCode = object.status ?? 200;
  for (const [name, value] of Object.entries(object.headers ?? {})) response.setHeader(name, value);
  response.end();
}

function list(
  response: ServerResponse,
  { objects = {} }: FakeBucket,
  query: URLSearchParams,
  attributes: string,
): void {
  const after = query.get("continuation-token") ?? query.get("start-after") ?? "";
  const size = Math.min(Number(query.get("max-keys") ?? PAGE), PAGE);
  const all = Object.keys(objects)
    .filter((key) => key.startsWith(query.get("prefix") ?? "") && key > after)
    .sort();
  const contents = all.slice(0, size).map((key) => {
    const { storageClass = "STANDARD", restored } = objects[key] as FakeObject;
    const status =
      restored === undefined || !attributes.includes("RestoreStatus")
        ? ""
        : restored === "in progress"
          ? "<RestoreStatus><IsRestoreInProgress>true</IsRestoreInProgress></RestoreStatus>"
          : `<RestoreStatus><IsRestoreInProgress>false</IsRestoreInProgress><RestoreExpiryDate>${restored}</RestoreExpiryDate></RestoreStatus>`;
    return `<Contents><Key>${key}</Key><Size>1</Size><StorageClass>${storageClass}</StorageClass>${status}</Contents>`;
  });
  const more = all.length > size;
  response.end(
    `<?xml version="1.0"?><ListBucketResult><IsTruncated>${more}</IsTruncated>` +
      (more ? `<NextContinuationToken>${all[size - 1]}</NextContinuationToken>` : "") +
      `${contents.join("")}</ListBucketResult>`,
  );
}
