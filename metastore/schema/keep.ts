/**
 * What a table's schema keeps of the one that the metastore has. The metastore compares the types of columns by their place and
 * refuses narrower ones (`disallow.incompatible.col.type.changes` of Hive 3.1): so places stay, types only widen, and a column
 * that no file has any more is null. Pure.
 */
import { parseType, typeText, type HiveColumn, type HiveType } from "../../pipeline/hive-type";
import type { TableSetPlan } from "../../pipeline/plan-types";
import type { Column } from "../thrift/client";
import { widen } from "./merge";

/** @param before of the metastore @param now by the files, or by the pipeline file, which has the last word */
export function keepColumns(
  set: TableSetPlan,
  before: readonly Column[],
  now: readonly HiveColumn[],
): readonly HiveColumn[] {
  const types = new Map(now.map(({ name, type }) => [name, type]));
  const kept = before.flatMap(({ name, type: text }): HiveColumn[] => {
    const [had, has] = [parseType(text), types.get(name)];
    if (has === undefined) return had === undefined || set.columns !== undefined ? [] : [{ name, type: had }];
    return [{ name, type: had === undefined || set.columns !== undefined ? has : both(set, had, has) }];
  });
  const places = new Set(before.map(({ name }) => name));
  return [...kept, ...now.filter(({ name }) => !places.has(name))];
}

/** Text in the metastore was null in all lines that were seen then; any value of JSON reads as text. */
function both({ format }: TableSetPlan, had: HiveType, has: HiveType): HiveType {
  return widen(had, has, format) ?? (format === "json" && typeText(had) === "string" ? had : has);
}
