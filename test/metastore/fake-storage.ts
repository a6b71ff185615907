/** An object storage on loopback, plain HTTP, whose objects are in memory or made when they are asked for. */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { storageClient } from "../../metastore/storage/bucket";

export type Content = Buffer | (() => Buffer);

const PAGE = 1_000;

export class FakeStorage {
  /** "METHOD key range" of each request for an object; "LIST prefix" for a page of a list. */
  readonly seen: string[] = [];
  /** Answers a request for an object with this status instead. */
  refuse: (key: string) => number | undefined = () => undefined;
  /** Objects by bucket and key. */
  private readonly buckets = new Map<string, Map<string, { content: Content; etag: string; bytes: number }>>();
  private readonly server: Server = createServer((asked, answer) => this.answer(asked, answer));

  async start(): Promise<this> {
    await new Promise<void>((done) => this.server.listen(0, "127.0.0.1", done));
    return this;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  client() {
    return storageClient({ endpoint: this.endpoint, region: "kr-standard", keyId: "key-id", secretKey: "secret-key" });
  }

  put(bucket: string, key: string, content: Content): void {
    const bytes = typeof content === "function" ? content() : content;
    const etag = createHash("md5").update(bytes).digest("hex");
    let objects = this.buckets.get(bucket);
    if (objects === undefined) this.buckets.set(bucket, (objects = new Map()));
    objects.set(key, { content, etag, bytes: bytes.length });
  }

  remove(bucket: string, key: string): void {
    this.buckets.get(bucket)?.delete(key);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private answer({ method = "", url = "", headers }: IncomingMessage, answer: ServerResponse): void {
    const { pathname, searchParams } = new URL(url, "http://fake");
    const [, bucket = "", ...rest] = pathname.split("/").map(decodeURIComponent);
    const key = rest.join("/");
    const end = (status: number, body: string | Buffer = "", more: Record<string, string> = {}): void => {
      answer.writeHead(status, { "content-length": Buffer.byteLength(body), ...more });
      answer.end(method === "HEAD" ? undefined : body);
    };
    const fail = (status: number, code: string): void => end(status, `<Error><Code>${code}</Code></Error>`);
    const objects = this.buckets.get(bucket);
    if (objects === undefined) return fail(404, "NoSuchBucket");
    if (key === "") {
      this.seen.push(`LIST ${searchParams.get("prefix") ?? ""}`);
      return end(200, listed([...objects.keys()].sort(), objects, searchParams), { "content-type": "application/xml" });
    }
    this.seen.push(`${method} ${key} ${headers.range ?? ""}`.trim());
    const refused = this.refuse(key);
    if (refused !== undefined) return fail(refused, "Refused");
    const object = objects.get(key);
    if (object === undefined) return fail(404, "NoSuchKey");
    const wanted = headers["if-match"];
    if (wanted !== undefined && wanted.replaceAll('"', "") !== object.etag) return fail(412, "PreconditionFailed");
    const whole = typeof object.content === "function" ? object.content() : object.content;
    const tags = { etag: `"${object.etag}"`, "last-modified": new Date(0).toUTCString() };
    const range = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? "");
    if (range === null) return end(200, whole, tags);
    const [from, to] = [Number(range[1]), range[2] === "" ? whole.length - 1 : Number(range[2])];
    const part = whole.subarray(from, to + 1);
    end(206, part, { ...tags, "content-range": `bytes ${from}-${from + part.length - 1}/${whole.length}` });
  }
}

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** Both forms of the request: S3A asks in the newer one. */
function listed(
  keys: readonly string[],
  objects: ReadonlyMap<string, { etag: string; bytes: number }>,
  asked: URLSearchParams,
): string {
  const prefix = asked.get("prefix") ?? "";
  const delimiter = asked.get("delimiter") ?? "";
  const after = asked.get("continuation-token") ?? asked.get("marker") ?? "";
  const most = Math.min(PAGE, Number(asked.get("max-keys") ?? PAGE));
  const contents: string[] = [];
  const folders = new Set<string>();
  let last = "";
  let truncated = false;
  for (const key of keys) {
    if (!key.startsWith(prefix) || key <= after) continue;
    const cut = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    const folder = cut < 0 ? undefined : key.slice(0, cut + 1);
    if (folder !== undefined && (folders.has(folder) || folder === after)) continue;
    if (contents.length + folders.size === most) {
      truncated = true;
      break;
    }
    last = folder ?? key;
    if (folder !== undefined) folders.add(folder);
    else {
      const { etag, bytes } = objects.get(key)!;
      contents.push(
        `<Contents><Key>${escaped(key)}</Key><LastModified>2020-01-01T00:00:00.000Z</LastModified><ETag>&quot;${etag}&quot;</ETag><Size>${bytes}</Size></Contents>`,
      );
    }
  }
  const prefixes = [...folders].map((each) => `<CommonPrefixes><Prefix>${escaped(each)}</Prefix></CommonPrefixes>`);
  const next = truncated
    ? `<NextContinuationToken>${escaped(last)}</NextContinuationToken>${delimiter === "" ? "" : `<NextMarker>${escaped(last)}</NextMarker>`}`
    : "";
  return `<?xml version="1.0"?><ListBucketResult><KeyCount>${contents.length + folders.size}</KeyCount><IsTruncated>${truncated}</IsTruncated>${contents.join("")}${prefixes.join("")}${next}</ListBucketResult>`;
}
