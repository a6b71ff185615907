/** Airflow: scheduler and web server over the host's own PostgreSQL, the pipeline's DAGs and the company's. */
import { createHash } from "node:crypto";
import { PORTS } from "../../pipeline/limits";
import { serverSizeOf } from "../../pipeline/hadoop/sizing";
import { DATABASES, FILES } from "../../pipeline/plan-cluster";
import type { AirflowPlan, ClusterPlan, LogDataset, Plan, PrestoPlan } from "../../pipeline/plan-types";
import { AIRFLOW } from "./accounts";
import { BATCH, jobFiles } from "./render-batch";
import { listRoleFiles, readRoleFile, sortedJson } from "./render-engine";
import { LIBRARY } from "./render-java";
import type { FileSpec, Job, Scope, SecretSpec } from "./render-types";
import { secretParts } from "./secret-parts";

const ETC = "/etc/airflow";
const SECRETS = `${ETC}/secrets`;
const HOME = "/var/lib/airflow";
/** On Python's path of every program of Airflow: its cluster policy, and what the pipeline's DAGs are made of. */
const CONFIG = `${HOME}/config`;
const DAGS = "/opt/airflow/dags";
const REQUIREMENTS = ["requirements-build.txt", "requirements.txt"] as const;

/** Every program of Airflow runs with these. */
const ENVIRONMENT: readonly (readonly [string, string])[] = [
  ["AIRFLOW_CONFIG", `${ETC}/airflow.cfg`],
  ["AIRFLOW_HOME", HOME],
  ["HOME", HOME],
  ["LANG", "C.UTF-8"],
  ["PATH", "/opt/airflow/venv/bin:/usr/bin:/bin"],
  ["PYTHONDONTWRITEBYTECODE", "1"],
];

interface Sections {
  readonly airflow: AirflowPlan;
  readonly presto: PrestoPlan;
  readonly cluster: ClusterPlan;
}

function sectionsOf({ plan, host }: Scope): Sections {
  const { airflow, presto, cluster } = plan;
  if (airflow === undefined || presto === undefined || cluster === undefined)
    throw new Error(`${host.name}: the plan lacks airflow, presto or cluster`);
  return { airflow, presto, cluster };
}

/** Another set of packages is another folder: a running scheduler keeps its own until the new one is whole. */
const venvOf = (): string =>
  `/opt/airflow/venv-${createHash("sha256")
    .update(REQUIREMENTS.map((name) => readRoleFile("airflow", name)).join("\n"))
    .digest("hex")
    .slice(0, 12)}`;

/** A copy that is under way has added something within that: rclone gives a transfer up after so long without a byte (--timeout). */
const SETTLE_MINUTES = 5;

/** What the pipeline's own DAGs read: the logs that are tables (`tables` in the pipeline file), and where they lie. */
export function batchConfig(plan: Plan): object {
  const logs = plan.datasets
    .filter((dataset): dataset is LogDataset => dataset.layout !== "tree")
    .flatMap((dataset) => {
      const { bucket, prefix } = dataset.target;
      const set = plan.tables.find((each) => each.bucket === bucket && each.prefix === prefix);
      return set === undefined ? [] : [{ ...dataset, set }];
    });
  return {
    settle_minutes: SETTLE_MINUTES,
    storage: {
      endpoint: `https://${plan.objectStorage.host}`,
      region: plan.objectStorage.region,
      credentials_file: `${SECRETS}/s3-credentials`,
      profile: "ncp",
      trust_file: FILES.trust,
    },
    logs: logs.map(({ name, layout, target, prefixZone, start, latenessHours, set }) => ({
      dataset: name,
      layout,
      bucket: target.bucket,
      prefix: target.prefix,
      zone: prefixZone,
      start,
      lateness_hours: latenessHours,
      database: set.database ?? "default",
      table: set.name,
      format: set.format,
    })),
  };
}

/** Short name of the node that has the clients: what ssh knows it by. */
const clientNodeOf = (plan: Plan, { cluster }: Pick<Sections, "cluster">): string =>
  plan.hosts.find((host) => host.fqdn === cluster.spec.nodes[2]?.fqdn)?.name ?? "";

/** Airflow's secrets backend: the connections of its jobs, in a file that root and Airflow read. */
function connections({ plan }: Scope, { presto, cluster }: Sections): object {
  const fqdn = (name: string): string => `${name}.${plan.network.domain}`;
  return {
    hadoop_client: {
      conn_type: "ssh",
      host: clientNodeOf(plan, { cluster }),
      login: BATCH,
      extra: { key_file: `${HOME}/.ssh/id`, no_host_key_check: false, allow_host_key_change: false },
    },
    hiveserver2_default: {
      conn_type: "hiveserver2",
      host: fqdn(cluster.hive),
      port: PORTS.hiveServer,
      login: BATCH,
      extra: { auth_mechanism: cluster.spec.kerberos === undefined ? "NONE" : "KERBEROS" },
    },
    presto_default: {
      conn_type: "presto",
      host: fqdn(presto.coordinator),
      port: PORTS.presto,
      login: BATCH,
      password: "<<presto_batch_password>>",
      schema: "default",
      extra: { protocol: "https", catalog: "hive", source: "airflow", verify: FILES.trust },
    },
  };
}

function secretFilesOf(scope: Scope, sections: Sections): SecretSpec[] {
  const own = { group: AIRFLOW.name, mode: "0640" };
  const restart = { ...own, notify: ["Restart Airflow"] };
  return [
    { path: `${SECRETS}/fernet-key`, parts: secretParts("<<airflow_fernet_key>>"), ...restart },
    { path: `${SECRETS}/web-secret`, parts: secretParts("<<airflow_web_secret>>"), ...restart },
    {
      path: `${SECRETS}/admin-password`,
      parts: secretParts("<<airflow_admin_password>>"),
      ...own,
      notify: ["Set the admin's password"],
    },
    // Read anew by each task.
    { path: `${SECRETS}/connections.json`, parts: secretParts(sortedJson(connections(scope, sections))), ...own },
    {
      path: `${SECRETS}/s3-credentials`,
      parts: secretParts(
        "[ncp]\naws_access_key_id = <<ncp_access_key_id>>\naws_secret_access_key = <<ncp_secret_access_key>>\n",
      ),
      ...own,
    },
    { path: `${HOME}/.ssh/id`, parts: secretParts("<<batch_ssh_key>>\n"), ...own },
  ];
}

function unitsOf(): FileSpec[] {
  const notify = ["Restart Airflow"];
  const service = (what: string, command: string): FileSpec => ({
    path: `/etc/systemd/system/airflow-${what}.service`,
    template: "airflow.service.j2",
    context: { what, command, environment: ENVIRONMENT },
    notify,
  });
  const clean = (template: string): FileSpec => ({
    path: `/etc/systemd/system/${template.replace(/\.j2$/, "")}`,
    template,
    notify: ["Arm the weekly cleaning"],
  });
  return [
    service("scheduler", "scheduler"),
    service("webserver", "webserver --pid /run/airflow-webserver/webserver.pid"),
    clean("aws2ncp-airflow-clean.service.j2"),
    clean("aws2ncp-airflow-clean.timer.j2"),
  ];
}

/** A web address that pip takes without TLS must be named: what comes from it is known by its hash. */
function pipArguments({ plan, proxy }: Scope, { airflow }: Sections): string {
  const { protocol, host, hostname } = new URL(airflow.index);
  return [
    ...["install", "--quiet", "--no-input", "--disable-pip-version-check", "--no-cache-dir"],
    ...["--require-hashes", "--no-deps", "--index-url", airflow.index],
    ...(protocol === "http:" ? ["--trusted-host", host === hostname ? hostname : host] : []),
    ...["--proxy", `http://${proxy.fqdn}:${plan.proxy.portB}`],
  ].join(" ");
}

export function airflowJob(scope: Scope): Job {
  const sections = sectionsOf(scope);
  const { plan, host, platform } = scope;
  const restart = ["Restart Airflow"];
  const company = jobFiles(`${DAGS}/company`, sections.airflow.jobs);
  const literal = (path: string, source: string, notify: readonly string[] = []): FileSpec => ({
    path,
    source,
    notify,
  });
  const context = {
    parallelism: 4 * (serverSizeOf(host.spec)?.vcpus ?? 1),
    secrets: SECRETS,
    database: DATABASES.airflow,
    port: PORTS.pages,
    environment: ENVIRONMENT,
  };
  return {
    folders: [
      { path: ETC },
      { path: SECRETS, group: AIRFLOW.name, mode: "0750" },
      { path: HOME },
      { path: `${HOME}/.ssh`, group: AIRFLOW.name, mode: "0750" },
      { path: CONFIG },
      { path: `${CONFIG}/aws2ncp_batch` },
      { path: "/opt/airflow" },
      { path: DAGS },
      { path: LIBRARY },
      { path: "/var/log/airflow", owner: AIRFLOW.name, group: AIRFLOW.name, mode: "0750" },
      ...company.folders,
    ],
    files: [
      { path: `${ETC}/airflow.cfg`, template: "airflow.cfg.j2", context, notify: restart },
      { path: `${ETC}/webserver_config.py`, template: "webserver_config.py.j2", notify: restart },
      { path: `${ETC}/pipeline.json`, content: sortedJson(batchConfig(plan)) },
      { path: "/usr/local/bin/airflow", template: "airflow.j2", context, mode: "0755" },
      { path: "/etc/tmpfiles.d/airflow.conf", template: "tmpfiles.conf.j2" },
      literal(`${LIBRARY}/set_admin.py`, "set_admin.py"),
      ...REQUIREMENTS.map((name) => literal(`/opt/airflow/${name}`, name)),
      literal(`${CONFIG}/airflow_local_settings.py`, "config/airflow_local_settings.py", restart),
      ...listRoleFiles("airflow", "config/aws2ncp_batch").map((name) =>
        literal(`${CONFIG}/aws2ncp_batch/${name}`, `config/aws2ncp_batch/${name}`, restart),
      ),
      ...listRoleFiles("airflow", "dags").map((name) => literal(`${DAGS}/${name}`, `dags/${name}`)),
      ...unitsOf(),
      ...company.files,
    ],
    secretFiles: secretFilesOf(scope, sections),
    prune: [
      { folder: DAGS, pattern: "*.py" },
      { folder: `${CONFIG}/aws2ncp_batch`, pattern: "*.py" },
    ],
    vars: {
      airflow_environment: ENVIRONMENT.map(([name, value]) => `${name}=${value}`).join(" "),
      airflow_group: AIRFLOW.name,
      airflow_node: clientNodeOf(plan, sections),
      airflow_nologin: platform.shell.nologin,
      airflow_pip: pipArguments(scope, sections),
      airflow_port: PORTS.pages,
      airflow_venv: venvOf(),
    },
  };
}
