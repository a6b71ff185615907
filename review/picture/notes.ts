/** Flows that no line can show, of hosts among themselves or with all of their own subnet, become notes in the box. */
import { signed } from "./marks";
import type { Box, Edge, Line, Scene } from "./scene";

const inside = (area: Box, id: string): boolean => area.children.some((child) => child.id === id);

/** The box that gets the note, and its words; undefined: the edge can be drawn. */
function noteOf(edge: Edge, areas: readonly Box[]): { readonly at: string; readonly text: string } | undefined {
  const { from, to } = edge;
  if (from === to) return { at: from, text: "among themselves" };
  for (const area of areas) {
    if (area.id === to && inside(area, from)) return { at: from, text: `to all in the ${to} subnet` };
    if (area.id === from && inside(area, to)) return { at: to, text: `from all in the ${from} subnet` };
  }
  return undefined;
}

/** The scene with its notes; the edges that are left connect two different boxes, none inside the other. */
export function withNotes(scene: Scene): Scene {
  const areas = scene.bands.flat();
  const notes = new Map<string, Line[]>();
  const edges = scene.edges.filter((edge) => {
    const note = noteOf(edge, areas);
    if (note === undefined) return true;
    const details = edge.ports.map(({ mark, text }) => signed(edge.mark === "changed" ? mark : "same", text));
    const line: Line = { key: `flow:${edge.from} ${edge.to}`, text: note.text, details, mark: edge.mark };
    notes.set(note.at, [...(notes.get(note.at) ?? []), line]);
    return false;
  });
  const noted = (box: Box): Box => ({
    ...box,
    lines: [...box.lines, ...(notes.get(box.id) ?? [])],
    children: box.children.map(noted),
  });
  return { ...scene, bands: scene.bands.map((band) => band.map(noted)), edges };
}
