/** The one packet of NTP that a server sends. */

const LENGTH = 48;
const CLIENT = 3;
const SERVER = 4;
/** Seconds from 1900, where NTP counts from, to 1970. */
const EPOCH = 2_208_988_800;
/** As far from a real clock as a server may be and still be believed by those it serves. */
const STRATUM = 10;
const LOCAL_CLOCK = [127, 127, 1, 1];
/** 2^-10 s: Date.now() counts milliseconds. */
const PRECISION = -10;

/** Answer to a client at this time (milliseconds since 1970); nothing for anything but a client's question. */
export function ntpReply(request: Buffer, now: number): Buffer | undefined {
  if (request.length < LENGTH) return undefined;
  const version = (request.readUInt8(0) >> 3) & 7;
  if ((request.readUInt8(0) & 7) !== CLIENT || version < 3 || version > 4) return undefined;
  const reply = Buffer.alloc(LENGTH);
  reply.writeUInt8((version << 3) | SERVER, 0);
  reply.writeUInt8(STRATUM, 1);
  reply.writeUInt8(request.readUInt8(2), 2); // poll interval, as asked
  reply.writeInt8(PRECISION, 3);
  reply.writeUInt32BE(1, 8); // root dispersion, 15 microseconds
  reply.set(LOCAL_CLOCK, 12);
  writeTimestamp(reply, 16, now); // the clock was last set
  request.copy(reply, 24, 40, 48); // when the client asked, by its own clock
  writeTimestamp(reply, 32, now); // received
  writeTimestamp(reply, 40, now); // answered
  return reply;
}

function writeTimestamp(packet: Buffer, offset: number, now: number): void {
  packet.writeUInt32BE((Math.floor(now / 1000) + EPOCH) % 2 ** 32, offset);
  packet.writeUInt32BE(Math.floor(((now % 1000) / 1000) * 2 ** 32), offset + 4);
}
