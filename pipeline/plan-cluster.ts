/** From the pipeline file to the plans of the batch cluster, Presto and Airflow. */
import type { ClusterSpec } from "./hadoop/cluster";
import { groupsOf } from "./hadoop/placement";
import type { AirflowPlan, ClusterPlan, HostPlan, PrestoPlan } from "./plan-types";
import { byNumber } from "./roles";
import type { Pipeline } from "./load";
import type { PipelineFile } from "./schema";

/** Where the deliveries put what the cluster's configuration names. */
export const FILES = {
  trust: "/etc/aws2ncp/tls/trust.pem",
  certificate: "/etc/aws2ncp/tls/host.crt",
  key: "/etc/aws2ncp/tls/host.key",
  keystore: "/etc/aws2ncp/tls/keystore.jks",
  truststore: "/etc/aws2ncp/tls/truststore.jks",
  s3aCredentials: "/etc/aws2ncp/s3a.jceks",
} as const;

/** PostgreSQL's databases; a database's owner has its name. */
export const DATABASES = { ambari: "ambari", hive: "hive", airflow: "airflow" } as const;
export const POSTGRESQL_PORT = 5432;

/** MB on the first node for ambari-server and PostgreSQL. */
const SERVER_MB = 1536;

const named = (hosts: readonly HostPlan[], role: HostPlan["role"]): HostPlan[] =>
  hosts.filter((host) => host.role === role).sort((a, b) => byNumber(a.name, b.name));

/** The cluster of a pipeline file that has hdp hosts and a cluster section; undefined without. */
export function clusterOf(file: PipelineFile, hosts: readonly HostPlan[]): ClusterPlan | undefined {
  const nodes = named(hosts, "hdp");
  const [first] = nodes;
  if (file.cluster === undefined || first === undefined) return undefined;
  const { name, distribution, layout, security, kerberos, time_zone, ambari_repository, repository } = file.cluster;
  const spec: ClusterSpec = {
    name,
    distribution,
    layout,
    ...(security === "none" || kerberos === undefined
      ? {}
      : {
          kerberos: {
            realm: kerberos.realm,
            kdcHosts: kerberos.kdc_hosts,
            adminServer: kerberos.admin_server,
            adminPrincipal: kerberos.admin_principal,
          },
        }),
    nodes: nodes.map((node) => ({
      fqdn: node.fqdn,
      os: node.image.os,
      spec: node.spec,
      disks: node.volume === undefined ? [] : [node.volume],
      ...(node === first ? { reservedMb: SERVER_MB } : {}),
    })),
    timeZone: time_zone,
    objectStorage: {
      host: file.object_storage.host,
      region: file.object_storage.region,
      credentialProvider: `localjceks://file${FILES.s3aCredentials}`,
    },
    metastore: {
      host: first.fqdn,
      port: POSTGRESQL_PORT,
      database: DATABASES.hive,
      user: DATABASES.hive,
      rootCertificate: FILES.trust,
    },
    tls: { keystore: FILES.keystore, truststore: FILES.truststore },
    repository: { version: repository.version, baseUrls: repository.base_urls },
  };
  return {
    spec,
    server: first.name,
    hive: nodeWith(spec, nodes, "HIVE_METASTORE"),
    ambariRepository: ambari_repository,
  };
}

/** Short name of the node that carries a component; the placement gives it to one. */
function nodeWith(spec: ClusterSpec, nodes: readonly HostPlan[], component: string): string {
  const group = groupsOf(spec).find(({ components }) => components.includes(component));
  return (nodes.find(({ fqdn }) => fqdn === group?.nodes[0]?.fqdn) as HostPlan).name;
}

export function prestoOf(file: PipelineFile, hosts: readonly HostPlan[]): PrestoPlan | undefined {
  const [coordinator, ...workers] = named(hosts, "presto").map(({ name }) => name);
  if (file.presto === undefined || coordinator === undefined) return undefined;
  return { version: file.presto.version, package: file.presto.package, coordinator, workers };
}

export function airflowOf(file: Pipeline, hosts: readonly HostPlan[]): AirflowPlan | undefined {
  if (file.airflow === undefined || named(hosts, "airflow").length === 0) return undefined;
  return { index: file.airflow.index, jobs: file.jobFiles };
}
