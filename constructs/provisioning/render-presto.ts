/** Presto: a coordinator and its workers, over TLS alone; what each query may take follows from the servers' spec. */
import { PORTS } from "../../pipeline/limits";
import { FILES } from "../../pipeline/plan-cluster";
import type { ClusterPlan, HostPlan, PrestoPlan } from "../../pipeline/plan-types";
import { PRESTO_MEMORY, prestoMemoryOf, type PrestoMemory } from "../../pipeline/presto-memory";
import { PRESTO } from "./accounts";
import { hadoopClientSites } from "./hadoop-client-sites";
import { hiveRules, resourceGroups, systemRules } from "./presto-rules";
import { renderTemplate, sortedJson } from "./render-engine";
import { JAVA_HOME, LIBRARY } from "./render-java";
import type { FileSpec, Job, Scope, SecretSpec } from "./render-types";
import { secretParts } from "./secret-parts";

const ETC = "/etc/presto";
const TLS = {
  /** Certificate and key in one file, as this version reads PEM: of the host for its clients, of the nodes for each other. */
  server: `${ETC}/tls/server.pem`,
  serverCertificate: `${ETC}/tls/server.crt`,
  node: `${ETC}/tls/node.pem`,
  nodeCertificate: `${ETC}/tls/node.crt`,
} as const;
const QUERY_LOG = { conf: `${ETC}/query-log.json`, program: `${LIBRARY}/presto_queries.py` } as const;

/** What the templates and the files below are made of. */
interface Node {
  readonly presto: PrestoPlan;
  readonly cluster: ClusterPlan;
  readonly coordinator: boolean;
  readonly uri: string;
  readonly memory: PrestoMemory;
  /** How many nodes carry a query's data. */
  readonly working: number;
}

function nodeOf({ plan, host }: Scope): Node {
  const { presto, cluster } = plan;
  if (presto === undefined || cluster === undefined)
    throw new Error(`${host.name}: the plan has no ${presto === undefined ? "presto" : "cluster"} section for it`);
  return {
    presto,
    cluster,
    coordinator: host.name === presto.coordinator,
    uri: `https://${presto.coordinator}.${plan.network.domain}:${PORTS.presto}`,
    memory: memoryOf(host),
    working: Math.max(1, presto.workers.length),
  };
}

function memoryOf({ name, spec }: HostPlan): PrestoMemory {
  const memory = prestoMemoryOf(spec);
  if (memory === undefined)
    throw new Error(
      `hosts.${name}.spec: ${spec} has too little memory for Presto\n` +
        `  allowed: specs of ${(PRESTO_MEMORY[0] as PrestoMemory).fromMb / 1024} GB of memory or more\n  try: s2-g3, which has 8 GB`,
    );
  return memory;
}

/** Flags of the JVM that exist in Java 8 and 11 alike. */
const flagsOf = ({ memory, cluster }: Node): string[] => [
  "-server",
  `-Xmx${memory.heapMb}m`,
  "-XX:+UseG1GC",
  "-XX:+ExplicitGCInvokesConcurrent",
  "-XX:+ExitOnOutOfMemoryError",
  // Java 11 asks for it, 8 passes over it: Presto looks at its own threads.
  "-Djdk.attach.allowAttachSelf=true",
  // Object Storage's certificate; the store of certificates opens without its password.
  `-Djavax.net.ssl.trustStore=${FILES.truststore}`,
  // The zone of sessions whose client names none.
  `-Duser.timezone=${cluster.spec.timeZone}`,
  `-Dconfig=${ETC}/config.properties`,
];

/** Files that the coordinator alone has: who may come in, what they may do, what they share. */
function coordinatorFiles(node: Node, restart: readonly string[]): FileSpec[] {
  const settings = (name: string, lines: readonly string[]): FileSpec => ({
    path: `${ETC}/${name}.properties`,
    template: "settings.properties.j2",
    context: { settings: lines },
    notify: restart,
  });
  const notify = ["Restart the query log"];
  return [
    settings("password-authenticator", [
      "password-authenticator.name=file",
      `file.password-file=${ETC}/users`,
      "file.refresh-period=10s",
    ]),
    settings("access-control", [
      "access-control.name=file",
      `security.config-file=${ETC}/access-rules.json`,
      "security.refresh-period=60s",
    ]),
    settings("resource-groups", [
      "resource-groups.configuration-manager=file",
      `resource-groups.config-file=${ETC}/resource-groups.json`,
    ]),
    { path: `${ETC}/access-rules.json`, content: sortedJson(systemRules()) },
    { path: `${ETC}/resource-groups.json`, content: sortedJson(resourceGroups(node.memory)), notify: restart },
    {
      path: QUERY_LOG.conf,
      content: sortedJson({
        uri: node.uri,
        user: "batch",
        password_file: `${ETC}/batch-password`,
        trust_file: FILES.trust,
        log_file: "/var/log/presto/queries.jsonl",
        every_seconds: 3,
      }),
      notify,
    },
    { path: QUERY_LOG.program, source: "presto_queries.py", notify },
    {
      path: "/etc/systemd/system/aws2ncp-presto-queries.service",
      template: "aws2ncp-presto-queries.service.j2",
      notify,
    },
    { path: "/etc/logrotate.d/presto", template: "logrotate.j2" },
  ];
}

function secretFilesOf(scope: Scope, node: Node, restart: readonly string[]): SecretSpec[] {
  const own = { group: PRESTO.name, mode: "0640", notify: restart };
  const rendered = (template: string, context: object): SecretSpec["parts"] =>
    secretParts(renderTemplate(`roles/presto/templates/${template}`, { ...scope, ...context }));
  const text = (words: string): SecretSpec["parts"] => secretParts(words);
  return [
    {
      path: `${ETC}/config.properties`,
      parts: rendered("config.properties.j2", {
        ...node,
        environment: scope.plan.name.replaceAll("-", "_"),
        port: PORTS.presto,
        tls: TLS,
      }),
      ...own,
    },
    { path: `${ETC}/catalog/hive.properties`, parts: rendered("hive.properties.j2", hiveContext(scope, node)), ...own },
    { path: TLS.server, parts: text("<<presto_tls_cert>>\n<<presto_tls_key>>\n"), ...own },
    { path: TLS.serverCertificate, parts: text("<<presto_tls_cert>>\n"), ...own },
    { path: TLS.node, parts: text("<<presto_node_cert>>\n<<presto_node_key>>\n"), ...own },
    { path: TLS.nodeCertificate, parts: text("<<presto_node_cert>>\n"), ...own },
    ...(node.coordinator
      ? [
          // Read again by Presto itself.
          { path: `${ETC}/users`, parts: text("<<presto_users>>\n"), ...own, notify: [] },
          {
            path: `${ETC}/batch-password`,
            parts: text("<<presto_batch_password>>\n"),
            ...own,
            notify: ["Restart the query log"],
          },
        ]
      : []),
  ];
}

function hiveContext({ plan }: Scope, { cluster }: Node): object {
  const { kerberos, timeZone } = cluster.spec;
  return {
    metastore: `thrift://${cluster.hive}.${plan.network.domain}:${PORTS.metastore}`,
    resources: [`${ETC}/hadoop/core-site.xml`, `${ETC}/hadoop/hdfs-site.xml`],
    kerberos,
    keytab: "/etc/security/keytabs/presto.service.keytab",
    time_zone: timeZone,
  };
}

export function prestoJob(scope: Scope): Job {
  const node = nodeOf(scope);
  const { presto, coordinator, cluster } = node;
  const restart = ["Restart Presto"];
  const own = { owner: PRESTO.name, group: PRESTO.name, mode: "0750" };
  return {
    folders: [
      ...[ETC, `${ETC}/catalog`, `${ETC}/hadoop`, `${ETC}/tls`].map((path) => ({
        path,
        group: PRESTO.name,
        mode: "0750",
      })),
      { path: LIBRARY },
      { path: "/var/lib/presto", ...own },
      { path: "/var/log/presto", ...own },
    ],
    files: [
      {
        path: "/etc/systemd/system/presto.service",
        template: "presto.service.j2",
        context: { coordinator, version: presto.version, java: `${JAVA_HOME}/bin/java`, flags: flagsOf(node) },
        notify: restart,
      },
      { path: `${ETC}/log.properties`, template: "log.properties.j2", notify: restart },
      { path: `${ETC}/hive-rules.json`, content: sortedJson(hiveRules()) },
      ...Object.entries(hadoopClientSites(cluster.spec)).map(([name, properties]) => ({
        path: `${ETC}/hadoop/${name}.xml`,
        template: "site.xml.j2",
        context: { properties },
        notify: restart,
      })),
      ...(coordinator ? coordinatorFiles(node, restart) : []),
    ],
    secretFiles: secretFilesOf(scope, node, restart),
    vars: {
      presto_coordinator: coordinator,
      presto_folder: `/opt/presto-server-${presto.version}`,
      presto_group: PRESTO.name,
      presto_nologin: scope.platform.shell.nologin,
      presto_proxy: `http://${scope.proxy.fqdn}:${scope.plan.proxy.portB}`,
      presto_sha256: presto.package.sha256,
      presto_uri: `https://${scope.host.fqdn}:${PORTS.presto}`,
      presto_url: presto.package.url,
    },
  };
}
