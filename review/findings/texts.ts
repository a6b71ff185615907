/** Every text among an element's arguments, with its path. */
import type { Element } from "../infrastructure/elements";
import type { Json } from "../report";
import { below, isObject } from "../values/json";

export interface PlacedText {
  readonly path: string;
  readonly text: string;
}

export function elementTexts({ config }: Element): PlacedText[] {
  return textsOf(config);
}

export function textsOf(value: Json, path = ""): PlacedText[] {
  if (typeof value === "string") return [{ path, text: value }];
  if (Array.isArray(value)) return (value as Json[]).flatMap((member, index) => textsOf(member, `${path}[${index}]`));
  return isObject(value) ? Object.entries(value).flatMap(([key, inner]) => textsOf(inner, below(path, key))) : [];
}
