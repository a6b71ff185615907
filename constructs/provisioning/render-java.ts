/** Java on a host with the stores that it reads: TLS keys and trust, and Object Storage's keys for S3A. */
import { FILES } from "../../pipeline/plan-cluster";
import type { Role, SecretName } from "../../pipeline/plan-types";
import { AIRFLOW, HADOOP, PRESTO } from "./accounts";
import type { Job, Scope, SecretSpec } from "./render-types";

/** The same path on every family and architecture. */
export const JAVA_HOME = "/usr/lib/jvm/aws2ncp-java";

/** Programs of the roles that Ansible runs. */
export const LIBRARY = "/usr/local/lib/aws2ncp";

const TLS_FOLDER = "/etc/aws2ncp/tls";

/** Who reads the host's keys, and which pair is the host's; an Airflow host serves nobody over TLS. */
const HOSTS: Partial<
  Record<
    Role,
    {
      readonly group: { readonly name: string; readonly gid: number };
      readonly pair?: { readonly certificate: SecretName; readonly key: SecretName };
    }
  >
> = {
  hdp: { group: HADOOP, pair: { certificate: "hdp_tls_cert", key: "hdp_tls_key" } },
  presto: { group: PRESTO, pair: { certificate: "presto_tls_cert", key: "presto_tls_key" } },
  airflow: { group: AIRFLOW },
};

function hostOf({ host }: Scope): NonNullable<(typeof HOSTS)[Role]> {
  const found = HOSTS[host.role];
  if (found === undefined) throw new Error(`${host.name}: hosts of role ${host.role} have no Java`);
  return found;
}

/** Java 8, and the host's certificate and trust, as PEM files and as Java's key stores. */
export function javaJob(scope: Scope): Job {
  const { group, pair } = hostOf(scope);
  const program = `${LIBRARY}/trust_store.py`;
  const own = { group: group.name, mode: "0640" };
  const file = (path: string, secret: SecretName): SecretSpec => ({ path, parts: [{ secret }], ...own });
  const passwordFile = (store: string): string => `${TLS_FOLDER}/${store}.password`;
  const password = (store: string, secret: SecretName): SecretSpec => ({
    path: passwordFile(store),
    parts: [{ secret }],
  });
  return {
    folders: [{ path: TLS_FOLDER }, { path: LIBRARY }],
    files: [
      { path: program, source: "trust_store.py" },
      { path: "/usr/local/sbin/aws2ncp-key-store", source: "aws2ncp-key-store", mode: "0755" },
    ],
    secretFiles: [
      file(FILES.trust, "trust_bundle"),
      password("truststore", "hadoop_truststore_password"),
      ...(pair === undefined
        ? []
        : [
            file(FILES.certificate, pair.certificate),
            file(FILES.key, pair.key),
            password("keystore", "hadoop_keystore_password"),
          ]),
    ],
    vars: {
      java_group: group.name,
      java_gid: group.gid,
      java_has_key: pair !== undefined,
      java_truststore: FILES.truststore,
      java_trust_command: `${scope.platform.python} -B ${program} ${FILES.trust} ${passwordFile("truststore")} ${FILES.truststore}`,
    },
  };
}

/** Object Storage's keys in Hadoop's credential store, for the host's group to read. */
export function s3aJob(scope: Scope): Job {
  const { group } = hostOf(scope);
  const values = "/etc/aws2ncp/s3a.keys";
  const program = `${LIBRARY}/credential_store.py`;
  return {
    folders: [{ path: LIBRARY }],
    files: [{ path: program, source: "credential_store.py" }],
    secretFiles: [
      {
        path: values,
        parts: [
          { text: "fs.s3a.access.key=" },
          { secret: "ncp_access_key_id" },
          { text: "\nfs.s3a.secret.key=" },
          { secret: "ncp_secret_access_key" },
          { text: "\n" },
        ],
      },
    ],
    vars: { s3a_command: `${scope.platform.python} -B ${program} ${values} ${FILES.s3aCredentials} ${group.name}` },
  };
}
