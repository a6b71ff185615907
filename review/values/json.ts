/** Values as JSON knows them: small questions that every part of the review asks. */
import type { Json } from "../report";

export type JsonObject = Readonly<Record<string, Json>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value as an object; an empty one if it is none. */
export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** The value as a list: itself, one of it, or none. */
export function listOf(value: unknown): readonly Json[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? (value as Json[]) : [value as Json];
}

/** The value below a path of keys; undefined where there is none. */
export function at(value: unknown, ...path: readonly (string | number)[]): Json | undefined {
  let here: unknown = value;
  for (const key of path) {
    if (Array.isArray(here)) here = (here as unknown[])[Number(key)];
    else if (isObject(here)) here = here[key];
    else return undefined;
  }
  return here as Json | undefined;
}

/** A text that two values share if, and only if, they are equal but for the order of keys. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? "null";
  const entries = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${entries.join(",")}}`;
}

/** Names in the order of their code units, each once. */
export function sortedUnique(names: Iterable<string>): string[] {
  return [...new Set(names)].sort();
}

/** A path with one more key; one with a dot in it is quoted, so that a path can be read back. */
export function below(path: string, key: string): string {
  const name = /[.[\]"]/.test(key) ? `[${JSON.stringify(key)}]` : key;
  return path === "" ? name : `${path}.${name}`;
}

/** A value for a sentence: short, on one line. */
export function brief(value: Json | undefined, longest = 120): string {
  if (value === undefined) return "nothing";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const line = text.replace(/\s+/g, " ");
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}

/** A value as a text: itself, or its JSON; nothing is empty. */
export function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
