/**
 * Who talks to whom: the one table from which access control groups, network ACLs, nftables and squid's lists are made.
 * What no row names is dropped.
 */
import { PORTS } from "./limits";
import type { Flow, Party } from "./plan-types";

const flow = (
  from: Party,
  to: Party,
  port: number,
  protocol: Flow["protocol"],
  carries: string,
  why: string,
): Flow => ({
  from,
  to,
  port,
  protocol,
  carries,
  why,
});

export const FLOWS: readonly Flow[] = [
  flow("admin", "proxy", PORTS.ssh, "TCP", "ssh", "operators and the deploy hook"),
  flow("proxy", "private", PORTS.ssh, "TCP", "ssh", "bastion"),
  flow("sync", "proxy", PORTS.proxyA, "TCP", "tls", "personal data from AWS, client certificates"),
  flow("private", "proxy", PORTS.proxyB, "TCP", "http", "packages, alerts"),
  flow("private", "proxy", 123, "UDP", "ntp", "time"),
  flow("sync", "object-storage", 443, "TCP", "tls", "writes the copies"),
  flow("proxy", "internet", 443, "TCP", "tls", "buckets at AWS, packages, alerts"),
  flow("proxy", "internet", 80, "TCP", "http", "signed packages"),
  flow("proxy", "time-servers", 123, "UDP", "ntp", "time"),
  flow("proxy", "name-servers", 53, "UDP", "dns", "names"),
  flow("proxy", "name-servers", 53, "TCP", "dns", "names, long answers"),
  flow("private", "name-servers", 53, "UDP", "dns", "names"),
  flow("private", "name-servers", 53, "TCP", "dns", "names, long answers"),
];
