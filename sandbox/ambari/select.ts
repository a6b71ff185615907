/** Partial answers: Ambari gives of an item its key, and beyond that what `fields` asks for. */
import { isMap } from "../../pipeline/hadoop/view";

type Path = readonly string[];

/** @param fields "Hosts/host_name", "Requests/*", "tasks/Tasks/role" */
export function select(item: unknown, fields: readonly string[]): unknown {
  return pick(
    item,
    fields.map((field) => field.split("/").filter((part) => part !== "*")),
  );
}

function pick(value: unknown, paths: readonly Path[]): unknown {
  if (paths.some((path) => path.length === 0)) return value;
  if (Array.isArray(value)) return value.map((each) => pick(each, paths));
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      const below = paths.filter((path) => path[0] === key).map((path) => path.slice(1));
      return below.length === 0 ? [] : [[key, pick(inner, below)]];
    }),
  );
}

export interface Query {
  readonly fields: readonly string[];
  /** What is left: "HostRoles/state.in(INIT,UNKNOWN)". */
  readonly predicate: string;
}

/** `fields=…` may stand before or after the predicate. */
export function queryOf(text: string): Query {
  const fields = /(?:^|&)fields=([^&()|]*)/.exec(text);
  return {
    fields: fields?.[1]?.split(",") ?? [],
    predicate: text.replace(fields?.[0] ?? "", "").replace(/^&/, ""),
  };
}
