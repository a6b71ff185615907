/** Jobs of the batch cluster's nodes: what Ambari asks of a host, its server on the first node, its agents. */
import { DATABASES, FILES, POSTGRESQL_PORT } from "../../pipeline/plan-cluster";
import { PORTS } from "../../pipeline/limits";
import type { ClusterPlan, HostPlan, Plan } from "../../pipeline/plan-types";
import { HADOOP, HADOOP_ACCOUNTS } from "./accounts";
import { JAVA_HOME, LIBRARY } from "./render-java";
import { clusterOf } from "./render-repository";
import type { Job, Scope } from "./render-types";

const serverOf = (plan: Plan, { server }: ClusterPlan): HostPlan =>
  plan.hosts.find(({ name }) => name === server) as HostPlan;

/**
 * Ports on which Hadoop listens (HDP 3.1: hdfs-site, yarn-site) and which Linux also gives to outgoing connections (32768 to 60999):
 * one that is lent out keeps its service from starting.
 */
export const RESERVED_PORTS: Readonly<Record<string, number>> = {
  "yarn.nodemanager.address": 45454,
  "dfs.datanode.address": 50010,
  "dfs.datanode.ipc.address": 50020,
  "dfs.namenode.http-address": 50070,
  "dfs.datanode.http.address": 50075,
  "dfs.namenode.secondary.http-address": 50090,
  "dfs.namenode.secondary.https-address": 50091,
  "dfs.namenode.https-address": 50470,
  "dfs.datanode.https.address": 50475,
};

/** What Ambari asks of a host before it installs anything. */
export function hadoopNodeJob(scope: Scope): Job {
  const disks = clusterOf(scope).spec.nodes.find(({ fqdn }) => fqdn === scope.host.fqdn)?.disks ?? [];
  const notify = ["Apply the kernel settings"];
  return {
    folders: [
      { path: "/etc/security/limits.d" },
      // Ambari makes the others. S3A's buffers belong to whoever runs a query or a task.
      ...disks.flatMap(({ mount }) => [{ path: `${mount}/hadoop` }, { path: `${mount}/hadoop/s3a`, mode: "1777" }]),
    ],
    files: [
      {
        path: "/etc/security/limits.d/aws2ncp-hadoop.conf",
        template: "limits.conf.j2",
        context: { group: HADOOP.name },
      },
      { path: "/etc/profile.d/aws2ncp-umask.sh", source: "umask.sh" },
      {
        path: "/usr/local/sbin/aws2ncp-hadoop-kernel",
        template: "aws2ncp-hadoop-kernel.j2",
        context: { ports: Object.values(RESERVED_PORTS).sort((a, b) => a - b) },
        mode: "0755",
        notify,
      },
      {
        path: "/etc/systemd/system/aws2ncp-hadoop-kernel.service",
        template: "aws2ncp-hadoop-kernel.service.j2",
        notify,
      },
    ],
    vars: {
      hadoop_node_groups: [HADOOP],
      hadoop_node_accounts: Object.entries(HADOOP_ACCOUNTS).map(([name, uid]) => ({ name, uid, group: HADOOP.name })),
    },
  };
}

/** Ports of the server for agents, and of the agents themselves (Ambari 2.8: its defaults). */
const AGENT_PORTS = { registration: 8440, agents: 8441, ping: 8670 } as const;

/** Ambari's settings that `ambari-server setup` would write, for a database that it reaches over TLS. */
function serverProperties({ host }: Scope, { spec }: ClusterPlan, passwordFile: string): Record<string, string> {
  const url = `jdbc:postgresql://${host.fqdn}:${POSTGRESQL_PORT}/${DATABASES.ambari}?ssl=true&sslmode=verify-full&sslrootcert=${FILES.trust}`;
  const jdbc = (prefix: string): Record<string, string> => ({
    [`${prefix}.driver`]: "org.postgresql.Driver",
    [`${prefix}.url`]: url,
    [`${prefix}.user.name`]: DATABASES.ambari,
    [`${prefix}.user.passwd`]: passwordFile,
  });
  const os = spec.nodes.find(({ fqdn }) => fqdn === host.fqdn)?.os ?? "";
  return {
    "ambari-server.user": "root",
    "custom.postgres.jdbc.name": "postgresql-jdbc.jar",
    "java.home": JAVA_HOME,
    "security.server.two_way_ssl": "true", // agents show the certificate that they got when they registered
    ...jdbc("server.jdbc"),
    ...jdbc("server.jdbc.rca"),
    "server.jdbc.connection-pool": "internal",
    "server.jdbc.database": "postgres",
    "server.jdbc.database_name": DATABASES.ambari,
    "server.jdbc.hostname": host.fqdn,
    "server.jdbc.port": String(POSTGRESQL_PORT),
    "server.jdbc.postgres.schema": DATABASES.ambari,
    "server.os_family": os,
    "server.os_type": os,
    "server.persistence.type": "remote",
  };
}

export function ambariServerJob(scope: Scope): Job {
  const folder = "/etc/aws2ncp/ambari";
  const program = `${LIBRARY}/admin_password.py`;
  const [database, wanted, last] = [
    "/etc/ambari-server/conf/password.dat",
    `${folder}/admin.password`,
    `${folder}/admin.password-set`,
  ];
  const properties = serverProperties(scope, clusterOf(scope), database);
  return {
    folders: [{ path: folder, mode: "0700" }, { path: LIBRARY }],
    files: [
      { path: "/usr/local/sbin/aws2ncp-ambari-schema", source: "aws2ncp-ambari-schema", mode: "0755" },
      { path: program, source: "admin_password.py" },
    ],
    secretFiles: [
      { path: database, parts: [{ secret: "ambari_db_password" }], notify: ["Restart the server"] },
      { path: wanted, parts: [{ secret: "ambari_admin_password" }] },
    ],
    vars: {
      ambari_server_properties: Object.entries(properties)
        .map(([name, value]) => ({ name, value }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
      ambari_server_password_command: `${scope.platform.python} -B ${program} ${PORTS.pages} ${wanted} ${last}`,
    },
  };
}

export function ambariAgentJob(scope: Scope): Job {
  const context = { server: serverOf(scope.plan, clusterOf(scope)).fqdn, ports: AGENT_PORTS };
  return {
    files: [
      {
        path: "/etc/ambari-agent/conf/ambari-agent.ini",
        template: "ambari-agent.ini.j2",
        context,
        notify: ["Restart the agent"],
      },
    ],
  };
}
