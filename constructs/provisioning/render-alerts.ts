/** Alerts on sync hosts: a watcher that tells a webhook which datasets are late or failed. Without `alerts` there is no file of it. */
import { sortedJson } from "./render-engine";
import type { FileSpec, Job, Scope } from "./render-types";

const PROGRAM = "aws2ncp-sync-watch";
const CONF = { folder: "/etc/aws2ncp", name: "alerts.json" } as const;
const WEBHOOK = { folder: "/etc/aws2ncp/secrets", name: "alert-webhook" } as const;
/** Not on the host's volume, whose loss is one of the things that it tells. */
const MEMORY = "/var/lib/aws2ncp-watch";

/** A program of the sync job's package. */
export function syncProgram(program: string, module: string): FileSpec {
  return { path: `/usr/local/bin/${program}`, template: "program.j2", context: { program, module }, mode: "0755" };
}

/** The secret: the webhook's URL. Readable to the account that copies. */
export function alertSecrets({ plan }: Scope, user: string): Required<Pick<Job, "secretFiles" | "prune">> {
  // Prune goes by the names of plain files: named here while it is wanted, it would be removed after each delivery.
  if (plan.alerts === undefined) return { secretFiles: [], prune: [{ folder: WEBHOOK.folder, pattern: WEBHOOK.name }] };
  const own = { owner: "root", group: user, mode: "0640" };
  return {
    secretFiles: [{ path: `${WEBHOOK.folder}/${WEBHOOK.name}`, parts: [{ secret: "alert_webhook" }], ...own }],
    prune: [],
  };
}

/** The watcher, its settings, its memory. */
export function alertFiles(
  { plan, host, proxy }: Scope,
  user: string,
  trustFile: string,
): Required<Pick<Job, "folders" | "files" | "prune">> {
  const prune = [
    { folder: CONF.folder, pattern: CONF.name },
    { folder: "/usr/local/bin", pattern: PROGRAM },
  ];
  if (plan.alerts === undefined) return { folders: [], files: [], prune };
  const settings = {
    host: host.name,
    webhook_host: plan.alerts.host,
    webhook_file: `${WEBHOOK.folder}/${WEBHOOK.name}`,
    trust_file: trustFile,
    proxy_host: proxy.fqdn,
    proxy_port: plan.proxy.portB,
    memory_file: `${MEMORY}/alerts.json`,
  };
  return {
    folders: [{ path: MEMORY, owner: user, group: user, mode: "0750" }],
    files: [syncProgram(PROGRAM, "watch"), { path: `${CONF.folder}/${CONF.name}`, content: sortedJson(settings) }],
    prune,
  };
}

/** Its cron file. No dataset's name has a hyphen, so none is named as this one. */
export function alertSchedule({ plan }: Scope): FileSpec[] {
  return plan.alerts === undefined ? [] : [{ path: `/etc/cron.d/${PROGRAM}`, template: "watch.j2" }];
}
