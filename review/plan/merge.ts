/** What a real plan adds to a review: drift, and what synth can't know. */
import type { ElementChange } from "../infrastructure/compare";
import { maskChanges } from "../input/sensitive";
import type { PlannedChange, TerraformPlan } from "../input/terraform-plan";
import { STATEFUL, SERVERS } from "../findings/data";
import { finding } from "../findings/comparison";
import type { AttributeChange, DriftChange, Finding, Json, StackReport } from "../report";
import { factsOf } from "../infrastructure/types";
import { difference } from "../values/difference";
import { at, isObject, sortedUnique } from "../values/json";

/** The reports with the plans in them; a stack that only its plan changes is added. */
export function mergePlans(
  stacks: readonly StackReport[],
  plans: ReadonlyMap<string, TerraformPlan>,
  elements: readonly ElementChange[],
): StackReport[] {
  const byName = new Map(stacks.map((stack) => [stack.name, stack]));
  for (const [name, plan] of plans) {
    const drift = driftOf(plan, elements);
    const planned = surprises(plan, elements).map(({ words }) => words);
    if (drift.length + planned.length === 0) continue;
    const report = byName.get(name) ?? {
      name,
      action: "changed" as const,
      resources: [],
      delivery: [],
      drift: [],
      planned: [],
    };
    byName.set(name, { ...report, drift, planned });
  }
  return sortedUnique(byName.keys()).map((name) => byName.get(name) as StackReport);
}

/** Everything that changed outside Terraform, and every destruction that synth does not show. */
export function planFindings(plans: ReadonlyMap<string, TerraformPlan>, elements: readonly ElementChange[]): Finding[] {
  return [...plans.values()].flatMap((plan) => [
    ...driftOf(plan, elements).map(({ address, attributes }) =>
      finding(
        {
          severity: "medium",
          kind: "drift",
          consequence:
            "somebody changed it by hand: the apply puts it back as it is written, or shows it at every plan",
        },
        { construct: `${plan.stack}/${address}` },
        `${address}: ${attributes.map(({ path }) => path).join(", ") || "it"} differs from what was applied`,
      ),
    ),
    ...surprises(plan, elements)
      .filter(({ destroys }) => destroys)
      .map(({ change, words }) => {
        const grave = change.type in STATEFUL || SERVERS.includes(change.type);
        return finding(
          {
            severity: grave ? "critical" : "high",
            kind: "plan-destroys",
            consequence: "what is destroyed here stands in no diff of the code",
          },
          { construct: `${plan.stack}/${change.address}` },
          words,
        );
      }),
  ]);
}

const orderOf = (a: { readonly address: string }, b: { readonly address: string }): number =>
  a.address < b.address ? -1 : 1;

/**
 * Only what the code writes: what the platform computes (a state, an address) changes by itself after each apply, and Terraform counts it as drift, too
 * (tried: ncloud's network interfaces and servers).
 */
function driftOf({ stack, drift }: TerraformPlan, elements: readonly ElementChange[]): DriftChange[] {
  const known = elementsOf(stack, elements);
  return [...drift].sort(orderOf).flatMap((change): DriftChange[] => {
    const { address } = change;
    if (change.change.actions.includes("delete")) return [{ address, attributes: [GONE] }];
    const element = known.get(address);
    const configs = [element?.before, element?.after].flatMap((side) => (side === undefined ? [] : [side.config]));
    const attributes = masked(change).filter(
      ({ path }) => configs.length === 0 || configs.some((config) => writes(config, path)),
    );
    return attributes.length === 0 ? [] : [{ address, attributes }];
  });
}

const GONE: AttributeChange = { path: "the resource itself", before: "there", after: "gone" };

/** Whether a configuration has a value at this path, or an expression for it. */
function writes(config: Json, path: string): boolean {
  let here: Json | undefined = config;
  for (const key of path.replaceAll(/\[(\d*)\]/g, ".$1").split(".")) {
    if (typeof here === "string") return here.includes("${");
    // One block may stand without its list, and a member of a set has no number.
    if (isObject(here) && /^\d+$/.test(key)) continue;
    if (key === "") return true;
    here = at(here, key);
  }
  return here !== undefined;
}

/** By address, on either side. */
function elementsOf(stack: string, elements: readonly ElementChange[]): Map<string, ElementChange> {
  return new Map(
    elements.flatMap((each) =>
      [each.before, each.after].flatMap((side) => (side?.stack === stack ? [[side.address, each] as const] : [])),
    ),
  );
}

interface Surprise {
  readonly change: PlannedChange;
  readonly words: string;
  readonly destroys: boolean;
}

/** Changes of the plan that the comparison of the synths does not have: values known only to the platform, or a state that is behind. */
function surprises({ stack, changes }: TerraformPlan, elements: readonly ElementChange[]): Surprise[] {
  const known = elementsOf(stack, elements);
  return [...changes].sort(orderOf).flatMap((change): Surprise[] => {
    const { actions } = change.change;
    const destroys = actions.includes("delete");
    const expected = known.get(change.address);
    if (actions.every((action) => action === "no-op" || action === "read")) return [];
    const foreseen = destroys
      ? expected?.action === "removed" || (expected?.replacedBecause.length ?? 0) > 0
      : expected?.action !== undefined;
    if (foreseen) return [];
    const paths = (change.change.replace_paths ?? []).map((path) => path.join("."));
    const because = paths.length === 0 ? "" : `, because of ${paths.join(", ")}`;
    return [{ change, destroys, words: `${change.address}: the plan would ${actions.join(" and ")} it${because}` }];
  });
}

/** Differences of a planned change without what either side calls sensitive. */
function masked({ type, change }: PlannedChange): AttributeChange[] {
  const { before = null, after = null, before_sensitive, after_sensitive } = change;
  const { isSet } = factsOf(type);
  const [old, now] = [hide(before, before_sensitive), hide(after, after_sensitive)];
  const changes = maskChanges(difference(old, now, { isSet }));
  // A sensitive value that changes leaves both sides alike once they are hidden: its path says which.
  const hidden = difference(before, after, { isSet })
    .filter(({ path }) => !changes.some((shown) => shown.path === path))
    .map(({ path }) => ({ path, before: SENSITIVE, after: SENSITIVE }));
  return [...changes, ...hidden];
}

const SENSITIVE = "(sensitive)";

/** Terraform marks what is sensitive by a value of the same shape with `true` in it. */
function hide(value: Json, marks: Json | undefined): Json {
  if (marks === true) return SENSITIVE;
  if (Array.isArray(value))
    return (value as Json[]).map((member, index) =>
      hide(member, Array.isArray(marks) ? (marks as Json[])[index] : undefined),
    );
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, hide(inner, isObject(marks) ? marks[key] : undefined)]),
  );
}
