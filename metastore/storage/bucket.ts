/** A bucket as the rebuild reads it: listed in pages, objects in ranges or whole. Any S3 service; path style. */
import type { Readable } from "node:stream";
import { GetObjectCommand, ListObjectsCommand, S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import type { Agent as HttpAgent } from "node:http";
import type { Agent as HttpsAgent } from "node:https";

// Node 20 is what the project asks for; the SDK's note on its own future would stand in every run's output.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";

export interface StoredObject {
  readonly key: string;
  readonly bytes: number;
  /** Without quotes; another one when the content is another. */
  readonly etag: string;
}

export interface BucketOptions {
  /** "https://kr.object.private.ncloudstorage.com" */
  readonly endpoint: string;
  readonly region: string;
  readonly keyId: string;
  readonly secretKey: string;
  /** How connections are made: through a tunnel. */
  readonly agents?: { readonly httpAgent?: HttpAgent; readonly httpsAgent?: HttpsAgent };
}

/** Requests under way at once. Footers are waits, not work: 16 keep a tunnel of ssh busy. */
export const REQUESTS_AT_ONCE = 16;

/** The caller destroys it. */
export function storageClient({ endpoint, region, keyId, secretKey, agents = {} }: BucketOptions): S3Client {
  return new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId: keyId, secretAccessKey: secretKey },
    maxAttempts: 5,
    requestHandler: { connectionTimeout: 20_000, requestTimeout: 60_000, throwOnRequestTimeout: true, ...agents },
    // Other services than AWS refuse the SDK's newer default checksums.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
}

export class Bucket {
  constructor(
    private readonly client: S3Client,
    readonly name: string,
  ) {}

  /**
   * Everything under a prefix, in the order of the keys. The first level of folders is listed side by side.
   * @param note told of the number of objects found so far
   */
  async list(prefix: string, note: (found: number) => void = () => undefined): Promise<StoredObject[]> {
    let found = 0;
    const count = (objects: readonly StoredObject[]): void => note((found += objects.length));
    const { objects, folders } = await this.pages(prefix, "/", count);
    const below = await inParallel(folders, REQUESTS_AT_ONCE, (folder) => this.pages(folder, undefined, count));
    return [...objects, ...below.flatMap((each) => each.objects)].sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  /** The older form of the request, which is all that the platform documents; without a delimiter it names no next marker. */
  private async pages(
    prefix: string,
    delimiter: string | undefined,
    count: (objects: readonly StoredObject[]) => void,
  ): Promise<{ objects: StoredObject[]; folders: string[] }> {
    const objects: StoredObject[] = [];
    const folders: string[] = [];
    let marker: string | undefined;
    do {
      const page = await this.client.send(
        new ListObjectsCommand({ Bucket: this.name, Prefix: prefix, Delimiter: delimiter, Marker: marker }),
      );
      const found = (page.Contents ?? []).map(({ Key = "", Size = 0, ETag = "" }) => ({
        key: Key,
        bytes: Size,
        etag: ETag.replace(/^"|"$/g, ""),
      }));
      count(found);
      objects.push(...found);
      folders.push(...(page.CommonPrefixes ?? []).map((each) => each.Prefix ?? ""));
      marker = page.IsTruncated === true ? (page.NextMarker ?? found.at(-1)?.key) : undefined;
    } while (marker !== undefined);
    return { objects, folders };
  }

  /** Bytes [from, to) of an object that must still be the one that was listed. */
  async range(object: StoredObject, from: number, to: number): Promise<Uint8Array> {
    const { Body } = await this.client.send(
      new GetObjectCommand({
        Bucket: this.name,
        Key: object.key,
        Range: `bytes=${from}-${to - 1}`,
        IfMatch: object.etag,
      }),
    );
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  }

  /** An object's bytes as they come. */
  async stream(object: StoredObject): Promise<Readable> {
    const { Body } = await this.client.send(
      new GetObjectCommand({ Bucket: this.name, Key: object.key, IfMatch: object.etag }),
    );
    return Body as Readable;
  }
}

/** What an error of the service says of the object alone: it changed or went since it was listed. */
export const isObjectsOwn = (error: unknown): boolean =>
  error instanceof S3ServiceException && [404, 412, 416].includes(error.$metadata.httpStatusCode ?? 0);

/**
 * Does the work for each item, so many at a time; results in the items' order. After the first error nothing is begun, and it is
 * thrown when all that was begun has ended.
 */
export async function inParallel<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  const errors: Error[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) {
      if (errors.length > 0) return;
      try {
        results[index] = await work(item);
      } catch (error) {
        errors.push(error as Error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  if (errors[0] !== undefined) throw errors[0];
  return results;
}
