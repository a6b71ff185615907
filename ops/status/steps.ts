/** The order of the migration: the table of its steps, and how they are judged together. */
import { cluster } from "./cluster";
import { hosts, infrastructure } from "./infrastructure";
import { jobs } from "./jobs";
import { metastore } from "./metastore";
import { sync } from "./sync";
import {
  STEP_STATES,
  type Part,
  type PipelineStatus,
  type StatusContext,
  type StepRule,
  type StepState,
  type StepStatus,
} from "./types";

const always = (): boolean => true;

/** Each after those that it needs. */
export const STEPS: readonly StepRule[] = [
  { name: "infrastructure", title: "infrastructure applied", noun: "stack", concerns: always, look: infrastructure },
  { name: "hosts", title: "hosts delivered", noun: "host", concerns: always, look: hosts },
  { name: "sync", title: "log sync current", noun: "dataset", concerns: always, look: sync },
  {
    name: "cluster",
    title: "cluster installed",
    noun: "cluster",
    concerns: (plan) => plan.cluster !== undefined,
    look: cluster,
  },
  {
    name: "metastore",
    title: "metastore rebuilt and proven",
    noun: "table set",
    concerns: ({ cluster: has, tables }) => has !== undefined && tables.length > 0,
    look: metastore,
  },
  { name: "jobs", title: "batch jobs on", noun: "host", concerns: ({ airflow }) => airflow !== undefined, look: jobs },
];

const worst = (parts: readonly Part[]): StepState =>
  STEP_STATES.find((state) => parts.some((part) => part.state === state)) ?? "done";

/** Told of each step as it is looked at. */
export interface StepWatcher {
  begin(name: string): void;
  end(result: { readonly name: string; readonly seconds: number; readonly ok: boolean }): void;
}

/** Looks at every step that the pipeline has. @param before only at those that come before this one */
export async function statusOf(context: StatusContext, watcher: StepWatcher, before?: string): Promise<PipelineStatus> {
  const rules = STEPS.filter(({ concerns }) => concerns(context.plan));
  const end = rules.findIndex(({ name }) => name === before);
  const steps: StepStatus[] = [];
  for (const { name, title, noun, look } of end < 0 ? rules : rules.slice(0, end)) {
    const doing = `look at each ${noun}`;
    watcher.begin(doing);
    const began = Date.now();
    const parts = await look(context);
    const state = worst(parts);
    const blockedBy = state === "done" ? [] : steps.filter((each) => each.state !== "done").map((each) => each.name);
    steps.push({ name, title, state, parts, blockedBy });
    watcher.end({ name: doing, seconds: Math.round((Date.now() - began) / 100) / 10, ok: state !== "unknown" });
  }
  return {
    pipeline: context.plan.name,
    done: steps.every(({ state }) => state === "done"),
    steps,
    next: nextOf(steps, context),
  };
}

function nextOf(steps: readonly StepStatus[], { again }: StatusContext): PipelineStatus["next"] {
  const step = steps.find(({ state }) => state !== "done");
  if (step === undefined) return null;
  const part = step.parts.find(({ state, try: command }) => state === step.state && command !== undefined);
  return { step: step.name, try: part?.try ?? again };
}
