/** Jobs of the way from AWS to Object Storage: squid on the proxy; rclone, the sync job and its schedule on sync hosts. */
import type { DatasetPlan, HostPlan, Plan } from "../../pipeline/plan-types";
import { alertFiles, alertSchedule, alertSecrets, syncProgram } from "./render-alerts";
import { listRoleFiles, sortedJson } from "./render-engine";
import type { Job, Scope } from "./render-types";

const TLS = {
  cert: "/etc/squid/tls/server.crt",
  key: "/etc/squid/tls/server.key",
  clientCa: "/etc/squid/tls/client-ca.crt",
};

/** "2026-01-31T14:05:00.123Z" in squid's words. */
const LOG_TIME = "%{%Y-%m-%dT%H:%M:%S}tg.%03tuZ";

export function squidJob({ plan, host, platform }: Scope): Job {
  const { user, group } = platform.squid;
  const helper = "/usr/local/bin/aws2ncp-has-sni";
  const [outer, inner, both] = [["Reload squid"], ["Reload inner squid"], ["Reload inner squid", "Reload squid"]];
  const context = {
    tls: TLS,
    helper,
    log_time: LOG_TIME,
    clients: plan.hosts.filter((other) => other.role === "sync"),
  };
  return {
    folders: [
      { path: "/etc/squid/tls", mode: "0700" },
      { path: "/etc/systemd/system/squid.service.d" },
      { path: "/var/log/squid", owner: user, group, mode: "0750" },
    ],
    files: [
      { path: "/etc/squid/squid.conf", template: "squid.conf.j2", context, notify: outer },
      { path: "/etc/squid/inner.conf", template: "inner.conf.j2", context, notify: inner },
      { path: "/etc/logrotate.d/squid", template: "logrotate.j2" },
      { path: helper, source: "aws2ncp-has-sni", mode: "0755", notify: ["Restart inner squid"] },
      { path: "/usr/local/bin/aws2ncp-port-listens", source: "aws2ncp-port-listens", mode: "0755" },
      { path: "/usr/local/bin/aws2ncp-squid-reload", source: "aws2ncp-squid-reload", mode: "0755" },
      {
        path: "/etc/systemd/system/aws2ncp-squid-inner.service",
        template: "aws2ncp-squid-inner.service.j2",
        notify: ["Restart inner squid"],
      },
      {
        path: "/etc/systemd/system/squid.service.d/aws2ncp.conf",
        template: "squid-override.conf.j2",
        notify: ["Restart squid"],
      },
    ],
    secretFiles: [
      { path: TLS.cert, parts: [{ secret: "proxy_tls_cert" }], notify: both },
      { path: TLS.key, parts: [{ secret: "proxy_tls_key" }], notify: both },
      { path: TLS.clientCa, parts: [{ secret: "proxy_client_ca" }], notify: outer },
    ],
    vars: {
      squid_listens: [
        { host: "127.0.0.1", port: plan.proxy.innerPort },
        { host: host.address, port: plan.proxy.portA },
        { host: host.address, port: plan.proxy.portB },
      ],
    },
  };
}

const USER = "aws2ncp";
const SECRETS = "/etc/aws2ncp/secrets";
const CREDENTIALS = `${SECRETS}/s3-credentials`;
const TRUST = `${SECRETS}/trust.pem`;
const RCLONE_CONF = "/etc/aws2ncp/rclone.conf";

export function rcloneJob(scope: Scope): Job {
  const alerts = alertSecrets(scope, USER);
  const own = { owner: "root", group: USER, mode: "0640" };
  return {
    folders: [{ path: SECRETS, group: USER, mode: "0750" }],
    files: [{ path: RCLONE_CONF, template: "rclone.conf.j2", context: { credentials: CREDENTIALS }, ...own }],
    secretFiles: [
      {
        path: CREDENTIALS,
        parts: [
          { text: "[aws]\naws_access_key_id = " },
          { secret: "aws_access_key_id" },
          { text: "\naws_secret_access_key = " },
          { secret: "aws_secret_access_key" },
          { text: "\n\n[ncp]\naws_access_key_id = " },
          { secret: "ncp_access_key_id" },
          { text: "\naws_secret_access_key = " },
          { secret: "ncp_secret_access_key" },
          { text: "\n" },
        ],
        ...own,
      },
      { path: `${SECRETS}/client.crt`, parts: [{ secret: "sync_client_cert" }], ...own },
      { path: `${SECRETS}/client.key`, parts: [{ secret: "sync_client_key" }], ...own },
      { path: TRUST, parts: [{ secret: "trust_bundle" }], ...own },
      ...alerts.secretFiles,
    ],
    prune: alerts.prune,
    vars: { rclone_nologin: scope.platform.shell.nologin },
  };
}

const withoutSlash = (prefix: string): string => prefix.replace(/^\/+|\/+$/g, "");
const remote = (name: string, bucket: string, prefix: string): string =>
  [`${name}:${bucket}`, withoutSlash(prefix)].filter((part) => part !== "").join("/");

/** What the job's configuration says of the dataset's layout. */
function layoutConfig(dataset: DatasetPlan): object {
  if (dataset.layout === "tree") return { mode: dataset.mode, max_delete: dataset.maxDelete ?? null };
  return {
    prefix_zone: dataset.prefixZone,
    start: dataset.start,
    before_start: dataset.beforeStart,
    lateness_hours: dataset.latenessHours,
  };
}

/** What the sync job reads: /etc/aws2ncp/sync/DATASET.json. Flags are none newer than rclone 1.53. */
export function syncConfig(plan: Plan, host: HostPlan, proxy: HostPlan, dataset: DatasetPlan): object {
  return {
    dataset: dataset.name,
    layout: dataset.layout,
    ...layoutConfig(dataset),
    source: remote("aws", dataset.source.bucket, dataset.source.prefix),
    target: remote("ncp", dataset.target.bucket, dataset.target.prefix),
    replaced: remote("ncp", dataset.replacedBucket, dataset.name),
    // What runs on demand is never late.
    late_after_hours: dataset.schedule === undefined ? null : dataset.lateAfterHours,
    bandwidth: dataset.bandwidth ?? null,
    state_folder: `/var/lib/aws2ncp/sync/${dataset.name}`,
    log_file: `/var/log/aws2ncp/sync-${dataset.name}.jsonl`,
    requires_mount: host.volume?.mount ?? null,
    parallel: 4,
    retry_delays_seconds: [5, 30, 120],
    rclone: [
      "/usr/bin/rclone",
      ...["--config", RCLONE_CONF],
      ...["--client-cert", `${SECRETS}/client.crt`],
      ...["--client-key", `${SECRETS}/client.key`],
      ...["--ca-cert", TRUST],
      ...["--transfers", "4", "--checkers", "8", "--contimeout", "15s", "--timeout", "2m"],
    ],
    environment: {
      HTTPS_PROXY: `https://${proxy.fqdn}:${plan.proxy.portA}`,
      NO_PROXY: plan.objectStorage.host,
    },
  };
}

export function syncJob(scope: Scope): Job {
  const { plan, host, proxy } = scope;
  const alerts = alertFiles(scope, USER, TRUST);
  const own = { owner: USER, group: USER, mode: "0750" };
  const library = "/usr/local/lib/aws2ncp";
  return {
    folders: [
      { path: "/etc/aws2ncp/sync" },
      { path: library },
      { path: `${library}/aws2ncp_sync` },
      { path: "/var/log/aws2ncp", ...own },
      { path: "/var/lib/aws2ncp/sync", ...own },
      ...alerts.folders,
    ],
    files: [
      syncProgram("aws2ncp-sync", "cli"),
      ...alerts.files,
      { path: "/etc/logrotate.d/aws2ncp-sync", template: "logrotate.j2" },
      ...listRoleFiles("sync", "aws2ncp_sync").map((name) => ({
        path: `${library}/aws2ncp_sync/${name}`,
        source: `aws2ncp_sync/${name}`,
      })),
      ...plan.datasets.map((dataset) => ({
        path: `/etc/aws2ncp/sync/${dataset.name}.json`,
        content: sortedJson(syncConfig(plan, host, proxy, dataset)),
      })),
    ],
    prune: [
      { folder: "/etc/aws2ncp/sync", pattern: "*.json" },
      { folder: `${library}/aws2ncp_sync`, pattern: "*.py" },
      ...alerts.prune,
    ],
  };
}

/** After the sync job, so that cron never runs what is not there yet. */
export function scheduleJob(scope: Scope): Job {
  const scheduled = scope.plan.datasets.filter((dataset) => dataset.schedule !== undefined);
  return {
    files: [
      ...scheduled.map((dataset) => ({
        path: `/etc/cron.d/aws2ncp-${dataset.name}`,
        template: "cron.j2",
        context: { dataset },
      })),
      ...alertSchedule(scope),
    ],
    prune: [{ folder: "/etc/cron.d", pattern: "aws2ncp-*" }],
  };
}
