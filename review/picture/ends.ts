/** Where each edge leaves one box and reaches another: which sides, which channels it runs in, and at which x. */
import type { Label } from "./labels";
import { labelOf } from "./labels";
import type { Placed } from "./layout";
import type { Edge } from "./scene";

/** The gap below a band has the band's number; the one inside an area, above its children, the area's id. */
export type Channel = number | string;

export interface End {
  readonly placed: Placed;
  readonly side: "top" | "bottom";
  /** Channels that its vertical line runs through, from the box outwards; in the last one it turns. */
  readonly channels: readonly Channel[];
  readonly x: number;
}

export interface Route {
  readonly edge: Edge;
  readonly label: Label;
  readonly from: End;
  readonly to: End;
  /** Number of its lane beside all boxes, if it passes bands that it has no part in. */
  readonly lane?: number;
}

/** Distance of an end from its box's corner, and the least between two vertical lines. */
const INSET = 14;
const APART = { good: 30, least: 12 } as const;
const STEP = 2;

type OpenEnd = Omit<End, "x">;
type OpenRoute = Omit<Route, "from" | "to"> & { readonly from: OpenEnd; readonly to: OpenEnd };

export interface Span {
  readonly from: number;
  readonly to: number;
}

function endOf(placed: Placed, side: End["side"], gap: Channel): OpenEnd {
  const through = placed.parent !== undefined && side === "top" ? [placed.parent] : [];
  return { placed, side, channels: typeof gap === "string" ? [gap] : [...through, gap] };
}

function open(edge: Edge, a: Placed, b: Placed, last: number, lane: () => number): OpenRoute {
  const label = labelOf(edge);
  if (a.parent !== undefined && a.parent === b.parent)
    return { edge, label, from: endOf(a, "top", a.parent), to: endOf(b, "top", a.parent) };
  if (a.band === b.band) {
    const below = a.band < last;
    const [side, gap] = below ? (["bottom", a.band] as const) : (["top", a.band - 1] as const);
    return { edge, label, from: endOf(a, side, gap), to: endOf(b, side, gap) };
  }
  const down = a.band < b.band;
  const from = endOf(a, down ? "bottom" : "top", down ? a.band : a.band - 1);
  const to = endOf(b, down ? "top" : "bottom", down ? b.band - 1 : b.band);
  return { edge, label, from, to, ...(Math.abs(a.band - b.band) > 1 ? { lane: lane() } : {}) };
}

/** The edges with their sides and channels; those that pass other bands are numbered for their lanes. */
export function openRoutes(edges: readonly Edge[], bands: readonly (readonly Placed[])[]): OpenRoute[] {
  const all = bands.flat().flatMap((placed) => [placed, ...placed.children]);
  const find = (id: string): Placed | undefined => all.find(({ box }) => box.id === id);
  let lanes = 0;
  return edges.flatMap((edge) => {
    const [a, b] = [find(edge.from), find(edge.to)];
    return a === undefined || b === undefined ? [] : [open(edge, a, b, bands.length - 1, () => lanes++)];
  });
}

const rangeOf = ({ placed }: OpenEnd): Span => ({ from: placed.x + INSET, to: placed.x + placed.width - INSET });
const middleOf = ({ placed }: OpenEnd): number => placed.x + placed.width / 2;
const key = ({ placed, side }: OpenEnd): string => `${placed.box.id} ${side}`;

/** Both ends of a route, each with the other one. */
const pairs = (route: OpenRoute): [OpenEnd, OpenEnd][] => [
  [route.from, route.to],
  [route.to, route.from],
];

/** Spread evenly over their side, in the order of what they lead to, so that few lines cross. */
function wishes(routes: readonly OpenRoute[]): ReadonlyMap<OpenEnd, number> {
  const sides = new Map<string, [OpenEnd, OpenEnd][]>();
  for (const pair of routes.flatMap(pairs)) sides.set(key(pair[0]), [...(sides.get(key(pair[0])) ?? []), pair]);
  const wished = new Map<OpenEnd, number>();
  for (const ends of sides.values()) {
    ends.sort(([, a], [, b]) => middleOf(a) - middleOf(b));
    ends.forEach(([end], index) => {
      const { from, to } = rangeOf(end);
      wished.set(end, from + ((to - from) * (index + 1)) / (ends.length + 1));
    });
  }
  return wished;
}

/** What a vertical line runs through. */
interface Way {
  readonly channels: readonly Channel[];
  /** Of titles in its way. */
  readonly titles: readonly Span[];
}

/** A line passes the title of the area around its box, and from below the frame's, which stands in the first gap. */
function wayOf({ side, channels }: OpenEnd, titles: ReadonlyMap<Channel, Span>): Way {
  const passed = channels.filter((channel, index) => index < channels.length - 1 || (channel === 0 && side === "top"));
  return { channels, titles: passed.flatMap((channel) => titles.get(channel) ?? []) };
}

/** The x that are taken, by channel. */
class Taken {
  private readonly xs = new Map<Channel, number[]>();

  take(channels: readonly Channel[], x: number): void {
    for (const channel of channels) this.xs.set(channel, [...(this.xs.get(channel) ?? []), x]);
  }

  /** The free x next to the wish; a narrower distance to others before none at all. */
  nextTo(wish: number, { from, to }: Span, { channels, titles }: Way): number | undefined {
    for (const apart of [APART.good, APART.least])
      for (let off = 0; off <= to - from; off += STEP)
        for (const x of [wish - off, wish + off])
          if (x >= from && x <= to && this.isFree(x, titles, channels, apart)) return Math.round(x);
    return undefined;
  }

  private isFree(x: number, titles: readonly Span[], channels: readonly Channel[], apart: number): boolean {
    const inTitle = titles.some(({ from, to }) => x > from - 6 && x < to + 6);
    return (
      !inTitle &&
      channels.every((channel) => !(this.xs.get(channel) ?? []).some((other) => Math.abs(other - x) < apart))
    );
  }
}

const isFacing = ({ from, to, lane }: OpenRoute): boolean => lane === undefined && from.side !== to.side;

/** Gives each end its x: one line straight through where the boxes stand over each other, otherwise an x of its own. */
export function closeRoutes(routes: readonly OpenRoute[], titles: ReadonlyMap<Channel, Span>): Route[] {
  const wished = wishes(routes);
  const taken = new Taken();
  const xs = new Map<OpenEnd, number>();
  const wishOf = (end: OpenEnd): number => wished.get(end) as number;
  const overlap = ({ from, to }: OpenRoute): Span => {
    const [a, b] = [rangeOf(from), rangeOf(to)];
    return { from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) };
  };
  const facing = routes.filter((route) => isFacing(route) && overlap(route).to >= overlap(route).from);
  const narrowFirst = [...facing].sort((a, b) => overlap(a).to - overlap(a).from - (overlap(b).to - overlap(b).from));
  for (const route of narrowFirst) {
    const span = overlap(route);
    const wish = Math.min(Math.max((wishOf(route.from) + wishOf(route.to)) / 2, span.from), span.to);
    const ways = [route.from, route.to].map((end) => wayOf(end, titles));
    const channels = [...new Set(ways.flatMap((way) => way.channels))];
    const x = taken.nextTo(wish, span, { channels, titles: ways.flatMap((way) => way.titles) });
    if (x === undefined) continue;
    taken.take(channels, x);
    xs.set(route.from, x).set(route.to, x);
  }
  // Those with the longest way first: they have the least choice.
  const others = routes.flatMap(({ from, to }) => [from, to]).sort((a, b) => b.channels.length - a.channels.length);
  for (const end of others) {
    if (xs.has(end)) continue;
    const x = taken.nextTo(wishOf(end), rangeOf(end), wayOf(end, titles)) ?? Math.round(wishOf(end));
    taken.take(end.channels, x);
    xs.set(end, x);
  }
  const closed = (end: OpenEnd): End => ({ ...end, x: xs.get(end) as number });
  return routes.map((route) => ({ ...route, from: closed(route.from), to: closed(route.to) }));
}
