/** The stand-in's two ports: REST for operators and the hook, TLS for agents. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { ZodError } from "zod";
import type { Pair } from "../../../authority/x509";
import { answerAgent } from "../agents";
import type { AmbariAnswer, AmbariRequest } from "../model";
import type { Store } from "./store";

export interface ServerOptions {
  readonly store: Store;
  /** @default "0.0.0.0" */
  readonly address?: string;
  /** Of the REST interface; 0: any. */
  readonly port: number;
  /** Of the agents. */
  readonly agentPort: number;
  readonly certificate: Pair;
  /** How often the server goes on by itself. @default 1000 */
  readonly stepMs?: number;
  /** After how long a silent agent's host is lost. @default 30000 */
  readonly silentMs?: number;
}

export interface RunningServer {
  readonly port: number;
  readonly agentPort: number;
  close(): Promise<void>;
}

const API = "/api/v1";
const LARGEST = 16 * 1024 ** 2;

export async function startServer(o: ServerOptions): Promise<RunningServer> {
  const { model } = o.store;
  const heard = new Map<string, number>();
  const rest = createServer(
    (request, response) => void respond(request, response, (body) => restAnswer(o, request, body)),
  );
  const agents = createTlsServer(
    { cert: o.certificate.certificate, key: o.certificate.key },
    (request, response) => void respond(request, response, (body) => agentAnswer(o, request, body, heard)),
  );
  const timer = setInterval(() => {
    for (const [host, at] of heard)
      if (Date.now() - at > (o.silentMs ?? 30_000)) {
        model.lost(host);
        heard.delete(host);
      }
    model.step();
    o.store.save();
  }, o.stepMs ?? 1_000);
  const [port, agentPort] = [await listen(rest, o.port, o.address), await listen(agents, o.agentPort, o.address)];
  return {
    port,
    agentPort,
    close: async () => {
      clearInterval(timer);
      await Promise.all([closed(rest), closed(agents)]);
    },
  };
}

function restAnswer({ store }: ServerOptions, request: IncomingMessage, body: string): AmbariAnswer {
  const url = request.url ?? "";
  if (!url.startsWith(`${API}/`)) return { status: 404, body: { status: 404, message: `nothing at ${url}` } };
  const { authorization } = request.headers;
  const requestedBy = request.headers["x-requested-by"];
  const contentType = request.headers["content-type"];
  const answer = store.model.handle({
    method: request.method as AmbariRequest["method"],
    path: url.slice(API.length),
    body,
    ...(authorization === undefined ? {} : { authorization }),
    ...(typeof requestedBy === "string" ? { requestedBy } : {}),
    ...(contentType === undefined ? {} : { contentType }),
  });
  store.save();
  return answer;
}

function agentAnswer(
  { store }: ServerOptions,
  request: IncomingMessage,
  body: string,
  heard: Map<string, number>,
): AmbariAnswer {
  try {
    const told = JSON.parse(body) as { host: string };
    const answer = request.method === "POST" ? answerAgent(store.model, request.url ?? "", told) : undefined;
    if (answer === undefined) return { status: 404 };
    heard.set(told.host.toLowerCase(), Date.now());
    store.save();
    return { status: 200, body: answer };
  } catch (error) {
    if (error instanceof ZodError || error instanceof SyntaxError)
      return { status: 400, body: { message: error.message } };
    throw error;
  }
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  answerTo: (body: string) => AmbariAnswer,
): Promise<void> {
  try {
    const parts: Buffer[] = [];
    let size = 0;
    for await (const part of request as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > LARGEST) return void request.destroy();
      parts.push(part);
    }
    const { status, body } = answerTo(Buffer.concat(parts).toString("utf8"));
    // Ambari calls its JSON plain text.
    response.writeHead(status, { "Content-Type": "text/plain;charset=utf-8" });
    response.end(body === undefined ? "" : JSON.stringify(body));
  } catch (error) {
    // A connection that broke is nobody's mistake; anything else is one of this program.
    if (!request.destroyed || request.complete) process.stderr.write(`${String(error)}\n`);
    if (!response.headersSent) response.writeHead(500).end();
  }
}

async function listen(server: Server, port: number, address = "0.0.0.0"): Promise<number> {
  await new Promise<void>((done, fail) => server.once("error", fail).listen(port, address, done));
  return (server.address() as AddressInfo).port;
}

function closed(server: Server): Promise<void> {
  return new Promise((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });
}
