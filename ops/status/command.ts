/** `aws2ncp status`: how far the migration is, and what comes next. `aws2ncp jobs`: the batch jobs on, not before that, or off. */
import { join } from "node:path";
import { Command } from "commander";
import { takeLock } from "../../hooks/lock";
import { loadPipeline } from "../../pipeline/load";
import { planOf } from "../../pipeline/plan";
import { Interrupted, interrupted } from "../../sandbox/rehearsal";
import { WrongUse } from "../errors";
import { progress } from "../progress";
import { contextOf, type OpenContext } from "./context";
import { statusInWords } from "./report";
import { statusOf } from "./steps";
import { turnOff, turnOn, type Switched } from "./switch";
import type { PipelineStatus, StatusContext } from "./types";

interface Options {
  readonly pipeline: string;
  readonly json?: boolean;
}

const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** @param file the pipeline file, as it was given */
export function openContext(file: string): OpenContext {
  return contextOf({
    plan: planOf(loadPipeline(file)),
    file,
    env: process.env,
    say: (line) => void process.stderr.write(`${line}\n`),
    signal: interrupted,
  });
}

async function within<T>(open: () => OpenContext, use: (context: OpenContext) => Promise<T>): Promise<T> {
  const context = open();
  try {
    return await use(context);
  } catch (error) {
    throw interrupted.aborted ? new Interrupted("interrupted; nothing was changed") : error;
  } finally {
    context.close();
  }
}

async function looked(context: StatusContext, before?: string): Promise<PipelineStatus> {
  const watcher = progress("status");
  try {
    const status = await statusOf(context, watcher, before);
    interrupted.throwIfAborted();
    return status;
  } finally {
    watcher.stop();
  }
}

const inWords = (status: PipelineStatus): string =>
  statusInWords(status, process.stdout.isTTY && !process.env["NO_COLOR"]);

function tell(switched: Switched, json: boolean): void {
  const { open, since, because, changed, blocked } = switched;
  const how = changed ? "" : blocked === undefined ? "already " : "still ";
  const runs = open && since !== undefined ? `; the logs' runs begin with ${since}` : "";
  const text = `batch jobs: ${how}${open ? "on" : "off"}: ${because}${runs}`;
  if (json) print(JSON.stringify(switched, null, 2));
  else if (blocked === undefined) print(text);
  else print(`${inWords(blocked)}\nnot turned on: a step before is not done\n${text}`);
  if (blocked !== undefined) process.exitCode = 1;
}

async function switchJobs(options: Options, turn: (context: OpenContext) => Promise<Switched>): Promise<void> {
  const switched = await within(
    () => openContext(options.pipeline),
    async (context) => {
      if (context.plan.airflow === undefined)
        throw new WrongUse(
          `${options.pipeline}: the pipeline has no Airflow, so it has no batch jobs\n  try: docs/query.md, the part on Airflow`,
        );
      const lock = takeLock(join(context.state, "locks", "jobs.json"), "jobs");
      try {
        return await turn(context);
      } finally {
        lock.release();
      }
    },
  );
  tell(switched, options.json ?? false);
}

async function status(options: Options): Promise<void> {
  const found = await within(() => openContext(options.pipeline), looked);
  print(options.json === true ? JSON.stringify(found, null, 2) : inWords(found));
  if (!found.done) process.exitCode = 1;
}

const withOptions = (command: Command, example: string): Command =>
  command
    .option("--pipeline <file>", "the pipeline file", "pipeline.yaml")
    .option("--json", "print one JSON document on standard output")
    .addHelpText("after", `\nExample:\n  $ npx aws2ncp ${example}`);

/** The `status` command. */
export function statusCommand(): Command {
  const command = new Command("status").description(
    "say of each step of the migration whether it is done, and what comes next; exit code 0 when all are, 1 when one is not. Changes nothing",
  );
  return withOptions(command, "status --json").action(status);
}

/** The `jobs` command with both its own. */
export function jobsCommand(): Command {
  return new Command("jobs")
    .description("the batch jobs of Airflow: off until every step of the migration before them is done")
    .addCommand(
      withOptions(
        new Command("on").description(
          "turn them on; exit code 1, and nothing changed, while a step before them is not done (aws2ncp status)",
        ),
        "jobs on",
      ).action((options: Options) => switchJobs(options, (context) => turnOn(context, looked))),
    )
    .addCommand(
      withOptions(new Command("off").description("turn them off; what runs goes on to its end"), "jobs off").action(
        (options: Options) => switchJobs(options, turnOff),
      ),
    );
}
