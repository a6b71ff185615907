/** Real plans, as `terraform show -json PLAN` prints them: one file a stack. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { Json } from "../report";
import { at, isObject } from "../values/json";
import { NoSynth } from "./load";

/** One entry of `resource_changes` or `resource_drift`. */
export interface PlannedChange {
  readonly address: string;
  readonly type: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before?: Json;
    readonly after?: Json;
    readonly after_unknown?: Json;
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

/**
 * Reads STACK.json of every stack that has one.
 * @throws {@link NoSynth} where the folder or a file of it is no such thing
 */
export function loadPlans(folder: string): Map<string, TerraformPlan> {
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new NoSynth(
      `${folder}: is no folder\n  allowed: a folder with STACK.json for each stack\n  try: terraform show -json PLAN > DIR/STACK.json`,
    );
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort();
  if (files.length === 0)
    throw new NoSynth(
      `${folder}: has no STACK.json\n  allowed: what terraform show -json prints, a file a stack\n  try: terraform show -json PLAN > DIR/STACK.json`,
    );
  return new Map(files.map((name) => [basename(name, ".json"), readPlan(join(folder, name), basename(name, ".json"))]));
}

function readPlan(path: string, stack: string): TerraformPlan {
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new NoSynth(
      `${path}: is no JSON: ${(error as Error).message}\n  allowed: what terraform show -json prints\n  try: terraform show -json PLAN > ${path}`,
    );
  }
  if (!isObject(document) || at(document, "format_version") === undefined)
    throw new NoSynth(
      `${path}: has no format_version\n  allowed: what terraform show -json prints\n  try: terraform show -json PLAN > ${path}`,
    );
  const list = (key: string): PlannedChange[] => (at(document, key) ?? []) as unknown as PlannedChange[];
  return { stack, changes: list("resource_changes"), drift: list("resource_drift") };
}
