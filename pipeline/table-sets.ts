/** The pipeline file's `tables`: rules between their values, and what they are in the plan. */
import { shown, type Problem } from "./errors";
import type { TableSetPlan } from "./plan-types";
import type { PipelineFile } from "./schema";

type Rule = (file: PipelineFile) => Problem[];
type TableSet = NonNullable<PipelineFile["tables"]>[string];

const setsOf = (file: Pick<PipelineFile, "tables">): [string, TableSet][] =>
  Object.entries(file.tables ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));

/** A set lies in a dataset's target, or says itself where. */
const tablePlaces: Rule = (file) =>
  setsOf(file).flatMap(([name, set]): Problem[] => {
    const at = (key: string): string[] => ["tables", name, key];
    if (set.dataset === undefined)
      return (["bucket", "prefix", "layout"] as const)
        .filter((key) => set[key] === undefined)
        .map((key) => ({
          path: at(key),
          message: "is missing",
          allowed: "dataset, or bucket, prefix and layout",
          hint: `add ${key}:, or dataset: with the name of one`,
        }));
    const dataset = file.datasets[set.dataset];
    if (dataset === undefined)
      return [
        {
          path: at("dataset"),
          message: `${shown(set.dataset)} is no dataset`,
          allowed: Object.keys(file.datasets).sort().join(", "),
          hint: "write one of these, or bucket, prefix and layout instead",
        },
      ];
    const own = ["bucket", "prefix", ...(dataset.layout === "tree" ? [] : ["layout"])] as const;
    return own
      .filter((key) => set[key as keyof TableSet] !== undefined)
      .map((key) => ({
        path: at(key),
        message: `dataset ${set.dataset} has said that already`,
        allowed: "dataset, or bucket, prefix and layout",
        hint: `remove ${key}`,
      }));
  });

const tableValues: Rule = (file) =>
  setsOf(file).flatMap(([name, set]): Problem[] => {
    const problems: Problem[] = [];
    if (set.columns !== undefined && set.format !== "json")
      problems.push({
        path: ["tables", name, "columns"],
        message: "Parquet files say themselves which columns they have",
        allowed: "columns with format: json",
        hint: "remove columns",
      });
    if (set.partition_types !== undefined && layoutOf(file, set) !== "hive")
      problems.push({
        path: ["tables", name, "partition_types"],
        message: "dt and hour are text",
        allowed: "partition_types with layout: hive",
        hint: "remove partition_types",
      });
    return problems;
  });

/** Two sets over the same folder would make each other's tables. */
const tableOverlaps: Rule = (file) => {
  const places = setsOf(file).map(([name, set]) => ({ name, ...placeOf(file, set) }));
  return places.flatMap(({ name, bucket, prefix }, index) => {
    const other = places
      .slice(0, index)
      .find((each) => each.bucket === bucket && (each.prefix.startsWith(prefix) || prefix.startsWith(each.prefix)));
    return other === undefined || bucket === ""
      ? []
      : [
          {
            path: ["tables", name],
            message: `${bucket}/${prefix} overlaps the folder of ${other.name}`,
            allowed: "a folder of its own for each",
            hint: "remove one of the two, or write a longer prefix",
          },
        ];
  });
};

export const TABLE_RULES: readonly Rule[] = [tablePlaces, tableValues, tableOverlaps];

function layoutOf(file: PipelineFile, set: TableSet): TableSetPlan["layout"] | undefined {
  const layout = set.dataset === undefined ? undefined : file.datasets[set.dataset]?.layout;
  return layout === undefined || layout === "tree" ? (set.layout ?? (layout && "hive")) : layout;
}

function placeOf(file: PipelineFile, set: TableSet): { bucket: string; prefix: string } {
  const target = set.dataset === undefined ? undefined : file.datasets[set.dataset]?.target;
  return target ?? { bucket: set.bucket ?? "", prefix: set.prefix ?? "" };
}

/** The sets of a valid file, sorted by name. */
export function tableSetsOf(file: PipelineFile): TableSetPlan[] {
  return setsOf(file).map(([name, set]) => {
    const dataset = set.dataset === undefined ? undefined : file.datasets[set.dataset];
    const layout = layoutOf(file, set) as TableSetPlan["layout"];
    const database = set.database ?? (layout === "hive" ? undefined : "default");
    return {
      name,
      ...placeOf(file, set),
      layout,
      ...(database === undefined ? {} : { database }),
      format: set.format,
      ...(set.columns === undefined ? {} : { columns: set.columns }),
      ...(set.timestamps === undefined ? {} : { timestamps: set.timestamps }),
      partitionTypes: set.partition_types ?? {},
      ...(dataset === undefined || dataset.layout === "tree" ? {} : { zone: dataset.prefix_zone }),
    };
  });
}
