/** Tracks of a channel: the height at which each edge turns and has its label, so that labels never meet and few lines cross. */
import type { Route, Span } from "./ends";

/** An edge's part of one channel. */
export interface Run {
  readonly route: Route;
  /** Where its vertical lines come from above and from below; the same twice is a straight line. */
  readonly above: readonly number[];
  readonly below: readonly number[];
  /** The horizontal line; no width for a straight one. */
  readonly line: Span;
  /** Of its label; missing where the edge has it in another channel. */
  readonly label?: Span;
}

/** A run with the y of its horizontal line and of the top of its label, from the channel's top. */
export interface PlacedRun extends Run {
  readonly lineY: number;
  readonly labelY: number;
}

export interface Tracks {
  readonly height: number;
  readonly runs: readonly PlacedRun[];
}

/** A run before it has a label, and whether it gets one in this channel. */
export interface Unlabelled extends Omit<Run, "label"> {
  readonly labelled: boolean;
}

/** The edges of one channel, and the x of those that only pass through it. */
export interface Traffic {
  readonly runs: readonly Unlabelled[];
  readonly passing: readonly number[];
}

const BESIDE = 6;
const PAGE_EDGE = 12;
const PADDING = { top: 7, bottom: 11 } as const;
/** A channel that no edge runs in. */
export const EMPTY_CHANNEL = 14;

const isStraight = ({ line }: Pick<Run, "line">): boolean => line.from === line.to;

/** All horizontal room that a run needs. */
function extent(run: Run): Span {
  return {
    from: Math.min(run.line.from, run.label?.from ?? Infinity) - 5,
    to: Math.max(run.line.to, run.label?.to ?? -Infinity) + 5,
  };
}

const meets = (a: Span, b: Span): boolean => a.from < b.to && b.from < a.to;

/** Where a label may stand, with what speaks against it by itself. */
interface LabelPlace {
  readonly span: Span;
  readonly cost: number;
}

function labelPlaces(run: Omit<Run, "label">, page: number): LabelPlace[] {
  const { from, to } = run.line;
  const { width } = run.route.label;
  const at = (x: number, cost: number): LabelPlace => ({ span: { from: x, to: x + width }, cost });
  const places = isStraight(run)
    ? [at(from + BESIDE, 0), at(from - BESIDE - width, 0.1)]
    : [...alongside(run, at), at(to + BESIDE, 4), at(from - BESIDE - width, 4)];
  const onPage = places.filter(({ span }) => span.from >= PAGE_EDGE && span.to <= page - PAGE_EDGE);
  return onPage.length === 0 ? places : onPage;
}

/** Above a horizontal line; a label may run on past an end where nothing comes down. */
function alongside(run: Omit<Run, "label">, at: (x: number, cost: number) => LabelPlace): LabelPlace[] {
  const { from, to } = run.line;
  const { width } = run.route.label;
  if (to - from >= width + 2 * BESIDE)
    return [0.5, 0.25, 0.75, 0, 1].map((share, index) =>
      at(from + BESIDE + (to - from - 2 * BESIDE - width) * share, index * 0.1),
    );
  const comesDown = (x: number): boolean => run.above.includes(x);
  const free = !comesDown(from) && !comesDown(to) ? [at((from + to - width) / 2, 0.5)] : [];
  return [
    ...free,
    ...(comesDown(to) ? [] : [at(from + BESIDE, 0.6)]),
    ...(comesDown(from) ? [] : [at(to - BESIDE - width, 0.6)]),
  ];
}

const cheapest = (places: readonly LabelPlace[], cost: (place: LabelPlace) => number): LabelPlace =>
  places.reduce((best, place) => (cost(place) < cost(best) ? place : best));

/** Fills tracks from the top: each run takes the first where it meets no other. */
function fill(order: readonly Run[]): Map<Run, number> {
  const tracks: Span[][] = [];
  const places = new Map<Run, number>();
  for (const run of order) {
    const found = tracks.findIndex((spans) => !spans.some((span) => meets(span, extent(run))));
    const index = found < 0 ? tracks.push([]) - 1 : found;
    tracks[index]?.push(extent(run));
    places.set(run, index);
  }
  return places;
}

/** The x of vertical lines that pass a run's track. Lines from above reach down to their own track: they pass those above it. */
function passingBy(run: Run, places: ReadonlyMap<Run, number>, passing: readonly number[]): Set<number> {
  const here = places.get(run) as number;
  const xs = [...places].flatMap(([other, there]) => {
    if (other === run) return [];
    if (isStraight(other)) return other.above;
    return [...(here < there ? other.above : []), ...(here > there ? other.below : [])];
  });
  return new Set([...xs, ...passing]);
}

const crossing = (xs: ReadonlySet<number>, { from, to }: Span): number =>
  [...xs].filter((x) => x > from && x < to).length;
const wider = ({ from, to }: Span): Span => ({ from: from - 4, to: to + 4 });

/** Lines that cross lines count once, lines that cross a label three times, a track a little. */
function cost(places: ReadonlyMap<Run, number>, passing: readonly number[]): number {
  let total = 0.4 * Math.max(...places.values());
  for (const run of places.keys()) {
    const xs = passingBy(run, places, passing);
    total += crossing(xs, run.line);
    if (run.label !== undefined) total += 3 * crossing(xs, wider(run.label));
  }
  return total;
}

interface Settled {
  readonly places: Map<Run, number>;
  readonly cost: number;
}

/** Moves each label to where the fewest lines cross it, now that the tracks are known, and where it meets no neighbour. */
function settleLabels(filled: ReadonlyMap<Run, number>, passing: readonly number[], page: number): Settled {
  const settled = new Map(filled);
  for (const [run, track] of filled) {
    if (run.label === undefined) continue;
    const neighbours = [...settled]
      .filter(([other, its]) => its === track && other !== run)
      .map(([other]) => extent(other));
    const xs = passingBy(run, settled, passing);
    const { span } = cheapest(labelPlaces(run, page), (place) => {
      const taken = neighbours.some((other) => meets(other, extent({ ...run, label: place.span })));
      return place.cost + 3 * crossing(xs, wider(place.span)) + (taken ? 100 : 0);
    });
    settled.delete(run);
    settled.set({ ...run, label: span }, track);
  }
  return { places: settled, cost: cost(settled, passing) };
}

/** The best order found by exchanging two at a time, from a fixed beginning: the same for the same picture. */
function bestFill(runs: readonly Run[], settle: (filled: Map<Run, number>) => Settled): Map<Run, number> {
  let order = [...runs].sort((a, b) => a.line.from - b.line.from || a.line.to - b.line.to);
  let best = settle(fill(order));
  for (let improved = true; improved;) {
    improved = false;
    for (let i = 0; i < order.length; i++)
      for (let j = i + 1; j < order.length; j++) {
        const next = [...order];
        [next[i], next[j]] = [order[j] as Run, order[i] as Run];
        const settled = settle(fill(next));
        if (settled.cost >= best.cost) continue;
        [order, best, improved] = [next, settled, true];
      }
  }
  return best.places;
}

/** Tracks of one channel, on a page of this width. */
export function tracksOf({ runs, passing }: Traffic, page: number): Tracks {
  if (runs.length === 0) return { height: EMPTY_CHANNEL, runs: [] };
  const labelled = runs.map((run): Run => {
    const label = run.labelled ? cheapest(labelPlaces(run, page), (place) => place.cost).span : undefined;
    return { ...run, ...(label === undefined ? {} : { label }) };
  });
  const settled = bestFill(labelled, (filled) => settleLabels(filled, passing, page));
  const heightOf = ({ label, route }: Run): number => (label === undefined ? 0 : route.label.height);
  const count = Math.max(...settled.values()) + 1;
  const heights = Array.from({ length: count }, (_, index) =>
    Math.max(...[...settled].filter(([, track]) => track === index).map(([run]) => heightOf(run) + 8)),
  );
  const bottoms = heights.map((_, index) => PADDING.top + sum(heights.slice(0, index + 1)));
  return {
    height: PADDING.top + sum(heights) + PADDING.bottom,
    runs: [...settled].map(([run, track]) => {
      const bottom = bottoms[track] as number;
      return { ...run, lineY: bottom - 3, labelY: bottom - 6 - heightOf(run) };
    }),
  };
}

const sum = (values: readonly number[]): number => values.reduce((all, each) => all + each, 0);
