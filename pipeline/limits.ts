/** Limits that the pipeline file shares with the constructs and their tests. Sources stand beside each. */

/** Names on the platform (ncloud 4.0.5: vpc, subnet, server and the like). */
export const RESOURCE_NAME = { min: 3, max: 30, pattern: /^[a-z][a-z0-9-]*[a-z0-9]$/ } as const;

/** Prefix of every name; short enough that the longest name made from it fits RESOURCE_NAME. */
export const PIPELINE_NAME = { min: 2, max: 12, pattern: /^[a-z][a-z0-9-]*[a-z0-9]$/ } as const;

/** Buckets. No dots: a dotted name falls back to path style, which port A refuses. */
export const BUCKET_NAME = { min: 3, max: 63, pattern: /^[a-z0-9][a-z0-9-]*[a-z0-9]$/ } as const;

/** Additional volumes (KVM), in GB. Source: constraints of ncloud_block_storage 4.0.5. */
export const VOLUME_GB = { min: 10, max: 16380, step: 10 } as const;

/** Networks of the platform: 10/8, 172.16/12 or 192.168/16, /16 to /28. */
export const NETWORK_PREFIX = { min: 16, max: 28 } as const;

/** The platform keeps the first six addresses of a subnet, network address included. */
export const RESERVED_ADDRESSES = 6;

/**
 * How late an object may appear in an hour already over, in hours. Firehose retries until its stream's retention ends,
 * 24 hours at the least.
 */
export const LATENESS_HOURS = { min: 24, max: 24 * 31, default: 26 } as const;

/** Ports of the design. The inner one is reached from the proxy itself alone. */
export const PORTS = {
  ssh: 22,
  proxyA: 3129,
  proxyB: 3128,
  proxyInner: 3130,
  objectStorage: 443,
  /** Ambari's and Airflow's own pages: on loopback, reached by a tunnel. */
  pages: 8080,
  presto: 8443,
  metastore: 9083,
  hiveServer: 10000,
} as const;

/**
 * A managed policy of IAM, in characters without white space; a user's inline policies have 2048 together. Source: IAM's quotas.
 */
export const IAM_POLICY = { max: 6144 } as const;
