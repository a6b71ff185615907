/**
 * Every kind of bad input, and what is said about it, whole: file, line, column, path, value, what is allowed, what to do. The line
 * is that of a text of the changed file, so that the example can grow.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PipelineError } from "../../pipeline/errors";
import { loadPipeline } from "../../pipeline/load";
import { pipelineFile } from "../fixtures/pipeline";

const KEY = join(__dirname, "../fixtures/deploy.pub");

interface Row {
  readonly kind: string;
  /** Texts of the example and what stands in their place. */
  readonly changes: readonly (readonly [string, string])[];
  /** Stands once in the changed file, on the line that the message names. */
  readonly at: string;
  readonly column: number;
  /** The message after its place. */
  readonly says: readonly [what: string, allowed: string, hint: string];
}

const ROWS: readonly Row[] = [
  {
    kind: "an unknown key",
    changes: [["  zone: KR-1", "  zone: KR-1\n  zones: 2"]],
    at: "zones: 2",
    column: 3,
    says: [
      "platform.zones: this key means nothing here; its value: 2",
      "  allowed: site, region, zone, login_key",
      "  try: write zone, or remove it",
    ],
  },
  {
    kind: "an unknown key that resembles none",
    changes: [["spec: s2-g3 }", "spec: s2-g3, speed: fast }"]],
    at: "proxy-1: { image: ubuntu-22.04-base, spec: s2-g3, speed: fast }",
    column: 53,
    says: [
      'hosts.proxy-1.speed: this key means nothing here; its value: "fast"',
      "  allowed: image, spec, address, reason, volume",
      "  try: write spec, or remove it",
    ],
  },
  {
    kind: "a wrong type",
    changes: [["size_gb: 10", 'size_gb: "10"']],
    at: 'volume: { size_gb: "10", mount: /var/lib/aws2ncp }',
    column: 15,
    says: [
      'hosts.sync-1.volume.size_gb: "10" has the wrong type',
      "  allowed: a value of type number",
      "  try: write it as the repository's example does; numbers stand without quotes",
    ],
  },
  {
    kind: "a value that is missing",
    changes: [["    start_zone: Asia/Seoul\n", ""]],
    at: "event_log:",
    column: 3,
    says: [
      "datasets.event_log.start_zone: is missing",
      "  allowed: a value of type string",
      "  try: add start_zone: under datasets.event_log",
    ],
  },
  {
    kind: "a subnet outside the VPC",
    changes: [["public_subnet: 10.20.0.0/24", "public_subnet: 10.21.0.0/24"]],
    at: "public_subnet: 10.21.0.0/24",
    column: 3,
    says: [
      "network.public_subnet: 10.21.0.0/24 lies outside the VPC",
      "  allowed: a block inside 10.20.0.0/16",
      "  try: write one such as 10.20.0.0/24, or another vpc",
    ],
  },
  {
    kind: "subnets that overlap",
    changes: [["private_subnet: 10.20.1.0/24", "private_subnet: 10.20.0.128/25"]],
    at: "private_subnet: 10.20.0.128/25",
    column: 3,
    says: [
      "network.private_subnet: 10.20.0.128/25 overlaps the public subnet 10.20.0.0/24",
      "  allowed: another block inside 10.20.0.0/16",
      "  try: begin it behind the end of 10.20.0.0/24",
    ],
  },
  {
    kind: "a VPC that is no private network",
    changes: [
      ["vpc: 10.20.0.0/16", "vpc: 11.20.0.0/16"],
      ["public_subnet: 10.20.0.0/24", "public_subnet: 11.20.0.0/24"],
      ["private_subnet: 10.20.1.0/24", "private_subnet: 11.20.1.0/24"],
    ],
    at: "vpc: 11.20.0.0/16",
    column: 3,
    says: [
      "network.vpc: 11.20.0.0/16 is no private network",
      "  allowed: a block inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
      "  try: write one that none of your other networks has",
    ],
  },
  {
    kind: "an operator's block inside the VPC",
    changes: [["admin_cidrs: [198.51.100.1/32]", "admin_cidrs: [10.20.9.0/24]"]],
    at: "admin_cidrs: [10.20.9.0/24]",
    column: 17,
    says: [
      "network.admin_cidrs.0: 10.20.9.0/24 overlaps the VPC 10.20.0.0/16: operators come from outside",
      "  allowed: blocks outside 10.20.0.0/16",
      "  try: write the right block, or another vpc",
    ],
  },
  {
    kind: "an operator's block inside the storage's",
    changes: [["admin_cidrs: [198.51.100.1/32]", "admin_cidrs: [198.51.100.65/32]"]],
    at: "admin_cidrs: [198.51.100.65/32]",
    column: 17,
    says: [
      "network.admin_cidrs.0: 198.51.100.65/32 overlaps 198.51.100.64/26 of object_storage.cidrs: nobody logs in from there",
      "  allowed: the addresses that operators come from",
      "  try: write the public address of your office or VPN, as a /32",
    ],
  },
  {
    kind: "the storage's block inside the VPC",
    changes: [["cidrs: [198.51.100.64/26]", "cidrs: [10.20.4.0/24]"]],
    at: "cidrs: [10.20.4.0/24]",
    column: 11,
    says: [
      "object_storage.cidrs.0: 10.20.4.0/24 overlaps the VPC 10.20.0.0/16: the endpoint is the platform's",
      "  allowed: blocks outside 10.20.0.0/16",
      "  try: write the right block, or another vpc",
    ],
  },
  {
    kind: "a resolver inside the VPC",
    changes: [["name_servers: [169.254.169.53]", "name_servers: [10.20.0.2]"]],
    at: "name_servers: [10.20.0.2]",
    column: 18,
    says: [
      "network.name_servers.0: 10.20.0.2/32 overlaps the VPC 10.20.0.0/16: resolvers are the platform's",
      "  allowed: blocks outside 10.20.0.0/16",
      "  try: write the right block, or another vpc",
    ],
  },
  {
    kind: "ssh for everybody",
    changes: [["[198.51.100.1/32]", "[0.0.0.0/0]"]],
    at: "admin_cidrs: [0.0.0.0/0]",
    column: 17,
    says: [
      "network.admin_cidrs.0: 0.0.0.0/0 opens proxy-1's ssh to much of the internet",
      "  allowed: blocks of /8 or longer: the addresses that operators come from",
      "  try: write the public address of your office or VPN, as a /32",
    ],
  },
  {
    kind: "a block with host bits",
    changes: [["vpc: 10.20.0.0/16", "vpc: 10.20.0.1/16"]],
    at: "vpc: 10.20.0.1/16",
    column: 3,
    says: [
      'network.vpc: "10.20.0.1/16" is not valid',
      "  allowed: an IPv4 block whose host bits are zero, /16 to /28, such as 10.20.1.0/24",
      "  try: write it in this form",
    ],
  },
  {
    kind: "an address outside its subnet",
    changes: [["  sync-1:\n", "  sync-1:\n    address: 10.20.9.4\n"]],
    at: "address: 10.20.9.4",
    column: 5,
    says: [
      "hosts.sync-1.address: 10.20.9.4 is not free for hosts in the private subnet 10.20.1.0/24",
      "  allowed: the subnet without its first 6 addresses, which the platform keeps, and its last",
      "  try: remove the line to have the role's place chosen",
    ],
  },
  {
    kind: "an address that the platform keeps",
    changes: [["  sync-1:\n", "  sync-1:\n    address: 10.20.1.5\n"]],
    at: "address: 10.20.1.5",
    column: 5,
    says: [
      "hosts.sync-1.address: 10.20.1.5 is not free for hosts in the private subnet 10.20.1.0/24",
      "  allowed: the subnet without its first 6 addresses, which the platform keeps, and its last",
      "  try: remove the line to have the role's place chosen",
    ],
  },
  {
    kind: "a bad cron expression",
    changes: [['schedule: "* * * * *"', 'schedule: "7 * * MON *"']],
    at: 'schedule: "7 * * MON *" # every minute, so that a rehearsal sees cron fire; the default is "7 * * * *"',
    column: 5,
    says: [
      'datasets.event_log.schedule: "7 * * MON *" is not valid',
      "  allowed: five cron fields of numbers, *, / , - and commas, read in UTC, such as 7 * * * *",
      "  try: write minute, hour, day of the month, month, day of the week; 7 * * * * is seven minutes past every hour",
    ],
  },
  {
    kind: "a bad zone",
    changes: [["start_zone: Asia/Seoul", "start_zone: Seoul"]],
    at: "start_zone: Seoul",
    column: 5,
    says: [
      'datasets.event_log.start_zone: "Seoul" is not valid',
      "  allowed: a time zone by its IANA name, such as UTC or Asia/Seoul",
      "  try: write Asia/Seoul",
    ],
  },
  {
    kind: "a misspelt zone",
    changes: [["start_zone: Asia/Seoul", "start_zone: Asia/Soul"]],
    at: "start_zone: Asia/Soul",
    column: 5,
    says: [
      'datasets.event_log.start_zone: "Asia/Soul" is not valid',
      "  allowed: a time zone by its IANA name, such as UTC or Asia/Seoul",
      "  try: write Asia/Seoul",
    ],
  },
  {
    kind: "a name that stands twice",
    changes: [["  region: KR\n", "  region: KR\n  region: JPN\n"]],
    at: "region: JPN",
    column: 3,
    says: [
      'platform.region: "region" stands here a second time',
      "  allowed: each name once",
      "  try: keep one of the two, or give one another name",
    ],
  },
  {
    kind: "a dataset that stands twice",
    changes: [["\n# Late and failed runs", "  event_log: {}\n\n# Late and failed runs"]],
    at: "event_log: {}",
    column: 3,
    says: [
      'datasets.event_log: "event_log" stands here a second time',
      "  allowed: each name once",
      "  try: keep one of the two, or give one another name",
    ],
  },
  {
    kind: "one bucket for two purposes",
    changes: [["replaced: aws2ncp-replaced", "replaced: aws2ncp-event-log"]],
    at: "target: { bucket: aws2ncp-event-log, prefix: event_log/ }",
    column: 15,
    says: [
      'datasets.event_log.target.bucket: "aws2ncp-event-log" is the bucket of replaced objects',
      "  allowed: another bucket than buckets.replaced",
      "  try: give one of the two another name",
    ],
  },
  {
    kind: "one target for two datasets",
    changes: [["bucket: aws2ncp-api-log, prefix: api_log/ }", "bucket: aws2ncp-event-log, prefix: event_log/ }"]],
    at: "company-api-log, prefix: api_log/ }\n    target",
    column: 5,
    says: [
      "datasets.api_log.target: aws2ncp-event-log/event_log/ overlaps the target of event_log",
      "  allowed: a bucket or prefix of its own for each dataset",
      "  try: write prefix: api_log/",
    ],
  },
  {
    kind: "an operator who is named twice",
    changes: [["\nsecrets:\n", `  - { name: deploy, public_key_file: ${KEY} }\n\nsecrets:\n`]],
    at: `public_key_file: ${KEY}`,
    column: 7,
    says: [
      'operators.1.name: "deploy" is named twice; accounts are not shared',
      "  allowed: a name for each person",
      "  try: give one of the two another name",
    ],
  },
  {
    kind: "a name longer than the platform takes",
    changes: [["\nname: aws2ncp\n", "\nname: aws2ncp-production\n"]],
    at: "name: aws2ncp-production",
    column: 1,
    says: [
      'name: "aws2ncp-production" is not valid',
      "  allowed: 2 to 12 characters that match ^[a-z][a-z0-9-]*[a-z0-9]$",
      "  try: write one such as aws2ncp-prod",
    ],
  },
  {
    kind: "a name that does not match the platform's pattern",
    changes: [["\nname: aws2ncp\n", "\nname: AWS_2_NCP\n"]],
    at: "name: AWS_2_NCP",
    column: 1,
    says: [
      'name: "AWS_2_NCP" is not valid',
      "  allowed: 2 to 12 characters that match ^[a-z][a-z0-9-]*[a-z0-9]$",
      "  try: write one such as aws-2-ncp",
    ],
  },
  {
    kind: "a bucket's name with dots",
    changes: [["bucket: company-event-log", "bucket: company.event.log"]],
    at: "source: { bucket: company.event.log, prefix: event_log/ }",
    column: 15,
    says: [
      'datasets.event_log.source.bucket: "company.event.log" is not valid',
      "  allowed: 3 to 63 characters that match ^[a-z0-9][a-z0-9-]*[a-z0-9]$",
      "  try: write one such as company-event-log",
    ],
  },
  {
    kind: "a missing secret",
    changes: [['  ncp_access_key_id: { from: "file:out/sandbox/secrets/ncp-access-key-id", version: 1 }\n', ""]],
    at: "secrets:",
    column: 1,
    says: [
      "secrets.ncp_access_key_id: is missing",
      "  allowed: a reference to where it is kept: env:NAME, file:PATH or command:PROGRAM ARGS",
      '  try: add ncp_access_key_id: { from: "env:NCP_ACCESS_KEY_ID", version: 1 } under secrets; docs/secrets.md says what it is',
    ],
  },
  {
    kind: "a plain secret instead of a reference",
    changes: [['{ from: "file:out/sandbox/secrets/ncp-access-key-id", version: 1 }', "NCPKEYNCPKEYNCPKEY12"]],
    at: "ncp_access_key_id: NCPKEYNCPKEYNCPKEY12",
    column: 3,
    says: [
      "secrets.ncp_access_key_id: a plain value of 20 characters stands here; it is not repeated",
      "  allowed: a reference: env:NAME, file:PATH or command:PROGRAM ARGS",
      '  try: put the value elsewhere, and write ncp_access_key_id: { from: "env:NCP_ACCESS_KEY_ID", version: 1 }; if the file was ever committed, replace the secret itself, too',
    ],
  },
  {
    kind: "a plain secret in a reference",
    changes: [['from: "file:out/sandbox/secrets/ncp-secret-access-key"', 'from: "hunter2-hunter2"']],
    at: 'ncp_secret_access_key: { from: "hunter2-hunter2", version: 1 }',
    column: 28,
    says: [
      "secrets.ncp_secret_access_key.from: a plain value of 15 characters stands here; it is not repeated",
      "  allowed: a reference: env:NAME, file:PATH or command:PROGRAM ARGS",
      '  try: put the value elsewhere, and write ncp_secret_access_key: { from: "env:NCP_SECRET_ACCESS_KEY", version: 1 }; if the file was ever committed, replace the secret itself, too',
    ],
  },
  {
    kind: "a plain secret where none is expected",
    changes: [["login_key: aws2ncp", "login_key: AKIAABCDEFGHIJKLMNOP"]],
    at: "login_key: AKIAABCDEFGHIJKLMNOP",
    column: 3,
    says: [
      "platform.login_key: holds an access key id of AWS, of 20 characters; it is not repeated",
      "  allowed: no secret: they are referred to under secrets",
      "  try: remove it; if the file was ever committed, replace the secret itself, too",
    ],
  },
  {
    kind: "a text that looks like a key",
    changes: [
      [
        'file:out/sandbox/secrets/deploy"',
        "command:curl -H 'X-Token: Zx81kPq0Lm93nVbR7tYw2HsJ5dFgC6eA' https://vault.test\"",
      ],
    ],
    at: "deploy_ssh_key: { from: \"command:curl -H 'X-Token: Zx81kPq0Lm93nVbR7tYw2HsJ5dFgC6eA' https://vault.test\", version: 1 }",
    column: 21,
    says: [
      "secrets.deploy_ssh_key.from: holds a text that looks like a key, of 78 characters; it is not repeated",
      "  allowed: no secret: they are referred to under secrets",
      "  try: remove it; if the file was ever committed, replace the secret itself, too",
    ],
  },
  {
    kind: "a URL with a password",
    changes: [["host: s3.aws.test", 'host: "https://me:secret@s3.aws.test"']],
    at: 'host: "https://me:secret@s3.aws.test"',
    column: 3,
    says: [
      "source.host: holds a URL with a password, of 29 characters; it is not repeated",
      "  allowed: no secret: they are referred to under secrets",
      "  try: remove it; if the file was ever committed, replace the secret itself, too",
    ],
  },
  {
    kind: "a secret in a comment",
    changes: [["proxy:\n", "# was AKIAABCDEFGHIJKLMNOP\nproxy:\n"]],
    at: "# was AKIAABCDEFGHIJKLMNOP",
    column: 7,
    says: [
      "a comment holds an access key id of AWS; it is not repeated",
      "  allowed: no secret: they are referred to under secrets",
      "  try: remove it; if the file was ever committed, replace the secret itself, too",
    ],
  },
  {
    kind: "an http endpoint",
    changes: [["host: s3.aws.test", "host: http://s3.aws.test"]],
    at: "host: http://s3.aws.test",
    column: 3,
    says: [
      'source.host: "http://s3.aws.test" is not valid',
      "  allowed: a host name in lower case, without scheme, port or path, such as s3.ap-northeast-2.amazonaws.com",
      "  try: write s3.aws.test: connections to it are TLS, plain http is never used",
    ],
  },
  {
    kind: "an endpoint with a scheme",
    changes: [["host: kr.object.private.ncp.test", "host: https://kr.object.private.ncp.test/"]],
    at: "host: https://kr.object.private.ncp.test/",
    column: 3,
    says: [
      'object_storage.host: "https://kr.object.private.ncp.test/" is not valid',
      "  allowed: a host name in lower case, without scheme, port or path, such as s3.ap-northeast-2.amazonaws.com",
      "  try: write kr.object.private.ncp.test",
    ],
  },
  {
    kind: "an unknown layout",
    changes: [["layout: firehose-hourly", "layout: firehose-hourle"]],
    at: "layout: firehose-hourle",
    column: 5,
    says: [
      'datasets.event_log.layout: "firehose-hourle" is not known',
      "  allowed: firehose-hourly, daily, tree",
      "  try: write firehose-hourly",
    ],
  },
  {
    kind: "lateness below the source's retention",
    changes: [["    lateness_hours: 26\n", "    lateness_hours: 26\n    source_retention_hours: 48\n"]],
    at: "lateness_hours: 26",
    column: 5,
    says: [
      "datasets.event_log.lateness_hours: 26 is below the source's retention of 48 hours: what its last tries write would never be copied",
      "  allowed: 48 or more",
      "  try: write 50: the retention, and the time that a last try takes",
    ],
  },
  {
    kind: "lateness below every retention",
    changes: [["    lateness_hours: 26\n", "    lateness_hours: 3\n"]],
    at: "lateness_hours: 3",
    column: 5,
    says: ["datasets.event_log.lateness_hours: 3 is too small", "  allowed: at least 24", "  try: write 24 or more"],
  },
  {
    kind: "a role on no host",
    changes: [
      [
        "  sync-1:\n    image: ubuntu-22.04-base\n    spec: s2-g3\n    volume: { size_gb: 10, mount: /var/lib/aws2ncp }\n",
        "",
      ],
    ],
    at: "\nhosts:",
    column: 1,
    says: ["hosts: 0 hosts of role sync", "  allowed: exactly 1", "  try: add sync-1"],
  },
  {
    kind: "a host whose name says no role",
    changes: [["  sync-1:\n", "  copy-1: { image: ubuntu-22.04-base, spec: s2-g3 }\n  sync-1:\n"]],
    at: "copy-1: { image: ubuntu-22.04-base, spec: s2-g3 }",
    column: 3,
    says: [
      'hosts.copy-1: "copy-1" names no role',
      "  allowed: airflow-N, hdp-N, presto-N, proxy-N, sync-N",
      "  try: name the host after its role, or remove it",
    ],
  },
  {
    kind: "two public hosts without a reason",
    changes: [["  sync-1:\n", "  proxy-2: { image: ubuntu-22.04-base, spec: s2-g3 }\n  sync-1:\n"]],
    at: "proxy-2: { image: ubuntu-22.04-base, spec: s2-g3 }",
    column: 3,
    says: [
      "hosts.proxy-2: is a second public host, without a reason",
      "  allowed: one public host, or a reason: for each further one",
      "  try: add reason: to proxy-2, or remove it",
    ],
  },
  {
    kind: "an active proxy that is none",
    changes: [["  package_hosts:", "  active: proxy-2\n  package_hosts:"]],
    at: "active: proxy-2",
    column: 3,
    says: [
      'proxy.active: "proxy-2" is no proxy among the hosts',
      "  allowed: proxy-1",
      "  try: write one of these, or add proxy-2 under hosts",
    ],
  },
  {
    kind: "an image that can't carry the role",
    changes: [["proxy-1: { image: ubuntu-22.04-base", "proxy-1: { image: ubuntu-20.04-base"]],
    at: "proxy-1: { image: ubuntu-20.04-base, spec: s2-g3 }",
    column: 14,
    says: [
      'hosts.proxy-1.image: "ubuntu-20.04-base" can\'t carry role proxy: its squid is built without TLS; squid-openssl came with 22.04',
      "  allowed: rocky-8.10-base, ubuntu-22.04-base, ubuntu-24.04-base",
      "  try: choose one of these before the first deploy: another image replaces the server",
    ],
  },
  {
    kind: "a zone of another region",
    changes: [["zone: KR-1", "zone: JPN-1"]],
    at: "zone: JPN-1",
    column: 3,
    says: ['platform.zone: "JPN-1" lies in another region than KR', "  allowed: KR-1, KR-2", "  try: write KR-1"],
  },
  {
    kind: "a volume's size between its steps",
    changes: [["size_gb: 10", "size_gb: 15"]],
    at: "volume: { size_gb: 15, mount: /var/lib/aws2ncp }",
    column: 15,
    says: ["hosts.sync-1.volume.size_gb: 15 is not a step of 10", "  allowed: multiples of 10", "  try: write 20"],
  },
  {
    kind: "YAML that can't be read",
    changes: [["  vpc: 10.20.0.0/16", "  vpc: [10.20.0.0/16"]],
    at: "public_subnet: 10.20.0.0/24",
    column: 3,
    says: [
      "Flow sequence in block collection must be sufficiently indented and end with a ]",
      "  allowed: YAML 1.2",
      "  try: look at the indentation and the quotes of this line and the one before",
    ],
  },
];

function told(path: string): string {
  try {
    loadPipeline(path);
  } catch (error) {
    if (error instanceof PipelineError) return error.message.replace(/^\S*?pipeline\.yaml:/gm, "pipeline.yaml:");
    throw error;
  }
  return "accepted";
}

/** Number of the line on which a text ends that the file holds once. */
function lineOf(source: string, text: string): number {
  const parts = source.split(text);
  if (parts.length !== 2) throw new Error(`the file holds ${parts.length - 1} times: ${text}`);
  return `${parts[0]}${text}`.split("\n").length;
}

it.each(ROWS)("$kind", ({ changes, at, column, says }) => {
  const path = pipelineFile(...changes);
  const [first = ""] = told(path).split(/\n(?=pipeline\.yaml:)/);
  const line = lineOf(readFileSync(path, "utf8"), at);
  expect(first).toBe([`pipeline.yaml:${line}:${column}  ${says[0]}`, ...says.slice(1)].join("\n"));
});

it.each(ROWS.filter(({ kind }) => !kind.startsWith("YAML")))(
  "$kind is told once, and nothing else with it",
  ({ changes }) => {
    expect(told(pipelineFile(...changes)).match(/^pipeline\.yaml:/gm)).toHaveLength(1);
  },
);

it("says of each what is allowed and what to do", () => {
  for (const { kind, says } of ROWS) {
    expect([kind, says[1]]).toEqual([kind, expect.stringMatching(/^ {2}allowed: ./)]);
    expect([kind, says[2]]).toEqual([kind, expect.stringMatching(/^ {2}try: ./)]);
  }
});

it("never repeats a plain secret", () => {
  const secrets = [
    "NCPKEYNCPKEYNCPKEY12",
    "hunter2",
    "AKIAABCDEFGHIJKLMNOP",
    "Zx81kPq0Lm93nVbR7tYw2HsJ5dFgC6eA",
    "me:secret",
  ];
  const messages = ROWS.map(({ changes }) => told(pipelineFile(...changes))).join("\n");
  expect(secrets.filter((secret) => messages.includes(secret))).toEqual([]);
});

it("takes hashes, paths and long names for what they are", () => {
  const path = pipelineFile(
    [
      'file:out/sandbox/secrets/deploy"',
      'command:vault kv get -field=key secret/Teams/Data-Platform/AWS2NCP/deploy-key-of-2026"',
    ],
    ["proxy:\n", "# 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\nproxy:\n"],
  );
  expect(told(path)).toBe("accepted");
});
