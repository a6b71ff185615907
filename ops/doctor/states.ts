/** What stands in the states of the stacks on this machine. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "../../pipeline/plan-types";

export type States =
  | {
      readonly known: true;
      /** "ncloud_vpc 12345": type and id of every resource. */
      readonly ids: ReadonlySet<string>;
      /** How many resources of each type. */
      readonly counts: ReadonlyMap<string, number>;
      /** Outputs by "STACK.NAME". */
      readonly outputs: ReadonlyMap<string, unknown>;
    }
  | { readonly known: false; readonly why: string };

interface StateFile {
  readonly resources?: readonly {
    readonly mode: string;
    readonly type: string;
    readonly instances: readonly { readonly attributes: Readonly<Record<string, unknown>> }[];
  }[];
  readonly outputs?: Readonly<Record<string, { readonly value: unknown }>>;
}

/** States in files; none yet is known too. */
export function readStates(plan: Pick<Plan, "remoteState" | "stateFolder">, root: string): States {
  if (plan.remoteState !== undefined)
    return { known: false, why: `the states are in bucket ${plan.remoteState.bucket}, which this check does not read` };
  const folder = join(root, plan.stateFolder);
  const ids = new Set<string>();
  const counts = new Map<string, number>();
  const outputs = new Map<string, unknown>();
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".tfstate")) : [];
  for (const name of files.sort()) {
    const { resources = [], outputs: told = {} } = JSON.parse(readFileSync(join(folder, name), "utf8")) as StateFile;
    for (const { type, instances } of resources.filter(({ mode }) => mode === "managed")) {
      counts.set(type, (counts.get(type) ?? 0) + instances.length);
      for (const { attributes } of instances) ids.add(`${type} ${String(attributes["id"])}`);
    }
    for (const [output, { value }] of Object.entries(told))
      outputs.set(`${name.slice(0, -".tfstate".length)}.${output}`, value);
  }
  return { known: true, ids, counts, outputs };
}
