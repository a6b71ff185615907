import { unlinkSync } from "node:fs";
import { join } from "node:path";
import { statusInWords } from "../../../ops/status/report";
import { statusOf, STEPS } from "../../../ops/status/steps";
import type { PipelineStatus, StepState } from "../../../ops/status/types";
import type { Plan } from "../../../pipeline/plan-types";
import { KERBEROS } from "../../fixtures/cluster";
import { examplePlan, wholePlan } from "../../fixtures/plan";
import { good, NOW, World } from "./world";

const quiet = { begin: () => undefined, end: () => undefined };
const DEPLOY = "npx cdktf deploy '*'";
let whole: Plan;
let world: World;

beforeAll(() => (whole = wholePlan()));
beforeEach(() => (world = new World(whole)));

const look = (of = world): Promise<PipelineStatus> => statusOf(of.context, quiet);

it("says that every step is done, and what each came to", async () => {
  const status = await look();
  expect(status).toMatchObject({ pipeline: "aws2ncp", done: true, next: null });
  expect(status.steps.map(({ name, state, blockedBy }) => [name, state, blockedBy])).toEqual(
    STEPS.map(({ name }) => [name, "done", []]),
  );
  expect(status.steps.map(({ parts }) => parts.map(({ name, found }) => `${name}: ${found}`))).toEqual([
    ["network", "storage", "transfer", "source", "batch-cluster", "query", "schedule"].map(
      (stack) => `${stack}: 2 resources`,
    ),
    whole.hosts.map(({ name }) => `${name}: delivered ${NOW}`),
    [
      "api_log: copied until 2026-11-24T09:00:00Z",
      "event_log: copied until 2026-11-24T09:00:00Z",
      "hive: last good run 2026-11-24T09:00:00Z",
    ],
    ["batch: 37 components on 3 hosts, 21 running"],
    [
      "api_log: 1 table, 1,000 rows, exact; 2026-11-24T10:00:00.000Z",
      "event_log: 1 table, 1,000 rows, exact; 2026-11-24T10:00:00.000Z",
      "hive: 2 tables, 2,000 rows, exact; 2026-11-24T10:00:00.000Z",
    ],
    ["airflow-1: of this test"],
  ]);
});

it("leaves out the steps of a cluster that the pipeline has not", async () => {
  const status = await look(new World(examplePlan()));
  expect(status.done).toBe(true);
  expect(status.steps.map(({ name }) => name)).toEqual(["infrastructure", "hosts", "sync"]);
});

it("leaves out the metastore where no table is named", async () => {
  const status = await look(new World({ ...whole, tables: [] }));
  expect(status.steps.map(({ name }) => name)).toEqual(["infrastructure", "hosts", "sync", "cluster", "jobs"]);
});

type Row = readonly [
  what: string,
  change: (world: World) => void,
  step: string,
  part: { readonly name: string; readonly state: StepState; readonly found: string; readonly try?: string },
];

const RUN = "ssh deploy@sync-1 sudo -u aws2ncp aws2ncp-sync";
const WAIT = "wait until it has ended, then: npx aws2ncp status";

const ROWS: readonly Row[] = [
  [
    "a stack that was never applied",
    ({ there }) => there.delete("query"),
    "infrastructure",
    { name: "query", state: "waiting", found: "not applied", try: DEPLOY },
  ],
  [
    "a stack of which a part is missing",
    ({ there }) => there.get("query")!.delete("ncloud_vpc.query"),
    "infrastructure",
    { name: "query", state: "waiting", found: "1 of 2 resources; missing: ncloud_vpc.query", try: DEPLOY },
  ],
  [
    "a resource that Terraform did not finish",
    ({ there }) => there.get("transfer")!.set("ncloud_server.a", "tainted"),
    "infrastructure",
    { name: "transfer", state: "failed", found: "left half-made: ncloud_server.a", try: DEPLOY },
  ],
  [
    "states that can't be read",
    (it) => (it.statesUnknown = "the states in bucket b can't be read: AccessDenied"),
    "infrastructure",
    { name: "states", state: "unknown", found: "the states in bucket b can't be read: AccessDenied" },
  ],
  [
    "a synth that fails",
    (it) => (it.synthFails = "synth fails: x\n  try: npx cdktf synth"),
    "infrastructure",
    { name: "synth", state: "unknown", found: "synth fails: x", try: "npx cdktf synth" },
  ],
  [
    "a host that was never delivered",
    (it) => it.deliver("query", (host) => (host.name === "presto-2" ? undefined : host)),
    "hosts",
    { name: "presto-2", state: "waiting", found: "never delivered", try: DEPLOY },
  ],
  [
    "a host whose delivery failed",
    (it) =>
      it.deliver("query", (host) => ({ ...host, ok: host.name !== "presto-2", reason: "no space left\n  try: x" })),
    "hosts",
    { name: "presto-2", state: "failed", found: "no space left", try: DEPLOY },
  ],
  [
    "a delivery that is at work",
    (it) => it.lock("schedule", "deliver schedule"),
    "hosts",
    { name: "airflow-1", state: "under way", found: `being delivered since ${NOW}`, try: WAIT },
  ],
  [
    "results that are garbage",
    (it) => it.put("results/query.json", "{"),
    "hosts",
    { name: "presto-1", state: "unknown", found: expect.stringContaining("JSON") as string, try: DEPLOY },
  ],
  [
    "a sync host that can't be reached",
    (it) => it.unreachable("sync-1"),
    "sync",
    {
      name: "sync-1",
      state: "unknown",
      found: "sync-1 (10.20.1.6:22): ssh did not answer within 30 s: no route to the host",
      try: "look",
    },
  ],
  [
    "a sync host without the program",
    (it) => (it.answers["sync-1"] = () => ({ code: 1, stdout: "", stderr: "sudo: aws2ncp-sync: command not found\n" })),
    "sync",
    {
      name: "sync-1",
      state: "unknown",
      found: "sudo /usr/local/bin/aws2ncp-sync --status --json: exit 1: sudo: aws2ncp-sync: command not found",
      try: "see that sync-1 runs, then: npx aws2ncp status",
    },
  ],
  [
    "a sync host of an older delivery, which does not say how far it is",
    (it) => (it.answers["sync-1"] = () => ({ code: 0, stdout: `[{"dataset":"hive","state":"ok"}]`, stderr: "" })),
    "sync",
    {
      name: "sync-1",
      state: "unknown",
      found: `sudo /usr/local/bin/aws2ncp-sync --status --json: exit 0: [{"dataset":"hive","state":"ok"}]`,
      try: "see that sync-1 runs, then: npx aws2ncp status",
    },
  ],
  [
    "a dataset that the host does not know",
    (it) => it.healths.pop(),
    "sync",
    { name: "hive", state: "waiting", found: "sync-1 does not know it yet", try: DEPLOY },
  ],
  [
    "a log that never ran, though it is not late yet",
    (it) => (it.healths[1] = good("event_log", { reason: "no run yet", lastGood: null, coveredUntil: null })),
    "sync",
    { name: "event_log", state: "waiting", found: "no good run yet", try: `${RUN} event_log` },
  ],
  [
    "a log whose first run is under way",
    (it) => (it.healths[1] = good("event_log", { lastGood: null, coveredUntil: null, runningSince: NOW })),
    "sync",
    { name: "event_log", state: "under way", found: `a run since ${NOW}; no good run yet`, try: WAIT },
  ],
  [
    "a log that is late",
    (it) => (it.healths[1] = good("event_log", { state: "late", reason: "no good run within 3 hours" })),
    "sync",
    {
      name: "event_log",
      state: "failed",
      found: `late since ${NOW}: no good run within 3 hours; last good run 2026-11-24T09:00:00Z`,
      try: `${RUN} event_log`,
    },
  ],
  [
    "a log whose last run failed",
    (it) => (it.healths[0] = good("api_log", { state: "failed", reason: "the source is empty" })),
    "sync",
    {
      name: "api_log",
      state: "failed",
      found: `failed since ${NOW}: the source is empty; last good run 2026-11-24T09:00:00Z`,
      try: `${RUN} api_log`,
    },
  ],
  [
    "a log whose watermark is lost",
    (it) => (it.healths[0] = good("api_log", { coveredUntil: null })),
    "sync",
    {
      name: "api_log",
      state: "waiting",
      found: "last good run 2026-11-24T09:00:00Z; what it copied is not known any more",
      try: `${RUN} api_log`,
    },
  ],
  [
    "a tree that was never copied",
    (it) => (it.healths[2] = good("hive", { reason: "no run yet", lastGood: null })),
    "sync",
    { name: "hive", state: "waiting", found: "no good run yet", try: `${RUN} hive` },
  ],
  [
    "a tree that is being copied for the first time",
    (it) => (it.healths[2] = good("hive", { lastGood: null, runningSince: NOW })),
    "sync",
    { name: "hive", state: "under way", found: `a run since ${NOW}; no good run yet`, try: WAIT },
  ],
  [
    "a cluster that was not made",
    (it) => unlinkSync(join(it.state, "results", "batch-cluster-ambari.json")),
    "cluster",
    { name: "batch", state: "waiting", found: "not made yet", try: DEPLOY },
  ],
  [
    "a cluster that is being made",
    (it) => it.lock("batch-cluster", "ambari batch-cluster"),
    "cluster",
    { name: "batch", state: "under way", found: `being made since ${NOW}`, try: WAIT },
  ],
  [
    "a cluster that failed",
    (it) => it.ambari({ ok: false, reason: "batch: 2 tasks failed\n  NAMENODE …" }),
    "cluster",
    { name: "batch", state: "failed", found: "batch: 2 tasks failed", try: DEPLOY },
  ],
  [
    "a cluster that lacks a node",
    (it) => it.ambari({ hosts: ["hdp-1.aws2ncp.internal", "hdp-2.aws2ncp.internal"] }),
    "cluster",
    { name: "batch", state: "waiting", found: "not in the cluster yet: hdp-3.aws2ncp.internal", try: DEPLOY },
  ],
  [
    "a result of Ambari that is garbage",
    (it) => it.put("results/batch-cluster-ambari.json", "["),
    "cluster",
    { name: "batch", state: "unknown", found: expect.stringContaining("JSON") as string, try: DEPLOY },
  ],
  [
    "a metastore that was never rebuilt",
    (it) => unlinkSync(join(it.state, "metastore.json")),
    "metastore",
    { name: "hive", state: "waiting", found: "never rebuilt", try: "npx aws2ncp metastore rebuild hive" },
  ],
  [
    "evidence that is garbage",
    (it) => it.put("metastore.json", "{"),
    "metastore",
    { name: "hive", state: "waiting", found: "never rebuilt", try: "npx aws2ncp metastore rebuild hive" },
  ],
  [
    "a rebuild that is at work",
    (it) => it.lock("metastore", "metastore rebuild"),
    "metastore",
    { name: "rebuild", state: "under way", found: `since ${NOW}`, try: WAIT },
  ],
  [
    "a table that drifted",
    (it) =>
      it.rebuiltBut("company.planes", {
        verdict: "drifted",
        problems: ["a.parquet: 3 rows by the file, 2 by Presto", "x"],
      }),
    "metastore",
    {
      name: "hive",
      state: "failed",
      found: "company.planes: Presto counts otherwise than the files say; a.parquet: 3 rows by the file, 2 by Presto",
      try: "npx aws2ncp metastore rebuild hive",
    },
  ],
  [
    "JSON lines that nobody counted",
    (it) => it.rebuiltBut("logs.event_log", { verdict: "unproven" }),
    "metastore",
    {
      name: "event_log",
      state: "waiting",
      found: "rows not counted yet: logs.event_log",
      try: "npx aws2ncp metastore rebuild event_log --count-lines",
    },
  ],
  [
    "a tree that was copied again after the rebuild",
    (it) => (it.healths[2] = good("hive", { lastGood: "2026-11-24T10:00:01Z" })),
    "metastore",
    {
      name: "hive",
      state: "waiting",
      found: "rebuilt 2026-11-24T10:00:00.000Z; its data was copied again, until 2026-11-24T10:00:01Z",
      try: "npx aws2ncp metastore rebuild hive",
    },
  ],
  [
    "jobs that were never turned on",
    (it) => (it.gate = undefined),
    "jobs",
    { name: "airflow-1", state: "waiting", found: "off", try: "npx aws2ncp jobs on" },
  ],
  [
    "jobs that were turned off",
    (it) => (it.gate = `{"open": false, "because": "turned off by a test"}`),
    "jobs",
    { name: "airflow-1", state: "waiting", found: "off: turned off by a test", try: "npx aws2ncp jobs on" },
  ],
  [
    "a gate that is garbage, which the scheduler takes for closed",
    (it) => (it.gate = `{"open": tr`),
    "jobs",
    { name: "airflow-1", state: "waiting", found: "off: the file is no JSON", try: "npx aws2ncp jobs on" },
  ],
  [
    "a gate that does not say whether it is open",
    (it) => (it.gate = `{"open": "yes"}`),
    "jobs",
    {
      name: "airflow-1",
      state: "waiting",
      found: "off: the file does not say whether it is open",
      try: "npx aws2ncp jobs on",
    },
  ],
  [
    "a scheduler's host that can't be reached",
    (it) => it.unreachable("airflow-1"),
    "jobs",
    {
      name: "airflow-1",
      state: "unknown",
      found: "airflow-1 (10.20.1.6:22): ssh did not answer within 30 s: no route to the host",
      try: "look",
    },
  ],
  [
    "a scheduler's host that can't read the gate",
    (it) => (it.answers["airflow-1"] = () => ({ code: 1, stdout: "", stderr: "cat: gate.json: Input/output error" })),
    "jobs",
    {
      name: "airflow-1",
      state: "unknown",
      found: "/etc/airflow/gate.json can't be read: cat: gate.json: Input/output error",
      try: "see that airflow-1 runs, then: npx aws2ncp status",
    },
  ],
];

it.each(ROWS)("tells %s", async (_, change, name, part) => {
  change(world);
  const status = await look();
  const step = status.steps.find((each) => each.name === name)!;
  expect(status.done).toBe(false);
  expect(step.state).toBe(part.state);
  expect(step.parts.filter(({ state }) => state !== "done")).toContainEqual(part);
  expect(status.next).toEqual({ step: name, try: part.try === undefined ? "npx aws2ncp status" : expect.any(String) });
  // What comes after goes on being looked at, and nothing else is wrong there.
  expect(status.steps.filter(({ state }) => state !== "done").map((each) => each.name)).toEqual([name]);
});

it.each([
  ["sync", "transfer", "sync-1"],
  ["jobs", "schedule", "airflow-1"],
])("asks nobody for the step %s before %s has brought %s", async (step, stack, name) => {
  world.deliver(stack, (host) => (host.name === name ? undefined : host));
  const { steps, next } = await look();
  const parts = [{ name, state: "waiting", found: "never delivered", try: DEPLOY }];
  expect(steps.find((each) => each.name === step)).toMatchObject({ state: "waiting", parts, blockedBy: ["hosts"] });
  expect(next).toEqual({ step: "hosts", try: DEPLOY });
  if (name === "airflow-1") expect(world.asked).toEqual(["sync-1: sudo /usr/local/bin/aws2ncp-sync --status --json"]);
});

it("names the server that was proved, and the one that there is", async () => {
  world.deliver("batch-cluster", (host) => ({ ...host, server: `new-${host.server}` }));
  expect((await look()).steps.find(({ name }) => name === "metastore")?.parts[2]).toEqual({
    name: "hive",
    state: "waiting",
    found: "proved on server batch-cluster-1; the metastore is on new-batch-cluster-1 now",
    try: "npx aws2ncp metastore rebuild hive",
  });
});

it("does not ask for a rebuild after each run of a tree that has a schedule", async () => {
  const datasets = whole.datasets.map((each) => (each.layout === "tree" ? { ...each, schedule: "0 3 * * *" } : each));
  const scheduled = new World({ ...whole, datasets });
  scheduled.healths[2] = good("hive", { lastGood: NOW });
  expect((await look(scheduled)).done).toBe(true);
});

it("says what a cluster with Kerberos keeps from being proved", async () => {
  const { cluster } = whole;
  const status = await look(
    new World({ ...whole, cluster: { ...cluster!, spec: { ...cluster!.spec, kerberos: KERBEROS } } }),
  );
  expect(status.steps.find(({ name }) => name === "metastore")?.parts).toEqual([
    {
      name: "rebuild",
      state: "waiting",
      found: "the metastore takes Kerberos logins only, which the rebuild has none of",
      try: "docs/metastore.md, the part on Kerberos",
    },
  ]);
});

describe("several steps that are not done", () => {
  beforeEach(() => {
    world.healths[1] = good("event_log", { lastGood: null, coveredUntil: null, runningSince: NOW });
    world.healths[2] = good("hive", { lastGood: null });
    world.rebuiltBut("logs.event_log", { verdict: "unproven" });
    world.gate = undefined;
  });

  it("name those before them, and the first has the next command: what is under way before what waits", async () => {
    const { steps, next } = await look();
    expect(steps.map(({ name, state, blockedBy }) => [name, state, blockedBy])).toEqual([
      ["infrastructure", "done", []],
      ["hosts", "done", []],
      ["sync", "under way", []],
      ["cluster", "done", []],
      ["metastore", "waiting", ["sync"]],
      ["jobs", "waiting", ["sync", "metastore"]],
    ]);
    expect(next).toEqual({ step: "sync", try: WAIT });
  });

  it("stand in a table, with the parts that are not done", async () => {
    expect(statusInWords(await look(), false)).toBe(
      `done       infrastructure applied        7 stacks
done       hosts delivered               8 hosts
under way  log sync current              1 of 3 datasets
             event_log: under way: a run since 2026-11-24T16:00:00Z; no good run yet
             hive: waiting: no good run yet
done       cluster installed             37 components on 3 hosts, 21 running
waiting    metastore rebuilt and proven  2 of 3 table sets; after: log sync current
             event_log: waiting: rows not counted yet: logs.event_log
waiting    batch jobs on                 0 of 1 host; after: log sync current, metastore rebuilt and proven
             airflow-1: waiting: off
next: log sync current
  try: wait until it has ended, then: npx aws2ncp status`,
    );
  });

  it("have colours where they are shown", async () => {
    const lines = statusInWords(await look(), true).split("\n");
    expect(lines[0]).toBe("\u001b[32mdone     \u001b[0m  infrastructure applied        7 stacks");
    expect(lines[2]).toBe("\u001b[36munder way\u001b[0m  log sync current              1 of 3 datasets");
  });
});

it("ends in one line when all is done", async () => {
  expect(
    statusInWords(await look(), false)
      .split("\n")
      .at(-1),
  ).toBe("aws2ncp: every step is done");
});

it("asks the sync host once, and Airflow's once", async () => {
  await look();
  expect(world.asked).toEqual([
    "sync-1: sudo /usr/local/bin/aws2ncp-sync --status --json",
    "airflow-1: test ! -e /etc/airflow/gate.json || cat /etc/airflow/gate.json",
  ]);
});
