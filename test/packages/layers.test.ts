/** The lint rule that holds the direction of dependencies, tried with wrong and right imports. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";

const ROOT = join(__dirname, "../..");

/** Lints code as if it stood in a file; all in one process, which must not be jest's: the configuration is an ES module. */
const PROGRAM = `
  import { ESLint } from "eslint";
  import tseslint from "typescript-eslint";
  const untyped = { ...tseslint.configs.disableTypeChecked, files: ["**/*.ts"] };
  const eslint = new ESLint({
    overrideConfig: [untyped, { files: ["**/*.ts"], languageOptions: { parserOptions: { projectService: false } } }],
    ruleFilter: ({ ruleId }) => ["aws2ncp/layers", "no-restricted-imports"].includes(ruleId),
  });
  const told = [];
  for (const [filePath, code] of JSON.parse(process.argv[1])) {
    const [{ messages }] = await eslint.lintText(code, { filePath });
    told.push(messages.map(({ message }) => message));
  }
  console.log(JSON.stringify(told));
`;

function lint(cases: readonly (readonly [file: string, code: string])[]): string[][] {
  const args = ["--input-type=module", "-e", PROGRAM, JSON.stringify(cases)];
  return JSON.parse(execFileSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" })) as string[][];
}

it("refuses imports against the direction", () => {
  const wrong = [
    [
      "pipeline/x.ts",
      'import { a } from "../constructs/a";',
      "pipeline must not import constructs; allowed: pipeline, packages",
    ],
    [
      "pipeline/x.ts",
      'import { a } from "../sandbox";',
      "pipeline must not import sandbox; allowed: pipeline, packages",
    ],
    [
      "constructs/aws/x.ts",
      'export * from "../../stacks/network";',
      "constructs must not import stacks; allowed: constructs, pipeline, packages",
    ],
    [
      "stacks/x.ts",
      'import type { A } from "../main";',
      "stacks must not import main.ts; allowed: stacks, constructs, pipeline, packages",
    ],
    [
      "main.ts",
      'import { a } from "./constructs/a";',
      "main.ts must not import constructs; allowed: main.ts, stacks, pipeline, packages",
    ],
    [
      "hooks/deliver/x.ts",
      'import { a } from "../../constructs/provisioning/render";',
      "hooks must not import constructs; allowed: hooks, pipeline, states, packages",
    ],
    [
      "hooks/deliver/x.ts",
      'const a = await import("../../sandbox/run");',
      "hooks must not import sandbox; allowed: hooks, pipeline, states, packages",
    ],
    [
      "ops/x.ts",
      'const a = require("../stacks/network");',
      "ops must not import stacks; allowed: ops, pipeline, authority, states, review, sandbox, metastore, hooks, packages",
    ],
    [
      "ops/x.ts",
      'import "../constructs/naming";',
      "ops must not import constructs; allowed: ops, pipeline, authority, states, review, sandbox, metastore, hooks, packages",
    ],
    [
      "review/x.ts",
      'let a: import("../stacks/network").A;',
      "review must not import stacks; allowed: review, pipeline, packages",
    ],
    [
      "sandbox/hosts/x.ts",
      'export { a } from "../../main";',
      "sandbox must not import main.ts; allowed: sandbox, pipeline, authority, packages",
    ],
    [
      "sandbox/x.ts",
      'import { App } from "cdktf";',
      "sandbox must not import cdktf: only constructs, stacks and main.ts know cdktf",
    ],
    [
      "hooks/x.ts",
      'import { Vpc } from "@cdktf/provider-ncloud/lib/vpc";',
      "hooks must not import @cdktf/provider-ncloud/lib/vpc: only constructs, stacks and main.ts know cdktf",
    ],
  ] as const;
  expect(lint(wrong.map(([file, code]) => [file, code]))).toEqual(wrong.map(([, , message]) => [message]));
});

it("refuses the whole AWS provider", () => {
  const [messages] = lint([["constructs/x.ts", 'import { s3Bucket } from "@cdktf/provider-aws";']]);
  expect(messages).toEqual([expect.stringContaining("Import from @cdktf/provider-aws/lib/RESOURCE")]);
});

it("lets the design's imports pass", () => {
  const right = [
    [
      "constructs/network/x.ts",
      'import { flows } from "../../pipeline/flows"; import { Vpc } from "@cdktf/provider-ncloud/lib/vpc";',
    ],
    [
      "stacks/x.ts",
      'import { a } from "../constructs/a"; import { TerraformStack } from "cdktf"; import { b } from "../pipeline/b";',
    ],
    ["main.ts", 'import { a } from "./stacks/network"; import { loadPipeline } from "./pipeline/load";'],
    [
      "ops/x.ts",
      'import { a } from "../sandbox"; import { b } from "./progress"; import { c } from "../pipeline/load";',
    ],
    [
      "sandbox/provider/x.ts",
      'import { checkConfig } from "@cdktf/provider-ncloud/rules"; import { run } from "../run";',
    ],
    ["test/ops/x.ts", 'import { a } from "../../ops/main"; import { b } from "../../stacks/network";'],
  ] as const;
  expect(lint(right)).toEqual(right.map(() => []));
});
