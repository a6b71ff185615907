/** Program: serves the files of a folder over HTTP as apt asks for them. `node package-server.js FOLDER PORT` */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { join, normalize } from "node:path";

export interface Answer {
  readonly status: 200 | 206 | 304 | 416;
  /** First and last byte of the file that are sent; absent when none are. */
  readonly from?: number;
  readonly to?: number;
}

/** What to send of a file of `size` bytes last changed at `changed`, for the headers of a request. */
export function answerFor(headers: IncomingMessage["headers"], size: number, changed: Date): Answer {
  const seconds = (date: Date): number => Math.floor(date.getTime() / 1000);
  const since = headers["if-modified-since"];
  if (since !== undefined && seconds(new Date(since)) >= seconds(changed)) return { status: 304 };
  const whole: Answer = size === 0 ? { status: 200 } : { status: 200, from: 0, to: size - 1 };
  const range = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? "");
  if (range === null) return whole;
  // apt goes on with a half-fetched file only if it is still the same one.
  const condition = headers["if-range"];
  if (typeof condition === "string" && seconds(new Date(condition)) !== seconds(changed)) return whole;
  const from = Number(range[1]);
  const to = range[2] === "" ? size - 1 : Math.min(Number(range[2]), size - 1);
  return from >= size || to < from ? { status: 416 } : { status: 206, from, to };
}

/** Path below the folder for a request's target, or undefined if it leads out of it. A folder's is that of its index. */
export function fileFor(folder: string, target: string): string | undefined {
  try {
    const path = decodeURIComponent(new URL(target, "http://localhost").pathname);
    if (path.includes("\0")) return undefined;
    const file = normalize(join(folder, path.endsWith("/") ? `${path}index.html` : path));
    return file.startsWith(`${normalize(folder)}/`) ? file : undefined;
  } catch {
    return undefined;
  }
}

/** A server that is not listening yet. `log` gets a line per request. */
export function packageServer(folder: string, log: (line: string) => void): Server {
  return createServer((request, response) => {
    serve(folder, request, response)
      .catch((error: unknown) => {
        if (!response.headersSent) response.writeHead(500).end();
        response.destroy();
        log(`error ${request.url ?? ""}: ${String(error)}`);
      })
      .finally(() =>
        log(
          `${request.socket.remoteAddress ?? "-"} ${request.method ?? ""} ${request.url ?? ""} ${response.statusCode}`,
        ),
      );
  });
}

async function serve(folder: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.writeHead(405, { Allow: "GET, HEAD" }).end();
    return;
  }
  const file = fileFor(folder, request.url ?? "/");
  const info = file === undefined ? undefined : await stat(file).catch(() => undefined);
  if (file === undefined || info === undefined || !info.isFile()) {
    response.writeHead(404).end("not found\n");
    return;
  }
  const { status, from, to } = answerFor(request.headers, info.size, info.mtime);
  const headers: Record<string, string | number> = {
    "Accept-Ranges": "bytes",
    "Last-Modified": info.mtime.toUTCString(),
    // pip takes no index without.
    ...(file.endsWith(".html") ? { "Content-Type": "text/html" } : {}),
  };
  if (status === 200 || status === 206)
    headers["Content-Length"] = from === undefined || to === undefined ? 0 : to - from + 1;
  if (status === 206) headers["Content-Range"] = `bytes ${from}-${to}/${info.size}`;
  if (status === 416) headers["Content-Range"] = `bytes */${info.size}`;
  response.writeHead(status, headers);
  if (request.method === "HEAD" || from === undefined || to === undefined) response.end();
  else await pipeline(createReadStream(file, { start: from, end: to }), response);
}

if (require.main === module) {
  const [folder, port] = process.argv.slice(2);
  if (folder === undefined || port === undefined) {
    console.error("usage: node package-server.js FOLDER PORT");
    process.exit(2);
  }
  const log = (line: string): void => console.log(`${new Date().toISOString()} ${line}`);
  packageServer(folder, log).listen(Number(port), () => log(`serving ${folder} on port ${port}`));
}
