/** From two synths to a report. */
import { fileChanges } from "./files/compare";
import { filePairs } from "./files/delivered";
import { findingsOf } from "./findings";
import { compareElements, stackReports } from "./infrastructure/compare";
import type { Synth } from "./input/synth";
import type { TerraformPlan } from "./input/terraform-plan";
import { mergePlans, planFindings } from "./plan/merge";
import type { FileChange, Report } from "./report";
import { verdictOf } from "./verdict";

/**
 * Compares two synths. Pure: the same two give the same report.
 * @param plans Real plans by stack, where there are any
 */
export function reviewOf(before: Synth, after: Synth, plans: ReadonlyMap<string, TerraformPlan> = new Map()): Report {
  const elements = compareElements(before, after);
  const pairs = filePairs(before, after);
  const files = fileChanges(pairs);
  const stacks = mergePlans(stackReports(before, after, elements, deliveredWords(files)), plans, elements);
  const findings = findingsOf({ before, after, elements, files: pairs }, planFindings(plans, elements));
  return {
    verdict: verdictOf(findings, stacks, files),
    findings,
    stacks,
    files,
    plans: {
      ...(before.plan === undefined ? {} : { before: before.plan }),
      ...(after.plan === undefined ? {} : { after: after.plan }),
    },
  };
}

/** What of each stack's files changes, in words, for the hook that delivers them. */
function deliveredWords(files: readonly FileChange[]): Map<string, string[]> {
  const words = new Map<string, string[]>();
  for (const { path, hosts, stacks, action, restarts } of files)
    for (const stack of stacks) {
      const where = hosts.length === 0 ? "" : ` on ${hosts.join(", ")}`;
      const then = restarts.length === 0 ? "" : ` (${restarts.join(", ")})`;
      words.set(stack, [...(words.get(stack) ?? []), `${path}${where} is ${action}${then}`]);
    }
  return words;
}
