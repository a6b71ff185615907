/** HTML that can't be broken into: what is put between the tags is escaped, unless it is HTML that was made here. */
import { escapeXml } from "../picture/text";

/** A piece of a page. */
export class Html {
  constructor(readonly text: string) {}
}

type Value = Html | string | number | false | undefined | readonly Value[];

const isList = (value: Value): value is readonly Value[] => Array.isArray(value);

const textOf = (value: Value): string => {
  if (value instanceof Html) return value.text;
  if (isList(value)) return value.map(textOf).join("");
  return value === false || value === undefined ? "" : escapeXml(String(value));
};

/** A template's own text is taken as it is, its values are escaped; lists are joined, `false` and `undefined` are nothing. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(parts.map((part, index) => (index === 0 ? part : textOf(values[index - 1]) + part)).join(""));
}

export const NOTHING = new Html("");

/** "1 file", "2 files" */
export const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? "" : "s"}`;
