/** A port on this machine that leads to a host's ssh, for programs that know nothing of the bastion. */
import { createServer, type AddressInfo, type Socket } from "node:net";
import { pipeline } from "node:stream";
import type { OpenStream } from "./connect";

export interface Tunnel {
  /** On 127.0.0.1, chosen by the system. */
  readonly port: number;
  /** Cuts every connection. */
  close(): Promise<void>;
}

/** Opens it. It dies with this process, and what runs over it dies too: a killed hook leaves nobody at work on a host. */
export async function openTunnel(open: OpenStream, signal: AbortSignal, say: (line: string) => void): Promise<Tunnel> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
    open(signal).then(
      (far) => pipeline(socket, far, socket, () => far.destroy()),
      (error: Error) => {
        if (!signal.aborted) say(`the tunnel could not be made: ${error.message.split("\n")[0]}`);
        socket.destroy();
      },
    );
  });
  await new Promise<void>((done, fail) => server.once("error", fail).listen(0, "127.0.0.1", done));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
