/** The infrastructure's part of a report: every stack that changes, resource by resource. */
import type { Synth } from "../input/synth";
import type { Action, ResourceChange, StackReport } from "../report";
import { sortedUnique } from "../values/json";
import { maskedChanges, rawChanges } from "./attributes";
import { deliveryChanges } from "./delivery";
import type { Element } from "./elements";
import { pairsOf } from "./pairs";
import { replacements, type Compared } from "./replacement";
import { hookReasons, isHook, isRoutine } from "./triggers";

/** A compared element with its verdict: what rules ask. */
export interface ElementChange extends Compared {
  /** Missing: nothing of it changes. */
  readonly action?: Action;
  readonly replacedBecause: readonly string[];
}

/** Every element of both sides, also those that stay as they are, by stack and address. */
export function compareElements(before: Synth, after: Synth): ElementChange[] {
  const compared = pairsOf(before, after).map((pair): Compared => ({
    ...pair,
    changes: changesOf(pair.before, pair.after),
  }));
  const reasons = replacements(compared);
  return compared.map((each) => {
    const replacedBecause = reasons.get(each) ?? [];
    const action = actionOf(each, replacedBecause);
    return { ...each, replacedBecause, ...(action === undefined ? {} : { action }) };
  });
}

function changesOf(before: Element | undefined, after: Element | undefined): Compared["changes"] {
  if (after === undefined || (before !== undefined && JSON.stringify(before.config) === JSON.stringify(after.config)))
    return [];
  const changes = rawChanges(before, after);
  // What a hook waits for follows from what else there is in its stack.
  return before !== undefined && isHook(after) ? changes.filter(({ path }) => !path.startsWith("depends_on")) : changes;
}

function actionOf({ before, after, move, changes }: Compared, replacedBecause: readonly string[]): Action | undefined {
  if (before === undefined) return "added";
  if (after === undefined) return "removed";
  if (move !== undefined && (move === "recognised" || replacedBecause.length === 0)) return "moved";
  if (replacedBecause.length > 0) return "replaced";
  return changes.length > 0 ? "changed" : undefined;
}

/**
 * Stacks that change, by name.
 * @param delivered Sentences on what of a stack's files changes, by stack
 */
export function stackReports(
  before: Synth,
  after: Synth,
  elements: readonly ElementChange[],
  delivered: ReadonlyMap<string, readonly string[]>,
): StackReport[] {
  return sortedUnique([...before.stacks.keys(), ...after.stacks.keys()]).flatMap((name): StackReport[] => {
    const [old, now] = [before.stacks.get(name), after.stacks.get(name)];
    const resources = elements
      .filter((each) => each.action !== undefined && (each.after ?? each.before)?.stack === name)
      .map((each) => resourceChange(each, delivered.get(name) ?? []));
    const delivery = deliveryChanges(old?.manifest, now?.manifest);
    if (resources.length === 0 && delivery.length === 0 && old !== undefined && now !== undefined) return [];
    const action = old === undefined ? "added" : now === undefined ? "removed" : "changed";
    return [{ name, action, resources, delivery, drift: [], planned: [] }];
  });
}

function resourceChange(each: ElementChange, delivered: readonly string[]): ResourceChange {
  const { before, after, move } = each;
  const element = (after ?? before) as Element;
  const hook = isHook(element) && each.action === "replaced";
  const elsewhere = before?.stack === element.stack ? "" : `${before?.stack}: `;
  return {
    action: each.action as Action,
    block: element.block,
    address: element.address,
    ...(move === undefined ? {} : { movedFrom: `${elsewhere}${before?.address}` }),
    ...(element.construct === undefined ? {} : { construct: element.construct }),
    attributes: maskedChanges(
      hook ? each.changes.filter(({ path }) => !path.startsWith("triggers_replace")) : each.changes,
      element,
    ),
    replacedBecause: hook ? hookWords(each, delivered) : each.replacedBecause,
    ...(isRoutine(element) ? { routine: true as const } : {}),
  };
}

function hookWords(each: ElementChange, delivered: readonly string[]): string[] {
  if (isRoutine(each.after as Element)) return ["something in its stack changes: its program copies the state first"];
  const own = hookReasons(each.changes, delivered);
  // Triggers that stay as they are written, and get another value.
  const followed = each.replacedBecause.filter(
    (reason) => !each.changes.some(({ path }) => reason.startsWith(`${path}: `)),
  );
  return [...own, ...followed];
}
