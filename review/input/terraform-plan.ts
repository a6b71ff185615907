/** Real plans, as `terraform show -json PLAN` prints them: one file a stack. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { Json } from "../report";
import { at, isObject, listOf } from "../values/json";
import { NoSynth, withoutContent } from "./load";

/** One entry of `resource_changes` or `resource_drift`. */
export interface PlannedChange {
  readonly address: string;
  readonly type: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before?: Json;
    readonly after?: Json;
    readonly before_sensitive?: Json;
    readonly after_sensitive?: Json;
    readonly replace_paths?: readonly (readonly (string | number)[])[];
  };
}

export interface TerraformPlan {
  readonly stack: string;
  readonly changes: readonly PlannedChange[];
  readonly drift: readonly PlannedChange[];
}

const ALLOWED = "what terraform show -json PLAN prints, as STACK.json for each stack";

const refuse = (path: string, what: string, allowed = ALLOWED): never => {
  throw new NoSynth(
    `${path}: ${what}\n  allowed: ${allowed}\n  try: terraform plan -out=PLAN, and terraform show -json PLAN > STACK.json`,
  );
};

/**
 * Reads STACK.json of every stack that has one.
 * @param stacks Names of the stacks that there are
 * @throws {@link NoSynth} where the folder or a file of it is no such thing
 */
export function loadPlans(folder: string, stacks: readonly string[]): Map<string, TerraformPlan> {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) refuse(folder, "is no folder");
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => basename(name, ".json"))
    .sort();
  if (names.length === 0) refuse(folder, "has no STACK.json");
  const strange = names.filter((name) => !stacks.includes(name));
  if (strange.length > 0)
    refuse(folder, `${strange.map((name) => `${name}.json`).join(", ")}: no side has such a stack`, stacks.join(", "));
  return new Map(names.map((name) => [name, readPlan(join(folder, `${name}.json`), name)]));
}

function readPlan(path: string, stack: string): TerraformPlan {
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    return refuse(path, `is no JSON: ${withoutContent(error as Error)}`);
  }
  if (!isObject(document) || at(document, "format_version") === undefined) refuse(path, "has no format_version");
  // Without the name of a plan the same command prints the state.
  if (at(document, "planned_values") === undefined) refuse(path, "is a state, and no plan");
  if (at(document, "errored") === true) refuse(path, "is a plan that ended with an error: it does not say everything");
  const list = (key: string): PlannedChange[] => listOf(at(document, key)) as unknown as PlannedChange[];
  return { stack, changes: list("resource_changes"), drift: list("resource_drift") };
}
