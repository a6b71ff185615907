/** What is wrong with a blueprint: where, which component or property, the value, what is allowed. */
import { formatProblem, type Problem } from "../errors";
import type { Position } from "../positions";

/** The two files that create a cluster. */
export type BlueprintFile = "blueprint" | "template";

export interface BlueprintProblem extends Problem {
  /** Id of the rule in rules.ts, "cardinality". */
  readonly rule: string;
  readonly file: BlueprintFile;
  readonly hostGroup?: string;
  readonly component?: string;
  /** "hdfs-site/dfs.replication", or a configuration type alone. */
  readonly property?: string;
  /** What was found, if a value of the file is at fault. */
  readonly value?: unknown;
}

/** A problem as a rule tells it: the table adds the rule's id. */
export type Finding = Omit<BlueprintProblem, "rule" | "file"> & { readonly file?: BlueprintFile };

/** `host group worker, component HCAT: `; empty when it concerns the whole file. */
function subjectOf({ hostGroup, component, property }: BlueprintProblem): string {
  const parts = [
    ...(hostGroup === undefined ? [] : [`host group ${hostGroup}`]),
    ...(component === undefined ? [] : [`component ${component}`]),
    ...(property === undefined ? [] : [`property ${property}`]),
  ];
  return parts.length === 0 ? "" : `${parts.join(", ")}: `;
}

/** In the words of a file's reader: `blueprint.json:31:9  host_groups.0.components.4: …`, what is allowed, what to try. */
export function formatInFile(problem: BlueprintProblem, name: string, position: Position): string {
  const message = `${subjectOf(problem)}${problem.message}`;
  return formatProblem({ ...problem, message, file: name, ...position });
}

/** In the words of synth, which knows a construct's path and no lines. */
export function formatAtConstruct(problem: BlueprintProblem, constructPath: string): string {
  const text = formatInFile(problem, constructPath, { line: 1, column: 1 });
  return text.replace(`${constructPath}:1:1  `, () => `${constructPath}  ${problem.file} `);
}
