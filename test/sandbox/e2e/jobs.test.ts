/** The worked examples of batch jobs, run by the rehearsed Airflow: one each of Presto, Hive, Spark and Sqoop. */
import { randomBytes } from "node:crypto";
import { hostExec } from "../../../sandbox/hosts";
import { airflow, inAirflow } from "../../../sandbox/rehearsal/airflow";
import { ask } from "../../../sandbox/rehearsal/ask";
import type { Cells } from "../../../sandbox/rehearsal/questions";
import { SourceRows, type Row } from "../../../sandbox/rehearsal/source-rows";
import { rehearsedPlan, until } from "./support";

jest.setTimeout(600_000);

const plan = rehearsedPlan();
const source = new SourceRows(plan.datasets);
afterAll(() => source.close());

const inDatabase = async (sql: string): Promise<string> => (await inAirflow(plan, sql)).trim();

/** Triggers a DAG and waits for its end. @throws with the last words of the task that failed */
async function ran(dag: string): Promise<void> {
  // Airflow reads its folder again by and by: the company's DAGs are there some time after the gate was opened.
  await until(`${dag} in Airflow`, 240, async () =>
    (await inDatabase(`select 1 from dag where dag_id = '${dag}' and is_active`)) === "1" ? true : undefined,
  );
  await airflow(plan, "dags", "unpause", dag);
  const run = `e2e-${randomBytes(4).toString("hex")}`;
  await airflow(plan, "dags", "trigger", dag, "--run-id", run);
  const state = await until(`${dag} ${run}`, 420, async () => {
    const found = await inDatabase(`select state from dag_run where dag_id = '${dag}' and run_id = '${run}'`);
    return ["success", "failed"].includes(found) ? found : undefined;
  });
  if (state === "success") return;
  const logs = `cat /var/log/airflow/dag_id=${dag}/run_id=${run}/*/*.log | tail -n 40`;
  throw new Error(`${dag}: ${state}\n${(await hostExec("airflow-1", ["sh", "-c", logs])).stdout}`);
}

const answer = async (sql: string): Promise<Cells> =>
  (await ask(plan, [{ engine: "presto", sql, expected: [] }], () => undefined))[0]?.got as Cells;

const flights = (): Promise<Row[]> => source.hive("flights");

/** Rows by a column's value, and the mean of another to six digits. */
function means(rows: readonly Row[], by: string, of: string): (string | number)[][] {
  const groups = new Map<string, number[]>();
  for (const row of rows) {
    if (typeof row[of] !== "number") continue;
    const key = String(row[by]);
    groups.set(key, [...(groups.get(key) ?? []), row[of]]);
  }
  return [...groups]
    .map(([key, values]) => [key, (values.reduce((sum, each) => sum + each, 0) / values.length).toFixed(6)])
    .sort();
}

it("presto_carrier_delays: each carrier's mean delay of a month", async () => {
  await ran("presto_carrier_delays");
  const january = (await flights()).filter(({ month }) => month === "1");
  const got = await answer("SELECT carrier, mean_delay FROM reports.carrier_delays WHERE year = 2013 AND month = 1");
  expect(got.map(([carrier, mean]) => [carrier, Number(mean).toFixed(6)]).sort()).toEqual(
    means(january, "carrier", "arr_delay"),
  );
});

it("hive_airport_traffic: flights of each airport", async () => {
  await ran("hive_airport_traffic");
  const counts = new Map<string, number>();
  for (const { origin } of await flights()) counts.set(String(origin), (counts.get(String(origin)) ?? 0) + 1);
  expect(await answer("SELECT faa, flights FROM reports.airport_traffic ORDER BY faa")).toEqual([...counts].sort());
});

it("spark_hourly_delays: mean delay by hour", async () => {
  await ran("spark_hourly_delays");
  const got = await answer("SELECT hour, mean_delay FROM reports.hourly_delays");
  expect(got.map(([hour, mean]) => [String(hour), Number(mean).toFixed(6)]).sort()).toEqual(
    means(await flights(), "hour", "dep_delay"),
  );
});

describe("sqoop_planes", () => {
  const password = randomBytes(12).toString("hex");
  const root = (host: string, script: string, input = ""): Promise<{ stdout: string }> =>
    hostExec(host, ["sh", "-c", script], { input });
  const hba = "/etc/aws2ncp/postgresql/pg_hba.conf";
  const reload = "runuser -u postgres -- psql -qc 'select pg_reload_conf()'";

  // A database of the company's, which is not the pipeline's: here beside Ambari's.
  beforeAll(async () => {
    const planes = [
      "create role planes login;",
      "create database planes owner planes;",
      "\\connect planes",
      "create table planes (tailnum text primary key, year int, type text, manufacturer text, model text, engines int, seats int, speed int, engine text);",
      "insert into planes select 'N' || n, 2000 + n % 13, 'Fixed wing', 'EMBRAER', 'EMB-145', 2, 55, null, 'Turbo-fan' from generate_series(1, 3000) n;",
      "alter table planes owner to planes;",
      `alter role planes password '${password}';`,
    ];
    await root("hdp-1", "runuser -u postgres -- psql -q -v ON_ERROR_STOP=1", planes.join("\n"));
    const block = `${plan.network.private.cidr}`;
    await root(
      "hdp-1",
      `cp -p ${hba} /run/e2e-hba && echo 'hostssl planes planes ${block} scram-sha-256' >> ${hba} && ${reload}`,
    );
    const store = "localjceks://file/home/batch/sqoop.jceks";
    const create = `IFS= read -r secret; rm -f ~/sqoop.jceks; exec hadoop credential create planes.password -value "$secret" -provider ${store}`;
    await hostExec("hdp-3", ["runuser", "-u", "batch", "--", "sh", "-c", `cd && ${create}`], {
      input: `${password}\n`,
    });
  });
  afterAll(async () => {
    await root("hdp-1", `cat /run/e2e-hba > ${hba} && rm /run/e2e-hba && ${reload}`);
    await root("hdp-1", "runuser -u postgres -- psql -q", "drop database planes;\ndrop role planes;\n");
  });

  it("brings a table of PostgreSQL's, all its rows, and nulls as nulls", async () => {
    await ran("sqoop_planes");
    const sql = "SELECT count(*), count(DISTINCT tailnum), count(speed), sum(year) FROM reports.planes_by_sqoop";
    let years = 0;
    for (let n = 1; n <= 3000; n++) years += 2000 + (n % 13);
    expect(await answer(sql)).toEqual([[3000, 3000, 0, years]]);
  });
});
