/** Secrets written out, delivered elsewhere, rotated. */
import { edit, production, role, type Change } from "./change";

export const secrets: readonly Change[] = [
  {
    name: "a webhook's URL in a script",
    edits: [
      role(
        "schedule/templates/watch.j2",
        'MAILTO=""',
        `MAILTO=""\nWEBHOOK=https://hooks.slack${"."}com/services/T00000000/B00000000/abcdefghijklmnop`,
      ),
    ],
    there: ["critical secret-literal sync-1:/etc/cron.d/aws2ncp-sync-watch"],
    back: ["info secret-literal-removed sync-1:/etc/cron.d/aws2ncp-sync-watch"],
  },
  {
    name: "a password in a description",
    edits: [
      edit(
        "constructs/storage/bucket.ts",
        "lifecycle: protectedLifecycle(this),",
        'lifecycle: protectedLifecycle(this),\n      // as somebody would\n      ...({ provisioners: [{ type: "local-exec", command: "curl https://admin:hunter2hunter2@console.ncp.test/" }] } as object),',
      ),
    ],
    there: [
      "critical secret-literal storage/api_log",
      "critical secret-literal storage/event_log",
      "critical secret-literal storage/hive",
      "critical secret-literal storage/replaced",
    ],
    back: [
      "info secret-literal-removed storage/api_log",
      "info secret-literal-removed storage/event_log",
      "info secret-literal-removed storage/hive",
      "info secret-literal-removed storage/replaced",
    ],
  },
  {
    name: "a key in a rendered file",
    edits: [
      role(
        "rclone/templates/rclone.conf.j2",
        "list_version = 1",
        `list_version = 1\nsse_customer_key = wJalrXUtnFEMI0K7MDENGbPxRfiCYEXAMPLEKEY1${""}`,
      ),
    ],
    there: ["critical secret-literal sync-1:/etc/aws2ncp/rclone.conf"],
    back: ["info secret-literal-removed sync-1:/etc/aws2ncp/rclone.conf"],
  },
  {
    name: "a secret rotated",
    edits: [
      production(
        'field=access_key_id aws2ncp/source-reader", version: 1',
        'field=access_key_id aws2ncp/source-reader", version: 2',
      ),
    ],
    there: ["info secret-rotated transfer"],
    back: ["low secret-rotated transfer"],
  },
  {
    name: "a reference to another store",
    edits: [production('deploy_ssh_key: { from: "file:keys/deploy"', 'deploy_ssh_key: { from: "env:DEPLOY_KEY"')],
    there: [],
    back: [],
  },
  {
    name: "a secret on one more host",
    edits: [
      edit(
        "constructs/provisioning/render-transfer.ts",
        "      { path: TLS.cert, parts:",
        '      { path: "/etc/squid/tls/reader", parts: [{ secret: "aws_secret_access_key" }] },\n      { path: TLS.cert, parts:',
      ),
    ],
    there: ["medium secret-spread proxy-1:/etc/squid/tls/reader"],
    back: ["info secret-withdrawn proxy-1:/etc/squid/tls/reader"],
  },
];
