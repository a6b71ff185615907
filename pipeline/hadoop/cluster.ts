/** A batch cluster as the pipeline file will ask for it, and the mistakes that can be seen before anything is rendered. */
import { shown, type Problem } from "../errors";
import { DISTRIBUTIONS, distributionOf, type DistributionName } from "./distributions";
import { groupsOf } from "./placement";
import { serverSizeOf, yarnMemoryOf } from "./sizing";

export interface DiskSpec {
  /** "/data/1" */
  readonly mount: string;
  readonly sizeGb: number;
}

export interface NodeSpec {
  /** "hdp-1.aws2ncp.internal", in lower case, as Ambari keeps it. */
  readonly fqdn: string;
  /** Ambari's name of its system, "redhat8"; `osFamilyOf` knows it by the image. */
  readonly os: string;
  /** Spec code of the platform, "s4-g3". */
  readonly spec: string;
  /** Data disks, in order. All nodes have the same mounts. */
  readonly disks: readonly DiskSpec[];
  /** MB that something beside Hadoop needs on it: ambari-server, PostgreSQL. @default 0 */
  readonly reservedMb?: number;
}

export interface KerberosSpec {
  /** "AWS2NCP.INTERNAL" */
  readonly realm: string;
  /** Hosts of an MIT KDC, with ports where they differ from 88. */
  readonly kdcHosts: readonly string[];
  readonly adminServer: string;
  /** "admin/admin@AWS2NCP.INTERNAL"; its password is the secret `kerberos_admin_password`. */
  readonly adminPrincipal: string;
}

export interface ClusterSpec {
  /** Name in Ambari, "batch". */
  readonly name: string;
  readonly distribution: DistributionName;
  /** ha: two NameNodes, three JournalNodes. */
  readonly layout: "non-ha" | "ha";
  /** Set: `security: kerberos`. */
  readonly kerberos?: KerberosSpec;
  /** Three or more. The first three are the masters, in the order of the placement table. */
  readonly nodes: readonly NodeSpec[];
  /** Zone in which engines read timestamps that carry none, "Asia/Seoul". */
  readonly timeZone: string;
  readonly objectStorage: {
    /** Private endpoint, "kr.object.private.ncloudstorage.com": S3A goes there over TLS, without the proxy. */
    readonly host: string;
    readonly region: string;
    /** Where the hook puts the keys: "localjceks://file/etc/security/aws2ncp/s3a.jceks". */
    readonly credentialProvider: string;
  };
  /** PostgreSQL outside the blueprint. */
  readonly metastore: {
    readonly host: string;
    readonly port: number;
    readonly database: string;
    readonly user: string;
    /** File on the hosts with the CA that signs the database's certificate. */
    readonly rootCertificate: string;
  };
  /** Java key stores on every host; their passwords are secrets. */
  readonly tls: { readonly keystore: string; readonly truststore: string };
  readonly repository: {
    /** Version and build of the packages, "3.1.0.0-78". */
    readonly version: string;
    /** URL of each of the distribution's repositories, by name. */
    readonly baseUrls: Readonly<Record<string, string>>;
  };
}

export const MIN_NODES = 3;

type ClusterRule = (cluster: ClusterSpec) => readonly Problem[];

const nodeCount: ClusterRule = ({ nodes }) =>
  nodes.length >= MIN_NODES
    ? []
    : [
        {
          path: ["nodes"],
          message: `${nodes.length} nodes`,
          allowed: `${MIN_NODES} or more: ZooKeeper and the JournalNodes need a majority`,
        },
      ];

const nodesOnce: ClusterRule = ({ nodes }) =>
  nodes.flatMap(({ fqdn }, index) =>
    nodes.findIndex((other) => other.fqdn === fqdn) === index
      ? []
      : [{ path: ["nodes", index, "fqdn"], message: `${fqdn} is named twice` }],
  );

const lowerCase: ClusterRule = ({ nodes }) =>
  nodes.flatMap(({ fqdn }, index) =>
    fqdn === fqdn.toLowerCase()
      ? []
      : [
          {
            path: ["nodes", index, "fqdn"],
            message: `${shown(fqdn)} has capitals, and Ambari keeps names in lower case`,
            allowed: fqdn.toLowerCase(),
          },
        ],
  );

const osFamilies: ClusterRule = ({ distribution, nodes }) => {
  const { osFamilies: allowed } = distributionOf(distribution);
  return nodes.flatMap(({ os }, index): Problem[] => {
    if (allowed.includes(os)) return [];
    const others = (Object.keys(DISTRIBUTIONS) as DistributionName[]).filter((name) =>
      distributionOf(name).osFamilies.includes(os),
    );
    return [
      {
        path: ["nodes", index, "os"],
        message: `${shown(os)} has no packages of ${distribution}`,
        allowed: allowed.join(", "),
        hint:
          others.length > 0
            ? `distribution: ${others.join(" or ")}, which runs on ${os}; or a member server image (member_server_image_no)`
            : "another image, or a member server image (member_server_image_no)",
      },
    ];
  });
};

const disks: ClusterRule = ({ nodes }) => {
  const mountsOf = (node: NodeSpec | undefined): string => (node?.disks ?? []).map(({ mount }) => mount).join(", ");
  return nodes.flatMap((node, index): Problem[] => {
    const path = ["nodes", index, "disks"];
    if (node.disks.length === 0)
      return [{ path, message: "no data disk", allowed: "one or more: HDFS never shares the system's disk" }];
    if (mountsOf(node) === mountsOf(nodes[0])) return [];
    return [{ path, message: `${mountsOf(node)} differs from the first node's mounts`, allowed: mountsOf(nodes[0]) }];
  });
};

const specsKnown: ClusterRule = ({ nodes }) =>
  nodes.flatMap(({ spec }, index) =>
    serverSizeOf(spec) !== undefined
      ? []
      : [
          {
            path: ["nodes", index, "spec"],
            message: `${shown(spec)} says no number of cores and memory`,
            allowed: "c, s or m, the vCPUs, and the generation, such as s4-g3",
          },
        ],
  );

const memory: ClusterRule = (cluster) => {
  if (cluster.nodes.length < MIN_NODES || specsKnown(cluster).length > 0) return [];
  return groupsOf(cluster).flatMap((group) =>
    group.nodes.flatMap((node): Problem[] => {
      const { memoryMb, smallestMb } = yarnMemoryOf(node, group.components);
      if (memoryMb >= smallestMb) return [];
      return [
        {
          path: ["nodes", cluster.nodes.indexOf(node), "spec"],
          message: `${shown(node.spec)} leaves ${Math.max(0, memoryMb)} MB for YARN beside what runs on ${node.fqdn}`,
          allowed: `a spec that leaves ${smallestMb} MB or more`,
          hint: "the next larger spec, or m instead of s: see the sizing table in pipeline/hadoop/README.md",
        },
      ];
    }),
  );
};

const repositories: ClusterRule = ({ distribution, repository }) => {
  const names = distributionOf(distribution).repositories.map(({ name }) => name);
  const given = Object.keys(repository.baseUrls);
  const problems: Problem[] = [];
  for (const name of names.filter((wanted) => !given.includes(wanted)))
    problems.push({
      path: ["repository", "baseUrls", name],
      message: "is missing",
      allowed: `the URL of the repository ${name}`,
    });
  for (const name of given.filter((extra) => !names.includes(extra)))
    problems.push({
      path: ["repository", "baseUrls", name],
      message: `is no repository of ${distribution}`,
      allowed: names.join(", "),
    });
  return problems;
};

const credentialProvider: ClusterRule = ({ objectStorage: { credentialProvider: provider } }) =>
  /^(localjceks:\/\/file|jceks:\/\/(file|hdfs))(@[^/]+)?\/\S+\.jceks$/.test(provider)
    ? []
    : [
        {
          path: ["objectStorage", "credentialProvider"],
          message: `${shown(provider)} is no Hadoop credential provider`,
          allowed: "localjceks://file/PATH.jceks, jceks://file/PATH.jceks or jceks://hdfs@NAMENODE:8020/PATH.jceks",
        },
      ];

export const CLUSTER_RULES: readonly ClusterRule[] = [
  nodeCount,
  nodesOnce,
  lowerCase,
  osFamilies,
  disks,
  specsKnown,
  memory,
  repositories,
  credentialProvider,
];

/** Every mistake of a cluster; paths are relative to it. What passes is rendered to files that pass `checkBlueprint`. */
export const checkCluster = (cluster: ClusterSpec): Problem[] => CLUSTER_RULES.flatMap((rule) => rule(cluster));
