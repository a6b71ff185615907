/** HTTPS over channels that somebody else opens: the connection's other end, and its name, are what the certificate must say. */
import { Agent, type AgentOptions } from "node:https";
import type { Duplex } from "node:stream";
import { connect } from "node:tls";
import type { OpenStream } from "../hooks/ssh/connect";

/** Opens a TLS connection over a channel for each request that finds no free one. */
export class TunnelAgent extends Agent {
  constructor(
    private readonly open: OpenStream,
    private readonly serverName: string,
    private readonly signal: AbortSignal,
    options: AgentOptions,
  ) {
    super({ keepAlive: true, ...options });
  }

  override createConnection(
    _: unknown,
    done?: (error: Error | null, stream: Duplex) => void,
  ): Duplex | null | undefined {
    this.open(this.signal).then(
      (socket) => {
        const secured = connect({ socket, servername: this.serverName, ca: this.options.ca });
        // Cut channels end the connection that runs over them.
        socket.on("close", () => secured.destroy());
        done?.(null, secured);
      },
      (error: Error) => done?.(error, undefined as unknown as Duplex),
    );
    return undefined;
  }
}
