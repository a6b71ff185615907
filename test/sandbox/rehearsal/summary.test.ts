import { emptySummary, sizeInWords, summaryInWords, type Summary } from "../../../sandbox/rehearsal/summary";

it("has null for what was not measured, in exactly the promised shape", () => {
  expect(emptySummary()).toEqual({
    ok: false,
    steps: [],
    resources: { applied: null },
    hosts: [],
    datasets: {},
    cluster: null,
    metastore: null,
    answers: [],
    airflow: null,
    proxy: { connects: null, denied: null, bypass_possible: null },
    second_deploy: { plan_changes: null, ansible_changed: null },
  });
});

it("says in words what was measured", () => {
  const amount = { objects: 684, bytes: 846051 };
  const text = summaryInWords({
    ok: true,
    steps: [
      { name: "up", seconds: 12.3, ok: true },
      { name: "deploy", seconds: 60, ok: true },
    ],
    resources: { applied: 43 },
    hosts: [{ name: "sync-1", ip: "10.20.1.6", changed: 31, failed: 0 }],
    datasets: { event_log: { source: amount, target: amount, identical: true } },
    cluster: { components: { NAMENODE: 1, DATANODE: 3 }, started: 4 },
    metastore: { tables: 7, partitions: 358, rows: 426325, exact: true },
    answers: [
      { engine: "presto", sql: "SELECT 1", got: [[1]], expected: [[1]], equal: true },
      { engine: "hive", sql: "SELECT 1", got: [[1]], expected: [[1]], equal: true },
    ],
    airflow: { dag: "aws2ncp_event_log", run: "scheduled__2026-11-24T16:00:00+00:00", state: "success" },
    proxy: { connects: 702, denied: 2, bypass_possible: false },
    second_deploy: { plan_changes: 0, ansible_changed: 0 },
  });
  expect(text.split("\n")).toEqual([
    "rehearsal ok, 72 s",
    "  steps          up 12.3 s, deploy 60 s",
    "  resources      43 applied",
    "  sync-1         10.20.1.6: 31 tasks changed, 0 failed",
    "  event_log      source 684 objects, 846.1 kB; target 684 objects, 846.1 kB; identical by SHA-256",
    "  cluster        4 processes answer: NAMENODE, 3 DATANODE",
    "  metastore      7 tables, 358 partitions, 426325 rows; Presto counts as many",
    "  answers        1 of presto, 1 of hive; all as another program computes them",
    "  airflow        aws2ncp_event_log scheduled__2026-11-24T16:00:00+00:00: success",
    "  proxy          702 connects, 2 denied; no way around it found",
    "  second deploy  0 changes planned, 0 made by Ansible",
  ]);
});

it("says what was not measured, and what is wrong", () => {
  const answer = { engine: "presto", sql: "SELECT 1", got: [[2]], expected: [[1]], equal: false } as const;
  const rows = (changes: Partial<Summary>): string[] =>
    summaryInWords({ ...emptySummary(), ...changes })
      .split("\n")
      .filter((line) => /^ {2}(cluster|metastore|answers|airflow) /.test(line));
  expect(rows({}).map((line) => line.slice(17))).toEqual(Array(4).fill("not measured"));
  expect(
    rows({ answers: [answer], metastore: { tables: 1, partitions: 0, rows: 1, exact: false } }).map((line) =>
      line.slice(17),
    ),
  ).toEqual(["not measured", "1 tables, 0 partitions, 1 rows; NOT EXACT", "1 of presto; 1 WRONG", "not measured"]);
});

it.each([
  [0, "0 bytes"],
  [999, "999 bytes"],
  [1000, "1.0 kB"],
  [150_000_000, "150.0 MB"],
])("writes %d bytes as %s", (bytes, words) => {
  expect(sizeInWords(bytes)).toBe(words);
});
