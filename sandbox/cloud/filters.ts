/** How a data source chooses: by its own arguments, and by `filter` blocks. */
import type { Plain } from "../provider/cloud";
import { Refused } from "../provider/diagnostics";
import { objectsOf } from "./rules";

export interface Query {
  /** Arguments whose attribute has another name. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** Arguments that list the ids to choose from. */
  readonly idLists?: readonly string[];
}

const isWritten = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== "" && !(Array.isArray(value) && value.length === 0);

/** Items that have all that the configuration asks for. */
export function fitting(items: readonly Plain[], config: Plain, { aliases = {}, idLists = [] }: Query): Plain[] {
  const names = new Set(items.flatMap((item) => Object.keys(item)));
  const known = (name: string): boolean => items.length === 0 || names.has(name);
  const wishes = Object.entries(config).filter(([name, value]) => name !== "filter" && isWritten(value));
  return items.filter((item) => {
    const byArguments = wishes.every(([name, value]) => {
      if (idLists.includes(name)) return (value as unknown[]).includes(item["id"]);
      const attribute = aliases[name] ?? name;
      if (!known(attribute)) throw notPlayed(name, [...names], [name]);
      return item[attribute] === value;
    });
    return byArguments && objectsOf(config["filter"]).every((filter) => passes(item, filter, known, [...names]));
  });
}

function passes(item: Plain, filter: Plain, known: (name: string) => boolean, names: readonly string[]): boolean {
  const name = String(filter["name"]);
  if (!known(name)) throw notPlayed(name, names, ["filter"]);
  const values = (filter["values"] as string[] | undefined) ?? [];
  const text = String((item[name] as string | number | boolean | null | undefined) ?? "");
  return values.some((value) => (filter["regex"] === true ? new RegExp(value).test(text) : value === text));
}

const notPlayed = (name: string, names: readonly string[], path: readonly string[]): Refused =>
  new Refused(`the sandbox can't choose by ${name}\n  allowed here: ${[...names].sort().join(", ")}`, path);
