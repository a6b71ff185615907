/**
 * Who has which address in the sandbox. 198.51.100.0/24 (RFC 5737: documentation, never routed) plays the internet;
 * one block in it is the platform's services, which private subnets reach without a route to the internet.
 */

/** Every network namespace, and the interface on this machine, carries this prefix. */
export const PREFIX = "a2n-";

export const INTERNET = "198.51.100.0/24";
export const PLATFORM_SERVICES = "198.51.100.64/26";

/** This machine, as the operator's workstation. */
export const OUTER_ADDRESS = "198.51.100.1";
/** The router's side of the internet: default gateway of this machine's neighbours there. */
export const ROUTER_ADDRESS = "198.51.100.2";
/** What hosts of a private subnet look like outside when a NAT gateway lets them out. */
export const NAT_GATEWAY_ADDRESS = "198.51.100.128";
/** Public addresses to hand out; the first is the NAT gateway's. */
export const PUBLIC_POOL = { first: "198.51.100.129", last: "198.51.100.254" } as const;
/** The platform's resolver, the same in every VPC. */
export const RESOLVER_ADDRESS = "169.254.169.53";

export const ROUTER = `${PREFIX}router`;
/** Interface of this machine. */
export const OUTER_INTERFACE = `${PREFIX}out`;
/** Interfaces of the router: to this machine, to nowhere, to peers and to hosts. */
export const OUTSIDE = "outside";
export const NOWHERE = "nowhere";
export const NIC = "nic-";
const PEER = "peer-";

/** A machine on the internet of the sandbox, or a service of the platform. */
export interface Peer {
  readonly netns: string;
  readonly address: string;
  /** Name under .test, if it has one. */
  readonly hostName?: string;
  /** Whether every name below `hostName` is this machine too (buckets are host names). */
  readonly wildcard?: true;
}

export const PEERS = {
  /** Plays AWS S3. */
  aws: { netns: "a2n-aws", address: "198.51.100.10", hostName: "s3.aws.test", wildcard: true },
  /** The distribution's package servers. */
  packages: { netns: "a2n-packages", address: "198.51.100.20", hostName: "packages.ncp.test" },
  /** Answers everyone, and nothing may reach it: the target of attempts to get around the proxy. */
  unlisted: { netns: "a2n-unlisted", address: "198.51.100.30", hostName: "unlisted.test" },
  /** Somebody else's service that takes alerts by webhook. */
  alerts: { netns: "a2n-alerts", address: "198.51.100.35", hostName: "alerts.ncp.test" },
  /** Somebody who is not in admin_cidrs. */
  outsider: { netns: "a2n-outsider", address: "198.51.100.40" },
  /** Plays NCP's Object Storage, on its private endpoint. */
  ncp: { netns: "a2n-ncp", address: "198.51.100.65", hostName: "kr.object.private.ncp.test", wildcard: true },
  time: { netns: "a2n-time", address: "198.51.100.67", hostName: "time.ncp.test" },
} as const satisfies Record<string, Peer>;

/** All peers, as one kind of thing. */
export const peers: readonly Peer[] = Object.values(PEERS);

/** Network namespace of a host: podman and `ip netns exec` know it by this name. */
export const netnsOf = (host: string): string => `${PREFIX}${host}`;

/** The router's interface to a peer. */
export const peerInterface = (peer: Peer): string => PEER + peer.netns.slice(PREFIX.length);

/** The router's interface to a host: 15 characters are all that Linux gives, so it is named after the address. */
export const nicInterface = (ip: string): string =>
  NIC +
  ip
    .split(".")
    .map((octet) => Number(octet).toString(16).padStart(2, "0"))
    .join("");

/** Address of a .test name, as the sandbox's resolver would answer. */
export function addressOf(name: string): string | undefined {
  return peers.find(
    (peer) =>
      peer.hostName !== undefined &&
      (name === peer.hostName || (peer.wildcard === true && name.endsWith(`.${peer.hostName}`))),
  )?.address;
}
