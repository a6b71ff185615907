/** `aws2ncp review`: what a change will do, before it is merged. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command, Option } from "commander";
import { renderHtml } from "../../review/html/page";
import { loadSynth, NoSynth } from "../../review/input/load";
import { loadPlans } from "../../review/input/terraform-plan";
import { renderJson } from "../../review/render/json";
import { renderMarkdown } from "../../review/render/markdown";
import { atLeast, SEVERITIES, type Report, type Severity } from "../../review/report";
import { reviewOf } from "../../review/review";
import { sortedUnique } from "../../review/values/json";
import { projectRoot } from "../../sandbox/paths";
import { interrupted } from "../../sandbox/rehearsal";
import { WrongUse } from "../errors";
import { findSide, withSide } from "./side";

const RENDERERS = { markdown: renderMarkdown, html: renderHtml, json: renderJson } as const satisfies Record<
  string,
  (report: Report) => string
>;
type Format = keyof typeof RENDERERS;

/** What `--out` writes. */
const FILES: Readonly<Record<Format, string>> = { markdown: "review.md", html: "review.html", json: "review.json" };

interface Options {
  readonly base: string;
  readonly head: string;
  readonly plan?: string;
  readonly pipeline: string;
  readonly format: Format;
  readonly json?: boolean;
  readonly out?: string;
  readonly failOn?: Severity;
}

async function review({ base, head, plan, pipeline, format, json, out, failOn }: Options): Promise<void> {
  const tell = (text: string): void => void process.stderr.write(`${text}\n`);
  const options = { clone: projectRoot(), pipeline, signal: interrupted, tell };
  if (out !== undefined) makeFolder(out);
  const report = await asWrongUse(async () => {
    const [left, right] = [await findSide(base, options), await findSide(head, options)];
    const compared = (baseFolder: string, headFolder: string): Report => {
      const [before, after] = [loadSynth(baseFolder), loadSynth(headFolder)];
      const stacks = sortedUnique([...before.stacks.keys(), ...after.stacks.keys()]);
      return reviewOf(before, after, plan === undefined ? new Map() : loadPlans(plan, stacks));
    };
    return withSide(left, options, async (folder) =>
      left.commit !== undefined && left.commit === right.commit
        ? compared(folder, folder)
        : withSide(right, options, async (other) => compared(folder, other)),
    );
  });
  if (out === undefined) process.stdout.write(RENDERERS[json === true ? "json" : format](report));
  else {
    for (const [name, file] of Object.entries(FILES)) writeFileSync(join(out, file), RENDERERS[name as Format](report));
    process.stdout.write(`${report.verdict}\n`);
  }
  if (failOn !== undefined && report.findings.some(({ severity }) => atLeast(severity, failOn))) process.exitCode = 1;
}

/** Before anything takes time. */
function makeFolder(out: string): void {
  try {
    mkdirSync(out, { recursive: true });
    for (const file of Object.values(FILES)) rmSync(join(out, file), { force: true });
  } catch (error) {
    throw new WrongUse(
      `${out}: can't be written: ${(error as Error).message}\n  allowed: a folder, or a name that is free\n  try: --out review`,
    );
  }
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
    .addOption(new Option("--json", "the same as --format json").conflicts("format"))
    .addOption(
      new Option(
        "--out <folder>",
        `write ${Object.values(FILES).join(", ")} there, and the verdict alone on standard output`,
      ).conflicts(["format", "json"]),
    )
    .addOption(
      new Option("--fail-on <severity>", "exit code 1 if there is a finding of this severity or a graver one").choices(
        SEVERITIES,
      ),
    )
    .addHelpText(
      "after",
      `
Exit codes: 0 reviewed, 1 a finding that --fail-on names or a side that does not synthesize, 2 wrong use, 130 interrupted.

Examples:
  $ npx aws2ncp review --base origin/main --head HEAD --fail-on high > review.md
  $ npx aws2ncp review --base origin/main --head cdktf.out --out review   # what is not committed yet, after npx cdktf synth

docs/review.md says what each finding means.`,
    )
    .action(review);
}
