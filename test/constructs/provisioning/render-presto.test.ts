import type { RenderedHost } from "../../../constructs/provisioning/render";
import { wholePlan } from "../../fixtures/plan";
import { KERBEROS } from "../../fixtures/cluster";
import { fileOf, onFamily, rendered, settings } from "./plans";

const plan = wholePlan();
const [coordinator, worker] = [rendered(plan, "presto-1"), rendered(plan, "presto-2")];

/** A secret file as it is composed, with names for values. */
const composed = (host: RenderedHost, path: string): string =>
  host.secretFiles
    .find((file) => file.path === path)
    ?.parts.map((part) => ("text" in part ? part.text : `<${part.secret}>`))
    .join("") ?? "absent";
const own = (host: RenderedHost): string[] =>
  [...host.files, ...host.secretFiles]
    .filter(({ role }) => role === "presto")
    .map((file) => `${file.path} ${file.owner}:${file.group} ${file.mode}`);

const EVERY_NODE = [
  "/etc/presto/hadoop/core-site.xml root:root 0644",
  "/etc/presto/hadoop/hdfs-site.xml root:root 0644",
  "/etc/presto/hive-rules.json root:root 0644",
  "/etc/presto/log.properties root:root 0644",
  "/etc/systemd/system/presto.service root:root 0644",
];
const SECRET = [
  "/etc/presto/catalog/hive.properties root:presto 0640",
  "/etc/presto/config.properties root:presto 0640",
  "/etc/presto/tls/node.crt root:presto 0640",
  "/etc/presto/tls/node.pem root:presto 0640",
  "/etc/presto/tls/server.crt root:presto 0640",
  "/etc/presto/tls/server.pem root:presto 0640",
];

describe("which files a node gets", () => {
  it("a worker: no logins, no rules of its own", () => {
    expect(worker.roles.slice(-2)).toEqual(["java", "presto"]);
    expect(own(worker)).toEqual([...EVERY_NODE, ...SECRET]);
  });

  it("the coordinator: who may come in, what they may do, what they asked", () => {
    expect(own(coordinator).filter((file) => ![...EVERY_NODE, ...SECRET].includes(file))).toEqual([
      "/etc/logrotate.d/presto root:root 0644",
      "/etc/presto/access-control.properties root:root 0644",
      "/etc/presto/access-rules.json root:root 0644",
      "/etc/presto/password-authenticator.properties root:root 0644",
      "/etc/presto/query-log.json root:root 0644",
      "/etc/presto/resource-groups.json root:root 0644",
      "/etc/presto/resource-groups.properties root:root 0644",
      "/etc/systemd/system/aws2ncp-presto-queries.service root:root 0644",
      "/usr/local/lib/aws2ncp/presto_queries.py root:root 0644",
      "/etc/presto/batch-password root:presto 0640",
      "/etc/presto/users root:presto 0640",
    ]);
  });

  it("secrets stand in files that root and Presto read, and in none of the others", () => {
    const secrets = coordinator.secretFiles.flatMap((file) =>
      file.role === "presto"
        ? file.parts.flatMap((part) => ("secret" in part ? [`${file.path} ${part.secret}`] : []))
        : [],
    );
    expect(secrets).toEqual([
      "/etc/presto/batch-password presto_batch_password",
      "/etc/presto/catalog/hive.properties ncp_access_key_id",
      "/etc/presto/catalog/hive.properties ncp_secret_access_key",
      "/etc/presto/config.properties presto_internal_secret",
      "/etc/presto/tls/node.crt presto_node_cert",
      "/etc/presto/tls/node.pem presto_node_cert",
      "/etc/presto/tls/node.pem presto_node_key",
      "/etc/presto/tls/server.crt presto_tls_cert",
      "/etc/presto/tls/server.pem presto_tls_cert",
      "/etc/presto/tls/server.pem presto_tls_key",
      "/etc/presto/users presto_users",
    ]);
  });
});

describe("config.properties", () => {
  const memory = [
    "query.max-memory-per-node=1536MB",
    "query.max-total-memory-per-node=2048MB",
    "query.max-memory=1536MB",
    "query.max-total-memory=2048MB",
    "memory.heap-headroom-per-node=1280MB",
    "experimental.reserved-pool-enabled=false",
  ];
  const tls = [
    "http-server.http.enabled=false",
    "http-server.https.enabled=true",
    "http-server.https.port=8443",
    "http-server.https.keystore.path=/etc/presto/tls/server.pem",
    "http-server.https.truststore.path=/etc/presto/tls/node.crt",
    "http-server.show-stack-trace=false",
    "http-server.log.path=/var/log/presto/http-request.log",
    "http-server.log.max-size=64MB",
    "http-server.log.max-history=400",
    "internal-communication.https.required=true",
    "internal-communication.https.keystore.path=/etc/presto/tls/node.pem",
    "internal-communication.https.trust-store-path=/etc/presto/tls/server.crt",
    "internal-communication.jwt.enabled=true",
    "internal-communication.shared-secret=<presto_internal_secret>",
  ];

  it("of the coordinator, which does not work beside workers", () => {
    expect(settings(composed(coordinator, "/etc/presto/config.properties"))).toEqual([
      "coordinator=true",
      "node-scheduler.include-coordinator=false",
      "discovery-server.enabled=true",
      "query.min-expire-age=1h",
      "query.max-history=2000",
      "http-server.authentication.type=CERTIFICATE,PASSWORD",
      "node.environment=aws2ncp",
      "node.id=presto-1",
      "node.internal-address=presto-1.aws2ncp.internal",
      "plugin.dir=/opt/presto/plugin",
      "log.levels-file=/etc/presto/log.properties",
      "discovery.uri=https://presto-1.aws2ncp.internal:8443",
      ...tls,
      ...memory,
    ]);
  });

  it("of a worker", () => {
    expect(settings(composed(worker, "/etc/presto/config.properties"))).toEqual([
      "coordinator=false",
      "node.environment=aws2ncp",
      "node.id=presto-2",
      "node.internal-address=presto-2.aws2ncp.internal",
      "plugin.dir=/opt/presto/plugin",
      "log.levels-file=/etc/presto/log.properties",
      "discovery.uri=https://presto-1.aws2ncp.internal:8443",
      ...tls,
      ...memory,
    ]);
  });

  it("a coordinator alone works itself", () => {
    const alone = { ...plan, presto: { ...plan.presto!, workers: [] } };
    expect(composed(rendered(alone, "presto-1"), "/etc/presto/config.properties")).toContain(
      "include-coordinator=true\n",
    );
  });

  it("more workers carry larger queries", () => {
    const more = { ...plan, presto: { ...plan.presto!, workers: ["presto-2", "presto-3", "presto-4"] } };
    const lines = settings(composed(rendered(more, "presto-1"), "/etc/presto/config.properties"));
    expect(lines.filter((line) => line.startsWith("query.max-") && !line.includes("history"))).toEqual([
      "query.max-memory-per-node=1536MB",
      "query.max-total-memory-per-node=2048MB",
      "query.max-memory=4608MB",
      "query.max-total-memory=6144MB",
    ]);
  });
});

describe("the catalog of Hive", () => {
  it("reaches the metastore, Object Storage and HDFS, and reads timestamps in the cluster's zone", () => {
    expect(settings(composed(worker, "/etc/presto/catalog/hive.properties"))).toEqual([
      "connector.name=hive-hadoop2",
      "hive.metastore.uri=thrift://hdp-2.aws2ncp.internal:9083",
      "hive.config.resources=/etc/presto/hadoop/core-site.xml,/etc/presto/hadoop/hdfs-site.xml",
      "hive.s3.endpoint=https://kr.object.private.ncp.test",
      "hive.s3.path-style-access=true",
      "hive.s3.ssl.enabled=true",
      "hive.s3.aws-access-key=<ncp_access_key_id>",
      "hive.s3.aws-secret-key=<ncp_secret_access_key>",
      "hive.non-managed-table-writes-enabled=true",
      "hive.time-zone=Asia/Seoul",
      "hive.parquet.use-column-names=true",
      "hive.security=file",
      "security.config-file=/etc/presto/hive-rules.json",
      "security.refresh-period=60s",
    ]);
  });

  it("with Kerberos logs in as presto, and has everything encrypted", () => {
    const cluster = { ...plan.cluster!, spec: { ...plan.cluster!.spec, kerberos: KERBEROS } };
    const lines = settings(composed(rendered({ ...plan, cluster }, "presto-2"), "/etc/presto/catalog/hive.properties"));
    expect(lines.filter((line) => /kerberos|keytab|principal|wire/i.test(line))).toEqual([
      "hive.hdfs.wire-encryption.enabled=true",
      "hive.metastore.authentication.type=KERBEROS",
      "hive.metastore.service.principal=hive/_HOST@AWS2NCP.INTERNAL",
      "hive.metastore.client.principal=presto/_HOST@AWS2NCP.INTERNAL",
      "hive.metastore.client.keytab=/etc/security/keytabs/presto.service.keytab",
      "hive.hdfs.authentication.type=KERBEROS",
      "hive.hdfs.presto.principal=presto/_HOST@AWS2NCP.INTERNAL",
      "hive.hdfs.presto.keytab=/etc/security/keytabs/presto.service.keytab",
    ]);
  });

  const properties = (host: RenderedHost, name: string): Record<string, string> =>
    Object.fromEntries(
      [...fileOf(host, `/etc/presto/hadoop/${name}.xml`).matchAll(/<name>(.*)<\/name>\s*<value>(.*)<\/value>/g)].map(
        ([, key, value]) => [key, value],
      ),
    ) as Record<string, string>;

  it("knows HDFS as clients do", () => {
    expect(properties(worker, "core-site")).toEqual({
      "fs.defaultFS": "hdfs://hdp-1.aws2ncp.internal:8020",
      "hadoop.rpc.protection": "privacy",
    });
    expect(properties(worker, "hdfs-site")).toEqual({
      "dfs.encrypt.data.transfer": "true",
      "dfs.encrypt.data.transfer.cipher.suites": "AES/CTR/NoPadding",
    });
  });

  it("knows both NameNodes of a cluster that has two", () => {
    const cluster = { ...plan.cluster!, spec: { ...plan.cluster!.spec, layout: "ha" as const } };
    const host = rendered({ ...plan, cluster }, "presto-1");
    expect(properties(host, "core-site")["fs.defaultFS"]).toBe("hdfs://batch");
    expect(properties(host, "hdfs-site")).toEqual({
      "dfs.client.failover.proxy.provider.batch":
        "org.apache.hadoop.hdfs.server.namenode.ha.ConfiguredFailoverProxyProvider",
      "dfs.encrypt.data.transfer": "true",
      "dfs.encrypt.data.transfer.cipher.suites": "AES/CTR/NoPadding",
      "dfs.ha.namenodes.batch": "nn1,nn2",
      "dfs.internal.nameservices": "batch",
      "dfs.namenode.rpc-address.batch.nn1": "hdp-1.aws2ncp.internal:8020",
      "dfs.namenode.rpc-address.batch.nn2": "hdp-2.aws2ncp.internal:8020",
      "dfs.nameservices": "batch",
    });
  });
});

describe("rules", () => {
  const json = (path: string): unknown => JSON.parse(fileOf(coordinator, path));

  it("nobody becomes another user, and people write nowhere", () => {
    expect(json("/etc/presto/access-rules.json")).toEqual({
      catalogs: [
        { user: "batch", catalog: ".*", allow: "all" },
        { catalog: ".*", allow: "read-only" },
      ],
      principals: [{ principal: "([A-Za-z0-9._-]+)", principal_to_user: "$1", allow: true }],
    });
    expect(json("/etc/presto/hive-rules.json")).toEqual({
      schemas: [
        { user: "batch", schema: ".*", owner: true },
        { schema: ".*", owner: false },
      ],
      tables: [
        { user: "batch", privileges: ["SELECT", "INSERT", "DELETE", "UPDATE", "OWNERSHIP"] },
        { privileges: ["SELECT"] },
      ],
    });
  });

  it("a certificate's name is no user's", () => {
    expect(/^([A-Za-z0-9._-]+)$/.test("CN=presto nodes")).toBe(false);
  });

  it("jobs and people share what the spec has", () => {
    expect(json("/etc/presto/resource-groups.json")).toEqual({
      rootGroups: [
        { name: "etl", softMemoryLimit: "60%", hardConcurrencyLimit: 4, maxQueued: 1000, schedulingPolicy: "fair" },
        {
          name: "adhoc",
          softMemoryLimit: "40%",
          hardConcurrencyLimit: 4,
          maxQueued: 200,
          schedulingPolicy: "fair",
          subGroups: [{ name: "${USER}", softMemoryLimit: "20%", hardConcurrencyLimit: 2, maxQueued: 20 }],
        },
      ],
      selectors: [{ user: "batch", group: "etl" }, { group: "adhoc.${USER}" }],
    });
  });
});

it("the JVM has the spec's heap, the bundle's trust, and the cluster's zone for sessions that name none", () => {
  const unit = fileOf(worker, "/etc/systemd/system/presto.service");
  expect(/ExecStart=((?:.*\\\n)*.*)/.exec(unit)?.[1]?.split(/\s*\\\n\s*/)).toEqual([
    "/usr/lib/jvm/aws2ncp-java/bin/java",
    "-server",
    "-Xmx5120m",
    "-XX:+UseG1GC",
    "-XX:+ExplicitGCInvokesConcurrent",
    "-XX:+ExitOnOutOfMemoryError",
    "-Djdk.attach.allowAttachSelf=true",
    "-Djavax.net.ssl.trustStore=/etc/aws2ncp/tls/truststore.jks",
    "-Duser.timezone=Asia/Seoul",
    "-Dconfig=/etc/presto/config.properties",
    "-cp /opt/presto/lib/*",
    "com.facebook.presto.server.PrestoServer",
  ]);
});

it("refuses a spec with too little memory", () => {
  const hosts = plan.hosts.map((host) => (host.name === "presto-2" ? { ...host, spec: "c1-g3" } : host));
  expect(() => rendered({ ...plan, hosts }, "presto-2")).toThrow(
    "hosts.presto-2.spec: c1-g3 has too little memory for Presto\n  allowed: specs of 4 GB of memory or more\n  try: s2-g3, which has 8 GB",
  );
});

it("the query log runs on the family's Python", () => {
  const on = (family: "debian" | "redhat"): string =>
    fileOf(rendered(onFamily(plan, family), "presto-1"), "/etc/systemd/system/aws2ncp-presto-queries.service");
  const start = (text: string): string | undefined => /ExecStart=(\S+)/.exec(text)?.[1];
  expect([start(on("debian")), start(on("redhat"))]).toEqual(["/usr/bin/python3", "/usr/bin/python3.9"]);
});

it("a changed package changes what the role fetches, and no file", () => {
  const other = {
    ...plan,
    presto: { ...plan.presto!, package: { url: "http://packages.ncp.test/p.tgz", sha256: "f".repeat(64) } },
  };
  const changed = rendered(other, "presto-1");
  expect(changed.files).toEqual(coordinator.files);
  expect(changed.vars).toMatchObject({ presto_url: "http://packages.ncp.test/p.tgz", presto_sha256: "f".repeat(64) });
});
