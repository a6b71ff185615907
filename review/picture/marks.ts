/** How a part of the picture differs between before and after: by colour, and by a sign and a word for who sees no colour. */
export type Mark = "same" | "added" | "changed" | "replaced" | "removed";
export type Change = Exclude<Mark, "same">;

/** In the order of the legend. */
export const CHANGES: readonly Change[] = ["added", "changed", "replaced", "removed"];

export const SIGNS: Readonly<Record<Change, string>> = { added: "+", changed: "~", replaced: "±", removed: "−" };

/** Sign and a space before a text; nothing where nothing changed. */
export const signed = (mark: Mark, text: string): string => (mark === "same" ? text : `${SIGNS[mark]} ${text}`);

/** The mark of a whole by those of its parts: what they agree on, otherwise "changed". */
export function markOfParts(marks: readonly Mark[]): Mark {
  const [first, ...others] = marks;
  if (first === undefined) return "same";
  if (others.every((mark) => mark === first)) return first === "replaced" ? "changed" : first;
  return "changed";
}
