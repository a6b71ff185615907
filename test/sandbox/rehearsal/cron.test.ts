import { coveringRun, cronLines, firedBy, type SyncRun } from "../../../sandbox/rehearsal/cron";

const entry = (message: string, pid: number, micros: string): string =>
  JSON.stringify({ MESSAGE: message, _PID: String(pid), SYSLOG_IDENTIFIER: "CRON", __REALTIME_TIMESTAMP: micros });

const at = Date.parse("2026-11-24T16:42:01Z");
const journal = [
  entry("pam_unix(cron:session): session opened for user aws2ncp(uid=998) by (uid=0)", 4710, `${at}000`),
  entry("(aws2ncp) CMD (exec /usr/local/bin/aws2ncp-sync event_log)", 4711, `${at}000`),
  "",
].join("\n");

const run = (changes: Partial<SyncRun> = {}): SyncRun => ({
  dataset: "event_log",
  mode: "window",
  window: { from: "2019-12-31T15:00:00Z", to: "2026-11-24T16:42:01Z" },
  objects: 684,
  bytes: 846051,
  exit: 0,
  exitMeaning: "all copied",
  pid: 4711,
  started: "2026-11-24T16:42:01.300Z",
  finished: "2026-11-24T16:42:30.000Z",
  ok: true,
  ...changes,
});

it("reads cron's own lines, with the process id that the kernel vouched for", () => {
  expect(cronLines(journal)).toEqual([
    { pid: 4711, time: at, user: "aws2ncp", command: "exec /usr/local/bin/aws2ncp-sync event_log" },
  ]);
});

it("takes a run for cron's only if pid, dataset and time fit", () => {
  const lines = cronLines(journal);
  expect(firedBy(run(), lines)?.pid).toBe(4711);
  expect(firedBy(run({ pid: 4712 }), lines)).toBeUndefined();
  expect(firedBy(run({ dataset: "api_log" }), lines)).toBeUndefined();
  expect(firedBy(run({ started: "2026-11-24T16:43:01Z" }), lines)).toBeUndefined();
  expect(firedBy(run({ started: "2026-11-24T16:41:59Z" }), lines)).toBeUndefined();
});

it("covers only with a good run whose window reaches back to the oldest hour", () => {
  const lines = cronLines(journal);
  const oldest = Date.parse("2026-11-10T16:00:00Z");
  expect(coveringRun([run()], lines, oldest)?.run.pid).toBe(4711);
  expect(coveringRun([run({ ok: false, exit: 1 })], lines, oldest)).toBeUndefined();
  const recent = { from: "2026-11-23T14:00:00Z", to: "2026-11-24T16:42:01Z" };
  expect(coveringRun([run({ window: recent })], lines, oldest)).toBeUndefined();
});
