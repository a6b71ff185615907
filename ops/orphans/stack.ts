/** A stack's folder: what its configuration wants, and what its state has, wherever that lies. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { WrongUse } from "../errors";
import { lastWords } from "../platform/diagnostics";
import { terraform } from "../platform/terraform";
import type { Attributes, StackView, Wanted } from "./types";

type Blocks = Readonly<Record<string, Readonly<Record<string, Attributes>>>>;

/** Only the platform's: others' objects are not looked for. */
const PLATFORM = /^ncloud_/;

/** cdktf's output folder beside the pipeline file; the sandbox has one of its own. */
const outputOf = (root: string, env: NodeJS.ProcessEnv): string => join(root, env["CDKTF_OUTPUT"] ?? "cdktf.out");

/** Names of the synthesized stacks, each after those that it depends on. */
export function stackNames(root: string, env: NodeJS.ProcessEnv): string[] {
  const folder = join(outputOf(root, env), "stacks");
  const names = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => existsSync(join(folder, name, "cdk.tf.json")))
        .sort()
    : [];
  if (names.length === 0) throw new WrongUse(`${folder}: no stack has been synthesized\n  try: npx cdktf synth`);
  const file = join(outputOf(root, env), "manifest.json");
  const { stacks = {} } = existsSync(file)
    ? (JSON.parse(readFileSync(file, "utf8")) as {
        stacks?: Record<string, { readonly dependencies?: readonly string[] }>;
      })
    : {};
  const ordered = new Set<string>();
  const add = (name: string): void => {
    for (const before of stacks[name]?.dependencies ?? []) if (!ordered.has(before)) add(before);
    if (names.includes(name)) ordered.add(name);
  };
  names.forEach(add);
  return [...ordered];
}

/** @throws when Terraform can't read the state */
export async function viewOf(root: string, name: string, env: NodeJS.ProcessEnv): Promise<StackView> {
  const folder = join(outputOf(root, env), "stacks", name);
  const { resource = {}, data = {} } = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")) as {
    resource?: Blocks;
    data?: Blocks;
  };
  const wanted = Object.entries(resource)
    .filter(([type]) => PLATFORM.test(type))
    .flatMap(([type, instances]) =>
      Object.entries(instances).map(([id, { lifecycle, ...attributes }]): Wanted => {
        const { ignore_changes: ignored = [] } = (lifecycle ?? {}) as { ignore_changes?: readonly string[] };
        return { address: `${type}.${id}`, type, attributes, ignored };
      }),
    );
  const sources = Object.entries(data).flatMap(([type, instances]) =>
    Object.entries(instances).map(
      ([id, { "//": _comment, lifecycle: _lifecycle, ...config }]): [string, Attributes] => [
        `data.${type}.${id}`,
        config,
      ],
    ),
  );
  // Without one of ours nothing is to be asked, and its provider may need other credentials.
  const state = wanted.length === 0 ? new Map<string, Attributes>() : await stateOf(name, folder, env);
  return { name, folder, wanted, data: new Map(sources), state };
}

interface Shown {
  readonly values?: {
    readonly root_module?: {
      readonly resources?: readonly { readonly address: string; readonly values: Attributes }[];
    };
  };
}

async function stateOf(name: string, cwd: string, env: NodeJS.ProcessEnv): Promise<Map<string, Attributes>> {
  if (!existsSync(join(cwd, ".terraform"))) await succeed(name, ["init", "-input=false", "-no-color"], cwd, env);
  const { values } = JSON.parse(await succeed(name, ["show", "-json", "-no-color"], cwd, env)) as Shown;
  return new Map((values?.root_module?.resources ?? []).map((each) => [each.address, each.values]));
}

async function succeed(stack: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
  const { code, stdout, stderr } = await terraform(args, { cwd, env });
  if (code === 0) return stdout;
  throw new Error(
    `${stack}: its state can't be read: terraform ${args[0]} ended with ${code}: ${lastWords(`${stdout}\n${stderr}`)}\n` +
      `  try: cd ${cwd} && terraform ${args[0]}; for the sandbox: eval "$(npx aws2ncp sandbox env)" first`,
  );
}
