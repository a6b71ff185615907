/** Asks a time server once (RFC 4330) by how much this machine's clock differs. */
import { createSocket } from "node:dgram";

const LENGTH = 48;
/** Version 4, client. */
const QUESTION = 0x23;
/** Seconds from 1900, where NTP counts from, to 1970. */
const EPOCH = 2_208_988_800;

const timeAt = (packet: Buffer, at: number): number =>
  (packet.readUInt32BE(at) - EPOCH) * 1000 + (packet.readUInt32BE(at + 4) / 2 ** 32) * 1000;

export interface ClockRange {
  /** Least and most by which this machine's clock may be ahead, in milliseconds; negative: behind. */
  readonly least: number;
  readonly most: number;
}

/** What a reply says, given when the question left and the reply came by this machine's clock. */
export function rangeOf(reply: Buffer, sent: number, received: number): ClockRange | undefined {
  const mode = (reply[0] ?? 0) & 7;
  const stratum = reply[1] ?? 0;
  if (reply.length < LENGTH || mode !== 4 || stratum === 0) return undefined;
  // The server read its clock somewhere between both: the way there and back is all that is uncertain.
  return { least: sent - timeAt(reply, 32), most: received - timeAt(reply, 40) };
}

/** @throws when nothing that is an answer comes in time */
export function askTime(address: string, signal: AbortSignal, port = 123): Promise<ClockRange> {
  return new Promise((done, fail) => {
    const socket = createSocket("udp4");
    const end = (result: ClockRange | Error): void => {
      signal.removeEventListener("abort", stop);
      socket.close();
      if (result instanceof Error) fail(result);
      else done(result);
    };
    const stop = (): void => end(new Error("no answer"));
    signal.addEventListener("abort", stop, { once: true });
    const question = Buffer.alloc(LENGTH);
    question[0] = QUESTION;
    let sent = 0;
    socket.on("error", end);
    socket.on("message", (reply) =>
      end(rangeOf(reply, sent, Date.now()) ?? new Error("its answer is none to a client")),
    );
    // Connected: an answer from anyone else is dropped, and a closed port is told.
    socket.connect(port, address, () => {
      sent = Date.now();
      socket.send(question);
    });
  });
}
