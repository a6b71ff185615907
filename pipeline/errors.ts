/** Mistakes in a pipeline file: collected, placed at their line, told all at once. */

/** A mistake before it is placed: the path names the value in the file. */
export interface Problem {
  readonly path: readonly (string | number)[];
  /** What is wrong, the value found included: `"10.20.9.4" is outside the private subnet`. */
  readonly message: string;
  /** What would be right. */
  readonly allowed?: string;
  /** The next thing to do. */
  readonly hint?: string;
}

export interface PlacedProblem extends Problem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** `pipeline.yaml:31:9  hosts.sync-1.address: … ` with what is allowed and what to try on lines of their own. */
export function formatProblem(problem: PlacedProblem): string {
  const where = `${problem.file}:${problem.line}:${problem.column}`;
  const path = problem.path.length === 0 ? "" : `${problem.path.join(".")}: `;
  return [
    `${where}  ${path}${problem.message}`,
    ...(problem.allowed === undefined ? [] : [`  allowed: ${problem.allowed}`]),
    ...(problem.hint === undefined ? [] : [`  try: ${problem.hint}`]),
  ].join("\n");
}

/** Thrown by the loader with every mistake of the file, in the order of its lines. */
export class PipelineError extends Error {
  constructor(readonly problems: readonly PlacedProblem[]) {
    super(problems.map(formatProblem).join("\n"));
    this.name = "PipelineError";
  }
}

/** A value as a message shows it: short, quoted, on one line. */
export function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
