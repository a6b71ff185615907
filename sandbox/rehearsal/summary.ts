/** What a rehearsal measured: the shape of `out/sandbox/summary.json`, and the same in words. */
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { sandboxPath } from "../paths";
import type { AirflowRun } from "./airflow";
import type { Answer } from "./ask";
import type { ClusterSummary } from "./cluster";
import type { StepResult } from "./steps";

export interface Amount {
  readonly objects: number;
  readonly bytes: number;
}

export interface DatasetSummary {
  /** What was at the source when the run that is proved began. */
  readonly source: Amount;
  /** The same objects at the target. */
  readonly target: Amount;
  /** Every one has the same SHA-256 on both sides, and the target has nothing that the source never had. */
  readonly identical: boolean;
}

/** A number that was not measured, because a step before it failed, is null: never a 0 that looks measured. */
export interface Summary {
  ok: boolean;
  steps: StepResult[];
  resources: { applied: number | null };
  hosts: { name: string; ip: string; changed: number; failed: number }[];
  datasets: Record<string, DatasetSummary>;
  cluster: ClusterSummary | null;
  metastore: { tables: number; partitions: number; rows: number; exact: boolean } | null;
  answers: Answer[];
  airflow: AirflowRun | null;
  proxy: { connects: number | null; denied: number | null; bypass_possible: boolean | null };
  second_deploy: { plan_changes: number | null; ansible_changed: number | null };
}

export function emptySummary(): Summary {
  return {
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
  };
}

export const summaryFile = (): string => sandboxPath("summary.json");

export function writeSummary(summary: Summary): void {
  mkdirSync(dirname(summaryFile()), { recursive: true });
  writeFileSync(`${summaryFile()}.new`, `${JSON.stringify(summary, null, 2)}\n`);
  renameSync(`${summaryFile()}.new`, summaryFile());
}

const UNITS = ["bytes", "kB", "MB", "GB", "TB"] as const;

/** 846051 -> "846.1 kB" */
export function sizeInWords(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${power === 0 ? bytes : (bytes / 1000 ** power).toFixed(1)} ${UNITS[power]}`;
}

const amount = ({ objects, bytes }: Amount): string => `${objects} objects, ${sizeInWords(bytes)}`;
/** "43 applied"; "applied not measured" */
const counted = (value: number | null, what: string): string =>
  value === null ? `${what} not measured` : `${value} ${what}`;

const NOT_MEASURED = "not measured";

function clusterInWords({ cluster }: Summary): string {
  if (cluster === null) return NOT_MEASURED;
  const each = Object.entries(cluster.components).map(([name, count]) => (count === 1 ? name : `${count} ${name}`));
  return `${cluster.started} processes answer: ${each.join(", ")}`;
}

function metastoreInWords({ metastore }: Summary): string {
  if (metastore === null) return NOT_MEASURED;
  const { tables, partitions, rows, exact } = metastore;
  return `${tables} tables, ${partitions} partitions, ${rows} rows; ${exact ? "Presto counts as many" : "NOT EXACT"}`;
}

function answersInWords({ answers }: Summary): string {
  if (answers.length === 0) return NOT_MEASURED;
  const wrong = answers.filter(({ equal }) => !equal).length;
  const by = [...new Set(answers.map(({ engine }) => engine))].map(
    (engine) => `${answers.filter((answer) => answer.engine === engine).length} of ${engine}`,
  );
  return `${by.join(", ")}; ${wrong === 0 ? "all as another program computes them" : `${wrong} WRONG`}`;
}

const airflowInWords = ({ airflow }: Summary): string =>
  airflow === null ? NOT_MEASURED : `${airflow.dag} ${airflow.run}: ${airflow.state}`;

/** The end of `rehearse`, one line per thing measured. */
export function summaryInWords(summary: Summary): string {
  const seconds = summary.steps.reduce((sum, step) => sum + step.seconds, 0);
  const bypass = { true: "A WAY AROUND IT", false: "no way around it found", null: "ways around it not measured" };
  const rows: [string, string][] = [
    ["steps", summary.steps.map((step) => `${step.name} ${step.seconds} s${step.ok ? "" : " FAILED"}`).join(", ")],
    ["resources", counted(summary.resources.applied, "applied")],
    ...summary.hosts.map(({ name, ip, changed, failed }): [string, string] => [
      name,
      `${ip}: ${changed} tasks changed, ${failed} failed`,
    ]),
    ...Object.entries(summary.datasets).map(([name, { source, target, identical }]): [string, string] => [
      name,
      `source ${amount(source)}; target ${amount(target)}; ${identical ? "identical by SHA-256" : "NOT IDENTICAL"}`,
    ]),
    ["cluster", clusterInWords(summary)],
    ["metastore", metastoreInWords(summary)],
    ["answers", answersInWords(summary)],
    ["airflow", airflowInWords(summary)],
    [
      "proxy",
      `${counted(summary.proxy.connects, "connects")}, ${counted(summary.proxy.denied, "denied")}; ${bypass[`${summary.proxy.bypass_possible}`]}`,
    ],
    [
      "second deploy",
      `${counted(summary.second_deploy.plan_changes, "changes planned")}, ${counted(summary.second_deploy.ansible_changed, "made by Ansible")}`,
    ],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const body = rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`).join("\n");
  return `rehearsal ${summary.ok ? "ok" : "FAILED"}, ${Math.round(seconds)} s\n${body}`;
}
