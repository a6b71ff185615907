/** Which element of the head is which of the base: by address, by a `moved` block, or as the same thing under another address. */
import type { Synth } from "../input/synth";
import { contentKey, elementsOf, movedBlocksOf, type Element } from "./elements";

/** An element on both sides, or on one. */
export interface Pair {
  readonly before?: Element;
  readonly after?: Element;
  /**
   * Its address is another. `declared`: a `moved` block tells Terraform so; otherwise Terraform destroys the one and makes the other, and only
   * a reader sees that they are the same.
   */
  readonly move?: "declared" | "recognised";
}

/** Sorted by stack and address, those that stay where they are included. */
export function pairsOf(before: Synth, after: Synth): Pair[] {
  const everything = { before: indexed(before), after: indexed(after) };
  const [left, right] = [new Map(everything.before), new Map(everything.after)];
  const pairs: Pair[] = [];
  const take = (from: string, to: string, move?: Pair["move"]): void => {
    const [old, now] = [left.get(from), right.get(to)];
    if (old === undefined || now === undefined) return;
    left.delete(from);
    right.delete(to);
    pairs.push({ before: old, after: now, ...(move === undefined ? {} : { move }) });
  };
  for (const key of [...left.keys()]) take(key, key);
  for (const stack of after.stacks.values())
    for (const { from, to } of movedBlocksOf(stack)) take(`${stack.name}:${from}`, `${stack.name}:${to}`, "declared");
  const same = sameContent(left, right, everything);
  for (const [from, to] of same) take(from, to, "recognised");
  pairs.push(
    ...[...left.values()].map((element) => ({ before: element })),
    ...[...right.values()].map((element) => ({ after: element })),
  );
  return pairs.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

const keyOf = ({ before, after }: Pair): string => placed((after ?? before) as Element);
const placed = ({ stack, address }: Element): string => `${stack}:${address}`;

function indexed({ stacks }: Synth): Map<string, Element> {
  return new Map([...stacks.values()].flatMap(elementsOf).map((element) => [placed(element), element]));
}

/** Resources that are gone here and new there with the same content, where there is no second of that content. */
function sameContent(
  left: ReadonlyMap<string, Element>,
  right: ReadonlyMap<string, Element>,
  everything: { readonly before: ReadonlyMap<string, Element>; readonly after: ReadonlyMap<string, Element> },
): [string, string][] {
  const byContent = (
    elements: ReadonlyMap<string, Element>,
    all: ReadonlyMap<string, Element>,
  ): Map<string, string[]> => {
    const keys = new Map<string, string[]>();
    for (const [key, element] of elements)
      if (element.block === "resource" && element.type !== "terraform_data") {
        const content = contentKey(element, all);
        keys.set(content, [...(keys.get(content) ?? []), key]);
      }
    return keys;
  };
  const now = byContent(right, everything.after);
  return [...byContent(left, everything.before)].flatMap(([content, from]): [string, string][] => {
    const to = now.get(content) ?? [];
    if (from.length === 1 && to.length === 1) return [[from[0] as string, to[0] as string]];
    // Several alike: the one whose name is the same goes first.
    return from.flatMap((key): [string, string][] => {
      const name = (left.get(key) as Element).name;
      const match = to.filter((each) => (right.get(each) as Element).name === name);
      return match.length === 1 ? [[key, match[0] as string]] : [];
    });
  });
}
