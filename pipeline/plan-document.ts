/** The plan as a file beside the stacks, `cdktf.out/plan.json`: what the review and the picture read of it. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Plan, SecretRef } from "./plan-types";
import { sortedJson } from "./sorted-json";

export const PLAN_FILE = "plan.json";

/** A plan whose secrets say which version of each there is, and not where it is found, nor where the pipeline file says so. */
export type PlanDocument = Omit<Plan, "secrets" | "secretPlaces"> & {
  readonly secrets: readonly Pick<SecretRef, "name" | "version">[];
};

export function planDocument({ secrets, secretPlaces: _, ...plan }: Plan): PlanDocument {
  return { ...plan, secrets: secrets.map(({ name, version }) => ({ name, version })) };
}

/** Writes the plan into synth's output folder, the same bytes for the same plan. */
export function writePlanDocument(plan: Plan, folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, PLAN_FILE), sortedJson(planDocument(plan)));
}
