/** The production path: `cdktf deploy '*'`, and what Terraform and the hook themselves say about it afterwards. */
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "../../pipeline/plan-types";
import { sandboxEnv } from "../env";
import { OUTPUT_FOLDER, outputPath, projectRoot, sandboxPath } from "../paths";
import { run } from "../run";
import { runLogged } from "./logged";
import type { Note } from "./steps";

/** The stack of the log transfer, which its tests deploy by itself. */
export const TRANSFER_STACK = "transfer";

/** Resources that carry the hooks: each delivers, or has Ambari make the cluster. */
const HOOKS = ["deliver", "ambari"] as const;

export const deployLog = (name = "deploy"): string => sandboxPath("log", `${name}.log`);

/** Plain output, for it goes to a file: with CI set, cdktf leaves its spinner out. */
export const environment = (): NodeJS.ProcessEnv => ({
  ...sandboxEnv(),
  CI: "true",
  NO_COLOR: "1",
  FORCE_COLOR: "0",
  TF_IN_AUTOMATION: "1",
});

export function stacks(): string[] {
  const folder = outputPath();
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

export async function synth(): Promise<void> {
  const env = { ...environment(), CDKTF_OUTDIR: OUTPUT_FOLDER };
  await runLogged("node", ["dist/main.js"], { log: deployLog("synth"), cwd: projectRoot(), env });
}

export interface Deployment {
  /** Another synth than cdktf.json's. */
  readonly app?: string;
  /** The only stack to deploy; those that it builds on stay as they are. @default all stacks */
  readonly stack?: string;
}

/** Arguments of npx. */
export const deployArguments = ({ app, stack }: Deployment = {}): string[] => [
  "--no-install",
  "cdktf",
  "deploy",
  ...(stack === undefined ? ["*"] : [stack, "--ignore-missing-stack-dependencies"]),
  "--auto-approve",
  ...(app === undefined ? [] : ["--app", app]),
];

/** @throws saying what Terraform reported */
export async function deploy(note: Note, log = deployLog(), deployment: Deployment = {}): Promise<void> {
  const onLine = (line: string): void => note(lineInShort(line));
  await runLogged("npx", deployArguments(deployment), { log, cwd: projectRoot(), env: environment(), onLine }).catch(
    (error: unknown) => {
      // cdktf ends with a stack trace of its own; what Terraform said stands above it.
      const [first, ...more] = errorsIn(readFileSync(log, "utf8"));
      if (first === undefined) throw error;
      throw new Error(`${first}${more.length === 0 ? "" : `\n  and ${more.length} more in the log`}`);
    },
  );
}

const ERROR_LINES = 16;

/** What Terraform reported in cdktf's output: each from "Error:" to the next, or to cdktf's own count of stacks. */
export function errorsIn(log: string): string[] {
  const found: string[][] = [];
  let open = false;
  for (const line of log.split("\n")) {
    if (/^\s*(\S+\s+)?Error: /.test(line)) {
      found.push([line.replace(/^.*?Error: /, "")]);
      open = true;
    } else if (/\d+ Stacks? (deploying|done|waiting)/.test(line)) open = false;
    else if (open && line.trim() !== "" && (found.at(-1) as string[]).length < ERROR_LINES)
      (found.at(-1) as string[]).push(`  ${line.trim()}`);
  }
  return [...new Set(found.map((lines) => lines.join("\n")))];
}

/**
 * cdktf puts the stack's name before each line of Terraform, padded to a column of its own; Terraform puts the resource's
 * before each line of the hook, which says itself whom it speaks of.
 */
export function lineInShort(line: string): string {
  return line
    .replace(/^.*\(local-exec\): /, "")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 100);
}

interface State {
  readonly resources?: readonly {
    readonly mode: string;
    readonly type: string;
    readonly instances: readonly unknown[];
  }[];
}

/** Resources in the text of a Terraform state; data sources are not counted. */
export function resourcesIn(state: string): number {
  const { resources = [] } = JSON.parse(state) as State;
  return resources.filter(({ mode }) => mode === "managed").reduce((sum, { instances }) => sum + instances.length, 0);
}

/** What stands applied in the states of all stacks. */
export function appliedResources(plan: Plan): number {
  return stacks()
    .map((stack) => join(projectRoot(), plan.stateFolder, `${stack}.tfstate`))
    .filter((file) => existsSync(file))
    .reduce((sum, file) => sum + resourcesIn(readFileSync(file, "utf8")), 0);
}

/** What the hook wrote about each host of its last run. */
export interface DeliveredHost {
  readonly name: string;
  readonly ip: string;
  readonly ok: boolean;
  readonly changed: number;
  readonly failed: number;
  readonly changedTasks: readonly { readonly task: string; readonly files?: readonly string[] }[];
  /** Why it is not ok. */
  readonly reason?: string;
}

/** The hosts of some stacks, by what the hook wrote about its last run there. */
export function deliveredHosts(plan: Plan, of = deliveringStacks()): DeliveredHost[] {
  return of.flatMap((stack) => {
    const file = join(projectRoot(), plan.stateFolder, "results", `${stack}.json`);
    if (!existsSync(file))
      throw new Error(`${file} is missing: the hook of stack ${stack} has not run\n  try: less ${deployLog()}`);
    return (JSON.parse(readFileSync(file, "utf8")) as { hosts: DeliveredHost[] }).hosts;
  });
}

/** Whether the last run of the Ambari hook asked for anything but news. */
export function ambariChanged(plan: Plan): boolean {
  const file = join(projectRoot(), plan.stateFolder, "results", "batch-cluster-ambari.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { changed: boolean }).changed;
}

interface ShownPlan {
  readonly resource_changes?: readonly {
    readonly address: string;
    readonly change: { readonly actions: readonly string[] };
  }[];
  readonly output_changes?: Readonly<Record<string, { readonly actions: readonly string[] }>>;
}

/** Everything that a plan (`terraform show -json`) would do, as "update ncloud_server.sync-1". */
export function changesIn(plan: string): string[] {
  const { resource_changes = [], output_changes = {} } = JSON.parse(plan) as ShownPlan;
  const all = [
    ...resource_changes.map(({ address, change }) => ({ address, actions: change.actions })),
    ...Object.entries(output_changes).map(([name, { actions }]) => ({ address: `output.${name}`, actions })),
  ];
  return all
    .map(({ address, actions }) => ({
      address,
      actions: actions.filter((action) => action !== "no-op" && action !== "read"),
    }))
    .filter(({ actions }) => actions.length > 0)
    .map(({ address, actions }) => `${actions.join(" and ")} ${address}`);
}

/** Does something with every stack at the same time, and fails by the first that failed once all have ended. */
async function allOf<T>(stacks: readonly string[], work: (stack: string) => Promise<T>): Promise<T[]> {
  const ended = await Promise.allSettled(stacks.map(work));
  return ended.map((each) => {
    if (each.status === "rejected") throw each.reason as Error;
    return each.value;
  });
}

/** Exit codes of `terraform plan -detailed-exitcode`; any other is a failure. */
const [EMPTY_PLAN, FILLED_PLAN] = [0, 2];

/** Plans every stack again and returns what that would change: nothing, after a good deploy. */
export async function plannedChanges(note: Note): Promise<string[]> {
  const changes = await allOf(stacks(), async (stack) => {
    note(`planning ${stack}`);
    const [cwd, env] = [outputPath(stack), environment()];
    const file = join(cwd, "again.tfplan");
    try {
      const args = ["plan", "-input=false", "-no-color", "-detailed-exitcode", `-out=${file}`];
      const planned = await run("terraform", args, { cwd, env, allowFail: true });
      if (planned.code === EMPTY_PLAN) return [];
      if (planned.code !== FILLED_PLAN)
        throw new Error(`terraform plan of ${stack}: exit code ${planned.code}\n  ${planned.stderr.trim()}`);
      const { stdout } = await run("terraform", ["show", "-json", "-no-color", file], { cwd, env });
      return changesIn(stdout).map((change) => `${stack}: ${change}`);
    } finally {
      rmSync(file, { force: true });
    }
  });
  return changes.flat();
}

/** Addresses of the resources that carry a stack's hooks, in the order in which they run. */
function hooksOf(stack: string): string[] {
  const { resource } = JSON.parse(readFileSync(join(outputPath(stack), "cdk.tf.json"), "utf8")) as {
    resource: Record<string, Record<string, unknown>>;
  };
  const names = Object.keys(resource["terraform_data"] ?? {});
  return HOOKS.filter((hook) => names.includes(hook)).map((hook) => `terraform_data.${hook}`);
}

/** Stacks with hosts, in the order of their names. */
export const deliveringStacks = (): string[] => stacks().filter((stack) => hooksOf(stack).length > 0);

/**
 * Runs the hooks of stacks once more although nothing changed: an empty plan runs none, so without this "nothing changed by
 * Ansible" would only say that Ansible was not asked. Side by side: no stack waits for another when nothing changes.
 */
export async function deliverAgain(note: Note, to = deliveringStacks()): Promise<void> {
  await allOf(to, async (stack) => {
    const replaced = hooksOf(stack).map((address) => `-replace=${address}`);
    const args = ["apply", "-input=false", "-no-color", "-auto-approve", ...replaced];
    await runLogged("terraform", args, {
      log: deployLog(`deliver-again-${stack}`),
      cwd: outputPath(stack),
      env: environment(),
      onLine: (line) => note(`${stack}: ${lineInShort(line)}`),
    });
  });
}
