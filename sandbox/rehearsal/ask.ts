/** SQL to each engine by its own door, as its users come: Presto over TLS with a login, Hive and Spark on the node with the clients. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PORTS } from "../../pipeline/limits";
import type { HostPlan, Plan } from "../../pipeline/plan-types";
import { hostExec } from "../hosts";
import { projectRoot } from "../paths";
import { secretPath } from "../secrets";
import type { Cells, Engine, Question } from "./questions";

/** One question's answer, beside what it should be. */
export interface Answer {
  readonly engine: Engine;
  readonly sql: string;
  readonly got: Cells;
  readonly expected: Cells;
  readonly equal: boolean;
}

/** Prints rows alone, columns apart by tabs. The account is the one that batch jobs have. */
const CLIENTS = {
  hive: (plan: Plan, sql: string) => [
    ...["beeline", "--silent=true", "--outputformat=tsv2", "--showHeader=false"],
    ...["-u", `jdbc:hive2://${plan.cluster?.hive}.${plan.network.domain}:10000/default`, "-n", "batch", "-e", sql],
  ],
  spark: (_: Plan, sql: string) => ["spark-sql", "--master", "yarn", "--num-executors", "1", "-S", "-e", sql],
} as const;

const ANSWER_MS = 300_000;

/** The node with the clients: the last master, where batch jobs log in. */
export const clientNode = (plan: Plan): HostPlan => plan.hosts.filter(({ role }) => role === "hdp")[2] as HostPlan;

/** "16<tab>American" as numbers where they are numbers. */
const cells = (line: string): (string | number)[] =>
  line.split("\t").map((text) => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text));

/** What a client prints. @throws with what it says when it fails */
export async function onClients(plan: Plan, engine: keyof typeof CLIENTS, sql: string): Promise<string> {
  const command = ["runuser", "-u", "batch", "--", "env", "SPARK_MAJOR_VERSION=2", ...CLIENTS[engine](plan, sql)];
  return (await hostExec(clientNode(plan).name, command, { timeoutMs: ANSWER_MS })).stdout;
}

/** Printed between two answers of one session. */
const NEXT = "-- next --";

/** Answers of several questions in one session: its start takes longer than they do. */
async function byClient(plan: Plan, engine: keyof typeof CLIENTS, questions: readonly string[]): Promise<Cells[]> {
  const printed = await onClients(plan, engine, questions.join(`; SELECT '${NEXT}'; `));
  const answers = printed.split(`${NEXT}\n`).map((answer) =>
    answer
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map(cells),
  );
  if (answers.length !== questions.length)
    throw new Error(`${engine} was asked ${questions.length} questions and answered ${answers.length}:\n${printed}`);
  return answers;
}

/** On the coordinator, over TLS and with a login, by a client that knows nothing of this project. */
async function byPresto(plan: Plan, sql: string): Promise<Cells> {
  if (plan.presto === undefined) throw new Error("pipeline.yaml: no presto host, of which SQL is asked");
  const { coordinator } = plan.presto;
  const asked = {
    url: `https://${coordinator}.${plan.network.domain}:${PORTS.presto}`,
    ca: "/etc/aws2ncp/tls/trust.pem",
    user: "batch",
    password: readFileSync(secretPath("presto-batch-password"), "utf8").trim(),
    catalog: "hive",
    sql,
  };
  const program = readFileSync(join(projectRoot(), "sandbox", "rehearsal", "presto_ask.py"), "utf8");
  const options = { input: JSON.stringify(asked), timeoutMs: ANSWER_MS };
  return JSON.parse((await hostExec(coordinator, ["python3", "-B", "-c", program], options)).stdout) as Cells;
}

/** By engine: what it is asked in one go, and its answers in that order. */
const ENGINES: Readonly<Record<Engine, (plan: Plan, sql: readonly string[]) => Promise<Cells[]>>> = {
  presto: async (plan, sql) => {
    const answers: Cells[] = [];
    for (const each of sql) answers.push(await byPresto(plan, each));
    return answers;
  },
  hive: (plan, sql) => byClient(plan, "hive", sql),
  spark: (plan, sql) => byClient(plan, "spark", sql),
};

/** Asks the engines side by side, each its questions one after the other; an engine that answers nothing useful ends it. */
export async function ask(plan: Plan, asked: readonly Question[], note: (text: string) => void): Promise<Answer[]> {
  const answers = await Promise.all(
    (Object.keys(ENGINES) as Engine[]).map(async (engine) => {
      const questions = asked.filter((question) => question.engine === engine);
      if (questions.length === 0) return [];
      note(`${engine}: ${questions.map(({ sql }) => sql).join("; ")}`);
      const got = await ENGINES[engine](
        plan,
        questions.map(({ sql }) => sql),
      );
      return questions.map(({ sql, expected }, index): Answer => {
        const mine = got[index] as Cells;
        return { engine, sql, got: mine, expected, equal: JSON.stringify(mine) === JSON.stringify(expected) };
      });
    }),
  );
  return answers.flat();
}
