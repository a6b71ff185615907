/** `aws2ncp bootstrap`: the bucket of the states, made or adopted outside Terraform. */
import { Command } from "commander";
import { answerOf } from "../../states/bucket";
import { loadPipeline } from "../../pipeline/load";
import { planOf } from "../../pipeline/plan";
import type { RemoteStatePlan } from "../../pipeline/plan-types";
import { findingInWords } from "../doctor/report";
import { WrongUse } from "../errors";
import { bootstrap, type Bootstrapped } from "./bootstrap";

interface Options {
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** `made BUCKET`, what was seen, and what to write where. */
export function bootstrapInWords({ bucket, did, findings, write, ok }: Bootstrapped, remote: RemoteStatePlan): string {
  const differs = write !== undefined && write[0] !== `locking: ${remote.locking}`;
  return [
    `${did} ${bucket}`,
    ...findings.map((said) => findingInWords({ check: "state", ...said })),
    ...(write === undefined
      ? []
      : [differs ? "write under state.remote:" : "as the pipeline file has it:", ...write.map((line) => `  ${line}`)]),
    ...(ok ? [] : ["not ready: see the errors above"]),
  ].join("\n");
}

async function run(file: string, options: Options): Promise<void> {
  const plan = planOf(loadPipeline(file));
  const remote = plan.remoteState;
  if (remote === undefined)
    throw new WrongUse(
      `${file}: state.remote is missing: the states lie in ${plan.stateFolder} on this machine\n` +
        "  try: the lines of examples/production.yaml under state:",
    );
  const result = await bootstrap(plan, remote, { dryRun: options.dryRun ?? false }).catch((error: unknown) => {
    throw new Error(
      `${remote.bucket} on ${remote.host} can't be looked at: ${answerOf(error)}\n` +
        `  allowed: a key of the platform in profile ${remote.profile} of the shared AWS credentials file\n` +
        "  try: docs/production.md, the part on the state",
    );
  });
  const text = options.json === true ? JSON.stringify(result, null, 2) : bootstrapInWords(result, remote);
  process.stdout.write(`${text}\n`);
  if (!result.ok) process.exitCode = 1;
}

/** The `bootstrap` command. */
export function bootstrapCommand(): Command {
  return new Command("bootstrap")
    .description("make or adopt the bucket of the states, and prove whether a lock in it holds; changes no file")
    .argument("[pipeline]", "the pipeline file", "pipeline.yaml")
    .option("--dry-run", "look only: make nothing, write nothing, prove nothing")
    .option("--json", "print one JSON document on standard output")
    .addHelpText("after", "\nExample:\n  $ npx aws2ncp bootstrap production.yaml --dry-run")
    .action(run);
}
