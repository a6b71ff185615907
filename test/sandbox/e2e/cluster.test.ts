/** The rehearsed cluster when parts of it are lost: nothing is lost with them, and nothing is there twice. */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { hostExec } from "../../../sandbox/hosts";
import { projectRoot, sandboxPath } from "../../../sandbox/paths";
import { ask, onClients } from "../../../sandbox/rehearsal/ask";
import { deployLog, environment } from "../../../sandbox/rehearsal/deploy";
import { runLogged } from "../../../sandbox/rehearsal/logged";
import type { Question } from "../../../sandbox/rehearsal/questions";
import type { Summary } from "../../../sandbox/rehearsal/summary";
import { hdfs, sha256, sha256InHdfs } from "./hdfs";
import { rehearsedPlan, until } from "./support";

jest.setTimeout(600_000);

const plan = rehearsedPlan();
const summary = JSON.parse(readFileSync(sandboxPath("summary.json"), "utf8")) as Summary;
const say = (): void => undefined;

/** Processes whose command line has a class in it. */
const pidsOf = async (host: string, main: string): Promise<string[]> =>
  (await hostExec(host, ["pgrep", "-f", ` ${main}( |$)`], { allowFail: true })).stdout.split("\n").filter(Boolean);

const DATANODE = "org.apache.hadoop.hdfs.server.datanode.DataNode";

it("started what the blueprint says: each process counted on its host, each has answered", () => {
  expect(summary.cluster).toEqual({
    components: {
      NAMENODE: 1,
      SECONDARY_NAMENODE: 1,
      DATANODE: 3,
      RESOURCEMANAGER: 1,
      NODEMANAGER: 3,
      ZOOKEEPER_SERVER: 3,
      HIVE_METASTORE: 1,
      HIVE_SERVER: 1,
    },
    started: 14,
  });
});

it("Presto, Hive and Spark answer as another program computes it, hours around midnight in Korea too", () => {
  const { answers } = summary;
  expect(answers.map(({ engine, equal }) => [engine, equal])).toEqual([
    ...Array<unknown>(7).fill(["presto", true]),
    ...Array<unknown>(2).fill(["hive", true]),
    ...Array<unknown>(2).fill(["spark", true]),
  ]);
  const of = (sql: RegExp) => answers.filter((answer) => sql.test(answer.sql)).map(({ got }) => got);
  const midnight = of(/'2013-07-04'/);
  expect(midnight[0]).toEqual([["2013-07-04 00", "2013-07-04 23", expect.any(Number)]]);
  expect(midnight).toEqual(Array(3).fill(midnight[0]));
  // INT64 timestamps, declared as numbers: 1 January 2013 06:00 and 30 December 2013 23:00 UTC.
  expect(of(/company\.weather/)).toEqual(Array(3).fill([[1357020000000, 1388444400000, 26115]]));
});

it("rebuilt the metastore exactly, and Airflow's scheduler ran the pipeline's DAG", () => {
  expect(summary.metastore).toMatchObject({ tables: 7, exact: true });
  expect(summary.airflow).toMatchObject({ dag: "aws2ncp_event_log", state: "success" });
  expect(summary.airflow?.run).toMatch(/^scheduled__/);
});

it("a DataNode is killed: what HDFS holds is read as before, and Ambari starts it again", async () => {
  const content = randomBytes(3_000_000);
  const file = "/user/batch/e2e-datanode";
  await hdfs("hdp-3", ["-put", "-f", "-", file], content);
  const [old] = await pidsOf("hdp-3", DATANODE);
  await hostExec("hdp-3", ["kill", "-9", old as string]);
  expect(await sha256InHdfs("hdp-3", file)).toBe(sha256(content));
  const again = await until("a new DataNode", 120, async () => (await pidsOf("hdp-3", DATANODE))[0]);
  expect(again).not.toBe(old);
  await until("three live DataNodes", 120, async () => {
    const jmx = "http://hdp-1.aws2ncp.internal:50070/jmx?qry=Hadoop:service=NameNode,name=FSNamesystemState";
    const { stdout } = await hostExec("hdp-1", ["curl", "-s", "--noproxy", "*", jmx]);
    return /"NumLiveDataNodes" : 3,/.test(stdout) ? true : undefined;
  });
  await hdfs("hdp-3", ["-rm", "-skipTrash", file]);
});

it("Presto's coordinator is killed: it comes back, knows its workers, and answers the same", async () => {
  const asked = summary.answers
    .filter(({ engine }) => engine === "presto")
    .slice(0, 2)
    .map(({ engine, sql, expected }): Question => ({ engine, sql, expected }));
  const [old] = await pidsOf("presto-1", "com.facebook.presto.server.PrestoServer");
  await hostExec("presto-1", ["kill", "-9", old as string]);
  const answers = await until("an answer of the new coordinator", 180, () =>
    ask(plan, asked, say).catch(() => undefined),
  );
  expect(answers.map(({ equal }) => equal)).toEqual([true, true]);
  expect(await pidsOf("presto-1", "com.facebook.presto.server.PrestoServer")).not.toContain(old);
});

/** `aws2ncp metastore rebuild api_log`, as people type it. */
const rebuild = (log: string): Promise<void> =>
  runLogged("node", ["dist/ops/main.js", "metastore", "rebuild", "api_log", "--count-lines"], {
    log: deployLog(log),
    cwd: projectRoot(),
    env: environment(),
  });

interface Table {
  readonly table: string;
  readonly verdict: string;
  readonly rows: number;
  readonly partitions: number;
  readonly written?: {
    readonly created: boolean;
    readonly partitionsAdded: number;
    readonly partitionsChanged: number;
  };
}

const apiLog = (): Table => {
  const file = join(projectRoot(), plan.stateFolder, "metastore.json");
  const { results } = JSON.parse(readFileSync(file, "utf8")) as { results: Table[] };
  return results.find(({ table }) => table === "logs.api_log") as Table;
};

it("the rebuild is killed half-way: the next one makes the rest, and the one after it writes nothing", async () => {
  const before = apiLog();
  await onClients(plan, "hive", "DROP TABLE logs.api_log");
  const child = spawn("node", ["dist/ops/main.js", "metastore", "rebuild", "api_log", "--count-lines"], {
    cwd: projectRoot(),
    env: { ...process.env, ...environment() },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = new Promise((done) => child.on("close", done));
  // It has begun to write once the table is there.
  await until("the table", 60, async () =>
    (await onClients(plan, "hive", "SHOW TABLES IN logs")).includes("api_log") ? true : undefined,
  );
  child.kill("SIGKILL");
  await ended;
  await rebuild("e2e-rebuild-after-kill");
  const after = apiLog();
  expect([after.verdict, after.partitions >= before.partitions, after.rows >= before.rows]).toEqual([
    "exact",
    true,
    true,
  ]);
  await rebuild("e2e-rebuild-again");
  expect(apiLog().written).toMatchObject({ created: false, partitionsAdded: 0, partitionsChanged: 0 });
});
