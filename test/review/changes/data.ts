/** Data and servers, and what protects them. */
import { edit, production, role, type Change } from "./change";

export const data: readonly Change[] = [
  {
    name: "a host named for retirement",
    retire: ["transfer/sync-1"],
    there: [
      "high protection-removed transfer/sync-1/server",
      "high protection-removed transfer/sync-1/server",
      "high protection-removed transfer/sync-1/volume",
      "high protection-removed transfer/sync-1/volume",
    ],
    back: [
      "info protection-added transfer/sync-1/server",
      "info protection-added transfer/sync-1/server",
      "info protection-added transfer/sync-1/volume",
      "info protection-added transfer/sync-1/volume",
    ],
  },
  {
    name: "a volume taken from its host",
    edits: [production("\n    volume: { size_gb: 100, mount: /var/lib/aws2ncp }", "")],
    there: ["critical data-destroyed transfer/sync-1/volume"],
    back: [],
  },
  {
    name: "a bucket under another name",
    edits: [production("bucket: company-aws2ncp-api-log", "bucket: company-aws2ncp-api-logs")],
    there: ["critical data-replaced storage/api_log", "high sync-source sync-1:/etc/aws2ncp/sync/api_log.json"],
    back: ["critical data-replaced storage/api_log", "high sync-source sync-1:/etc/aws2ncp/sync/api_log.json"],
  },
  {
    name: "a dataset removed with its bucket",
    edits: [
      production(
        `  hive: # about 830 GB, copied on demand
    layout: tree
    source: { bucket: company-hive, prefix: hive/ } # yours
    target: { bucket: company-aws2ncp-hive, prefix: hive/ } # yours
    bandwidth_mb: 40 # the hourly log keeps the rest
`,
        "",
      ),
    ],
    there: [
      "critical data-destroyed storage/hive",
      "high sync-removed sync-1:/etc/aws2ncp/sync/hive.json",
      "info path-narrowed proxy-1:/etc/squid/inner.conf, /etc/squid/squid.conf",
      "info iam-narrowed source/reader",
    ],
    back: [
      "high path-widened proxy-1:/etc/squid/inner.conf, /etc/squid/squid.conf",
      "high iam-widened source/reader",
      "info sync-added sync-1:/etc/aws2ncp/sync/hive.json",
    ],
  },
  {
    name: "another description of every server",
    edits: [
      edit(
        "constructs/host/host.ts",
        "description: descriptionOf(pipeline, host.role)",
        "description: descriptionOf(pipeline, host.name)",
      ),
    ],
    there: [
      "critical data-replaced transfer/sync-1/server",
      "high server-replaced transfer/proxy-1/server",
      "medium resource-replaced transfer/proxy-1/server/nic",
      "medium resource-replaced transfer/sync-1/server/nic",
    ],
    back: [
      "critical data-replaced transfer/sync-1/server",
      "high server-replaced transfer/proxy-1/server",
      "medium resource-replaced transfer/proxy-1/server/nic",
      "medium resource-replaced transfer/sync-1/server/nic",
    ],
  },
  {
    name: "another address of a host",
    edits: [production("  sync-1:\n", "  sync-1:\n    address: 10.30.1.20\n")],
    there: [
      "critical data-replaced transfer/sync-1/server",
      "high ssh-widened proxy-1:/etc/ssh/sshd_config.d/00-aws2ncp.conf",
      "high proxy-clients-widened proxy-1:/etc/squid/squid.conf",
      "medium network-opened network/proxy-group/rules",
      "medium network-opened network/proxy-group/rules",
      "medium network-opened network/proxy-group/rules",
      "medium network-opened network/proxy-group/rules",
      "medium proxy-clients-widened proxy-1:/etc/squid/squid.conf",
      "info network-narrowed network/proxy-group/rules",
      "info network-narrowed network/proxy-group/rules",
      "info network-narrowed network/proxy-group/rules",
      "info network-narrowed network/proxy-group/rules",
      "info ssh-narrowed proxy-1:/etc/ssh/sshd_config.d/00-aws2ncp.conf",
      "info proxy-clients-narrowed proxy-1:/etc/squid/squid.conf",
      "info proxy-clients-narrowed proxy-1:/etc/squid/squid.conf",
    ],
    back: [
      "critical data-replaced transfer/sync-1/server",
      "high ssh-widened proxy-1:/etc/ssh/sshd_config.d/00-aws2ncp.conf",
      "high proxy-clients-widened proxy-1:/etc/squid/squid.conf",
      "medium network-opened network/proxy-group/rules",
      "medium network-opened network/proxy-group/rules",
      "medium network-opened network/proxy-group/rules",
      "medium network-opened network/proxy-group/rules",
      "medium proxy-clients-widened proxy-1:/etc/squid/squid.conf",
      "info network-narrowed network/proxy-group/rules",
      "info network-narrowed network/proxy-group/rules",
      "info network-narrowed network/proxy-group/rules",
      "info network-narrowed network/proxy-group/rules",
      "info ssh-narrowed proxy-1:/etc/ssh/sshd_config.d/00-aws2ncp.conf",
      "info proxy-clients-narrowed proxy-1:/etc/squid/squid.conf",
      "info proxy-clients-narrowed proxy-1:/etc/squid/squid.conf",
    ],
  },
  {
    name: "another zone",
    edits: [production("zone: KR-2", "zone: KR-1")],
    there: [
      "critical data-replaced transfer/sync-1/server",
      "critical data-replaced transfer/sync-1/volume",
      "high server-replaced transfer/proxy-1/server",
      "high resource-replaced network/private",
      "high resource-replaced network/public",
    ],
    back: [
      "critical data-replaced transfer/sync-1/server",
      "critical data-replaced transfer/sync-1/volume",
      "high server-replaced transfer/proxy-1/server",
      "high resource-replaced network/private",
      "high resource-replaced network/public",
    ],
  },
  {
    name: "base disks no longer encrypted",
    edits: [
      edit(
        "constructs/host/server.ts",
        "isEncryptedBaseBlockStorageVolume: true",
        "isEncryptedBaseBlockStorageVolume: false",
      ),
    ],
    there: [
      "critical data-replaced transfer/sync-1/server",
      "high server-replaced transfer/proxy-1/server",
      "high encryption-removed transfer/proxy-1/server",
      "high encryption-removed transfer/sync-1/server",
    ],
    back: [
      "critical data-replaced transfer/sync-1/server",
      "high server-replaced transfer/proxy-1/server",
      "info encryption-added transfer/proxy-1/server",
      "info encryption-added transfer/sync-1/server",
    ],
  },
  {
    name: "volumes whose encryption is not read back",
    edits: [
      edit(
        "constructs/host/volume.ts",
        'condition: "${self.encrypted_volume == true}"',
        'condition: "${self.size > 0}"',
      ),
    ],
    there: ["high encryption-removed transfer/sync-1/volume"],
    back: ["info encryption-added transfer/sync-1/volume"],
  },
  {
    name: "buckets that Terraform may destroy",
    edits: [edit("constructs/storage/bucket.ts", "lifecycle: protectedLifecycle(this),", "")],
    there: [
      "high protection-removed storage/api_log",
      "high protection-removed storage/event_log",
      "high protection-removed storage/hive",
      "high protection-removed storage/replaced",
    ],
    back: [
      "info protection-added storage/api_log",
      "info protection-added storage/event_log",
      "info protection-added storage/hive",
      "info protection-added storage/replaced",
    ],
  },
  {
    name: "servers that follow their init script",
    edits: [edit("constructs/host/server.ts", '"init_script_no",\n', "")],
    there: ["high protection-removed transfer/proxy-1/server", "high protection-removed transfer/sync-1/server"],
    back: ["info protection-added transfer/proxy-1/server", "info protection-added transfer/sync-1/server"],
  },
  {
    name: "servers that follow their init script, and another script",
    both: [edit("constructs/host/server.ts", '"init_script_no",\n', "")],
    edits: [edit("constructs/host/init-script.ts", '"first boot: the account that the deploys use"', '"first boot"')],
    there: ["critical data-replaced transfer/sync-1/server", "high server-replaced transfer/proxy-1/server"],
    back: ["critical data-replaced transfer/sync-1/server", "high server-replaced transfer/proxy-1/server"],
  },
  {
    name: "states on the machine that deploys",
    edits: [
      production(
        `  remote:
    bucket: company-aws2ncp-state # yours: made by \`aws2ncp bootstrap\`; unique across all customers of the platform
    host: kr.object.ncloudstorage.com # the public endpoint: deploys run outside the platform's network
    region: kr-standard
    profile: ncp
    # The safe claim. \`aws2ncp bootstrap\` says whether \`locking: lockfile\`, without a runner, may stand here.
    locking: single-runner
    runner: deploy-1 # yours: host name of the machine that deploys
`,
        "",
      ),
    ],
    there: ["high backups-removed network, source, storage, transfer"],
    back: ["info backups-added network, source, storage, transfer"],
  },
  {
    name: "no copies of the states",
    edits: [
      edit(
        "stacks/platform-stack.ts",
        "return withStateCopies(stack, { plan: this.plan, stack: this.node.id, root: ROOT });",
        "void [withStateCopies, ROOT]; return stack;",
      ),
    ],
    there: ["high backups-removed network, source, storage, transfer"],
    back: ["info backups-added network, source, storage, transfer"],
  },
  {
    name: "no alerts",
    edits: [
      production(
        "alerts:\n  host: hooks.slack.com # yours: host of the webhook that late and failed runs are posted to\n",
        "",
      ),
      production('\n  alert_webhook: { from: "env:ALERT_WEBHOOK", version: 1 }', ""),
    ],
    there: [
      "high alerts-removed sync-1:/etc/aws2ncp/alerts.json",
      "info path-narrowed proxy-1:/etc/squid/squid.conf",
      "info secret-withdrawn sync-1:/etc/aws2ncp/secrets/alert-webhook",
    ],
    back: [
      "medium path-widened proxy-1:/etc/squid/squid.conf",
      "low secret-spread sync-1:/etc/aws2ncp/secrets/alert-webhook",
      "info alerts-added sync-1:/etc/aws2ncp/alerts.json",
    ],
  },
  {
    name: "alerts that come later",
    edits: [production("    lateness_hours: 26\n", "    lateness_hours: 26\n    late_after_hours: 700\n")],
    there: ["medium alerts-removed sync-1:/etc/aws2ncp/sync/event_log.json"],
    back: ["info alerts-added sync-1:/etc/aws2ncp/sync/event_log.json"],
  },
  {
    name: "logs of the proxy kept for a month",
    edits: [
      role("squid/templates/logrotate.j2", "rotate 400", "rotate 31"),
      role("squid/templates/logrotate.j2", "maxage 400", "maxage 31"),
    ],
    there: [
      "high retention-shortened proxy-1:/etc/logrotate.d/squid",
      "high retention-shortened proxy-1:/etc/logrotate.d/squid",
    ],
    back: [
      "info retention-lengthened proxy-1:/etc/logrotate.d/squid",
      "info retention-lengthened proxy-1:/etc/logrotate.d/squid",
    ],
  },
  {
    name: "logins kept for a month",
    edits: [role("base/templates/journald.conf.j2", "MaxRetentionSec=1year", "MaxRetentionSec=1month")],
    there: ["high retention-shortened proxy-1, sync-1:/etc/systemd/journald.conf.d/aws2ncp.conf"],
    back: ["info retention-lengthened proxy-1, sync-1:/etc/systemd/journald.conf.d/aws2ncp.conf"],
  },
  {
    name: "buckets under another construct id",
    edits: [edit("stacks/storage.ts", "new Bucket(this, purpose,", "new Bucket(this, `bucket-${purpose}`,")],
    there: [
      "critical data-replaced storage/bucket-api_log",
      "critical data-replaced storage/bucket-event_log",
      "critical data-replaced storage/bucket-hive",
      "critical data-replaced storage/bucket-replaced",
    ],
    back: [
      "critical data-replaced storage/api_log",
      "critical data-replaced storage/event_log",
      "critical data-replaced storage/hive",
      "critical data-replaced storage/replaced",
    ],
  },
  {
    name: "the network under another construct id",
    edits: [edit("stacks/network.ts", 'new Vpc(this, "vpc",', 'new Vpc(this, "net",')],
    there: [
      "critical data-replaced transfer/sync-1/server",
      "high server-replaced transfer/proxy-1/server",
      "high resource-replaced network/net",
      "high resource-replaced network/private",
      "high resource-replaced network/public",
      "medium resource-replaced network/private-acl",
      "medium resource-replaced network/private-routes",
      "medium resource-replaced network/private-routes/private",
      "medium resource-replaced network/proxy-group",
      "medium resource-replaced network/public-acl",
      "medium resource-replaced network/sync-group",
    ],
    back: [
      "critical data-replaced transfer/sync-1/server",
      "high server-replaced transfer/proxy-1/server",
      "high resource-replaced network/private",
      "high resource-replaced network/public",
      "high resource-replaced network/vpc",
      "medium resource-replaced network/private-acl",
      "medium resource-replaced network/private-routes",
      "medium resource-replaced network/private-routes/private",
      "medium resource-replaced network/proxy-group",
      "medium resource-replaced network/public-acl",
      "medium resource-replaced network/sync-group",
    ],
  },
  {
    name: "a bucket under another construct id, with a moved block",
    edits: [
      edit(
        "stacks/storage.ts",
        "new Bucket(this, purpose,",
        'new Bucket(this, purpose === "hive" ? "tables" : purpose,',
      ),
      edit(
        "stacks/storage.ts",
        "    for (const",
        '    this.addOverride("moved", [{ from: "ncloud_objectstorage_bucket.hive", to: "ncloud_objectstorage_bucket.tables" }, { from: "ncloud_objectstorage_bucket_acl.hive_acl", to: "ncloud_objectstorage_bucket_acl.tables_acl" }]);\n    for (const',
      ),
    ],
    there: [],
    back: ["critical data-replaced storage/hive"],
  },
  {
    name: "another pipeline's name",
    edits: [production("name: aws2ncp #", "name: pipeline #")],
    there: [
      "critical data-replaced transfer/sync-1/server",
      "critical data-replaced transfer/sync-1/volume",
      "high server-replaced transfer/proxy-1/server",
      "high resource-replaced network/private",
      "high resource-replaced network/public",
      "high resource-replaced network/vpc",
      "high resource-replaced transfer/proxy-1/address",
      "medium resource-replaced network/private-acl",
      "medium resource-replaced network/private-routes",
      "medium resource-replaced network/private-routes/private",
      "medium resource-replaced network/proxy-group",
      "medium resource-replaced network/public-acl",
      "medium resource-replaced network/sync-group",
      "medium resource-replaced transfer/proxy-1/server/nic",
      "medium resource-replaced transfer/sync-1/server/nic",
      "low resource-replaced transfer/init-script",
    ],
    back: [
      "critical data-replaced transfer/sync-1/server",
      "critical data-replaced transfer/sync-1/volume",
      "high server-replaced transfer/proxy-1/server",
      "high resource-replaced network/private",
      "high resource-replaced network/public",
      "high resource-replaced network/vpc",
      "high resource-replaced transfer/proxy-1/address",
      "medium resource-replaced network/private-acl",
      "medium resource-replaced network/private-routes",
      "medium resource-replaced network/private-routes/private",
      "medium resource-replaced network/proxy-group",
      "medium resource-replaced network/public-acl",
      "medium resource-replaced network/sync-group",
      "medium resource-replaced transfer/proxy-1/server/nic",
      "medium resource-replaced transfer/sync-1/server/nic",
      "low resource-replaced transfer/init-script",
    ],
  },
];
