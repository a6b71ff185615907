/** A run of a DAG of the pipeline's that Airflow's own scheduler has begun, to its end. */
import type { Plan } from "../../pipeline/plan-types";
import { hostExec } from "../hosts";
import { pause } from "./interrupt";

export interface AirflowRun {
  readonly dag: string;
  /** Airflow's name of it, which begins with scheduled__. */
  readonly run: string;
  readonly state: string;
}

/** A log must have been there for some minutes; the rest is processors. */
const PATIENCE_MS = 600_000;
const LOOK_MS = 5_000;

async function onAirflow(plan: Plan, argv: readonly string[]): Promise<string> {
  const host = plan.hosts.find(({ role }) => role === "airflow");
  if (host === undefined) throw new Error("pipeline.yaml: hosts: none has the role airflow");
  return (await hostExec(host.name, argv)).stdout;
}

/** Airflow's own command line. */
export const airflow = (plan: Plan, ...args: string[]): Promise<string> =>
  onAirflow(plan, ["/usr/local/bin/airflow", ...args]);

/** A query of Airflow's database, which is quicker than its command line: a line for each row. */
export const inAirflow = (plan: Plan, sql: string): Promise<string> =>
  onAirflow(plan, ["runuser", "-u", "airflow", "--", "psql", "-d", "airflow", "-tAc", sql]);

/** Runs as Airflow's database has them, oldest first: "scheduled__2026-11-24T16:00:00+00:00|success". */
const runsOf = async (plan: Plan, dag: string): Promise<AirflowRun[]> => {
  const sql = `select run_id || '|' || state from dag_run where dag_id = '${dag}' and run_type = 'scheduled' order by run_id`;
  return (await inAirflow(plan, sql))
    .split("\n")
    .filter((line) => line.includes("|"))
    .map((line) => ({ dag, run: line.split("|")[0] as string, state: line.split("|")[1] as string }));
};

/** The scheduler's runs of a DAG, up to the first that ends, while other steps go on. */
export class ScheduledRuns {
  private first: Promise<AirflowRun> | undefined;
  private stopped = false;

  /** Lets the scheduler begin them. */
  async begin(plan: Plan, dag: string): Promise<void> {
    await airflow(plan, "dags", "unpause", dag);
    this.first = this.untilOneEnds(plan, dag);
    this.first.catch(() => undefined); // told to whoever waits for it
  }

  /** The first that has succeeded, or failed. @throws when none ends in time */
  ended(): Promise<AirflowRun> {
    return this.first ?? Promise.reject(new Error("no run was begun"));
  }

  /** Nobody waits for it any more. */
  stop(): void {
    this.stopped = true;
  }

  private async untilOneEnds(plan: Plan, dag: string): Promise<AirflowRun> {
    try {
      const deadline = Date.now() + PATIENCE_MS;
      for (;;) {
        const runs = await runsOf(plan, dag);
        const ended = runs.find(({ state }) => state === "success") ?? runs.find(({ state }) => state === "failed");
        if (ended !== undefined) return ended;
        if (this.stopped || Date.now() > deadline)
          throw new Error(
            `${dag}: no run of the scheduler's has ended: ${runs.map(({ run, state }) => `${run} ${state}`).join(", ") || "none was begun"}`,
          );
        await pause(LOOK_MS);
      }
    } finally {
      // Making up for all the hours since the rebuild would take the machine's processors for long.
      await airflow(plan, "dags", "pause", dag);
    }
  }
}
