/** A report as a review makes it, with one of everything that the page shows, and names that try to break out of it. */
import type { Report } from "../../../review/report";
import { riskyPlan, largePlan } from "../picture/plans";

/** What a name must never become. */
export const EVIL = `x"><img src=x onerror=alert(1)><script>document.title='broken'</script>`;

export const emptyReport = (): Report => ({
  verdict: "No change: both sides give the same stacks and files",
  findings: [],
  stacks: [],
  files: [],
  plans: { before: largePlan(), after: largePlan() },
});

export const report = (): Report => ({
  verdict: "Stop: 1 critical and 2 high findings; airflow-1 is replaced, operators may come from anywhere",
  findings: [
    {
      severity: "critical",
      kind: "internet-opened",
      place: { file: "plan.json", construct: "network/proxy-group/Default" },
      reason: "proxy admits TCP 22 from 0.0.0.0/0, before from 198.51.100.1/32",
      consequence: "Anybody on the internet can try to log in to the bastion",
    },
    {
      severity: "high",
      kind: "server-replaced",
      place: { host: "airflow-1", construct: "schedule/airflow-1/server/Default" },
      reason:
        "ncloud_server.airflow-1_server: server_spec_code s4-g3 becomes m8-g3, and the provider replaces a server for it",
      consequence:
        "airflow-1 is destroyed and made anew: what lies on its base volume is gone, jobs that run are cut short",
    },
    {
      severity: "high",
      kind: "proxy-bypassed",
      place: { file: "/etc/aws2ncp/firewall.nft", host: "sync-1" },
      reason: "sync may open TCP 443 to the internet",
      consequence: "Personal data can leave without the proxy's list and log",
    },
    {
      severity: "medium",
      kind: "path-widened",
      place: { file: "/etc/squid/squid.conf", host: "proxy-1" },
      reason: `port B admits ${EVIL}`,
      consequence: "Every private host reaches it",
    },
    {
      severity: "low",
      kind: "sync-schedule",
      place: { file: "/etc/cron.d/aws2ncp-api_log", host: "sync-1" },
      reason: "api_log runs at 37 2 * * * instead of 37 1 * * *",
      consequence: "Its data of a day is there an hour later",
    },
    {
      severity: "info",
      kind: "network-narrowed",
      place: { construct: "network/hdp-group/Default" },
      reason: "hdp no longer admits TCP 50010 from presto",
      consequence: "Presto can't read blocks of HDFS",
    },
    {
      severity: "info",
      kind: "server-removed",
      place: { host: "presto-2", construct: "query/presto-2/server/Default" },
      reason: "presto-2 is gone from the pipeline file",
      consequence: "One worker less",
    },
  ],
  stacks: [
    {
      name: "network",
      action: "changed",
      resources: [
        {
          action: "changed",
          block: "resource",
          address: "ncloud_access_control_group_rule.proxy-group_rules",
          construct: "network/proxy-group/rules",
          attributes: [
            { path: "inbound[]", after: { ip_block: "0.0.0.0/0", port_range: "22", protocol: "TCP" } },
            { path: "description", before: "hosts of role proxy", after: EVIL },
          ],
          replacedBecause: [],
        },
        {
          action: "changed",
          block: "resource",
          address: "terraform_data.before_changes",
          attributes: [{ path: "triggers_replace", before: "a1", after: "b2" }],
          replacedBecause: [],
          routine: true,
        },
      ],
      delivery: [],
      drift: [],
      planned: [],
    },
    {
      name: "schedule",
      action: "changed",
      resources: [
        {
          action: "replaced",
          block: "resource",
          address: "ncloud_server.airflow-1_server",
          construct: "schedule/airflow-1/server/Default",
          attributes: [{ path: "server_spec_code", before: "s4-g3", after: "m8-g3", replaces: true }],
          replacedBecause: ["server_spec_code: the provider replaces a server for it"],
        },
        {
          action: "moved",
          block: "resource",
          address: "ncloud_block_storage.airflow-1_volume",
          movedFrom: "ncloud_block_storage.airflow-1_data",
          attributes: [],
          replacedBecause: [],
        },
        {
          action: "removed",
          block: "resource",
          address: "ncloud_public_ip.airflow-1",
          attributes: [],
          replacedBecause: [],
        },
      ],
      delivery: [{ path: "secrets.airflow_fernet_key.version", before: 1, after: 2 }],
      drift: [
        {
          address: "ncloud_server.airflow-1_server",
          attributes: [{ path: "is_protect_server_termination", before: true, after: false }],
        },
      ],
      planned: ["ncloud_server.airflow-1_server is destroyed before it is made anew"],
    },
  ],
  files: [
    {
      path: "/etc/squid/squid.conf",
      hosts: ["proxy-1", "proxy-2"],
      stacks: ["transfer"],
      action: "changed",
      kind: "lines",
      meaning: [{ path: "acl package_hosts[]", after: EVIL }],
      attributes: [{ path: "mode", before: "0640", after: "0644" }],
      text: `@@ -12,3 +12,4 @@\n acl package_hosts dstdomain packages.ncp.test\n-http_access deny all\n+acl package_hosts dstdomain ${EVIL}\n+http_access deny all\n`,
      restarts: ["Reload squid"],
    },
    {
      path: "/etc/hosts",
      hosts: ["hdp-1", "hdp-2", "hdp-3"],
      stacks: ["batch-cluster"],
      action: "changed",
      kind: "lines",
      meaning: [],
      attributes: [],
      text: "@@ -1,2 +1,2 @@\n-# hosts of aws2ncp\n+# hosts of the pipeline\n 127.0.0.1 localhost\n",
      restarts: [],
    },
    {
      path: "/etc/aws2ncp/audit.json",
      hosts: ["hdp-1"],
      stacks: ["batch-cluster"],
      action: "added",
      kind: "json",
      meaning: [{ path: "bucket", after: "aws2ncp-audit" }],
      attributes: [],
      text: '@@ -0,0 +1,3 @@\n+{\n+  "bucket": "aws2ncp-audit"\n+}\n',
      restarts: ["Restart audit"],
    },
  ],
  plans: { before: largePlan(), after: riskyPlan() },
});
