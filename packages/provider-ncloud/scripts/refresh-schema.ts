/** Takes over the provider's schema from a real `terraform providers schema -json`, and says exactly what changed. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { onlyProvider, readSchema, rulesWithoutAttribute, schemaText } from "../src/refresh";
import { describeChange, schemaChanges } from "../src/schema-diff";

const HELP = `Usage: npm run refresh-schema --workspace @cdktf/provider-ncloud -- [options] FILE

FILE is the output of \`terraform providers schema -json\` where navercloudplatform/ncloud is required; a relative path starts
in the folder where you run npm. The schema replaces data/schema.json, and what changed is printed.

Options:
  --check      writes nothing; exits with 1 when the schemas differ
  --json       prints {written, changes, rulesWithoutAttribute}
  --into FILE  compares with and replaces this file instead of data/schema.json
  --help

Exit code: 0 done; 1 a rule names an attribute that the new schema lacks, or --check found changes; 2 wrong use.

Example:
  terraform providers schema -json > /tmp/ncloud.json
  npm run refresh-schema --workspace @cdktf/provider-ncloud -- /tmp/ncloud.json
`;

class WrongUse extends Error {}

/** Runs the command and gives its exit code. */
export function main(args: readonly string[], print: (text: string) => void): number {
  const { values, positionals } = argumentsOf(args);
  if (values.help === true) {
    print(HELP);
    return 0;
  }
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0)
    throw new WrongUse(`${positionals.length} files given; allowed: exactly one`);
  // npm runs scripts in the package's folder; INIT_CWD is where the user stands.
  const here = process.env["INIT_CWD"] ?? process.cwd();
  const target = values.into === undefined ? join(__dirname, "../../data/schema.json") : absolute(here, values.into);
  const [before, after] = [readOrRefuse(target), readOrRefuse(absolute(here, file))];
  const changes = schemaChanges(onlyProvider(before), onlyProvider(after));
  const stale = rulesWithoutAttribute(onlyProvider(after));
  const written = values.check !== true;
  if (written) writeFileSync(target, schemaText(after));

  if (values.json === true) {
    print(`${JSON.stringify({ written, changes, rulesWithoutAttribute: stale }, undefined, 2)}\n`);
  } else {
    for (const change of changes) print(`${describeChange(change)}\n`);
    print(
      `${changes.length === 0 ? "nothing changed" : `${changes.length} ${changes.length === 1 ? "change" : "changes"}`}; ${target} ${written ? "written" : "left as it is"}\n`,
    );
    for (const attribute of stale) print(`rule without attribute: ${attribute}\n`);
    if (stale.length > 0) print("next: correct data/constraints.json and data/behaviour.json\n");
    if (written && changes.length > 0)
      print("next: set the version in package.json to the provider's, run `npm run build` and the tests\n");
  }
  return stale.length > 0 || (!written && changes.length > 0) ? 1 : 0;
}

function argumentsOf(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        check: { type: "boolean" },
        json: { type: "boolean" },
        into: { type: "string" },
        help: { type: "boolean" },
      },
    });
  } catch (error) {
    throw new WrongUse((error as Error).message);
  }
}

function absolute(here: string, file: string): string {
  return file.startsWith("/") ? file : join(here, file);
}

function readOrRefuse(file: string): ReturnType<typeof readSchema> {
  try {
    return readSchema(file);
  } catch (error) {
    throw new WrongUse((error as Error).message);
  }
}

if (require.main === module) {
  try {
    process.exitCode = main(process.argv.slice(2), (text) => process.stdout.write(text));
  } catch (error) {
    if (!(error instanceof WrongUse)) throw error;
    process.stderr.write(`refresh-schema: ${error.message}\ntry: refresh-schema --help\n`);
    process.exitCode = 2;
  }
}
