/** Synthesized stacks in the hands of the real Terraform and the stand-in provider, as `cdktf deploy` would lead it. */
import { execFile } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Plan } from "../../pipeline/plan-types";
import { synthStacks, type StackName, type SynthOptions } from "../constructs/synth";

const dist = join(__dirname, "..", "..", "dist", "hooks");

interface Change {
  readonly address: string;
  readonly change: { readonly actions: readonly string[]; readonly after_unknown: unknown };
}

export interface Ended {
  readonly code: number;
  readonly output: string;
}

/** A clone with a `cdktf.out` of its own. Its hook that delivers only writes down that it ran. */
export class Clone {
  readonly folder = mkdtempSync(join(tmpdir(), "clone-"));

  constructor(private readonly env: NodeJS.ProcessEnv) {
    mkdirSync(join(this.folder, "dist", "hooks", "deliver"), { recursive: true });
    for (const name of ["before", "errors.js"]) symlinkSync(join(dist, name), join(this.folder, "dist/hooks", name));
    writeFileSync(
      join(this.folder, "dist/hooks/deliver/main.js"),
      `require("fs").appendFileSync("${join(this.folder, "delivered")}", "once\\n");`,
    );
  }

  synth(plan: Plan, options: SynthOptions = {}): ReturnType<typeof synthStacks> {
    return synthStacks(plan, { ...options, outdir: join(this.folder, "cdktf.out") });
  }

  /** Initialises as often as it must. */
  async init(stack: StackName): Promise<void> {
    await this.succeed(stack, "init", "-reconfigure");
  }

  async apply(stack: StackName): Promise<string> {
    return this.succeed(stack, "apply", "-auto-approve");
  }

  /** What a plan would change, as "update ncloud_vpc.vpc", sorted; and those whose new values are not known before. */
  async plan(
    stack: StackName,
    ...args: string[]
  ): Promise<{ changes: string[]; unknown: string[]; deferred: string[] }> {
    const file = join(this.folder, "plan");
    await this.succeed(stack, "plan", `-out=${file}`, ...args);
    const { output } = await this.terraform(stack, "show", "-json", file);
    const { resource_changes = [] } = JSON.parse(output) as { resource_changes?: Change[] };
    const planned = resource_changes.filter(({ change }) => change.actions.join() !== "no-op");
    const isData = ({ address }: Change): boolean => address.startsWith("data.");
    return {
      changes: planned
        .filter((each) => !isData(each))
        .map(({ address, change }) => `${change.actions.join(" ")} ${address}`)
        .sort(),
      unknown: planned
        .filter(({ change }) => hasTrue(change.after_unknown))
        .map(({ address }) => address)
        .sort(),
      // A data source shows up among the changes only when it is read during the apply.
      deferred: resource_changes.filter(isData).map(({ address }) => address),
    };
  }

  async succeed(stack: StackName, ...args: string[]): Promise<string> {
    const { code, output } = await this.terraform(stack, ...args);
    if (code !== 0) throw new Error(`terraform ${args.join(" ")} in ${stack} ended with ${code}\n${output}`);
    return output;
  }

  terraform(stack: StackName, ...args: string[]): Promise<Ended> {
    const cwd = join(this.folder, "cdktf.out", "stacks", stack);
    const env = { ...this.env, TF_CLI_ARGS: "-no-color", TF_IN_AUTOMATION: "1" };
    return new Promise((done) => {
      execFile("terraform", args, { cwd, env, maxBuffer: 1e8 }, (error, stdout, stderr) => {
        const code = error?.code;
        done({ code: typeof code === "number" ? code : error === null ? 0 : 1, output: stdout + stderr });
      });
    });
  }

  /** Path of a stack's local state. */
  state(plan: Plan, stack: StackName): string {
    return join(this.folder, plan.stateFolder, `${stack}.tfstate`);
  }

  /** Texts of the copies of a local state, oldest first. */
  copies(plan: Plan, stack: StackName): string[] {
    const folder = join(this.folder, plan.stateFolder, "history", stack);
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .sort()
      .map((name) => readFileSync(join(folder, name), "utf8"));
  }

  deliveries(): number {
    const file = join(this.folder, "delivered");
    return existsSync(file) ? readFileSync(file, "utf8").split("\n").length - 1 : 0;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const hasTrue = (value: unknown): boolean =>
  value === true || (typeof value === "object" && value !== null && Object.values(value).some(hasTrue));
