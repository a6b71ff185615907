/** PostgreSQL: the databases of Ambari and the metastore on the cluster's first node, and Airflow's on its own host. */
import { DATABASES, POSTGRESQL_PORT } from "../../pipeline/plan-cluster";
import type { HostPlan, Plan, SecretName } from "../../pipeline/plan-types";
import { POSTGRES } from "./accounts";
import { sortedJson } from "./render-engine";
import { LIBRARY } from "./render-java";
import type { Job, Scope, SecretSpec } from "./render-types";

/** A database, and its owner of the same name. */
interface Database {
  readonly name: string;
  /** One of its own, if it wants one beside `public`. */
  readonly schema?: string;
  /** Who may come over TLS, with a password; none: the host's account of that name, over the local socket. */
  readonly login?: { readonly password: SecretName; readonly addresses: readonly string[] };
}

const FOLDER = "/etc/aws2ncp/postgresql";
const TLS = { certificate: `${FOLDER}/server.crt`, key: `${FOLDER}/server.key` };

function databasesOf({ hosts, cluster }: Plan, host: HostPlan): Database[] {
  if (host.role === "airflow") return [{ name: DATABASES.airflow }];
  const addressesOf = (...names: readonly string[]): string[] =>
    hosts.filter(({ name }) => names.includes(name)).map(({ address }) => address);
  return [
    {
      name: DATABASES.ambari,
      schema: DATABASES.ambari,
      login: { password: "ambari_db_password", addresses: [host.address] },
    },
    {
      name: DATABASES.hive,
      login: { password: "hive_db_password", addresses: addressesOf(cluster?.hive ?? "") },
    },
  ];
}

const passwordFile = ({ name, login }: Database): string | null =>
  login === undefined ? null : `${FOLDER}/${name}.password`;

function secretsOf(databases: readonly Database[]): SecretSpec[] {
  const reader = { group: "postgres", mode: "0640", notify: ["Reload PostgreSQL"] };
  const passwords = databases.flatMap((database) =>
    database.login === undefined
      ? []
      : [{ path: passwordFile(database) as string, parts: [{ secret: database.login.password }] }],
  );
  if (passwords.length === 0) return [];
  return [
    ...passwords,
    { path: TLS.certificate, parts: [{ secret: "hdp_tls_cert" }], ...reader },
    { path: TLS.key, parts: [{ secret: "hdp_tls_key" }], ...reader },
  ];
}

/** The server, its data on the host's volume if there is one, its databases with their owners and passwords. */
export function postgresqlJob({ plan, host, platform }: Scope): Job {
  const databases = databasesOf(plan, host);
  const overTls = databases.some(({ login }) => login !== undefined);
  const data = `${host.volume?.mount ?? "/var/lib"}/postgresql-data`;
  const [list, program] = [`${FOLDER}/databases.json`, `${LIBRARY}/databases.py`];
  const { dropIn, pgdata, createcluster } = platform.postgresql;
  const restart = ["Restart PostgreSQL"];
  const context = {
    data,
    pgdata,
    port: POSTGRESQL_PORT,
    tls: overTls ? TLS : undefined,
    addresses: overTls ? ["127.0.0.1", host.address] : [],
    databases: databases.map(({ name, login }) => ({ name, addresses: login?.addresses ?? [] })),
  };
  return {
    folders: [
      { path: FOLDER },
      { path: LIBRARY },
      { path: `/etc/systemd/system/${dropIn}` },
      ...(createcluster === undefined ? [] : [{ path: "/etc/postgresql-common" }]),
    ],
    files: [
      { path: `${FOLDER}/postgresql.conf`, template: "postgresql.conf.j2", context, notify: restart },
      { path: `${FOLDER}/pg_hba.conf`, template: "pg_hba.conf.j2", context, notify: ["Reload PostgreSQL"] },
      { path: `/etc/systemd/system/${dropIn}/aws2ncp.conf`, template: "volume.conf.j2", context, notify: restart },
      ...(createcluster === undefined ? [] : [{ path: createcluster, template: "createcluster.conf.j2" }]),
      {
        path: list,
        content: sortedJson(
          databases.map((database) => ({
            name: database.name,
            schema: database.schema ?? null,
            password_file: passwordFile(database),
          })),
        ),
      },
      { path: program, source: "databases.py" },
    ],
    secretFiles: secretsOf(databases),
    vars: {
      postgresql_id: POSTGRES,
      postgresql_data: data,
      postgresql_databases_command: `${platform.python} -B ${program} ${list}`,
    },
  };
}
