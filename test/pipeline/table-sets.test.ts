import { PipelineError } from "../../pipeline/errors";
import { loadPipeline } from "../../pipeline/load";
import { planOf } from "../../pipeline/plan";
import { pipelineFile } from "../fixtures/pipeline";

const load = (...lines: string[]) => {
  const tables = ["tables:", ...lines.map((line) => `  ${line}`)].join("\n");
  return loadPipeline(pipelineFile(["alerts:\n", `${tables}\n\nalerts:\n`]));
};
const planned = (...lines: string[]) => planOf(load(...lines)).tables;

const told = (...lines: string[]): string[] => {
  try {
    load(...lines);
    return ["accepted"];
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    return error.problems.map(({ path, message, hint }) => `${path.join(".")}: ${message}; ${hint}`);
  }
};

it("takes place, layout and zone from the dataset", () => {
  expect(
    planned(
      "hive: { dataset: hive }",
      "event_log: { dataset: event_log, database: logs, format: json, columns: { n: bigint } }",
      "api_log: { dataset: api_log, format: json }",
    ),
  ).toEqual([
    {
      name: "api_log",
      bucket: "aws2ncp-api-log",
      prefix: "api_log/",
      layout: "daily",
      database: "default",
      format: "json",
      partitionTypes: {},
      zone: "Asia/Seoul",
    },
    {
      name: "event_log",
      bucket: "aws2ncp-event-log",
      prefix: "event_log/",
      layout: "firehose-hourly",
      database: "logs",
      format: "json",
      columns: { n: "bigint" },
      partitionTypes: {},
      zone: "UTC",
    },
    {
      name: "hive",
      bucket: "aws2ncp-hive",
      prefix: "hive/",
      layout: "hive",
      format: "parquet",
      partitionTypes: {},
    },
  ]);
});

it("takes a place of its own, timestamps and partition types", () => {
  expect(
    planned(
      "old: { bucket: archive, prefix: old/, layout: hive, timestamps: bigint, partition_types: { year: string } }",
    ),
  ).toEqual([
    {
      name: "old",
      bucket: "archive",
      prefix: "old/",
      layout: "hive",
      format: "parquet",
      timestamps: "bigint",
      partitionTypes: { year: "string" },
    },
  ]);
});

it.each([
  [
    "an unknown dataset",
    ["t: { dataset: hives }"],
    ['tables.t.dataset: "hives" is no dataset; write one of these, or bucket, prefix and layout instead'],
  ],
  [
    "no place",
    ["t: { bucket: archive }"],
    [
      "tables.t.prefix: is missing; add prefix:, or dataset: with the name of one",
      "tables.t.layout: is missing; add layout:, or dataset: with the name of one",
    ],
  ],
  [
    "what the dataset says already",
    ["t: { dataset: event_log, layout: daily, bucket: archive, format: json }"],
    [
      "tables.t.bucket: dataset event_log has said that already; remove bucket",
      "tables.t.layout: dataset event_log has said that already; remove layout",
    ],
  ],
  [
    "columns of Parquet",
    ["t: { dataset: hive, columns: { a: int } }"],
    ["tables.t.columns: Parquet files say themselves which columns they have; remove columns"],
  ],
  [
    "types of dt and hour",
    ["t: { dataset: event_log, partition_types: { dt: date } }"],
    ["tables.t.partition_types: dt and hour are text; remove partition_types"],
  ],
  [
    "one folder for two sets",
    ["a: { dataset: hive }", "b: { bucket: aws2ncp-hive, prefix: hive/more/, layout: flat }"],
    ["tables.b: aws2ncp-hive/hive/more/ overlaps the folder of a; remove one of the two, or write a longer prefix"],
  ],
  [
    "a type that Hive does not have",
    ["t: { dataset: event_log, format: json, columns: { a: text } }"],
    ['tables.t.columns.a: "text" is not valid; write it in this form'],
  ],
])("refuses %s", (_, lines, says) => expect(told(...lines)).toEqual(says));
