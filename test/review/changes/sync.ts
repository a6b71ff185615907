/** What copies do. */
import { edit, production, type Change } from "./change";

const hive = "    bandwidth_mb: 40 # the hourly log keeps the rest\n";

export const sync: readonly Change[] = [
  {
    name: "a copy that becomes a sync",
    edits: [production(hive, `${hive}    mode: sync\n    max_delete: 10\n`)],
    there: ["critical sync-deletes sync-1:/etc/aws2ncp/sync/hive.json"],
    back: ["info sync-keeps sync-1:/etc/aws2ncp/sync/hive.json"],
  },
  {
    name: "a sync that may delete more",
    both: [production(hive, `${hive}    mode: sync\n    max_delete: 10\n`)],
    edits: [production("max_delete: 10", "max_delete: 1000")],
    there: ["high sync-deletes sync-1:/etc/aws2ncp/sync/hive.json"],
    back: ["info sync-keeps sync-1:/etc/aws2ncp/sync/hive.json"],
  },
  {
    name: "copies that keep nothing of what they overwrite",
    edits: [
      edit(
        "constructs/provisioning/render-transfer.ts",
        'replaced: remote("ncp", dataset.replacedBucket, dataset.name),',
        "replaced: null,",
      ),
    ],
    there: [
      "high sync-deletes sync-1:/etc/aws2ncp/sync/api_log.json",
      "high sync-deletes sync-1:/etc/aws2ncp/sync/event_log.json",
      "high sync-deletes sync-1:/etc/aws2ncp/sync/hive.json",
    ],
    back: [
      "info sync-keeps sync-1:/etc/aws2ncp/sync/api_log.json",
      "info sync-keeps sync-1:/etc/aws2ncp/sync/event_log.json",
      "info sync-keeps sync-1:/etc/aws2ncp/sync/hive.json",
    ],
  },
  {
    name: "a shorter window",
    edits: [production("lateness_hours: 26", "lateness_hours: 24")],
    there: ["high sync-window-narrowed sync-1:/etc/aws2ncp/sync/event_log.json"],
    back: ["info sync-window-widened sync-1:/etc/aws2ncp/sync/event_log.json"],
  },
  {
    name: "a later start",
    edits: [
      production(
        "    start_date: 2020-01-01\n    start_zone: Asia/Seoul\n    lateness_hours: 26",
        "    start_date: 2020-06-01\n    start_zone: Asia/Seoul\n    lateness_hours: 26",
      ),
    ],
    there: ["high sync-window-narrowed sync-1:/etc/aws2ncp/sync/event_log.json"],
    back: ["info sync-window-widened sync-1:/etc/aws2ncp/sync/event_log.json"],
  },
  {
    name: "a start in another zone",
    edits: [
      production("    start_zone: Asia/Seoul\n    lateness_hours: 26", "    start_zone: UTC\n    lateness_hours: 26"),
    ],
    there: ["high sync-window-narrowed sync-1:/etc/aws2ncp/sync/event_log.json"],
    back: ["info sync-window-widened sync-1:/etc/aws2ncp/sync/event_log.json"],
  },
  {
    name: "what was before the start as well",
    edits: [production("    lateness_hours: 26\n", "    lateness_hours: 26\n    before_start: copy\n")],
    there: ["info sync-window-widened sync-1:/etc/aws2ncp/sync/event_log.json"],
    back: ["high sync-window-narrowed sync-1:/etc/aws2ncp/sync/event_log.json"],
  },
  {
    name: "folders in another zone",
    edits: [production("prefix_zone: Asia/Seoul", "prefix_zone: UTC")],
    there: ["high sync-zone sync-1:/etc/aws2ncp/sync/api_log.json"],
    back: ["high sync-zone sync-1:/etc/aws2ncp/sync/api_log.json"],
  },
  {
    name: "another schedule",
    edits: [production('schedule: "37 1 * * *"', 'schedule: "7 5 * * *"')],
    there: ["low sync-schedule sync-1:/etc/cron.d/aws2ncp-api_log"],
    back: ["low sync-schedule sync-1:/etc/cron.d/aws2ncp-api_log"],
  },
  {
    name: "a schedule for what ran on demand",
    edits: [production(hive, `${hive}    schedule: "0 4 * * *"\n`)],
    there: [
      "low sync-schedule sync-1:/etc/cron.d/aws2ncp-hive",
      "info alerts-added sync-1:/etc/aws2ncp/sync/hive.json",
    ],
    back: [
      "high sync-schedule sync-1:/etc/cron.d/aws2ncp-hive",
      "medium alerts-removed sync-1:/etc/aws2ncp/sync/hive.json",
    ],
  },
  {
    name: "another source",
    edits: [
      production(
        "source: { bucket: company-api-log, prefix: api_log/ }",
        "source: { bucket: company-api-logs, prefix: api_log/ }",
      ),
    ],
    there: [
      "high path-widened proxy-1:/etc/squid/inner.conf, /etc/squid/squid.conf",
      "high iam-widened source/reader",
      "high sync-source sync-1:/etc/aws2ncp/sync/api_log.json",
      "info path-narrowed proxy-1:/etc/squid/inner.conf, /etc/squid/squid.conf",
      "info iam-narrowed source/reader",
    ],
    back: [
      "high path-widened proxy-1:/etc/squid/inner.conf, /etc/squid/squid.conf",
      "high iam-widened source/reader",
      "high sync-source sync-1:/etc/aws2ncp/sync/api_log.json",
      "info path-narrowed proxy-1:/etc/squid/inner.conf, /etc/squid/squid.conf",
      "info iam-narrowed source/reader",
    ],
  },
  { name: "another bandwidth", edits: [production("bandwidth_mb: 40", "bandwidth_mb: 80")], there: [], back: [] },
  {
    name: "one more dataset",
    edits: [
      production(
        "  hive: # about 830 GB",
        "  billing:\n    layout: tree\n    source: { bucket: company-billing, prefix: bills/ }\n    target: { bucket: company-aws2ncp-billing, prefix: bills/ }\n  hive: # about 830 GB",
      ),
    ],
    there: [
      "high path-widened proxy-1:/etc/squid/inner.conf, /etc/squid/squid.conf",
      "high iam-widened source/reader",
      "info sync-added sync-1:/etc/aws2ncp/sync/billing.json",
    ],
    back: [
      "critical data-destroyed storage/billing",
      "high sync-removed sync-1:/etc/aws2ncp/sync/billing.json",
      "info path-narrowed proxy-1:/etc/squid/inner.conf, /etc/squid/squid.conf",
      "info iam-narrowed source/reader",
    ],
  },
];
