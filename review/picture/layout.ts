/** Widths, heights and places of the boxes. Heights of the channels between them come from the routes. */
import { signed } from "./marks";
import type { Box, Line, Scene } from "./scene";
import { widthOf, wrap } from "./text";

/** All measures are in the picture's own units, one pixel at a pull request's width. */
export const WIDTH = 800;
export const SIZE = { title: 12, text: 11, small: 10 } as const;
const STEP = { title: 16, text: 15, small: 13 } as const;
export const PAD = 9;
/** Between boxes side by side. */
const GAP = 12;
/** Between the platform's frame and what is in it, and of the picture's edge. */
export const FRAME = 10;
export const EDGE = 10;

/** A line of text with its place in the box. */
export interface Text {
  readonly text: string;
  /** `beside`: the detail in the row of the title. */
  readonly role: "title" | "beside" | "detail" | "text" | "small";
  readonly dx: number;
  readonly dy: number;
  /** The line it belongs to, for its mark. */
  readonly line?: Line;
}

export interface Placed {
  readonly box: Box;
  /** Id of the area around it. */
  readonly parent?: string;
  readonly band: number;
  readonly x: number;
  readonly width: number;
  /** From the top of its band; for a child, of its row. Without channels. */
  readonly height: number;
  readonly texts: readonly Text[];
  readonly children: readonly Placed[];
  /** Height of title and texts, below which children stand. */
  readonly head: number;
  /** Of a child: which row, and how far below the area's first row. */
  readonly dy: number;
}

/** Share of a band's width; the rest have one each. */
const SHARES: Readonly<Record<string, number>> = { internet: 3, public: 3.4, aws: 1.35 };

/** The least that a box of a kind is wide: a host's name and address in one line, where there is room. */
const MIN_WIDTH: Readonly<Record<Box["kind"], number>> = {
  area: 150,
  aws: 150,
  internet: 300,
  outside: 110,
  host: 130,
  bucket: 168,
};

function textsOf(box: Box, width: number): { readonly texts: Text[]; readonly height: number } {
  const texts: Text[] = [];
  const room = width - 2 * PAD;
  let dy = PAD - 2;
  const add = (role: Text["role"], text: string, line?: Line, indent = 0): void => {
    const kind = role === "title" ? "title" : role === "text" ? "text" : "small";
    const face = role === "title" ? "bold" : role === "detail" ? "sans" : "mono";
    for (const piece of wrap(text, room - indent, SIZE[kind], face)) {
      dy += STEP[kind];
      texts.push({ text: piece, role, dx: PAD + indent, dy: dy - 4, ...(line === undefined ? {} : { line }) });
    }
  };
  addHead(box, room, add, texts);
  for (const line of box.lines) {
    dy += 3;
    // A host's name and its address stand in one line where they fit, and never half of one.
    const whole = signed(line.mark, line.text);
    const pieces = widthOf(whole, SIZE.text, "mono") <= room ? [whole] : whole.split(/(?<=\S\S) /);
    for (const piece of pieces) add("text", piece, line);
    for (const detail of line.details) add("small", detail, line, 8);
  }
  return { texts, height: dy + PAD };
}

function addHead(box: Box, room: number, add: (role: Text["role"], text: string) => void, texts: Text[]): void {
  const title = signed(box.mark, box.title);
  add("title", title);
  if (box.detail === "") return;
  const used = widthOf(title, SIZE.title, "bold") + 8;
  const first = texts[0];
  if (texts.length === 1 && first !== undefined && used + widthOf(box.detail, SIZE.small, "sans") <= room)
    texts.push({ text: box.detail, role: "beside", dx: PAD + used, dy: first.dy });
  else add("detail", box.detail);
}

const minWidth = (box: Box): number => {
  const children = box.children.reduce((sum, child) => sum + minWidth(child) + GAP, 2 * PAD - GAP);
  const perRow = box.kind === "area" && box.children[0]?.kind === "bucket" ? minWidth(box.children[0]) : children;
  return Math.max(MIN_WIDTH[box.kind], box.children.length === 0 ? 0 : perRow);
};

/** How wide the picture must be: wider than a pull request only if its hosts' boxes would not fit side by side. */
export function widthFor(scene: Scene, lanes: number): number {
  const around = 2 * (EDGE + FRAME + lanes);
  const bands = scene.bands.map((band) => band.reduce((sum, box) => sum + minWidth(box) + GAP, -GAP) + around);
  return Math.max(WIDTH, ...bands);
}

/** Shares out a row's width. */
function shareOut(boxes: readonly Box[], x: number, width: number): { readonly x: number; readonly width: number }[] {
  const free = width - GAP * (boxes.length - 1);
  const total = boxes.reduce((sum, { id }) => sum + (SHARES[id] ?? 1), 0);
  let at = x;
  return boxes.map(({ id }) => {
    const own = Math.floor((free * (SHARES[id] ?? 1)) / total);
    const place = { x: at, width: own };
    at += own + GAP;
    return place;
  });
}

function placeBox(box: Box, band: number, x: number, width: number, dy: number, parent?: string): Placed {
  const { texts, height: head } = textsOf(box, width);
  const children = placeChildren(box, band, x + PAD, width - 2 * PAD);
  const below = Math.max(0, ...children.map((child) => child.dy + child.height));
  return {
    box,
    band,
    x,
    width,
    texts,
    children,
    dy,
    head: children.length === 0 ? head : head - PAD + 6,
    height: children.length === 0 ? head : head - PAD + 6 + below + PAD,
    ...(parent === undefined ? {} : { parent }),
  };
}

/** Children side by side, all as high as the highest; buckets in as many rows as it takes. */
function placeChildren(box: Box, band: number, x: number, width: number): Placed[] {
  const { children } = box;
  const [first] = children;
  if (first === undefined) return [];
  const fit = Math.max(1, Math.floor((width + GAP) / (MIN_WIDTH[first.kind] + GAP)));
  const columns = first.kind === "bucket" ? evenColumns(children.length, fit) : children.length;
  const rows: Placed[] = [];
  let dy = 0;
  for (let start = 0; start < children.length; start += columns) {
    const row = children.slice(start, start + columns);
    const places =
      columns === children.length ? shareOut(row, x, width) : shareOut(children.slice(0, columns), x, width);
    const placed = row.map((child, index) => {
      const place = places[index] as { readonly x: number; readonly width: number };
      return placeBox(child, band, place.x, place.width, dy, box.id);
    });
    const height = Math.max(...placed.map((each) => each.height));
    rows.push(...placed.map((each) => ({ ...each, height })));
    dy += height + GAP;
  }
  return rows;
}

/** Seven in rows of at most four are four and three, not four, and five in rows of four are three and two. */
const evenColumns = (count: number, fit: number): number => Math.ceil(count / Math.ceil(count / fit));

/** Places all boxes from left to right; a band's boxes are as high as its highest. */
export function placeBands(scene: Scene, width: number, lanes: number): Placed[][] {
  return scene.bands.map((band, index) => {
    const inset = EDGE + FRAME + lanes;
    const places = shareOut(band, inset, width - 2 * inset);
    return band.map((box, column) => {
      const place = places[column] as { readonly x: number; readonly width: number };
      return placeBox(box, index, place.x, place.width, 0);
    });
  });
}
