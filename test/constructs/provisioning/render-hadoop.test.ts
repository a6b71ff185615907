import { RESERVED_PORTS } from "../../../constructs/provisioning/render-hadoop";
import type { RenderedHost } from "../../../constructs/provisioning/render";
import { wholePlan, fileOf, hostIn, onFamily, rendered, settings } from "./plans";

const plan = wholePlan();
const EVERY_HOST = ["base", "packages", "time", "sshd", "firewall", "volume"];
const [first, second] = [rendered(plan, "hdp-1"), rendered(plan, "hdp-2")];

/** Files of some roles: path, owner, mode. */
const filesOf = (host: RenderedHost, ...roles: string[]): string[] =>
  host.files
    .filter(({ role }) => roles.includes(role))
    .map((file) => `${file.path} ${file.owner}:${file.group} ${file.mode}`);
/** Secret files of some roles: path, owner, mode, secrets in them. */
const secretsOf = (host: RenderedHost, ...roles: string[]): string[] =>
  host.secretFiles
    .filter(({ role }) => roles.includes(role))
    .map(
      ({ path, owner, group, mode, parts }) =>
        `${path} ${owner}:${group} ${mode} ${parts.flatMap((part) => ("secret" in part ? [part.secret] : [])).join(" ")}`,
    );
/** A secret file as it is composed, with names for values. */
const composed = (host: RenderedHost, path: string): string =>
  host.secretFiles
    .find((file) => file.path === path)
    ?.parts.map((part) => ("text" in part ? part.text : `<${part.secret}>`))
    .join("") ?? "absent";

const withSecrets = (...names: string[]): [string, string][] => [
  ["secrets:\n", `secrets:\n${names.map((name) => `  ${name}: { from: "env:X", version: 1 }\n`).join("")}`],
];

describe("which roles and files a node gets", () => {
  it("the first has the databases and Ambari's server too", () => {
    expect(first.roles).toEqual([
      ...EVERY_HOST,
      "java",
      "s3a",
      "hadoop_node",
      "postgresql",
      "ambari_repository",
      "ambari_server",
      "ambari_agent",
    ]);
    expect(second.roles).toEqual([...EVERY_HOST, "java", "s3a", "hadoop_node", "ambari_repository", "ambari_agent"]);
  });

  it("files of the first", () => {
    expect(
      filesOf(first, "java", "s3a", "hadoop_node", "postgresql", "ambari_repository", "ambari_server", "ambari_agent"),
    ).toEqual([
      "/etc/ambari-agent/conf/ambari-agent.ini root:root 0644",
      "/etc/apt/sources.list.d/aws2ncp-ambari.list root:root 0644",
      "/etc/aws2ncp/postgresql/databases.json root:root 0644",
      "/etc/aws2ncp/postgresql/pg_hba.conf root:root 0644",
      "/etc/aws2ncp/postgresql/postgresql.conf root:root 0644",
      "/etc/postgresql-common/createcluster.conf root:root 0644",
      "/etc/profile.d/aws2ncp-umask.sh root:root 0644",
      "/etc/security/limits.d/aws2ncp-hadoop.conf root:root 0644",
      "/etc/systemd/system/aws2ncp-hadoop-kernel.service root:root 0644",
      "/etc/systemd/system/postgresql@.service.d/aws2ncp.conf root:root 0644",
      "/usr/local/lib/aws2ncp/admin_password.py root:root 0644",
      "/usr/local/lib/aws2ncp/credential_store.py root:root 0644",
      "/usr/local/lib/aws2ncp/databases.py root:root 0644",
      "/usr/local/lib/aws2ncp/trust_store.py root:root 0644",
      "/usr/local/sbin/aws2ncp-ambari-schema root:root 0755",
      "/usr/local/sbin/aws2ncp-hadoop-kernel root:root 0755",
      "/usr/local/sbin/aws2ncp-key-store root:root 0755",
    ]);
  });

  it("keep Hadoop's ports from outgoing connections, which Linux would lend them to", () => {
    const script = fileOf(first, "/usr/local/sbin/aws2ncp-hadoop-kernel").split("\n");
    expect(script).toContain(
      "put 45454,50010,50020,50070,50075,50090,50091,50470,50475 /proc/sys/net/ipv4/ip_local_reserved_ports",
    );
    for (const port of Object.values(RESERVED_PORTS)) expect(port >= 32_768 && port <= 60_999).toBe(true);
  });

  it("secrets of the first, and of a node without its services", () => {
    const everywhere = [
      "/etc/aws2ncp/s3a.keys root:root 0600 ncp_access_key_id ncp_secret_access_key",
      "/etc/aws2ncp/tls/host.crt root:hadoop 0640 hdp_tls_cert",
      "/etc/aws2ncp/tls/host.key root:hadoop 0640 hdp_tls_key",
      "/etc/aws2ncp/tls/keystore.password root:root 0600 hadoop_keystore_password",
      "/etc/aws2ncp/tls/trust.pem root:hadoop 0640 trust_bundle",
      "/etc/aws2ncp/tls/truststore.password root:root 0600 hadoop_truststore_password",
    ];
    expect(secretsOf(first, "postgresql", "ambari_server")).toEqual([
      "/etc/ambari-server/conf/password.dat root:root 0600 ambari_db_password",
      "/etc/aws2ncp/ambari/admin.password root:root 0600 ambari_admin_password",
      "/etc/aws2ncp/postgresql/ambari.password root:root 0600 ambari_db_password",
      "/etc/aws2ncp/postgresql/hive.password root:root 0600 hive_db_password",
      "/etc/aws2ncp/postgresql/server.crt root:postgres 0640 hdp_tls_cert",
      "/etc/aws2ncp/postgresql/server.key root:postgres 0640 hdp_tls_key",
    ]);
    expect(secretsOf(first, "java", "s3a")).toEqual(everywhere);
    expect(secretsOf(second, "java", "s3a", "hadoop_node", "ambari_repository", "ambari_agent")).toEqual(everywhere);
  });

  it("on the other family the same, where that keeps it", () => {
    const redhat = rendered(onFamily(plan, "redhat"), "hdp-1");
    const paths = (host: RenderedHost): string[] =>
      host.files.filter(({ role }) => !EVERY_HOST.includes(role)).map(({ path }) => path);
    expect(paths(redhat).filter((path) => !paths(first).includes(path))).toEqual([
      "/etc/systemd/system/postgresql.service.d/aws2ncp.conf",
      "/etc/yum.repos.d/aws2ncp-ambari.repo",
    ]);
    expect(settings(fileOf(redhat, "/etc/systemd/system/postgresql.service.d/aws2ncp.conf"))).toEqual([
      "[Unit]",
      "RequiresMountsFor=/data/1/postgresql-data",
      "[Service]",
      "Environment=PGDATA=/data/1/postgresql-data",
    ]);
    expect(redhat.vars["postgresql_databases_command"]).toBe(
      "/usr/bin/python3.9 -B /usr/local/lib/aws2ncp/databases.py /etc/aws2ncp/postgresql/databases.json",
    );
  });
});

describe("Java", () => {
  it("a Presto host has its own pair for its own group, an Airflow host trust alone", () => {
    expect(secretsOf(rendered(plan, "presto-1"), "java")).toEqual([
      "/etc/aws2ncp/tls/host.crt root:presto 0640 presto_tls_cert",
      "/etc/aws2ncp/tls/host.key root:presto 0640 presto_tls_key",
      "/etc/aws2ncp/tls/keystore.password root:root 0600 hadoop_keystore_password",
      "/etc/aws2ncp/tls/trust.pem root:presto 0640 trust_bundle",
      "/etc/aws2ncp/tls/truststore.password root:root 0600 hadoop_truststore_password",
    ]);
    expect(secretsOf(rendered(plan, "airflow-1"), "java")).toEqual([
      "/etc/aws2ncp/tls/trust.pem root:airflow 0640 trust_bundle",
      "/etc/aws2ncp/tls/truststore.password root:root 0600 hadoop_truststore_password",
    ]);
    expect(["presto-1", "airflow-1"].map((name) => rendered(plan, name).vars["java_has_key"])).toEqual([true, false]);
    expect(first.vars["java_trust_command"]).toBe(
      "/usr/bin/python3 -B /usr/local/lib/aws2ncp/trust_store.py /etc/aws2ncp/tls/trust.pem /etc/aws2ncp/tls/truststore.password /etc/aws2ncp/tls/truststore.jks",
    );
  });

  it("the keys of Object Storage go from a file of root's alone to a store that Hadoop's group reads", () => {
    expect(composed(first, "/etc/aws2ncp/s3a.keys")).toBe(
      "fs.s3a.access.key=<ncp_access_key_id>\nfs.s3a.secret.key=<ncp_secret_access_key>\n",
    );
    expect(first.vars["s3a_command"]).toBe(
      "/usr/bin/python3 -B /usr/local/lib/aws2ncp/credential_store.py /etc/aws2ncp/s3a.keys /etc/aws2ncp/s3a.jceks hadoop",
    );
    expect(plan.cluster?.spec.objectStorage.credentialProvider).toBe("localjceks://file/etc/aws2ncp/s3a.jceks");
  });
});

describe("what Ambari asks of a host", () => {
  it("accounts of the services have numbers that never change, and one group", () => {
    expect(first.vars["hadoop_node_groups"]).toEqual([{ name: "hadoop", gid: 2000 }]);
    const accounts = first.vars["hadoop_node_accounts"] as { name: string; uid: number; group: string }[];
    expect(accounts.map(({ name, uid, group }) => `${name}:${uid}:${group}`)).toEqual([
      "ams:2001:hadoop",
      "ambari-qa:2002:hadoop",
      "hdfs:2003:hadoop",
      "hive:2004:hadoop",
      "mapred:2005:hadoop",
      "spark:2006:hadoop",
      "sqoop:2007:hadoop",
      "tez:2008:hadoop",
      "yarn:2009:hadoop",
      "yarn-ats:2010:hadoop",
      "zookeeper:2011:hadoop",
    ]);
  });

  it("whoever runs a task may buffer what goes to Object Storage, on the data disk", () => {
    const folders = first.vars["deliver_folders"] as { path: string; mode: string; role: string }[];
    expect(folders.filter(({ role }) => role === "hadoop_node").map(({ path, mode }) => `${path} ${mode}`)).toEqual([
      "/etc/security/limits.d 0755",
      "/data/1/hadoop 0755",
      "/data/1/hadoop/s3a 1777",
    ]);
  });

  it("limits", () => {
    expect(settings(fileOf(first, "/etc/security/limits.d/aws2ncp-hadoop.conf"))).toEqual([
      "@hadoop - nofile 16384",
      "@hadoop - nproc 16384",
      "root - nofile 16384",
    ]);
  });
});

describe("PostgreSQL", () => {
  const conf = "/etc/aws2ncp/postgresql/postgresql.conf";

  it("of the cluster listens on its own addresses, with TLS and SCRAM, and logs no statement", () => {
    expect(settings(fileOf(first, conf))).toEqual([
      "listen_addresses = '127.0.0.1, 10.20.1.20'",
      "port = 5432",
      "unix_socket_directories = '/var/run/postgresql'",
      "hba_file = '/etc/aws2ncp/postgresql/pg_hba.conf'",
      "ssl = on",
      "ssl_cert_file = '/etc/aws2ncp/postgresql/server.crt'",
      "ssl_key_file = '/etc/aws2ncp/postgresql/server.key'",
      "ssl_min_protocol_version = 'TLSv1.2'",
      "password_encryption = 'scram-sha-256'",
      "log_connections = on",
      "log_disconnections = on",
      "log_statement = 'none'",
      "log_line_prefix = '%m [%p] %u@%d %h '",
      "log_timezone = 'UTC'",
      "timezone = 'UTC'",
    ]);
  });

  it("admits Ambari from its own node, the metastore from the node that the placement gives it, nobody else", () => {
    expect(plan.cluster?.hive).toBe("hdp-2");
    expect(settings(fileOf(first, "/etc/aws2ncp/postgresql/pg_hba.conf"))).toEqual([
      "local all postgres peer",
      "hostssl ambari ambari 10.20.1.20/32 scram-sha-256",
      "hostssl hive hive 10.20.1.21/32 scram-sha-256",
    ]);
    expect(JSON.parse(fileOf(first, "/etc/aws2ncp/postgresql/databases.json"))).toEqual([
      { name: "ambari", schema: "ambari", password_file: "/etc/aws2ncp/postgresql/ambari.password" },
      { name: "hive", schema: null, password_file: "/etc/aws2ncp/postgresql/hive.password" },
    ]);
  });

  it("of Airflow listens on no address: its account comes over the socket, without a password", () => {
    const airflow = rendered(plan, "airflow-1");
    expect(settings(fileOf(airflow, conf)).slice(0, 5)).toEqual([
      "listen_addresses = ''",
      "port = 5432",
      "unix_socket_directories = '/var/run/postgresql'",
      "hba_file = '/etc/aws2ncp/postgresql/pg_hba.conf'",
      "ssl = off",
    ]);
    expect(settings(fileOf(airflow, "/etc/aws2ncp/postgresql/pg_hba.conf"))).toEqual([
      "local all postgres peer",
      "local airflow airflow peer",
    ]);
    expect(JSON.parse(fileOf(airflow, "/etc/aws2ncp/postgresql/databases.json"))).toEqual([
      { name: "airflow", schema: null, password_file: null },
    ]);
    expect(secretsOf(airflow, "postgresql")).toEqual([]);
  });

  it("keeps its data on the volume, or under /var/lib on a host without", () => {
    expect(first.vars["postgresql_data"]).toBe("/data/1/postgresql-data");
    const { volume: _, ...bare } = hostIn(plan, "airflow-1");
    const hosts = [hostIn(plan, "proxy-1"), bare];
    expect(rendered({ ...plan, hosts }, "airflow-1").vars["postgresql_data"]).toBe("/var/lib/postgresql-data");
  });
});

describe("Ambari", () => {
  it("the server's settings: its database over TLS by its full name, agents with certificates", () => {
    const url =
      "jdbc:postgresql://hdp-1.aws2ncp.internal:5432/ambari?ssl=true&sslmode=verify-full&sslrootcert=/etc/aws2ncp/tls/trust.pem";
    const properties = first.vars["ambari_server_properties"] as { name: string; value: string }[];
    expect(properties.map(({ name, value }) => `${name}=${value}`)).toEqual([
      "ambari-server.user=root",
      "custom.postgres.jdbc.name=postgresql-jdbc.jar",
      "java.home=/usr/lib/jvm/aws2ncp-java",
      "security.server.two_way_ssl=true",
      "server.jdbc.connection-pool=internal",
      "server.jdbc.database=postgres",
      "server.jdbc.database_name=ambari",
      "server.jdbc.driver=org.postgresql.Driver",
      "server.jdbc.hostname=hdp-1.aws2ncp.internal",
      "server.jdbc.port=5432",
      "server.jdbc.postgres.schema=ambari",
      "server.jdbc.rca.driver=org.postgresql.Driver",
      `server.jdbc.rca.url=${url}`,
      "server.jdbc.rca.user.name=ambari",
      "server.jdbc.rca.user.passwd=/etc/ambari-server/conf/password.dat",
      `server.jdbc.url=${url}`,
      "server.jdbc.user.name=ambari",
      "server.jdbc.user.passwd=/etc/ambari-server/conf/password.dat",
      "server.os_family=ubuntu16",
      "server.os_type=ubuntu16",
      "server.persistence.type=remote",
    ]);
    expect(first.vars["ambari_server_password_command"]).toBe(
      "/usr/bin/python3 -B /usr/local/lib/aws2ncp/admin_password.py 8080 /etc/aws2ncp/ambari/admin.password /etc/aws2ncp/ambari/admin.password-set",
    );
  });

  it("agents of all nodes go to the first", () => {
    const of = (host: RenderedHost): string[] => settings(fileOf(host, "/etc/ambari-agent/conf/ambari-agent.ini"));
    expect(of(first)).toEqual(of(second));
    expect(of(second).slice(0, 4)).toEqual([
      "[server]",
      "hostname=hdp-1.aws2ncp.internal",
      "url_port=8440",
      "secured_url_port=8441",
    ]);
    expect(of(second)).toEqual(
      expect.arrayContaining(["force_https_protocol=PROTOCOL_TLSv1_2", "use_system_proxy_settings=false"]),
    );
  });
});

describe("the repository of Ambari's packages", () => {
  const [LIST, LOGIN, KEY] = [
    "/etc/apt/sources.list.d/aws2ncp-ambari.list",
    "/etc/apt/auth.conf.d/aws2ncp-ambari.conf",
    "/etc/apt/trusted.gpg.d/aws2ncp-repository.asc",
  ];
  const OVER_TLS = [
    ["ambari_repository: http:", "ambari_repository: https:"],
    ["HDP: http://packages.ncp.test", "HDP: https://more.ncp.test"],
    ["[packages.ncp.test]", "[packages.ncp.test, more.ncp.test]"],
  ] as const;
  const prunes = (host: RenderedHost): string[] =>
    (host.vars["deliver_prune"] as { folder: string; pattern: string }[])
      .map(({ folder, pattern }) => `${folder}/${pattern}`)
      .filter((path) => [LOGIN, KEY].includes(path));

  it("has neither login nor key unless there are secrets for them, and keeps none of an earlier deploy", () => {
    expect(settings(fileOf(first, LIST))).toEqual(["deb [trusted=yes] http://packages.ncp.test/ambari Ambari main"]);
    expect(secretsOf(first, "ambari_repository")).toEqual([]);
    expect(prunes(first)).toEqual([LOGIN, KEY]);
  });

  it("a login is for the hosts that are reached over TLS, those that Ambari adds too", () => {
    const host = rendered(wholePlan(...OVER_TLS, ...withSecrets("repository_user", "repository_password")), "hdp-2");
    const entry = (name: string): string =>
      `machine ${name}\nlogin <repository_user>\npassword <repository_password>\n`;
    expect(composed(host, LOGIN)).toBe(`${entry("more.ncp.test")}${entry("packages.ncp.test")}`);
    expect(secretsOf(host, "ambari_repository")[0]).toMatch(/^\S+ root:root 0600 /);
    expect(prunes(host)).toEqual([KEY]);
  });

  it("a login never goes over a line that is not encrypted", () => {
    const host = rendered(wholePlan(...withSecrets("repository_user", "repository_password")), "hdp-2");
    expect(secretsOf(host, "ambari_repository")).toEqual([]);
  });

  it("dnf has the login in the repository's own file, which is a secret then", () => {
    const host = rendered(
      onFamily(
        wholePlan(...OVER_TLS, ...withSecrets("repository_user", "repository_password", "repository_key")),
        "redhat",
      ),
      "hdp-2",
    );
    expect(settings(composed(host, "/etc/yum.repos.d/aws2ncp-ambari.repo"))).toEqual([
      "[aws2ncp-ambari]",
      "name=Ambari",
      "baseurl=https://packages.ncp.test/ambari",
      "enabled=1",
      "gpgcheck=1",
      "gpgkey=file:///etc/pki/rpm-gpg/aws2ncp-repository",
      "username=<repository_user>",
      "password=<repository_password>",
    ]);
    expect(host.files.filter(({ role }) => role === "ambari_repository")).toEqual([]);
  });

  it("a key makes apt check who signed, and is readable to its checker", () => {
    const host = rendered(wholePlan(...withSecrets("repository_key")), "hdp-2");
    expect(settings(fileOf(host, LIST))).toEqual([
      `deb [signed-by=${KEY}] http://packages.ncp.test/ambari Ambari main`,
    ]);
    expect(secretsOf(host, "ambari_repository")).toEqual([`${KEY} _apt:root 0600 repository_key`]);
    expect(prunes(host)).toEqual([LOGIN]);
  });
});

it("an hdp host without a cluster is a mistake that is named", () => {
  const { cluster: _, ...without } = plan;
  expect(() => rendered(without, "hdp-2")).toThrow("hdp-2: the plan has no cluster for it");
});
