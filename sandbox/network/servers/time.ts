/**
 * A time server (RFC 5905, server mode only) that tells this machine's time. Not chrony: its Debian package replaces the
 * machine's own time service, and the sandbox must never touch the machine's clock.
 */
import { createSocket } from "node:dgram";
import { ntpReply } from "../ntp";

const socket = createSocket("udp4");
socket.on("message", (request, from) => {
  const reply = ntpReply(request, Date.now());
  if (reply !== undefined) socket.send(reply, from.port, from.address);
});
socket.bind(123, "0.0.0.0");
