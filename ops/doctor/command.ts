/** `aws2ncp doctor`: what would stop a deploy, told before it. */
import { dirname, resolve } from "node:path";
import { Command } from "commander";
import { PipelineError } from "../../pipeline/errors";
import { loadPipeline } from "../../pipeline/load";
import { planOf } from "../../pipeline/plan";
import type { Plan } from "../../pipeline/plan-types";
import { readSecrets } from "../../pipeline/secrets";
import { CHECKS } from "./checks";
import { examine, selected } from "./examine";
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

const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
};

async function findingsOf(plan: Plan, file: string, checks: readonly Check[]): Promise<Finding[]> {
  const root = dirname(resolve(file));
  const watcher = watcherOf(checks.map(({ name }) => name));
  try {
    return await examine(checks, {
      context: {
        plan,
        file,
        root,
        env: process.env,
        secrets: once(() => readSecrets(plan.secrets, { root })),
      },
      platform: () => Promise.resolve({}),
      watcher,
    });
  } finally {
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
