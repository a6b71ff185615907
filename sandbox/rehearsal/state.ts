/** What stands in the Terraform states of the rehearsed pipeline. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "../../pipeline/plan-types";
import { projectRoot } from "../paths";

interface State {
  readonly resources: readonly {
    readonly type: string;
    readonly name: string;
    readonly instances: readonly { readonly attributes: Readonly<Record<string, unknown>> }[];
  }[];
}

/** Attributes of all resources of a type in a stack's Terraform state. */
export function stateOf(plan: Plan, stack: string, type: string): Readonly<Record<string, unknown>>[] {
  const state = JSON.parse(readFileSync(join(projectRoot(), plan.stateFolder, `${stack}.tfstate`), "utf8")) as State;
  return state.resources
    .filter((resource) => resource.type === type)
    .flatMap(({ instances }) => instances.map(({ attributes }) => attributes));
}

/** The proxy's public address, the only one of the pipeline. */
export function publicAddress(plan: Plan): string {
  const addresses = stateOf(plan, "transfer", "ncloud_public_ip").map((attributes) => String(attributes["public_ip"]));
  if (addresses.length !== 1)
    throw new Error(`public addresses in the state: ${addresses.join(", ") || "none"}; one is expected`);
  return addresses[0] as string;
}
