/** Changes that no one needs to be told of. */
import { edit, production, role, type Change } from "./change";

const policy = (from: string, to: string) => edit("constructs/aws/reader-policy.ts", from, to);

export const harmless: readonly Change[] = [
  {
    name: "comments in the pipeline file",
    edits: [production("# Zone, spec and endpoints", "# One more comment.\n# Zone, spec and endpoints")],
    there: [],
    back: [],
  },
  {
    name: "another order of keys",
    edits: [
      production(
        "  proxy-1: { image: ubuntu-22.04-base, spec: s2-g3 }",
        "  proxy-1: { spec: s2-g3, image: ubuntu-22.04-base }",
      ),
    ],
    there: [],
    back: [],
  },
  {
    name: "quotes and line breaks",
    edits: [production("admin_cidrs: [203.0.113.10/32]", 'admin_cidrs:\n    - "203.0.113.10/32"')],
    there: [],
    back: [],
  },
  {
    name: "a default that is written",
    edits: [production("    bandwidth_mb: 40", "    mode: copy\n    bandwidth_mb: 40")],
    there: [],
    back: [],
  },
  {
    name: "a variable under another name",
    edits: [
      edit("constructs/storage/bucket.ts", "const bucket = new", "const made = new"),
      edit("constructs/storage/bucket.ts", "this.bucketName = bucket.bucketName", "this.bucketName = made.bucketName"),
      edit("constructs/storage/bucket.ts", "{ bucketName: bucket.bucketName,", "{ bucketName: made.bucketName,"),
    ],
    there: [],
    back: [],
  },
  {
    name: "a comment in a rendered file",
    edits: [role("squid/templates/squid.conf.j2", "pinger_enable off", "# No need for it.\npinger_enable off")],
    there: [],
    back: [],
  },
  {
    name: "white space in a rendered file",
    edits: [role("sshd/templates/sshd.conf.j2", "MaxAuthTries 3", "MaxAuthTries     3")],
    there: [],
    back: [],
  },
  {
    name: "another order of an INI file",
    edits: [
      role(
        "rclone/templates/rclone.conf.j2",
        "list_version = 1\nno_check_bucket = true",
        "no_check_bucket = true\nlist_version = 1",
      ),
    ],
    there: [],
    back: [],
  },
  {
    name: "another order of cron's variables",
    edits: [role("schedule/templates/cron.j2", 'HOME=/\nMAILTO=""', 'MAILTO=""\nHOME=/')],
    there: [],
    back: [],
  },
  {
    name: "another order of a policy",
    edits: [
      policy(
        '      denied("NeverInTheClear", { Bool: { "aws:SecureTransport": "false" } }),\n      denied("NoOlderTls", { NumericLessThan: { "s3:TlsVersion": TLS } }),',
        '      denied("NoOlderTls", { NumericLessThan: { "s3:TlsVersion": TLS } }),\n      denied("NeverInTheClear", { Bool: { "aws:SecureTransport": "false" } }),',
      ),
    ],
    there: [],
    back: [],
  },
  {
    name: "another order of flows",
    edits: [
      edit(
        "pipeline/flows.ts",
        '  flow("proxy", "internet", 443, "TCP", "tls", "buckets at AWS, packages, alerts"),\n  flow("proxy", "internet", 80, "TCP", "http", "signed packages"),',
        '  flow("proxy", "internet", 80, "TCP", "http", "signed packages"),\n  flow("proxy", "internet", 443, "TCP", "tls", "buckets at AWS, packages, alerts"),',
      ),
    ],
    there: [],
    back: [],
  },
  {
    name: "other words for a flow",
    edits: [edit("pipeline/flows.ts", '"signed packages"', '"packages, which are signed"')],
    there: [],
    back: [],
  },
  {
    name: "another spec",
    edits: [
      production(
        "  proxy-1: { image: ubuntu-22.04-base, spec: s2-g3 }",
        "  proxy-1: { image: ubuntu-22.04-base, spec: s4-g3 }",
      ),
    ],
    there: [],
    back: [],
  },
  { name: "a bigger volume", edits: [production("size_gb: 100", "size_gb: 200")], there: [], back: [] },
  {
    name: "a policy in another form",
    edits: [
      policy(
        'Action: "s3:*",\n  Resource: "*",\n  Condition: condition,',
        'Action: ["s3:*"],\n  Resource: ["*"],\n  Condition: condition,',
      ),
    ],
    there: [],
    back: [],
  },
];
