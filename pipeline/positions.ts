/** Where in a file a value stands. Serves YAML and JSON alike. */
import { isMap, isScalar, type Document, type LineCounter } from "yaml";

/** Both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

type Path = readonly (string | number)[];

/** Line and column of the value at a path; of its nearest enclosing value when it is missing. */
export function positionOf(document: Document, lines: LineCounter, path: Path): Position {
  for (let length = path.length; length >= 0; length--) {
    const offset = offsetOf(document, path.slice(0, length));
    if (offset !== undefined) {
      const { line, col } = lines.linePos(offset);
      return { line, column: col };
    }
  }
  return { line: 1, column: 1 };
}

function offsetOf(document: Document, path: Path): number | undefined {
  const parent = document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  // A key's own place says more than its value's: the value of a map starts a line further down.
  if (isMap(parent)) {
    const key = parent.items.find((pair) => isScalar(pair.key) && pair.key.value === last)?.key;
    if (isScalar(key) && key.range) return key.range[0];
    return undefined;
  }
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  return (node as { range?: [number, number, number] } | null | undefined)?.range?.[0];
}
