/** `aws2ncp doctor`: what would stop a deploy, told before it. */
import { Command } from "commander";
import { PipelineError } from "../../pipeline/errors";
import { loadPipeline } from "../../pipeline/load";
import { planOf } from "../../pipeline/plan";
import type { Plan } from "../../pipeline/plan-types";
import { Interrupted, interrupted } from "../../sandbox/rehearsal";
import { CHECKS } from "./checks";
import { examine, selected } from "./examine";
import { factsOf } from "./facts";
import { inWords, isWell } from "./report";
import { watcherOf } from "./progress";
import type { Check, Finding } from "./types";

interface Options {
  readonly only?: readonly string[];
  readonly json?: boolean;
}

/** What is wrong with the pipeline file itself: nothing else can be looked at then. */
function planOrFindings(file: string): Plan | Finding[] {
  try {
    return planOf(loadPipeline(file));
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    return error.problems.map(({ file: name, line, column, path, message, allowed, hint }) => ({
      severity: "error",
      check: "pipeline",
      place: `${name}:${line}:${column}${path.length === 0 ? "" : ` ${path.join(".")}`}`,
      found: message,
      ...(allowed === undefined ? {} : { allowed }),
      ...(hint === undefined ? {} : { try: hint }),
    }));
  }
}

async function findingsOf(plan: Plan, file: string, checks: readonly Check[]): Promise<Finding[]> {
  const watcher = watcherOf(checks.length);
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, interrupted]);
  try {
    const facts = factsOf({ plan, file, checks, env: process.env, signal });
    return await examine(checks, { ...facts, watcher, signal: interrupted });
  } catch (error) {
    if (interrupted.aborted) throw new Interrupted("interrupted");
    throw error;
  } finally {
    over.abort(); // what a check that was too late still waits for
    watcher.stop();
  }
}

async function doctor(file: string, options: Options): Promise<void> {
  const checks = selected(CHECKS, options.only ?? []);
  const plan = planOrFindings(file);
  const findings = Array.isArray(plan) ? plan : await findingsOf(plan, file, checks);
  const ok = isWell(findings);
  const text = options.json === true ? JSON.stringify({ ok, findings }, null, 2) : inWords(findings);
  process.stdout.write(`${text}\n`);
  if (!ok) process.exitCode = 1;
}

/** The `doctor` command. */
export function doctorCommand(): Command {
  const table = CHECKS.map(({ name, about }) => `  ${name.padEnd(14)} ${about}`).join("\n");
  return new Command("doctor")
    .description("say before a deploy what would stop it, or make it unsafe; exit code 1 if something would")
    .argument("[pipeline]", "the pipeline file", "pipeline.yaml")
    .option("--only <check...>", "these checks, or families of them, and what they need")
    .option("--json", "print one JSON document on standard output")
    .addHelpText("after", `\nChecks:\n${table}\n\nExample:\n  $ npx aws2ncp doctor --only secrets images --json`)
    .action(doctor);
}
