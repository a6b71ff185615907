/** HTTPS over channels that somebody else opens: the connection's other end, and its name, are what the certificate must say. */
import { Agent, type AgentOptions } from "node:https";
import type { Duplex } from "node:stream";
import { connect } from "node:tls";
import type { OpenStream } from "../hooks/ssh/connect";

/**
 * Servers close connections that nobody uses, most of them after 30 s or more, and of a channel that nobody reads from that is not
 * noticed here: the next request on it would wait for ever.
 */
const IDLE_MS = 10_000;

/** Opens a TLS connection over a channel for each request that finds no free one; a free one is closed after 10 s. */
export class TunnelAgent extends Agent {
  constructor(
    private readonly open: OpenStream,
    private readonly serverName: string,
    private readonly signal: AbortSignal,
    options: AgentOptions,
  ) {
    super({ keepAlive: true, timeout: IDLE_MS, ...options });
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
