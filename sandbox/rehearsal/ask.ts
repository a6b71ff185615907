/** SQL to each engine by its own door, as its users come: Presto through the bastion, Hive and Spark on the node with the clients. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { accessThroughTunnels, ACCESS_SECRETS, type Access } from "../../metastore/access";
import type { HostPlan, Plan, SecretName } from "../../pipeline/plan-types";
import { hostExec } from "../hosts";
import { projectRoot } from "../paths";
import { interrupted } from "./interrupt";
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

async function byClient(plan: Plan, engine: keyof typeof CLIENTS, sql: string): Promise<Cells> {
  return (await onClients(plan, engine, sql))
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map(cells);
}

async function byPresto(access: Access, sql: string): Promise<Cells> {
  if (access.presto === undefined) throw new Error("pipeline.yaml: no presto host, of which SQL is asked");
  const rows: (string | number | null)[][] = [];
  for await (const row of access.presto.client.rows(sql)) rows.push(row as (string | number | null)[]);
  return rows;
}

/** The way to the cluster that `aws2ncp metastore rebuild` takes, with the pipeline's own secrets. The caller closes it. */
export async function wayIn(plan: Plan): Promise<Access> {
  const file = (from: string): string => join(projectRoot(), from.slice("file:".length));
  const named = plan.secrets.filter(({ name }) => (ACCESS_SECRETS as readonly SecretName[]).includes(name));
  return accessThroughTunnels({
    plan,
    secrets: new Map(named.map(({ name, from }) => [name, readFileSync(file(from), "utf8").trimEnd()])),
    state: join(projectRoot(), plan.stateFolder),
    again: "npx aws2ncp sandbox rehearse",
    say: () => undefined,
    signal: interrupted,
  });
}

/** Asks one after the other; an engine that answers nothing useful ends it. */
export async function ask(plan: Plan, asked: readonly Question[], note: (text: string) => void): Promise<Answer[]> {
  const access = await wayIn(plan);
  const answers: Answer[] = [];
  try {
    for (const { engine, sql, expected } of asked) {
      note(`${engine}: ${sql}`);
      const got = engine === "presto" ? await byPresto(access, sql) : await byClient(plan, engine, sql);
      answers.push({ engine, sql, got, expected, equal: JSON.stringify(got) === JSON.stringify(expected) });
    }
  } finally {
    access.close();
  }
  return answers;
}
