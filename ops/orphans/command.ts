/** `aws2ncp orphans`: objects that a killed deploy left on the platform and that no state knows. */
import { dirname, resolve } from "node:path";
import { Command } from "commander";
import { PipelineError } from "../../pipeline/errors";
import { loadPipeline } from "../../pipeline/load";
import { planOf } from "../../pipeline/plan";
import type { Plan } from "../../pipeline/plan-types";
import { WrongUse } from "../errors";
import { queryPlatform } from "../platform";
import { findOrphans, type Ask } from "./find";
import { importAll, importable, type Imported } from "./import";
import { findingsInWords, importedInWords } from "./report";
import { stackNames, viewOf } from "./stack";
import type { Finding, StackView } from "./types";

interface Options {
  readonly import?: boolean;
  readonly json?: boolean;
}

export interface Outcome {
  readonly findings: readonly Finding[];
  /** Missing unless imports were asked for. */
  readonly imported?: readonly Imported[];
}

/** Whether something is left for a person to do. */
export function isOpen({ findings, imported }: Outcome): boolean {
  if (imported === undefined) return findings.some(({ kind }) => kind !== "unseen");
  const refused = findings.some(
    ({ kind, verdict }) => kind === "refused" || (kind === "orphan" && verdict === "refuse"),
  );
  return refused || imported.some(({ result }) => !["imported", "absent"].includes(result));
}

export interface OrphanOptions {
  /** Folder of the pipeline file, beside which cdktf.out lies. */
  readonly root: string;
  readonly ask: Ask;
  readonly env: NodeJS.ProcessEnv;
  readonly doImport: boolean;
  /** Told what is being done, a line each. */
  readonly say: (line: string) => void;
}

/** Looks through all stacks; imports stack by stack, and no further than the first that fails. */
export async function orphans(o: OrphanOptions): Promise<Outcome> {
  const found: (readonly [StackView, Finding[]])[] = [];
  for (const name of stackNames(o.root, o.env)) {
    o.say(`${name}: comparing what it wants, its state, and the platform`);
    const view = await viewOf(o.root, name, o.env);
    found.push([view, await findOrphans(view, o.ask)]);
  }
  const findings = found.flatMap(([, each]) => each);
  if (!o.doImport) return { findings };
  const imported: Imported[] = [];
  for (const [view, each] of found) {
    if (imported.some(({ result }) => result === "failed"))
      imported.push(
        ...importable(each).map(({ stack, address, importId }): Imported => ({
          stack,
          address,
          importId,
          result: "waiting",
        })),
      );
    else imported.push(...(await importAll(view, each, { env: o.env, tell: (one) => o.say(importedInWords(one)) })));
  }
  return { findings, imported };
}

function planIn(file: string): Plan {
  try {
    return planOf(loadPipeline(file));
  } catch (error) {
    if (error instanceof PipelineError) throw new WrongUse(error.message);
    throw error;
  }
}

async function run(file: string, options: Options): Promise<void> {
  const { platform } = planIn(file);
  const outcome = await orphans({
    root: dirname(resolve(file)),
    ask: (queries) => queryPlatform({ site: platform.site, region: platform.region }, queries),
    env: process.env,
    doImport: options.import === true,
    say: (line) => process.stderr.write(`${line}\n`),
  });
  process.stdout.write(`${options.json === true ? JSON.stringify(outcome, null, 2) : inWords(outcome)}\n`);
  if (isOpen(outcome)) process.exitCode = 1;
}

function inWords({ findings, imported }: Outcome): string {
  if (imported === undefined) {
    const next = importable(findings).length > 0 ? ["try: npx aws2ncp orphans --import"] : [];
    return [findingsInWords(findings), ...next].join("\n");
  }
  const left = findings.filter(({ kind, verdict }) => kind === "refused" || verdict === "refuse");
  return [
    ...imported.map(importedInWords),
    ...(left.length > 0 ? [findingsInWords(left)] : []),
    ...(imported.length + left.length === 0 ? [findingsInWords([])] : ["then: npx cdktf deploy '*'"]),
  ].join("\n");
}

/** The `orphans` command. */
export function orphansCommand(): Command {
  return new Command("orphans")
    .description(
      "find objects on the platform that the stacks want and their states do not know, as a killed deploy leaves them; " +
        "nothing is ever deleted. Exit code 1 when there are any",
    )
    .argument("[pipeline]", "the pipeline file", "pipeline.yaml")
    .option("--import", "take them into the state with terraform import, one by one")
    .option("--json", "print one JSON document on standard output")
    .addHelpText("after", "\nExample:\n  $ npx aws2ncp orphans --import")
    .action(run);
}
