/** The check on files as they are read: JSON text in, problems with their lines out. */
import { LineCounter, parseDocument } from "yaml";
import { positionOf, type Position } from "../positions";
import type { BlueprintFile, BlueprintProblem } from "./problems";
import type { BlueprintRule } from "./rule";
import { BLUEPRINT_RULES, checkBlueprint, JSON_RULE } from "./rules";

export interface NamedText {
  /** As errors name it, "batch.json". */
  readonly name: string;
  readonly text: string;
}

export interface PlacedBlueprintProblem extends Position {
  readonly problem: BlueprintProblem;
  /** Name of the file. */
  readonly name: string;
}

interface Source extends NamedText {
  readonly file: BlueprintFile;
  readonly value: unknown;
  readonly place: (path: BlueprintProblem["path"]) => Position;
  readonly problems: readonly PlacedBlueprintProblem[];
}

const placed = (name: string, problem: BlueprintProblem, position: Position): PlacedBlueprintProblem => ({
  problem,
  name,
  ...position,
});

/** Line and column that Node's message gives as an offset; of the end where it gives none. */
function positionIn(text: string, message: string): Position {
  const offset = Number(/position (\d+)/.exec(message)?.[1] ?? text.length);
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function read(file: BlueprintFile, { name, text }: NamedText): Source {
  const lines = new LineCounter();
  // JSON is YAML, and yaml keeps the places; what is JSON is decided by JSON.parse alone.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const base = { file, name, text, place: (path: BlueprintProblem["path"]) => positionOf(document, lines, path) };
  try {
    const value: unknown = JSON.parse(text);
    const problems = document.errors
      .filter(({ code }) => code === "DUPLICATE_KEY")
      .map(({ pos }) => {
        const { line, col: column } = lines.linePos(pos[0]);
        const problem = {
          rule: "key-twice",
          file,
          path: [],
          message: "this key stands twice; the last one counts",
          allowed: "each key once",
        };
        return placed(name, problem, { line, column });
      });
    return { ...base, value, problems };
  } catch (error) {
    const { message } = error as Error;
    const problem = {
      rule: JSON_RULE,
      file,
      path: [],
      message: `is no JSON: ${message}`,
      allowed: `a ${file} in JSON`,
    };
    return { ...base, value: undefined, problems: [placed(name, problem, positionIn(text, message))] };
  }
}

/**
 * Checks a blueprint's text, and its creation template's.
 * @returns every problem with its place, the blueprint's first, in the order of the lines.
 */
export function checkText(
  blueprint: NamedText,
  template?: NamedText,
  rules: readonly BlueprintRule[] = BLUEPRINT_RULES,
): PlacedBlueprintProblem[] {
  const sources = [read("blueprint", blueprint), ...(template === undefined ? [] : [read("template", template)])];
  const unread = sources.some(({ problems }) => problems.some(({ problem }) => problem.rule === JSON_RULE));
  const problems = unread ? [] : checkBlueprint(sources[0]?.value, sources[1]?.value, rules);
  return sources.flatMap((source) =>
    [
      ...source.problems,
      ...problems
        .filter(({ file }) => file === source.file)
        .map((problem) => placed(source.name, problem, source.place(problem.path))),
    ].sort((a, b) => a.line - b.line || a.column - b.column),
  );
}
