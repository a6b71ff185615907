/** `aws2ncp review`: what a change will do, before it is merged. */
import { Command, Option } from "commander";
import { renderHtml } from "../../review/html/page";
import { loadSynth, NoSynth } from "../../review/input/load";
import { loadPlans } from "../../review/input/terraform-plan";
import { renderJson } from "../../review/render/json";
import { renderMarkdown } from "../../review/render/markdown";
import { atLeast, SEVERITIES, type Report, type Severity } from "../../review/report";
import { reviewOf } from "../../review/review";
import { projectRoot } from "../../sandbox/paths";
import { interrupted } from "../../sandbox/rehearsal";
import { WrongUse } from "../errors";
import { withSide } from "./side";

const RENDERERS = { markdown: renderMarkdown, html: renderHtml, json: renderJson } as const satisfies Record<
  string,
  (report: Report) => string
>;
type Format = keyof typeof RENDERERS;

interface Options {
  readonly base: string;
  readonly head: string;
  readonly plan?: string;
  readonly pipeline: string;
  readonly format: Format;
  readonly json?: boolean;
  readonly failOn?: Severity;
}

async function review({ base, head, plan, pipeline, format, json, failOn }: Options): Promise<void> {
  const tell = (text: string): void => void process.stderr.write(`${text}\n`);
  const options = { clone: projectRoot(), pipeline, signal: interrupted, tell };
  const report = await asWrongUse(() =>
    withSide(base, options, (baseFolder) =>
      withSide(head, options, async (headFolder) =>
        reviewOf(loadSynth(baseFolder), loadSynth(headFolder), plan === undefined ? new Map() : loadPlans(plan)),
      ),
    ),
  );
  process.stdout.write(RENDERERS[json === true ? "json" : format](report));
  if (failOn !== undefined && report.findings.some(({ severity }) => atLeast(severity, failOn))) process.exitCode = 1;
}

/** A folder that is no synth is a mistake in how the command was called. */
async function asWrongUse<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof NoSynth) throw new WrongUse(error.message);
    throw error;
  }
}

/** The `review` command. */
export function reviewCommand(): Command {
  return new Command("review")
    .description("say what a change will do: findings first, then infrastructure and rendered files over all stacks")
    .requiredOption("--base <side>", "what there is: a git ref, or an output folder of synth")
    .requiredOption("--head <side>", "what is proposed: likewise")
    .option(
      "--plan <folder>",
      "real plans as terraform show -json prints them, STACK.json each: adds drift, and what synth can't know",
    )
    .option("--pipeline <file>", "pipeline file of a side that is a git ref, below the repository", "pipeline.yaml")
    .addOption(
      new Option("--format <format>", "how the review is written").choices(Object.keys(RENDERERS)).default("markdown"),
    )
    .option("--json", "the same as --format json")
    .addOption(
      new Option("--fail-on <severity>", "exit code 1 if there is a finding of this severity or a graver one").choices(
        SEVERITIES,
      ),
    )
    .addHelpText(
      "after",
      "\nExample:\n  $ npx aws2ncp review --base origin/main --head HEAD --fail-on high > review.md",
    )
    .action(review);
}
