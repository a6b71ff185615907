/** Table sets of tests. */
import type { TableSetPlan } from "../../pipeline/plan-types";

export const setOf = (more: Partial<TableSetPlan> = {}): TableSetPlan => ({
  name: "hive",
  bucket: "lake",
  prefix: "hive/",
  layout: "hive",
  database: "nyc",
  format: "parquet",
  partitionTypes: {},
  ...more,
});

export const EVENT_LOG = setOf({
  name: "event_log",
  prefix: "event_log/",
  layout: "firehose-hourly",
  database: "logs",
  format: "json",
  zone: "UTC",
});
