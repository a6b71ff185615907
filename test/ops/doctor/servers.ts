/** Servers on the loopback that tests ask, with whatever certificate, date and status they want. */
import { createServer, type Server } from "node:https";
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from "node:net";
import type { Pair } from "./issue";

const open: (Server | TcpServer)[] = [];
afterEach(() => open.splice(0).forEach((server) => server.close()));

const listening = (server: Server | TcpServer): Promise<number> =>
  new Promise((done) => server.listen(0, "127.0.0.1", () => done((server.address() as AddressInfo).port)));

export interface Answers {
  /** Header `Date`; undefined: none. */
  readonly date?: string;
  readonly status?: (path: string) => number;
}

/** Port of an HTTPS server. */
export async function https({ crt, key }: Pair, { date, status = () => 200 }: Answers = {}): Promise<number> {
  const server = createServer({ cert: crt, key }, (request, response) => {
    response.sendDate = false;
    if (date !== undefined) response.setHeader("Date", date);
    response.writeHead(status(request.url ?? "")).end();
  });
  open.push(server);
  return listening(server);
}

/** Port of a server that greets and waits. */
export async function tcp(greeting: string | undefined): Promise<number> {
  const server = createTcpServer((socket) => {
    socket.on("error", () => undefined);
    if (greeting === undefined) socket.destroy();
    else socket.write(greeting);
  });
  open.push(server);
  return listening(server);
}

/** A port on which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createTcpServer();
  const port = await listening(server);
  await new Promise((done) => server.close(done));
  return port;
}
