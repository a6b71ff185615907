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

  it("knows where the reference of each secret stands", () => {
    const path = pipelineFile();
    const lines = readFileSync(path, "utf8").split("\n");
    const places = loadPipeline(path).secretPlaces;
    const line = lines.findIndex((text) => text.startsWith("  proxy_tls_cert: ")) + 1;
    expect(places["proxy_tls_cert"]).toBe(`pipeline.yaml:${line}:${(lines[line - 1] as string).indexOf("from") + 1}`);
    expect(Object.keys(places).sort()).toEqual(Object.keys(loadPipeline(path).secrets).sort());
  });

  it("carries the operators' keys", () => {
    expect(examplePipeline().operatorKeys).toEqual([
      { name: "deploy", publicKey: readFileSync(`${__dirname}/../fixtures/deploy.pub`, "utf8").trim() },
    ]);
  });
});

describe("an error tells (each kind of mistake: bad-input.test.ts)", () => {
  it("of a public key file that holds none", () => {
    const path = pipelineFile();
    writeFileSync(path.replace("pipeline.yaml", "bad.pub"), "-----BEGIN OPENSSH PRIVATE KEY-----\n");
    writeFileSync(path, readFileSync(path, "utf8").replace(/public_key_file: \S+/, "public_key_file: bad.pub"));
    expect(() => loadPipeline(path)).toThrow('operators.0.public_key_file: "bad.pub" holds no public key');
  });

  it("of a file that is not there", () => {
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
  ] as const)("refuses %s", (_what, change, message) => {
    expect(errorOf(change)).toContain(message);
  });

  it.each(["10.20.1.6", "10.20.1.254"])("takes %s, a boundary of the private subnet", (address) => {
    expect(examplePipeline(["  sync-1:\n", `  sync-1:\n    address: ${address}\n`]).hosts["sync-1"]?.address).toBe(
      address,
    );
  });
});
