/**
 * The plan: everything that follows from the pipeline file, as plain values. No tokens, no cdktf.
 * Constructs, rendering, the review and the sandbox all read this shape; `planOf` in plan.ts makes it.
 */

import type { ClusterSpec } from "./hadoop/cluster";

export type Role = "airflow" | "hdp" | "presto" | "proxy" | "sync";
export type SubnetKind = "public" | "private";
export type OsFamily = "debian" | "redhat";

/** A server image: the platform's own, from the table in images.ts, or a member's from the pipeline file. */
export interface ImagePlan {
  /** Name on the platform, for example "ubuntu-22.04-base"; a member image's name in the pipeline file. */
  readonly name: string;
  /** Number on the platform of a member server image; undefined: one of the platform's own, found by name. */
  readonly memberNo?: string;
  readonly family: OsFamily;
  /** The operating system as Ambari names it, "ubuntu22". */
  readonly os: string;
  /** Version of the Python that Ansible's modules run on, "3.10". */
  readonly python: string;
  readonly hypervisor: "KVM" | "XEN";
}

/** A volume beside the base one. Made once, kept when its server is replaced. */
export interface VolumePlan {
  /** 10 to 16380, in steps of 10. */
  readonly sizeGb: number;
  /** Where it is mounted, for example "/var/lib/aws2ncp". */
  readonly mount: string;
}

export interface HostPlan {
  /** Short name, "sync-1"; unique in the pipeline. */
  readonly name: string;
  /** "sync-1.aws2ncp.internal" */
  readonly fqdn: string;
  readonly role: Role;
  readonly subnet: SubnetKind;
  /** Fixed private address. */
  readonly address: string;
  readonly image: ImagePlan;
  /** Spec code of the platform, "s2-g3". */
  readonly spec: string;
  readonly volume?: VolumePlan;
}

export interface SubnetPlan {
  readonly cidr: string;
  /** First address, the platform's gateway. */
  readonly gateway: string;
}

/** Who can be at either end of a flow. Roles name all their hosts. */
export type Party =
  | Role
  | "admin" // network.admin_cidrs
  | "private" // every host in the private subnet
  | "internet"
  | "object-storage" // the platform's private endpoint
  | "name-servers"
  | "time-servers";

/** One row of the table from which everything that opens a port is made. */
export interface Flow {
  readonly from: Party;
  readonly to: Party;
  readonly port: number;
  /** Last port of a range that begins with `port`; undefined: that port alone. */
  readonly lastPort?: number;
  readonly protocol: "TCP" | "UDP";
  /** What travels: "tls", "ssh", "http", "dns", "ntp". */
  readonly carries: string;
  readonly why: string;
}

interface AnyDataset {
  /** "event_log" */
  readonly name: string;
  readonly source: { readonly bucket: string; readonly prefix: string };
  readonly target: { readonly bucket: string; readonly prefix: string };
  /** Bucket that keeps what a run would overwrite or delete. */
  readonly replacedBucket: string;
  /** Most that its runs may take, in bytes a second; undefined: no limit. */
  readonly bandwidth?: number;
  /** Hours without a good run after which the dataset is late. */
  readonly lateAfterHours: number;
}

/** Logs in folders named after time: PREFIX/YYYY/MM/DD/HH/ as Firehose writes them, or PREFIX/YYYY/MM/DD/. */
export interface LogDataset extends AnyDataset {
  readonly layout: "firehose-hourly" | "daily";
  /** IANA zone in which the folders are named, "UTC". */
  readonly prefixZone: string;
  /** First instant that is copied, UTC, "2019-12-31T15:00:00Z". */
  readonly start: string;
  /** What happens to folders from before the start: left at the source, or copied by the full run. */
  readonly beforeStart: "leave" | "copy";
  /** How late an object may appear in an hour already over. */
  readonly latenessHours: number;
  /** Five cron fields, read in UTC: the window run. */
  readonly schedule: string;
  /** Five cron fields, read in UTC: the run that lists everything since the start. */
  readonly fullSchedule: string;
}

/** A whole prefix, whatever lies in it: Hive's tables. */
export interface TreeDataset extends AnyDataset {
  readonly layout: "tree";
  /** `sync` also deletes at the target what is gone at the source, into the bucket of replaced objects. */
  readonly mode: "copy" | "sync";
  /** `sync`: a run that would delete more objects deletes none, and fails. */
  readonly maxDelete?: number;
  /** Five cron fields, read in UTC; undefined: runs on demand only, and is never late. */
  readonly schedule?: string;
}

export type DatasetPlan = LogDataset | TreeDataset;

export const TABLE_LAYOUTS = ["hive", "firehose-hourly", "daily", "flat"] as const;
export const TABLE_FORMATS = ["parquet", "json"] as const;
export const PARTITION_TYPES = ["string", "int", "bigint", "date"] as const;

/** Where tables of Hive's metastore lie in Object Storage, and what is said of them. One prefix, one or many tables. */
export interface TableSetPlan {
  /** Its name in the pipeline file; the table's, unless the layout is hive. */
  readonly name: string;
  readonly bucket: string;
  /** Empty, or with / at its end. */
  readonly prefix: string;
  readonly layout: (typeof TABLE_LAYOUTS)[number];
  /** Undefined with layout hive alone: the first folder names the database. */
  readonly database?: string;
  readonly format: (typeof TABLE_FORMATS)[number];
  /** Hive types by column, for format json; undefined: from a sample. */
  readonly columns?: Readonly<Record<string, string>>;
  /** What becomes of INT64 timestamps; undefined: their table is reported. */
  readonly timestamps?: "bigint";
  /** Hive types by partition column. */
  readonly partitionTypes: Readonly<Record<string, (typeof PARTITION_TYPES)[number]>>;
  /** IANA zone in which the folders of hours or days are named. */
  readonly zone?: string;
}

export interface BucketPlan {
  readonly name: string;
  /** Construct id and reader's name: "event_log", "replaced". */
  readonly purpose: string;
}

/** Where the hook finds a secret. The value is read at delivery and nowhere else. */
export interface SecretRef {
  readonly name: SecretName;
  /** "env:NAME", "file:PATH" (relative to the pipeline file's folder) or "command:..." */
  readonly from: string;
  /** Raised by hand to rotate. */
  readonly version: number;
}

/** Every secret and certificate that a host or the hook needs; the pipeline file gives each a reference. */
export const SECRET_NAMES = [
  "aws_access_key_id", // reader of the source buckets
  "aws_secret_access_key",
  "ncp_access_key_id", // writer of the target buckets
  "ncp_secret_access_key",
  "deploy_ssh_key", // private key of the deploying operator (OpenSSH format)
  "proxy_tls_cert", // port A's server certificate, PEM, SAN = FQDN and address of proxy-1
  "proxy_tls_key",
  "proxy_client_ca", // CA that signs the clients of port A, PEM
  "sync_client_cert", // client certificate, CN = the host's name
  "sync_client_key",
  "trust_bundle", // PEM bundle: CA of port A's certificate and the CAs of both S3 endpoints
  "proxy_client_crl", // certificates that port A no longer admits, PEM; optional
  "alert_webhook", // URL that alerts are posted to; only with `alerts`
  "repository_user", // login at the package repositories of the cluster; optional
  "repository_password",
  "repository_key", // public key that signs their packages; optional
  "hdp_tls_cert", // the cluster nodes' certificate, PEM, SAN = FQDN of each
  "hdp_tls_key",
  "hadoop_keystore_password", // of the Java key stores that are made of it on each node
  "hadoop_truststore_password",
  "ambari_admin_password",
  "ambari_db_password", // Ambari's role in PostgreSQL
  "hive_db_password", // the metastore's
  "grafana_password", // of Ambari Metrics
  "kerberos_admin_password", // only with security: kerberos
  "presto_tls_cert", // the Presto hosts' certificate, PEM, SAN = FQDN of each
  "presto_tls_key",
  "presto_node_cert", // by which coordinator and workers know each other, self-signed, PEM
  "presto_node_key",
  "presto_internal_secret", // between coordinator and workers
  "presto_users", // who may log in: lines of USER:BCRYPT, as htpasswd -B writes them
  "presto_batch_password", // of the user batch: Airflow's, and the metastore proof's
  "airflow_fernet_key", // encrypts connections in Airflow's database
  "airflow_web_secret", // signs sessions of its web server
  "airflow_admin_password",
  "batch_ssh_key", // of the account batch, under which Airflow starts jobs on a cluster node
  "batch_ssh_public_key", // one line, as ssh-keygen writes it
] as const;
export type SecretName = (typeof SECRET_NAMES)[number];

/** Those that a pipeline file may leave out. */
export const OPTIONAL_SECRETS = [
  "proxy_client_crl",
  "alert_webhook",
  "repository_user",
  "repository_password",
  "repository_key",
  "hdp_tls_cert",
  "hdp_tls_key",
  "hadoop_keystore_password",
  "hadoop_truststore_password",
  "ambari_admin_password",
  "ambari_db_password",
  "hive_db_password",
  "grafana_password",
  "kerberos_admin_password",
  "presto_tls_cert",
  "presto_tls_key",
  "presto_node_cert",
  "presto_node_key",
  "presto_internal_secret",
  "presto_users",
  "presto_batch_password",
  "airflow_fernet_key",
  "airflow_web_secret",
  "airflow_admin_password",
  "batch_ssh_key",
  "batch_ssh_public_key",
] as const satisfies readonly SecretName[];

/** The batch cluster, and where on its nodes things stand that Ambari does not place. */
export interface ClusterPlan {
  readonly spec: ClusterSpec;
  /** Short name of the node with ambari-server, and with PostgreSQL for Ambari and the metastore. */
  readonly server: string;
  /** Short name of the node that the placement gives the Hive metastore and HiveServer2. */
  readonly hive: string;
  /** Package repository of ambari-server and ambari-agent. */
  readonly ambariRepository: string;
}

export interface PrestoPlan {
  /** "0.287" */
  readonly version: string;
  readonly package: { readonly url: string; readonly sha256: string };
  /** Short name, "presto-1". */
  readonly coordinator: string;
  /** Short names of the others, sorted; none: the coordinator works too. */
  readonly workers: readonly string[];
}

export interface AirflowPlan {
  /** Index of Python packages. */
  readonly index: string;
  /** The company's DAGs and jobs, sorted by path. */
  readonly jobs: readonly JobFile[];
}

/** A file of the folder `airflow.jobs`, delivered as it is. */
export interface JobFile {
  /** Below that folder, "reports/daily.sql". */
  readonly path: string;
  readonly content: string;
}

/** A bucket of Object Storage that holds the states of all stacks. Made or adopted by `aws2ncp bootstrap`. */
export interface RemoteStatePlan {
  readonly bucket: string;
  /** Public endpoint of Object Storage, "kr.object.ncloudstorage.com": deploys run outside the platform's network. */
  readonly host: string;
  readonly region: string;
  /** Profile of the shared AWS credentials file that has the key of this bucket; AWS_* in the environment is the source's. */
  readonly profile: string;
  /**
   * "lockfile": Terraform locks by a conditional write, which `aws2ncp doctor` has proved to work here.
   * "single-runner": nothing locks, so deploys are allowed from the machine named `runner` only.
   */
  readonly locking: "lockfile" | "single-runner";
  readonly runner?: string;
}

export interface OperatorPlan {
  /** Login name on every host. */
  readonly name: string;
  /** One line of authorized_keys. */
  readonly publicKey: string;
}

export interface Plan {
  /** Prefix of every name on the platform, "aws2ncp". */
  readonly name: string;
  readonly platform: {
    readonly site: "public" | "gov" | "fin";
    readonly region: string;
    readonly zone: string;
    /** Name of the login key registered on the platform; made outside Terraform. */
    readonly loginKey: string;
  };
  readonly objectStorage: {
    /** Host of the private endpoint, "kr.object.private.ncloudstorage.com". */
    readonly host: string;
    readonly region: string;
    /** What the endpoint answers on; for access control group rules. */
    readonly cidrs: readonly string[];
  };
  readonly source: {
    readonly region: string;
    /** Host of the S3 endpoint without bucket, "s3.ap-northeast-2.amazonaws.com". */
    readonly host: string;
    /** Name of the IAM user whose key the sync hosts have; made, with its key, outside Terraform. */
    readonly reader: string;
    /** Addresses besides the proxies' own that the reader may come from, sorted. */
    readonly standbyAddresses: readonly string[];
    /** KMS keys that the reader may decrypt with, sorted. */
    readonly kmsKeyArns: readonly string[];
  };
  readonly network: {
    /** "aws2ncp.internal" */
    readonly domain: string;
    readonly vpcCidr: string;
    readonly public: SubnetPlan;
    readonly private: SubnetPlan;
    readonly adminCidrs: readonly string[];
    readonly nameServers: readonly string[];
    /** Host names or addresses of upstream time servers; proxy-1 passes the time on. */
    readonly timeServers: readonly string[];
  };
  /** What each party is, in CIDR blocks (a host is a /32). */
  readonly parties: Readonly<Record<Party, readonly string[]>>;
  readonly flows: readonly Flow[];
  readonly proxy: {
    /** Name of the proxy that is the bastion and the way out; others stand by. */
    readonly active: string;
    /** Port A: TLS with client certificates, bucket hosts of AWS only. */
    readonly portA: number;
    /** Port B: packages. */
    readonly portB: number;
    /** The inner port of port A that checks the SNI; loopback and own address only. */
    readonly innerPort: number;
    /** "company-event-log.s3.ap-northeast-2.amazonaws.com", sorted. */
    readonly bucketHosts: readonly string[];
    /** Hosts that port B admits, sorted. */
    readonly packageHosts: readonly string[];
  };
  /** Account whose key the hook uses; the init script makes it. */
  readonly deployUser: string;
  readonly operators: readonly OperatorPlan[];
  /** Sorted by name. */
  readonly hosts: readonly HostPlan[];
  /** Sorted by name. */
  readonly datasets: readonly DatasetPlan[];
  /** Sorted by name. */
  readonly tables: readonly TableSetPlan[];
  /** Sorted by name. */
  readonly buckets: readonly BucketPlan[];
  /** Those of SECRET_NAMES that the pipeline file refers to, in that order. */
  readonly secrets: readonly SecretRef[];
  /** Where the reference of each secret stands, for errors: "pipeline.yaml:87:28". Nothing is decided by it. */
  readonly secretPlaces: Readonly<Record<string, string>>;
  /** ansible-core version, by the oldest Python among the targets. */
  readonly ansibleCore: string;
  /** Folder of what a deploy keeps on this machine (pins, results; the states too unless they are remote), relative to the pipeline file. */
  readonly stateFolder: string;
  /** Where the states are, if not in `stateFolder`. */
  readonly remoteState?: RemoteStatePlan;
  /** Where alerts go; undefined: nowhere. */
  readonly cluster?: ClusterPlan;
  readonly presto?: PrestoPlan;
  readonly airflow?: AirflowPlan;
  readonly alerts?: { /** Host of the webhook, "hooks.slack.com"; the URL is a secret. */ readonly host: string };
}
