/**
 * Who talks to whom: the one table from which access control groups, network ACLs, nftables and squid's lists are made.
 * What no row names is dropped.
 */
import { PORTS } from "./limits";
import type { Flow, HostPlan, Party } from "./plan-types";
import { isRole } from "./roles";

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

const FLOWS: readonly Flow[] = [
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
  // Hadoop's daemons and its tasks, which choose their ports.
  { ...flow("hdp", "hdp", 1024, "TCP", "hadoop", "the cluster among its nodes"), lastPort: 65535 },
  flow("hdp", "object-storage", PORTS.objectStorage, "TCP", "tls", "tables by S3A"),
  flow("presto", "object-storage", PORTS.objectStorage, "TCP", "tls", "tables"),
  flow("airflow", "object-storage", PORTS.objectStorage, "TCP", "tls", "waits for the logs"),
  flow("presto", "presto", PORTS.presto, "TCP", "tls", "coordinator and workers"),
  flow("presto", "hdp", PORTS.metastore, "TCP", "thrift", "names of tables and partitions"),
  flow("presto", "hdp", 8020, "TCP", "hdfs", "names of HDFS files"),
  flow("presto", "hdp", 50010, "TCP", "hdfs", "blocks of HDFS, encrypted"),
  flow("airflow", "presto", PORTS.presto, "TCP", "tls", "queries of the batch jobs"),
  flow("airflow", "hdp", PORTS.hiveServer, "TCP", "thrift", "Hive jobs"),
  flow("airflow", "hdp", PORTS.ssh, "TCP", "ssh", "Spark and Sqoop jobs, on a node that has the clients"),
];

/** The standby of a proxy is reached through the other one, as private hosts are. */
const STANDBY = flow("proxy", "proxy", PORTS.ssh, "TCP", "ssh", "bastion to its standby");

/** The table for these hosts: rows of roles that none has are left out. */
export function flowsOf(hosts: readonly HostPlan[]): readonly Flow[] {
  const all = hosts.filter(({ role }) => role === "proxy").length > 1 ? [...FLOWS, STANDBY] : FLOWS;
  const isThere = (party: Party): boolean => !isRole(party) || hosts.some(({ role }) => role === party);
  return all.filter(({ from, to }) => isThere(from) && isThere(to));
}

/** "22", or "1024-65535". */
export const portsOf = ({ port, lastPort }: Flow): string =>
  lastPort === undefined ? `${port}` : `${port}-${lastPort}`;
