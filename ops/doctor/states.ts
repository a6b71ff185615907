/** What stands in the states of the stacks. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { answerOf, StateBucket } from "../../states/bucket";
import type { Plan, RemoteStatePlan } from "../../pipeline/plan-types";
import { stateKey } from "../../pipeline/state-keys";

export type States =
  | {
      readonly known: true;
      /** "ncloud_vpc 12345": type and id of every resource. */
      readonly ids: ReadonlySet<string>;
      /** How many resources of each type. */
      readonly counts: ReadonlyMap<string, number>;
      /** Addresses of each stack's resources, "ncloud_vpc.vpc": whether all of it is whole, or was left half-made. */
      readonly stacks: ReadonlyMap<string, ReadonlyMap<string, "whole" | "tainted">>;
      /** Outputs by "STACK.NAME". */
      readonly outputs: ReadonlyMap<string, unknown>;
    }
  | { readonly known: false; readonly why: string };

interface StateFile {
  readonly resources?: readonly {
    readonly mode: string;
    readonly type: string;
    readonly name: string;
    /** `status`: "tainted" where Terraform did not finish it. */
    readonly instances: readonly { readonly status?: string; readonly attributes: Readonly<Record<string, unknown>> }[];
  }[];
  readonly outputs?: Readonly<Record<string, { readonly value: unknown }>>;
}

/** A state's text by the name of its stack. */
type Texts = readonly (readonly [stack: string, text: string])[];

const SUFFIX = ".tfstate";

function textsInFolder(folder: string): Texts {
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(SUFFIX)) : [];
  return files.sort().map((name) => [name.slice(0, -SUFFIX.length), readFileSync(join(folder, name), "utf8")]);
}

async function textsInBucket(plan: Pick<Plan, "name">, place: RemoteStatePlan, env: NodeJS.ProcessEnv): Promise<Texts> {
  const bucket = new StateBucket(place, { env, attempts: 1 });
  try {
    const stacks = (await bucket.keys(`${plan.name}/`)).flatMap((key) => {
      const stack = key.slice(plan.name.length + 1, -SUFFIX.length);
      return stateKey(plan.name, stack) === key && !stack.includes("/") ? [stack] : [];
    });
    const got = await Promise.all(
      stacks.map(async (stack) => [stack, await bucket.get(stateKey(plan.name, stack))] as const),
    );
    return got.flatMap(([stack, text]) => (text === undefined ? [] : [[stack, text.toString("utf8")] as const]));
  } finally {
    bucket.destroy();
  }
}

function statesIn(texts: Texts): States {
  const ids = new Set<string>();
  const counts = new Map<string, number>();
  const outputs = new Map<string, unknown>();
  const stacks = new Map<string, Map<string, "whole" | "tainted">>();
  for (const [stack, text] of texts) {
    const { resources = [], outputs: told = {} } = JSON.parse(text) as StateFile;
    const addresses = new Map<string, "whole" | "tainted">();
    stacks.set(stack, addresses);
    for (const { type, name, instances } of resources.filter(({ mode }) => mode === "managed")) {
      const tainted = instances.some(({ status }) => status === "tainted");
      if (instances.length > 0) addresses.set(`${type}.${name}`, tainted ? "tainted" : "whole");
      counts.set(type, (counts.get(type) ?? 0) + instances.length);
      for (const { attributes } of instances) ids.add(`${type} ${String(attributes["id"])}`);
    }
    for (const [output, { value }] of Object.entries(told)) outputs.set(`${stack}.${output}`, value);
  }
  return { known: true, ids, counts, stacks, outputs };
}

/** States in files, or in their bucket; none yet is known too. */
export async function readStates(
  plan: Pick<Plan, "name" | "remoteState" | "stateFolder">,
  root: string,
  env: NodeJS.ProcessEnv,
): Promise<States> {
  const { remoteState } = plan;
  if (remoteState === undefined) return statesIn(textsInFolder(join(root, plan.stateFolder)));
  try {
    return statesIn(await textsInBucket(plan, remoteState, env));
  } catch (error) {
    return { known: false, why: `the states in bucket ${remoteState.bucket} can't be read: ${answerOf(error)}` };
  }
}
