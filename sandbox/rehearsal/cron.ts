/** Proof that cron itself fired a run: its own line in the host's journal, and the same process id in the run's status. */
import { hostExec } from "../hosts";
import { pause } from "./interrupt";
import type { Note } from "./steps";

/** A line that cron wrote when it started a command: "(aws2ncp) CMD (exec /usr/local/bin/aws2ncp-sync event_log)". */
export interface CronLine {
  readonly pid: number;
  /** Milliseconds. */
  readonly time: number;
  readonly user: string;
  readonly command: string;
}

/** What the sync job writes per run; the part that is read here. */
export interface SyncRun {
  readonly dataset: string;
  readonly mode: "window" | "full";
  readonly window: { readonly from: string; readonly to: string };
  readonly objects: number;
  readonly bytes: number;
  readonly exit: number;
  readonly exitMeaning: string;
  readonly pid: number;
  readonly started: string;
  readonly finished: string;
  readonly ok: boolean;
}

/** Cron's lines in the output of `journalctl --output=json`. The pid is the one that the kernel vouched for to journald. */
export function cronLines(journal: string): CronLine[] {
  return journal.split("\n").flatMap((line) => {
    if (line.trim() === "") return [];
    const entry = JSON.parse(line) as Record<string, unknown>;
    const match =
      typeof entry["MESSAGE"] === "string" ? /^\((\S+)\) CMD \((.*)\)$/s.exec(entry["MESSAGE"].trim()) : null;
    if (match === null) return [];
    return [
      {
        pid: Number(entry["_PID"]),
        time: Number(entry["__REALTIME_TIMESTAMP"]) / 1000,
        user: match[1] as string,
        command: (match[2] as string).trim(),
      },
    ];
  });
}

/** How far cron's line and the job's own first timestamp may lie apart: the job starts Python in between. */
const START_WITHIN = 15_000;

/** The line with which cron started a run, if it did. Pids come again, so the time must fit too. */
export function firedBy(run: SyncRun, lines: readonly CronLine[]): CronLine | undefined {
  const started = Date.parse(run.started);
  return lines.find(
    ({ pid, time, command }) =>
      pid === run.pid &&
      command.includes("aws2ncp-sync") &&
      command.includes(run.dataset) &&
      started >= time - 1000 &&
      started - time <= START_WITHIN,
  );
}

export async function readCronLines(host: string): Promise<CronLine[]> {
  const { stdout } = await hostExec(host, [
    "journalctl",
    "--no-pager",
    "--output=json",
    "SYSLOG_IDENTIFIER=CRON",
    "+",
    "SYSLOG_IDENTIFIER=cron",
  ]);
  return cronLines(stdout);
}

const RUNS_SCRIPT = `
import glob, json, sys
runs = {}
for path in glob.glob(sys.argv[1] + "/runs/*.json") + glob.glob(sys.argv[1] + "/status.json"):
    try:
        with open(path) as file:
            run = json.load(file)
    except (OSError, ValueError):
        continue
    runs[run["started"], run["pid"]] = run
print(json.dumps(sorted(runs.values(), key=lambda run: run["started"])))
`;

/** All finished runs of a dataset that its host remembers, oldest first. */
export async function readRuns(host: string, dataset: string): Promise<SyncRun[]> {
  const { stdout } = await hostExec(host, ["python3", "-c", RUNS_SCRIPT, `/var/lib/aws2ncp/sync/${dataset}`]);
  return JSON.parse(stdout) as SyncRun[];
}

export interface FiredRun {
  readonly run: SyncRun;
  readonly line: CronLine;
}

/** The first good run that cron started and whose window reaches back to `oldest` (milliseconds). */
export function coveringRun(
  runs: readonly SyncRun[],
  lines: readonly CronLine[],
  oldest: number,
): FiredRun | undefined {
  for (const run of runs) {
    const line = firedBy(run, lines);
    if (line !== undefined && run.ok && Date.parse(run.window.from) <= oldest) return { run, line };
  }
  return undefined;
}

const POLL = 2_000;
const FAILURES_ALLOWED = 3;

/** Waits until cron has fired a run that covers everything since `oldest`. */
export async function waitForCoveringRun(
  host: string,
  dataset: string,
  oldest: number,
  note: Note,
  minutes = 6,
): Promise<FiredRun> {
  const deadline = Date.now() + minutes * 60_000;
  const look = `try: aws2ncp sandbox shell ${host}, then tail /var/log/aws2ncp/sync-${dataset}.jsonl and journalctl -t CRON`;
  for (;;) {
    const [runs, lines] = [await readRuns(host, dataset), await readCronLines(host)];
    const found = coveringRun(runs, lines, oldest);
    if (found !== undefined) return found;
    const failed = runs.filter(({ ok }) => !ok);
    if (failed.length >= FAILURES_ALLOWED) {
      const last = failed.at(-1) as SyncRun;
      throw new Error(
        `${failed.length} runs of ${dataset} failed, the last with exit ${last.exit} (${last.exitMeaning})\n  ${look}`,
      );
    }
    const fired = lines.filter(({ command }) => command.includes(dataset)).length;
    if (Date.now() > deadline)
      throw new Error(
        `no good run of ${dataset} that covers everything within ${minutes} minutes; cron fired ${fired}, ended ${runs.length}\n  ${look}`,
      );
    note(
      fired === 0
        ? "cron fires at the next full minute"
        : `cron fired ${fired}, waiting for the run that copies everything`,
    );
    await pause(POLL);
  }
}
