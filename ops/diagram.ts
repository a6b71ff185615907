/** `aws2ncp diagram`: the picture of a synth, for a README or a page about the pipeline. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { PLAN_FILE, type PlanDocument } from "../pipeline/plan-document";
import { loadSynth, NoSynth } from "../review/input/load";
import { drawPicture } from "../review/picture/picture";
import { sceneOf } from "../review/picture/scene-of-plan";
import { WrongUse } from "./errors";

interface Options {
  readonly out?: string;
  readonly json?: boolean;
}

function planIn(folder: string): PlanDocument {
  try {
    const { plan } = loadSynth(folder);
    if (plan !== undefined) return plan;
  } catch (error) {
    if (!(error instanceof NoSynth)) throw error;
    throw new WrongUse(error.message);
  }
  throw new WrongUse(
    `${join(folder, PLAN_FILE)}: is missing\n  allowed: an output folder that this version's synth has written\n  try: npx cdktf synth`,
  );
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new WrongUse(
      `${path}: can't be written: ${(error as Error).message}\n  allowed: a file in a folder that there is\n  try: npx aws2ncp diagram --help`,
    );
  }
}

function diagram(folder: string, { out, json }: Options): void {
  const plan = planIn(folder);
  const text = json === true ? `${JSON.stringify(sceneOf(plan), null, 2)}\n` : drawPicture(plan);
  if (out === undefined) process.stdout.write(text);
  else write(out, text);
}

/** The `diagram` command. */
export function diagramCommand(): Command {
  return new Command("diagram")
    .description("draw hosts, subnets, buckets and who may connect to whom, as one SVG that loads nothing")
    .argument("[folder]", "an output folder of synth", "cdktf.out")
    .option("--out <file>", "write there instead of on standard output")
    .option("--json", "what the picture shows, as JSON")
    .addHelpText("after", "\nExample:\n  $ npx aws2ncp diagram --out docs/pictures/pipeline.svg")
    .action(diagram);
}
