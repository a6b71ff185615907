/** An edge's label: its ports, in lines of a few. */
import { signed, type Mark } from "./marks";
import type { Edge } from "./scene";
import { widthOf } from "./text";

export const LABEL = { size: 10, step: 12.5 } as const;
/** A label grows downwards rather than wider than this. */
const MAX_WIDTH = 150;
const BETWEEN = " · ";

export interface LabelPart {
  readonly text: string;
  readonly mark: Mark;
}

export interface Label {
  /** Parts of one line are drawn with a dot between them. */
  readonly lines: readonly (readonly LabelPart[])[];
  readonly width: number;
  readonly height: number;
}

export const lineText = (parts: readonly LabelPart[]): string => parts.map(({ text }) => text).join(BETWEEN);
export { BETWEEN };

export function labelOf({ ports }: Edge): Label {
  const lines: LabelPart[][] = [];
  const width = (parts: readonly LabelPart[]): number => widthOf(lineText(parts), LABEL.size, "mono");
  for (const port of ports) {
    const own = { text: signed(port.mark, port.text), mark: port.mark };
    const last = lines.at(-1);
    if (last !== undefined && width([...last, own]) <= MAX_WIDTH) last.push(own);
    else lines.push([own]);
  }
  return { lines, width: Math.ceil(Math.max(...lines.map(width))), height: lines.length * LABEL.step };
}
