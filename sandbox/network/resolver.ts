/** The platform's resolver: knows the sandbox's .test names and asks nobody, so no name is a way out. */
import { type Peer, peers, RESOLVER_ADDRESS } from "./addresses";

export function dnsmasqConfig(all: readonly Peer[] = peers): string {
  const records = all.flatMap((peer) => {
    if (peer.hostName === undefined) return [];
    return peer.wildcard === true
      ? [`address=/${peer.hostName}/${peer.address}`]
      : [`host-record=${peer.hostName},${peer.address}`];
  });
  return [
    `listen-address=${RESOLVER_ADDRESS}`,
    "bind-interfaces",
    "user=root",
    "pid-file=",
    "no-resolv",
    "no-hosts",
    "no-poll",
    "local=/test/",
    "log-queries",
    "log-facility=-",
    ...records,
    "",
  ].join("\n");
}
