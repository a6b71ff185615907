/** Which requests reached an S3 server, from the server's own log: what a run costs is counted there and not by its client. */
import { readFileSync } from "node:fs";
import { PEERS } from "../network/addresses";
import { sandboxPath } from "../paths";
import type { Which } from "./servers";

/** LIST is a GET of a bucket's content; the others are of one object. */
export type RequestKind = "LIST" | "HEAD" | "GET" | "PUT" | "POST" | "DELETE";

export interface S3Request {
  /** Milliseconds. */
  readonly time: number;
  readonly kind: RequestKind;
  readonly bucket: string;
  /** Empty when the bucket itself was asked. */
  readonly key: string;
  /** Of a LIST. */
  readonly prefix: string;
}

/** The request inside as many wrappers as the connection has: one more over TLS. */
const LINE = /^(\S+) DEBUG S3ProxyHandler request: .*\{([A-Z]+)@[0-9a-f]+ (https:\/\/\S+) HTTP\/1\.1\}+$/;

/** Requests in the text of a server's log, in the order in which they came. */
export function requestsIn(log: string, endpoint: string): S3Request[] {
  return log.split("\n").flatMap((line) => {
    const [, time, method, address] = LINE.exec(line) ?? [];
    if (time === undefined || method === undefined || address === undefined) return [];
    const { hostname, pathname, searchParams } = new URL(address);
    const key = decodeURIComponent(pathname.slice(1));
    return [
      {
        time: Date.parse(time),
        kind: (method === "GET" && key === "" ? "LIST" : method) as RequestKind,
        bucket: hostname === endpoint ? "" : hostname.slice(0, -endpoint.length - 1),
        key,
        prefix: searchParams.get("prefix") ?? "",
      },
    ];
  });
}

/** Requests for a bucket that a server has had since an instant (milliseconds). */
export function requestsFor(which: Which, bucket: string, since: number): S3Request[] {
  const log = readFileSync(sandboxPath("log", `s3-${which}.log`), "utf8");
  return requestsIn(log, PEERS[which].hostName).filter((request) => request.bucket === bucket && request.time >= since);
}

/** How many of each kind: {"LIST": 3, "GET": 12}. */
export function countByKind(requests: readonly S3Request[]): Partial<Record<RequestKind, number>> {
  const counts: Partial<Record<RequestKind, number>> = {};
  for (const { kind } of requests) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
