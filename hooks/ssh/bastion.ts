/** A host through which others are reached, or ports of its own: one ssh connection, many channels. */
import type { Duplex } from "node:stream";
import type { Client } from "ssh2";
import { openTcp, SshRefused, type OpenStream } from "./connect";
import { reach, type Reach, type SshHost } from "./reach";

const CHANNEL_MS = 15_000;
/** RFC 4254, 5.1: the server forbids it. */
const ADMINISTRATIVELY_PROHIBITED = 1;

export class Bastion {
  private client: Client | undefined;
  private connecting: Promise<Client> | undefined;

  constructor(
    readonly host: SshHost,
    private readonly o: Reach,
    /** How its own ssh is reached. */
    private readonly open: OpenStream = openTcp(host.address, host.port),
  ) {}

  /** Waits for the bastion; at once when it is connected. A connection that broke is made again. */
  connect(): Promise<Client> {
    if (this.client !== undefined) return Promise.resolve(this.client);
    this.connecting ??= reach(this.host, this.open, this.o)
      .then((client) => {
        // Errors of a connection that was up end it; whoever needs it next makes it again.
        client.on("error", () => undefined).on("close", () => (this.client = undefined));
        // Each channel that is being opened listens, and many are at once.
        client.setMaxListeners(0);
        return (this.client = client);
      })
      .finally(() => (this.connecting = undefined));
    return this.connecting;
  }

  /** Makes channels to a port of a host behind it. "localhost" is the host itself. */
  opener(address: string, port: number): OpenStream {
    return async () => {
      const client = await this.connect();
      return new Promise<Duplex>((done, fail) => {
        let late = false;
        const timer = setTimeout(() => {
          late = true;
          fail(new SshRefused("no answer", `no answer within ${CHANNEL_MS / 1000} s`));
        }, CHANNEL_MS);
        const cut = (): void => fail(new SshRefused("no answer", `the connection to ${this.host.name} was cut`));
        client.once("close", cut);
        client.forwardOut(
          "127.0.0.1",
          0,
          address,
          port,
          (error: (Error & { reason?: unknown }) | undefined, channel) => {
            clearTimeout(timer);
            client.removeListener("close", cut);
            if (error === undefined) return late ? channel.destroy() : done(channel);
            const message = error.message.replace(/^\(SSH\) Channel open failure: /, "").toLowerCase();
            fail(new SshRefused(error.reason === ADMINISTRATIVELY_PROHIBITED ? "forward" : "no answer", message));
          },
        );
      });
    };
  }

  close(): void {
    this.client?.end();
  }
}
