/** The steps of a rehearsal that end with SQL on the migrated data, in the order that the tool itself keeps. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "../../pipeline/plan-types";
import { projectRoot } from "../paths";
import type { ScheduledRuns } from "./airflow";
import { ask } from "./ask";
import { lookAtCluster } from "./cluster";
import { deployLog, environment } from "./deploy";
import { runLogged } from "./logged";
import { questions } from "./questions";
import { SourceRows } from "./source-rows";
import type { Note, Step } from "./steps";
import type { Summary } from "./summary";

const shell = (host: string): string => `npx aws2ncp sandbox shell ${host}`;

/** A command of the product's own, as people type it. */
async function command(name: string, args: readonly string[], note: Note): Promise<void> {
  const options = { log: deployLog(name), cwd: projectRoot(), env: environment(), onLine: note };
  await runLogged("node", ["dist/ops/main.js", ...args], options);
}

interface Evidence {
  readonly tables: number;
  readonly partitions: number;
  readonly rows: number;
  readonly results: readonly { readonly table: string; readonly verdict: string }[];
}

/** What the rebuild has left beside the states. */
const evidenceOf = (plan: Plan): Evidence =>
  JSON.parse(readFileSync(join(projectRoot(), plan.stateFolder, "metastore.json"), "utf8")) as Evidence;

/** The pipeline's DAG of its hourly log, whose run is waited for. */
function hourlyDag({ datasets }: Plan): string {
  const log = datasets.find(({ layout }) => layout === "firehose-hourly");
  if (log === undefined) throw new Error("pipeline.yaml: datasets: no hourly log, whose DAG is run");
  return `aws2ncp_${log.name}`;
}

/** @param planned the plan, once it can be read @param runs begun once the gate is open, for `airflowStep` */
export function clusterSteps(summary: Summary, planned: () => Plan, runs: ScheduledRuns): Step[] {
  return [
    {
      name: "cluster",
      run: async (note) => void (summary.cluster = await lookAtCluster(planned(), note)),
      look: `${shell("hdp-1")}, then systemctl status 'hadoop-*'; less /var/log/ambari-server/ambari-server.log`,
    },
    {
      name: "metastore",
      run: async (note) => {
        // Lines of the logs are counted, since nothing else proves them.
        await command("metastore", ["metastore", "rebuild", "--count-lines"], note);
        const { tables, partitions, rows, results } = evidenceOf(planned());
        summary.metastore = { tables, partitions, rows, exact: results.every(({ verdict }) => verdict === "exact") };
        if (!summary.metastore.exact)
          throw new Error(results.map(({ table, verdict }) => `${table}: ${verdict}`).join("\n  "));
      },
      look: `less ${deployLog("metastore")}; ${shell("hdp-2")}, then less /var/log/hive/hivemetastore.log`,
    },
    {
      // The scheduler makes up for the hours since the rebuild while other steps go on.
      name: "jobs",
      run: async (note) => {
        await command("jobs", ["jobs", "on"], note);
        await runs.begin(planned(), hourlyDag(planned()));
      },
      look: `npx aws2ncp status; ${shell("airflow-1")}, then ls /var/log/airflow`,
    },
    {
      name: "answers",
      run: async (note) => {
        const source = new SourceRows(planned().datasets);
        const asked = await questions(source).finally(() => source.close());
        summary.answers = await ask(planned(), asked, note);
        const wrong = summary.answers.filter(({ equal }) => !equal);
        if (wrong.length > 0)
          throw new Error(
            wrong
              .map(
                ({ engine, sql, got, expected }) =>
                  `${engine}: ${sql}\n    got      ${JSON.stringify(got)}\n    expected ${JSON.stringify(expected)}`,
              )
              .join("\n  "),
          );
      },
      look: `${shell("presto-1")}, then less /var/log/presto/server.log; ${shell("hdp-2")}, then less /var/log/hive/hiveserver2.log`,
    },
  ];
}

/** The scheduler's first run, which had all the time of the steps before. */
export const airflowStep = (summary: Summary, runs: ScheduledRuns): Step => ({
  name: "airflow",
  run: async () => {
    summary.airflow = await runs.ended();
    if (summary.airflow.state !== "success") throw new Error(`${summary.airflow.run}: ${summary.airflow.state}`);
  },
  look: `npx aws2ncp status; ${shell("airflow-1")}, then ls /var/log/airflow`,
});
