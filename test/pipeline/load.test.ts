import { readFileSync, writeFileSync } from "node:fs";
import { PipelineError } from "../../pipeline/errors";
import { loadPipeline } from "../../pipeline/load";
import { examplePipeline, pipelineFile } from "../fixtures/pipeline";

/** The error text of a file with these changes, without the folder it happens to lie in. */
function errorOf(...changes: readonly (readonly [string, string])[]): string {
  const path = pipelineFile(...changes);
  try {
    loadPipeline(path);
  } catch (error) {
    if (error instanceof PipelineError) return error.message.replace(/^.*?pipeline\.yaml/gm, "pipeline.yaml");
    throw error;
  }
  throw new Error("the file was accepted");
}

const lineOf = (text: string): number =>
  readFileSync(`${__dirname}/../../pipeline.yaml`, "utf8")
    .split("\n")
    .findIndex((line) => line.includes(text)) + 1;

describe("a valid file", () => {
  it("gets its defaults", () => {
    const pipeline = examplePipeline(["    lateness_hours: 26\n", ""], ['    schedule: "* * * * *" #', "    #"]);
    expect(pipeline.datasets["event_log"]).toMatchObject({
      lateness_hours: 26,
      schedule: "7 * * * *",
      full_schedule: "17 3 * * 0",
      prefix_zone: "UTC",
    });
  });

  it("carries the operators' keys", () => {
    expect(examplePipeline().operatorKeys).toEqual([
      { name: "deploy", publicKey: readFileSync(`${__dirname}/../fixtures/deploy.pub`, "utf8").trim() },
    ]);
  });
});

describe("an error says where, what was found, what is allowed, what to try", () => {
  it("for an address that the platform keeps", () => {
    const line = lineOf("sync-1:") + 1;
    expect(errorOf(["  sync-1:\n", "  sync-1:\n    address: 10.20.1.5\n"])).toBe(
      [
        `pipeline.yaml:${line}:5  hosts.sync-1.address: 10.20.1.5 is not free for hosts in the private subnet 10.20.1.0/24`,
        "  allowed: the subnet without its first 6 addresses, which the platform keeps, and its last",
        "  try: remove the line to have the role's place chosen",
      ].join("\n"),
    );
  });

  it("for a key that means nothing", () => {
    expect(errorOf(["  zone: KR-1", "  zone: KR-1\n  zones: 2"])).toBe(
      [
        `pipeline.yaml:${lineOf("  zone: KR-1") + 1}:3  platform.zones: this key means nothing here`,
        "  allowed: site, region, zone, login_key",
        "  try: check the spelling, or remove it",
      ].join("\n"),
    );
  });

  it("for a key that means nothing inside a host", () => {
    expect(errorOf(["spec: s2-g3 }", "spec: s2-g3, role: proxy }"])).toContain(
      "hosts.proxy-1.role: this key means nothing here\n  allowed: image, spec, address, reason, volume",
    );
  });

  it("for a value that is missing, at the map that lacks it", () => {
    expect(errorOf(["    start_zone: Asia/Seoul\n", ""])).toBe(
      `pipeline.yaml:${lineOf("event_log:")}:3  datasets.event_log.start_zone: is missing\n  allowed: a value of type string`,
    );
  });

  it("for a secret without a reference", () => {
    expect(
      errorOf(['{ from: "file:out/sandbox/secrets/ncp-access-key-id", version: 1 }', "{ from: AKIA, version: 1 }"]),
    ).toContain(
      'secrets.ncp_access_key_id.from: "AKIA" is not valid\n  allowed: env:NAME, file:PATH or command:PROGRAM ARGS',
    );
  });

  it("for YAML that can't be read", () => {
    expect(errorOf(["  region: KR\n", "  region: KR\n  region: JPN\n"])).toMatch(
      /^pipeline\.yaml:9:3 {2}Map keys must be unique/,
    );
  });

  it("for a public key file that holds none", () => {
    const path = pipelineFile();
    writeFileSync(path.replace("pipeline.yaml", "bad.pub"), "-----BEGIN OPENSSH PRIVATE KEY-----\n");
    writeFileSync(path, readFileSync(path, "utf8").replace(/public_key_file: \S+/, "public_key_file: bad.pub"));
    expect(() => loadPipeline(path)).toThrow('operators.0.public_key_file: "bad.pub" holds no public key');
  });

  it("for a file that is not there", () => {
    expect(() => loadPipeline("/nowhere/pipeline.yaml")).toThrow(
      "try: give the path of a pipeline file as the first argument",
    );
  });
});

it("tells ten mistakes in one round, in the order of their lines", () => {
  const text = errorOf(
    ["version: 1\n", "version: 2\n"],
    ["site: public", "site: moon"],
    ["vpc: 10.20.0.0/16", "vpc: 10.20.0.1/16"],
    ["admin_cidrs: [198.51.100.1/32]", "admin_cidrs: []"],
    ["region: kr-standard", "region: KR STANDARD"],
    ["host: s3.aws.test", "host: https://s3.aws.test"],
    ["size_gb: 10", "size_gb: 15"],
    ["bucket: company-event-log", "bucket: company.event.log"],
    ["prefix: event_log/ }\n    target", "prefix: /event_log }\n    target"],
    ["start_date: 2020-01-01", "start_date: 2020-02-30"],
  );
  const places = [...text.matchAll(/^pipeline\.yaml:(\d+):\d+ {2}(\S+):/gm)];
  expect(places.map((place) => place[2])).toEqual([
    "version",
    "platform.site",
    "network.vpc",
    "network.admin_cidrs",
    "object_storage.region",
    "source.host",
    "hosts.sync-1.volume.size_gb",
    "datasets.event_log.source.bucket",
    "datasets.event_log.source.prefix",
    "datasets.event_log.start_date",
  ]);
  const lines = places.map((place) => Number(place[1]));
  expect(lines).toEqual([...lines].sort((a, b) => a - b));
});

describe("rules that span values", () => {
  it.each([
    [
      "a subnet outside the VPC",
      ["public_subnet: 10.20.0.0/24", "public_subnet: 10.21.0.0/24"],
      "10.21.0.0/24 lies outside the VPC",
    ],
    [
      "overlapping subnets",
      ["private_subnet: 10.20.1.0/24", "private_subnet: 10.20.0.128/25"],
      "overlaps the public subnet",
    ],
    ["a public VPC", ["vpc: 10.20.0.0/16", "vpc: 11.20.0.0/16"], "11.20.0.0/16 is no private network"],
    ["ssh from everywhere", ["[198.51.100.1/32]", "[0.0.0.0/0]"], "0.0.0.0/0 opens proxy-1's ssh"],
    ["a zone of another region", ["zone: KR-1", "zone: JPN-1"], '"JPN-1" lies in another region than KR'],
    [
      "a host whose name says no role",
      ["  sync-1:\n", "  copy-1:\n"],
      '"copy-1" names no role\n  allowed: proxy-N, sync-N',
    ],
    ["a missing host", ["  sync-1:\n", "  copy-1:\n"], "0 hosts of role sync\n  allowed: exactly 1\n  try: add sync-1"],
    [
      "an image that can't carry the role",
      ["proxy-1: { image: ubuntu-22.04-base", "proxy-1: { image: ubuntu-20.04-base"],
      "can't carry role proxy",
    ],
    ["the last address", ["  sync-1:\n", "  sync-1:\n    address: 10.20.1.255\n"], "10.20.1.255 is not free"],
    ["an address of another subnet", ["  sync-1:\n", "  sync-1:\n    address: 10.20.0.6\n"], "10.20.0.6 is not free"],
    [
      "a source prefix that IAM would take for a pattern",
      ["prefix: event_log/ }\n    target", "prefix: event_*/ }\n    target"],
      '"event_*/" holds what IAM takes for a pattern\n  allowed: a prefix without *, ? and $',
    ],
    [
      "a KMS key by its alias",
      [
        "reader: aws2ncp-reader",
        "reader: aws2ncp-reader\n  kms_key_arns: [arn:aws:kms:ap-northeast-2:111122223333:alias/logs]",
      ],
      "allowed: the ARN of a KMS key, not of an alias",
    ],
    [
      "a target that is the bucket of replaced objects",
      ["replaced: aws2ncp-replaced", "replaced: aws2ncp-event-log"],
      '"aws2ncp-event-log" is the bucket of replaced objects',
    ],
  ] as const)("refuses %s", (_what, change, message) => {
    expect(errorOf(change)).toContain(message);
  });

  it.each(["10.20.1.6", "10.20.1.254"])("takes %s, a boundary of the private subnet", (address) => {
    expect(examplePipeline(["  sync-1:\n", `  sync-1:\n    address: ${address}\n`]).hosts["sync-1"]?.address).toBe(
      address,
    );
  });
});
