/**
 * What synth wrote, asked in the words of Terraform's JSON. Unlike cdktf's `Testing`, this runs the validations, and its answers
 * are whole objects to be compared exactly.
 */
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { App, type TerraformStack } from "cdktf";
import type { Plan } from "../../pipeline/plan-types";
import { BatchClusterStack } from "../../stacks/batch-cluster";
import { NetworkStack } from "../../stacks/network";
import { PlatformStack } from "../../stacks/platform-stack";
import { QueryStack } from "../../stacks/query";
import { ScheduleStack } from "../../stacks/schedule";
import { SourceStack } from "../../stacks/source";
import { StorageStack } from "../../stacks/storage";
import { TransferStack } from "../../stacks/transfer";
import { examplePlan } from "../fixtures/plan";

export type Arguments = Readonly<Record<string, unknown>>;
type Blocks = Readonly<Record<string, Readonly<Record<string, Arguments>>>>;

/** A stack's cdk.tf.json. */
export interface Synth {
  readonly resource?: Blocks;
  readonly data?: Blocks;
  readonly output?: Readonly<Record<string, Arguments>>;
  readonly moved?: readonly { readonly from: string; readonly to: string }[];
  readonly terraform: Arguments;
  readonly provider: Arguments;
}

type TransferStackName = "network" | "storage" | "transfer" | "source";

/** Those that a pipeline without a cluster has not. */
type ClusterStackName = "batch-cluster" | "query" | "schedule";

export type StackName = TransferStackName | ClusterStackName;

export interface SynthOptions {
  /** As `context` in cdktf.json. */
  readonly context?: Record<string, unknown>;
  /** Another folder than a temporary one. */
  readonly outdir?: string;
}

const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), "synth-"));

const read = (outdir: string, stack: string): Synth =>
  JSON.parse(readFileSync(join(outdir, "stacks", stack, "cdk.tf.json"), "utf8")) as Synth;

/** Synthesizes constructs in a stack named "test", validations included; what every stack adds to its constructs is left out. */
export function synthOf(build: (stack: TerraformStack) => void, { context = {} }: SynthOptions = {}): Synth {
  class TestStack extends PlatformStack {}
  const outdir = temporaryFolder();
  const app = new App({ outdir, context });
  build(new TestStack(app, "test", examplePlan()));
  app.synth();
  return withoutStateCopies(read(outdir, "test"));
}

/** The resources that every stack has: constructs/provisioning/state-copies.ts. */
const OF_EVERY_STACK = ["before_changes", "before_removals"];

function withoutStateCopies(synth: Synth): Synth {
  const { terraform_data: data = {}, ...others } = synth.resource ?? {};
  const own = Object.entries(data).filter(([name]) => !OF_EVERY_STACK.includes(name));
  return { ...synth, resource: own.length === 0 ? others : { ...others, terraform_data: Object.fromEntries(own) } };
}

/** Synthesizes all stacks as main.ts does. */
export function synthStacks(
  plan: Plan = examplePlan(),
  { context = {}, outdir = temporaryFolder() }: SynthOptions = {},
): Readonly<Record<TransferStackName, Synth> & Partial<Record<ClusterStackName, Synth>>> {
  const app = new App({ outdir, context });
  const network = new NetworkStack(app, plan);
  const storage = new StorageStack(app, plan);
  const transfer = new TransferStack(app, plan, { network, storage });
  new SourceStack(app, plan, { transfer });
  const beside: Partial<Record<ClusterStackName, Synth>> = {};
  if (plan.cluster !== undefined) {
    const cluster = new BatchClusterStack(app, plan, { network, transfer });
    new QueryStack(app, plan, { network, cluster });
    new ScheduleStack(app, plan, { network, cluster });
  }
  app.synth();
  for (const name of ["batch-cluster", "query", "schedule"] as const)
    if (plan.cluster !== undefined) beside[name] = read(outdir, name);
  return {
    ...beside,
    network: read(outdir, "network"),
    storage: read(outdir, "storage"),
    transfer: read(outdir, "transfer"),
    source: read(outdir, "source"),
  };
}

/** Arguments of all resources of a type by their names; cdktf's own comments and the dependence that all have are left out. */
export function resourcesOf(synth: Synth, type: string): Readonly<Record<string, Arguments>> {
  const named = Object.entries(withoutComments(synth.resource?.[type] ?? {}));
  return Object.fromEntries(named.map(([name, given]) => [name, withoutSharedDependence(given)]));
}

function withoutSharedDependence(given: Arguments): Arguments {
  const { depends_on: all = [], ...others } = given as { readonly depends_on?: readonly string[] };
  const own = all.filter((address) => address !== "terraform_data.before_changes");
  return own.length === 0 ? others : { ...others, depends_on: own };
}

export function dataOf(synth: Synth, type: string): Readonly<Record<string, Arguments>> {
  return withoutComments(synth.data?.[type] ?? {});
}

/** The only resource of a type; any other number is an error. */
export function onlyResource(synth: Synth, type: string): Arguments {
  const resources = Object.entries(resourcesOf(synth, type));
  if (resources.length !== 1)
    throw new Error(`${resources.length} resources of type ${type}: ${resources.map(([name]) => name).join(", ")}`);
  return (resources[0] as [string, Arguments])[1];
}

/** How many resources there are of each type. */
export function countsOf(synth: Synth): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(synth.resource ?? {}).map(([type, instances]) => [type, Object.keys(instances).length]),
  );
}

/** All addresses of a stack's resources, sorted: "ncloud_vpc.vpc". */
export function addressesOf(synth: Synth): string[] {
  return Object.entries(synth.resource ?? {})
    .flatMap(([type, instances]) => Object.keys(instances).map((name) => `${type}.${name}`))
    .sort();
}

/** Every file below a folder with its text, by path. */
export function filesIn(folder: string): ReadonlyMap<string, string> {
  return new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [relative(folder, path), readFileSync(path, "utf8")]),
  );
}

function withoutComments(instances: Readonly<Record<string, Arguments>>): Record<string, Arguments> {
  return Object.fromEntries(Object.entries(instances).map(([name, { "//": _comment, ...rest }]) => [name, rest]));
}
