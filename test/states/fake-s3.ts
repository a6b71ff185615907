/**
 * An S3 service in this process, over TLS, path style: buckets of ours and of others, and the ways in which a service may take
 * `If-None-Match: *`. What it is not made for it answers with 501.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RemoteStatePlan } from "../../pipeline/plan-types";

export const KEY_ID = "NCPSTATEKEY";

export interface FakeBucket {
  owner: "us" | "others";
  /** Granted to AllUsers. */
  public: boolean;
  objects: Map<string, Buffer>;
  /** `off`: the service says that there is none; `silent`: it does not know the question. */
  encryption: "AES256" | "off" | "silent";
}

/**
 * `honours`: as S3 does, when the body has come; `ignores`: overwrites; `refuses`: 501.
 * `looks-first`: finds out when the body has come, and writes a moment later; `looks-at-headers`: finds out when the request begins.
 * `reserves`: the first that begins has the key, the others are refused before their bodies have come, and hung up on; `hangs-up`: those
 * get no answer at all; `one-by-one`: begins no request for a key before the one under way has ended.
 */
export type Conditional =
  "honours" | "ignores" | "looks-first" | "looks-at-headers" | "reserves" | "hangs-up" | "one-by-one" | "refuses";

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly headers: IncomingMessage["headers"];
}

const ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers";

export class FakeS3 {
  readonly buckets = new Map<string, FakeBucket>();
  readonly seen: Seen[] = [];
  conditional: Conditional = "honours";
  /** What is waited for before a put is answered: to see what others may do meanwhile. */
  beforePut: (key: string) => Promise<void> = () => Promise.resolve();
  private readonly folder = mkdtempSync(join(tmpdir(), "fake-s3-"));
  private readonly looked = new Map<string, number>();
  private readonly reserved = new Set<string>();
  private readonly underWay = new Map<string, Promise<void>>();
  private server?: Server;

  /** The CA to trust, and the profile `ncp`; beside keys of AWS that must never be used. */
  readonly env: NodeJS.ProcessEnv = {
    AWS_CA_BUNDLE: join(this.folder, "ca.crt"),
    AWS_SHARED_CREDENTIALS_FILE: join(this.folder, "credentials"),
    AWS_CONFIG_FILE: join(this.folder, "none"),
    AWS_ACCESS_KEY_ID: "AKIAOFTHESOURCE",
    AWS_SECRET_ACCESS_KEY: "of-the-source",
  };

  async start(): Promise<void> {
    const [crt, key] = [join(this.folder, "ca.crt"), join(this.folder, "ca.key")];
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    const names = ["-subj", "/CN=fake", "-addext", "subjectAltName=IP:127.0.0.1"];
    execFileSync("openssl", ["req", "-x509", ...curve, ...names, "-days", "2", "-keyout", key, "-out", crt], {
      stdio: "ignore",
    });
    writeFileSync(
      this.env["AWS_SHARED_CREDENTIALS_FILE"] as string,
      `[ncp]\naws_access_key_id = ${KEY_ID}\naws_secret_access_key = state-secret\nrequest_checksum_calculation = when_required\n`,
    );
    this.server = createServer({ cert: readFileSync(crt), key: readFileSync(key) }, (asked, answer) => {
      void this.begin(asked, answer);
    });
    await new Promise<void>((done) => this.server?.listen(0, "127.0.0.1", done));
  }

  /** As state.remote says it. */
  place(more: Partial<RemoteStatePlan> = {}): RemoteStatePlan {
    const { port } = this.server?.address() as AddressInfo;
    const host = `127.0.0.1:${port}`;
    return { bucket: "our-state", host, region: "kr-standard", profile: "ncp", locking: "lockfile", ...more };
  }

  bucket(name: string, more: Partial<FakeBucket> = {}): FakeBucket {
    const made: FakeBucket = { owner: "us", public: false, objects: new Map(), encryption: "AES256", ...more };
    this.buckets.set(name, made);
    return made;
  }

  keys(bucket: string): string[] {
    return [...(this.buckets.get(bucket)?.objects.keys() ?? [])].sort();
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((done) => this.server?.close(done));
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** What is decided before the body has come. */
  private async begin(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { method, url = "", headers } = asked;
    const held = method === "PUT" && headers["if-none-match"] !== undefined ? this.conditional : "ignores";
    const there = held === "looks-at-headers" && this.has(url);
    if (held === "one-by-one") {
      const before = this.underWay.get(url);
      this.underWay.set(url, new Promise((done) => answer.once("close", done)));
      await before;
    }
    if (held === "reserves" || held === "hangs-up") {
      if (this.reserved.has(url)) return hangUp(asked, held === "reserves" ? answer : undefined);
      this.reserved.add(url);
      answer.once("close", () => this.reserved.delete(url));
    }
    const chunks: Buffer[] = [];
    asked.on("data", (chunk: Buffer) => chunks.push(chunk));
    asked.on("end", () => void this.answer(asked, Buffer.concat(chunks), answer, there));
  }

  private has(url: string): boolean {
    const { name, key } = named(url);
    return this.buckets.get(name)?.objects.has(key) === true;
  }

  private async answer(asked: IncomingMessage, body: Buffer, answer: ServerResponse, there: boolean): Promise<void> {
    const { method = "", headers } = asked;
    const { url, name, key } = named(asked.url ?? "");
    this.seen.push({ method, path: asked.url ?? "", body: body.toString(), headers });
    const end = (status: number, xml = ""): void => {
      answer.writeHead(status, { "content-type": "application/xml" });
      answer.end(method === "HEAD" ? undefined : xml);
    };
    const fail = (status: number, code: string): void => end(status, `<Error><Code>${code}</Code></Error>`);
    const bucket = this.buckets.get(name);
    if (headers.authorization === undefined) return bucket?.public === true ? end(200) : fail(403, "AccessDenied");
    if (!headers.authorization.includes(`Credential=${KEY_ID}/`)) return fail(403, "InvalidAccessKeyId");
    if (name === "") return end(200, listBuckets(this.buckets));
    if (method === "PUT" && key === "") {
      if (bucket !== undefined)
        return fail(409, bucket.owner === "us" ? "BucketAlreadyOwnedByYou" : "BucketAlreadyExists");
      this.bucket(name);
      return end(200);
    }
    if (bucket === undefined) return fail(404, "NoSuchBucket");
    if (bucket.owner === "others") return fail(403, "AccessDenied");
    if (key === "") return this.aboutBucket(method, url, bucket, end, fail);
    if (method === "PUT") {
      await this.beforePut(key);
      const held = headers["if-none-match"] === undefined ? "ignores" : this.conditional;
      if (held === "refuses") return fail(501, "NotImplemented");
      const refused = held === "looks-at-headers" ? there : held !== "ignores" && bucket.objects.has(key);
      if (refused) return fail(412, "PreconditionFailed");
      if (held === "looks-first") await this.othersLooked(key);
      bucket.objects.set(key, body);
      return end(200);
    }
    if (method === "DELETE") {
      bucket.objects.delete(key);
      return end(204);
    }
    const object = bucket.objects.get(key);
    if (object === undefined) return fail(404, "NoSuchKey");
    answer.writeHead(200, { "content-length": object.length, etag: '"fake"' });
    answer.end(method === "HEAD" ? undefined : object);
  }

  /** Until as many writers as a proof sends have looked, or none more comes. */
  private async othersLooked(key: string): Promise<void> {
    const count = (): number => this.looked.get(key) ?? 0;
    this.looked.set(key, count() + 1);
    for (const end = Date.now() + 300; count() < 4 && Date.now() < end;)
      await new Promise((done) => setTimeout(done, 10));
  }

  private aboutBucket(
    method: string,
    { searchParams }: URL,
    bucket: FakeBucket,
    end: (status: number, xml?: string) => void,
    fail: (status: number, code: string) => void,
  ): void {
    if (method === "HEAD") return end(200);
    if (searchParams.has("acl")) return end(200, acl(bucket));
    if (searchParams.has("encryption")) {
      if (bucket.encryption === "silent") return fail(501, "NotImplemented");
      if (bucket.encryption === "off") return fail(404, "ServerSideEncryptionConfigurationNotFoundError");
      const rule = `<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>${bucket.encryption}</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule>`;
      return end(200, `<ServerSideEncryptionConfiguration>${rule}</ServerSideEncryptionConfiguration>`);
    }
    if (method !== "GET" || searchParams.get("list-type") !== "2") return fail(501, "NotImplemented");
    const keys = [...bucket.objects.keys()].filter((each) => each.startsWith(searchParams.get("prefix") ?? "")).sort();
    const contents = keys.map((each) => `<Contents><Key>${each}</Key></Contents>`).join("");
    end(200, `<ListBucketResult><IsTruncated>false</IsTruncated>${contents}</ListBucketResult>`);
  }
}

/** Bucket and key of a request, path style. */
function named(asked: string): { readonly url: URL; readonly name: string; readonly key: string } {
  const url = new URL(asked, "https://fake");
  const [, name = "", ...rest] = url.pathname.split("/");
  return { url, name, key: decodeURIComponent(rest.join("/")) };
}

/** Closes the connection of a request whose body is still to come; after a refusal, if it is to be answered. */
function hangUp(asked: IncomingMessage, answer: ServerResponse | undefined): void {
  if (answer === undefined) return void asked.socket.destroy();
  answer.writeHead(412, { "content-type": "application/xml", connection: "close" });
  answer.end("<Error><Code>PreconditionFailed</Code></Error>", () => asked.socket.destroy());
}

function listBuckets(buckets: ReadonlyMap<string, FakeBucket>): string {
  const ours = [...buckets].filter(([, { owner }]) => owner === "us");
  const named = ours.map(([name]) => `<Bucket><Name>${name}</Name></Bucket>`).join("");
  return `<ListAllMyBucketsResult><Buckets>${named}</Buckets></ListAllMyBucketsResult>`;
}

function acl(bucket: FakeBucket): string {
  const xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
  const grant = (who: string, permission: string): string =>
    `<Grant>${who}<Permission>${permission}</Permission></Grant>`;
  const owner = grant(`<Grantee ${xsi} xsi:type="CanonicalUser"><ID>us</ID></Grantee>`, "FULL_CONTROL");
  const all = grant(`<Grantee ${xsi} xsi:type="Group"><URI>${ALL_USERS}</URI></Grantee>`, "READ");
  return `<AccessControlPolicy><AccessControlList>${owner}${bucket.public ? all : ""}</AccessControlList></AccessControlPolicy>`;
}
