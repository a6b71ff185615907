/** What the picture marks because of the report, where the plans are the same. */
import { knownMarks } from "../../../review/picture/known-marks";
import type { FileChange, Report, ResourceChange } from "../../../review/report";
import { example } from "./plans";

const resource = (change: Partial<ResourceChange>): ResourceChange => ({
  action: "changed",
  block: "resource",
  address: "ncloud_server.sync-1_server",
  attributes: [],
  replacedBecause: [],
  ...change,
});

const file = (hosts: string[]): FileChange => ({
  path: "/etc/hosts",
  hosts,
  stacks: ["transfer"],
  action: "changed",
  kind: "lines",
  meaning: [],
  attributes: [],
  text: "",
  restarts: [],
});

const marks = (resources: readonly ResourceChange[], files: readonly FileChange[] = []): [string, string][] => {
  const report: Report = {
    verdict: "",
    findings: [],
    stacks: [{ name: "transfer", action: "changed", resources, delivery: [], drift: [], planned: [] }],
    files,
    plans: { before: example(), after: example() },
  };
  return [...knownMarks(report)];
};

it("marks a host whose server is replaced, even if its files change too", () => {
  const server = resource({ action: "replaced", construct: "transfer/sync-1/server/Default" });
  expect(marks([server], [file(["sync-1"])])).toEqual([["host:sync-1", "replaced"]]);
  // Without metadata the address tells.
  expect(marks([resource({ action: "replaced" })])).toEqual([["host:sync-1", "replaced"]]);
});

it("marks a host changed whose files, network interface or volume change", () => {
  expect(marks([], [file(["hdp-1", "hdp-2"])])).toEqual([
    ["host:hdp-1", "changed"],
    ["host:hdp-2", "changed"],
  ]);
  const nic = resource({ action: "replaced", address: "ncloud_network_interface.sync-1_server_nic" });
  expect(marks([nic])).toEqual([["host:sync-1", "changed"]]);
});

it("marks buckets by what they are for", () => {
  const bucket = resource({ address: "ncloud_objectstorage_bucket.hive", construct: "storage/hive/Default" });
  expect(marks([{ ...bucket, action: "replaced" }])).toEqual([["bucket:aws2ncp-hive", "replaced"]]);
  expect(marks([{ ...bucket, address: "ncloud_objectstorage_bucket_acl.hive_acl" }])).toEqual([
    ["bucket:aws2ncp-hive", "changed"],
  ]);
});

it("marks nothing for moves, data sources and the work that every change brings", () => {
  const none = [
    resource({ action: "moved" }),
    resource({ block: "data", address: "data.ncloud_server.sync-1" }),
    resource({ routine: true }),
    resource({ address: "terraform_data.deliver", construct: "transfer/deliver/Default" }),
  ];
  expect(marks(none)).toEqual([]);
});
