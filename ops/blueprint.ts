/** `aws2ncp blueprint …`: an Ambari blueprint checked before a server sees it. Needs no pipeline and no network. */
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { checkText, type NamedText, type PlacedBlueprintProblem } from "../pipeline/hadoop/check-text";
import { formatInFile } from "../pipeline/hadoop/problems";
import { BLUEPRINT_RULES, JSON_RULE } from "../pipeline/hadoop/rules";
import { WrongUse } from "./errors";

interface Options {
  readonly template?: string;
  readonly json?: boolean;
}

const print = (text: string): void => void process.stdout.write(`${text}\n`);

function readText(path: string): NamedText {
  try {
    return { name: path, text: readFileSync(path, "utf8") };
  } catch (error) {
    throw new WrongUse(
      `${path}: can't be read: ${(error as Error).message}\n  try: npx aws2ncp blueprint check --help`,
    );
  }
}

const inWords = ({ problem, name, line, column }: PlacedBlueprintProblem): string =>
  formatInFile(problem, name, { line, column });

const asData = ({ problem, name, line, column }: PlacedBlueprintProblem) => {
  const { path, rule, hostGroup, component, property, value, message, allowed, hint } = problem;
  // Left out where it means nothing, as JSON leaves out what is undefined.
  const refusedByAmbari = BLUEPRINT_RULES.find(({ id }) => id === rule)?.refused;
  return {
    file: name,
    line,
    column,
    path,
    rule,
    refusedByAmbari,
    hostGroup,
    component,
    property,
    value,
    message,
    allowed,
    try: hint,
  };
};

function check(file: string, options: Options): void {
  const template = options.template === undefined ? undefined : readText(options.template);
  const problems = checkText(readText(file), template);
  const unread = problems.filter(({ problem }) => problem.rule === JSON_RULE);
  if (unread.length > 0) throw new WrongUse(unread.map(inWords).join("\n"));
  const files = [file, ...(template === undefined ? [] : [template.name])];
  if (options.json === true)
    print(JSON.stringify({ ok: problems.length === 0, files, problems: problems.map(asData) }, null, 2));
  else {
    for (const problem of problems) print(inWords(problem));
    print(
      `${files.join(", ")}: ${problems.length === 0 ? "no problem" : `${problems.length} problem${problems.length === 1 ? "" : "s"}`}`,
    );
  }
  if (problems.length > 0) process.exitCode = 1;
}

/** The `blueprint` command with all its own. */
export function blueprintCommand(): Command {
  const blueprint = new Command("blueprint").description("Ambari blueprints, checked before a server sees them");
  blueprint
    .command("check")
    .description(
      "tell what a real Ambari refuses, and what it accepts although it is broken; exit code 1 if there is anything, 2 if a file can't be read or is no JSON",
    )
    .argument("<file>", "the blueprint, in JSON")
    .option("--template <file>", "the cluster's creation template: its hosts and passwords are checked too")
    .option("--json", "print one JSON document on standard output")
    .addHelpText("after", "\nExample:\n  $ npx aws2ncp blueprint check blueprint.json --template cluster.json")
    .action(check);
  return blueprint;
}
