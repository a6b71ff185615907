import { isMap, listOf } from "../../pipeline/hadoop/view";

/** Passwords as GET shows them. The database keeps them in plain text (trap 5). */
export function masked(document: unknown, key = ""): unknown {
  if (typeof document === "string") return /password/i.test(key) ? "SECRET" : document;
  if (Array.isArray(document)) return listOf(document).map((item) => masked(item, key));
  if (!isMap(document)) return document;
  return Object.fromEntries(Object.entries(document).map(([name, value]) => [name, masked(value, name)]));
}
