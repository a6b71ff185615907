/** Data and servers, and what protects them. */
import { edit, production, role, type Change } from "./change";

export const data: readonly Change[] = [
  {
    name: "a host named for retirement",
    retire: ["transfer/sync-1"],
    there: [],
    back: [],
  },
  {
    name: "a volume taken from its host",
    edits: [production("\n    volume: { size_gb: 100, mount: /var/lib/aws2ncp }", "")],
    there: [],
    back: [],
  },
  {
    name: "a bucket under another name",
    edits: [production("bucket: company-aws2ncp-api-log", "bucket: company-aws2ncp-api-logs")],
    there: [],
    back: [],
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
    there: [],
    back: [],
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
    there: [],
    back: [],
  },
  {
    name: "another address of a host",
    edits: [production("  sync-1:\n", "  sync-1:\n    address: 10.30.1.20\n")],
    there: [],
    back: [],
  },
  {
    name: "another zone",
    edits: [production("zone: KR-2", "zone: KR-1")],
    there: [],
    back: [],
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
    there: [],
    back: [],
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
    there: [],
    back: [],
  },
  {
    name: "buckets that Terraform may destroy",
    edits: [edit("constructs/storage/bucket.ts", "lifecycle: protectedLifecycle(this),", "")],
    there: [],
    back: [],
  },
  {
    name: "servers that follow their init script",
    edits: [edit("constructs/host/server.ts", '"init_script_no",\n', "")],
    there: [],
    back: [],
  },
  {
    name: "servers that follow their init script, and another script",
    both: [edit("constructs/host/server.ts", '"init_script_no",\n', "")],
    edits: [edit("constructs/host/init-script.ts", '"first boot: the account that the deploys use"', '"first boot"')],
    there: [],
    back: [],
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
    there: [],
    back: [],
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
    there: [],
    back: [],
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
    there: [],
    back: [],
  },
  {
    name: "alerts that come later",
    edits: [production("    lateness_hours: 26\n", "    lateness_hours: 26\n    late_after_hours: 700\n")],
    there: [],
    back: [],
  },
  {
    name: "logs of the proxy kept for a month",
    edits: [
      role("squid/templates/logrotate.j2", "rotate 400", "rotate 31"),
      role("squid/templates/logrotate.j2", "maxage 400", "maxage 31"),
    ],
    there: [],
    back: [],
  },
  {
    name: "logins kept for a month",
    edits: [role("base/templates/journald.conf.j2", "MaxRetentionSec=1year", "MaxRetentionSec=1month")],
    there: [],
    back: [],
  },
  {
    name: "buckets under another construct id",
    edits: [edit("stacks/storage.ts", "new Bucket(this, purpose,", "new Bucket(this, `bucket-${purpose}`,")],
    there: [],
    back: [],
  },
  {
    name: "the network under another construct id",
    edits: [edit("stacks/network.ts", 'new Vpc(this, "vpc",', 'new Vpc(this, "net",')],
    there: [],
    back: [],
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
    back: [],
  },
  {
    name: "another pipeline's name",
    edits: [production("name: aws2ncp #", "name: pipeline #")],
    there: [],
    back: [],
  },
];
