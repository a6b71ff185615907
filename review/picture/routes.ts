/** The whole drawing as numbers: boxes with their y, edges as lines with corners, labels. */
import { closeRoutes, openRoutes, type Channel, type End, type Route, type Span } from "./ends";
import { EDGE, FRAME, PAD, placeBands, SIZE, widthFor, type Placed } from "./layout";
import { signed } from "./marks";
import { withNotes } from "./notes";
import type { Scene } from "./scene";
import { widthOf } from "./text";
import { tracksOf, type PlacedRun, type Tracks, type Unlabelled } from "./tracks";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface DrawnBox {
  readonly placed: Placed;
  readonly y: number;
  readonly height: number;
  /** x of the detail beside its title, if it has one. */
  readonly detailX?: number | undefined;
}

export interface DrawnEdge {
  readonly route: Route;
  readonly points: readonly Point[];
  /** Top left corner of its label. */
  readonly label: Point;
}

export interface Drawing {
  readonly scene: Scene;
  readonly width: number;
  readonly height: number;
  readonly frame: { readonly y: number; readonly height: number; readonly titleX: number };
  readonly boxes: readonly DrawnBox[];
  readonly edges: readonly DrawnEdge[];
}

const LANE = 12;
const HEADER = 34;
const FRAME_HEAD = 24;

const channelsOf = ({ from, to }: Route): [Channel, Channel] => [
  from.channels.at(-1) as Channel,
  to.channels.at(-1) as Channel,
];

/** x of a lane: even ones to the right of all boxes, odd ones to the left. */
function laneX(lane: number, lanes: number, width: number): number {
  const out = EDGE + FRAME + lanes - LANE * (Math.floor(lane / 2) + 0.5);
  return lane % 2 === 0 ? width - out : out;
}

/** A route's runs: one in the channel of both its ends, or one at each end of its lane. */
function runsOf(route: Route, lane: number | undefined): [Channel, Unlabelled][] {
  const { from, to } = route;
  const [first, second] = channelsOf(route);
  const at = (side: End["side"], ends: readonly End[]): number[] =>
    ends.filter((end) => end.side === side).map(({ x }) => x);
  const span = (a: number, b: number): Span => ({ from: Math.min(a, b), to: Math.max(a, b) });
  if (lane === undefined)
    return [
      [
        first,
        {
          route,
          labelled: true,
          line: span(from.x, to.x),
          above: at("bottom", [from, to]),
          below: at("top", [from, to]),
        },
      ],
    ];
  const end = (one: End, labelled: boolean): Unlabelled => ({
    route,
    labelled,
    line: span(one.x, lane),
    above: one.side === "bottom" ? [one.x] : [lane],
    below: one.side === "bottom" ? [lane] : [one.x],
  });
  return [
    [first, end(from, true)],
    [second, end(to, false)],
  ];
}

type Channels = (channel: Channel) => Tracks;

/** x of the lines that pass through a channel without turning in it. */
const passingOf = (channel: Channel, routes: readonly Route[]): number[] =>
  routes
    .flatMap(({ from, to }) => [from, to])
    .filter((end) => end.channels.slice(0, -1).includes(channel))
    .map(({ x }) => x);

function channelsOfRoutes(routes: readonly Route[], lanes: number, width: number): Channels {
  const open = routes.flatMap((route) =>
    runsOf(route, route.lane === undefined ? undefined : laneX(route.lane, lanes, width)),
  );
  const all = new Map<Channel, Tracks>();
  for (const channel of new Set(open.map(([each]) => each))) {
    const runs = open.flatMap(([each, run]) => (each === channel ? [run] : []));
    all.set(channel, tracksOf({ runs, passing: passingOf(channel, routes) }, width));
  }
  const empty = tracksOf({ runs: [], passing: [] }, width);
  return (channel) => all.get(channel) ?? empty;
}

const runOf = (tracks: Tracks, route: Route): PlacedRun => tracks.runs.find((run) => run.route === route) as PlacedRun;

/** Boxes with their y, band by band, and the y at which each channel begins. */
function stack(
  bands: readonly (readonly Placed[])[],
  tracks: Channels,
): {
  readonly boxes: DrawnBox[];
  readonly tops: ReadonlyMap<Channel, number>;
  readonly bottom: number;
} {
  const boxes: DrawnBox[] = [];
  const tops = new Map<Channel, number>();
  let y = HEADER;
  const used = (area: Placed): number => {
    const inner = tracks(area.box.id);
    return inner.runs.length === 0 ? 0 : inner.height;
  };
  bands.forEach((band, index) => {
    if (index === 1) y += FRAME_HEAD;
    const height = Math.max(...band.map((area) => area.height + used(area)));
    for (const area of band) {
      boxes.push({ placed: area, y, height });
      tops.set(area.box.id, y + area.head);
      const first = y + area.head + used(area);
      for (const child of area.children) {
        // A single row of children fills its area, however high that is.
        const filled = area.children.every(({ dy }) => dy === 0) ? height - (first - y) - 9 : child.height;
        boxes.push({ placed: child, y: first + child.dy, height: filled });
      }
    }
    y += height;
    if (index === bands.length - 1) return;
    tops.set(index, y);
    y += tracks(index).height;
  });
  return { boxes, tops, bottom: y };
}

function pointsOf(
  route: Route,
  boxes: readonly DrawnBox[],
  lineY: (channel: Channel) => number,
  lane: number | undefined,
): Point[] {
  const tip = ({ placed, side, x }: End): Point => {
    const box = boxes.find((each) => each.placed.box.id === placed.box.id) as DrawnBox;
    return { x, y: side === "top" ? box.y : box.y + box.height };
  };
  const [first, second] = channelsOf(route);
  const [a, b] = [tip(route.from), tip(route.to)];
  if (lane === undefined && a.x === b.x) return [a, b];
  const turn = lineY(first);
  if (lane === undefined) return [a, { x: a.x, y: turn }, { x: b.x, y: turn }, b];
  const back = lineY(second);
  return [a, { x: a.x, y: turn }, { x: lane, y: turn }, { x: lane, y: back }, { x: b.x, y: back }, b];
}

/** Areas' titles: no line may run through them. The platform's frame has its own in the gap above it. */
function titles(scene: Scene, bands: readonly (readonly Placed[])[], x: number): ReadonlyMap<Channel, Span> {
  const span = (from: number, text: string): Span => ({ from, to: from + widthOf(text, SIZE.title, "bold") });
  const areas = bands.flat().filter(({ children }) => children.length > 0);
  return new Map<Channel, Span>([
    [0, span(x, scene.frame)],
    ...areas.map(({ box, x: left }): [Channel, Span] => [box.id, span(left + PAD, signed(box.mark, box.title))]),
  ]);
}

/** Where an area's detail stands in the row of its title: beside the title, or behind the line that runs there. */
function detailX({ placed }: DrawnBox, routes: readonly Route[]): number | undefined {
  const { box, x, width, texts } = placed;
  const detail = texts.find(({ role }) => role === "beside");
  if (detail === undefined) return undefined;
  const own = widthOf(detail.text, SIZE.small, "sans");
  const lines = passingOf(box.id, routes).sort((a, b) => a - b);
  const free = (from: number): boolean =>
    from + own <= x + width - PAD && !lines.some((line) => line > from - 8 && line < from + own + 4);
  return [x + detail.dx, ...lines.map((line) => line + 10)].find(free) ?? x + detail.dx;
}

/** The drawing of a scene. */
export function drawingOf(given: Scene): Drawing {
  const scene = withNotes(given);
  const lanesNeeded = Math.max(
    0,
    ...openRoutes(scene.edges, placeBands(scene, 1000, 0)).map(({ lane }) => (lane ?? -1) + 1),
  );
  const lanes = Math.ceil(lanesNeeded / 2) * LANE;
  const width = widthFor(scene, lanes);
  const bands = placeBands(scene, width, lanes);
  const frameX = EDGE + FRAME + lanes;
  const routes = closeRoutes(openRoutes(scene.edges, bands), titles(scene, bands, frameX));
  const tracks = channelsOfRoutes(routes, lanes, width);
  const { boxes, tops, bottom } = stack(bands, tracks);
  const topOf = (channel: Channel): number => tops.get(channel) as number;
  const edges = routes.map((route) => {
    const lane = route.lane === undefined ? undefined : laneX(route.lane, lanes, width);
    const [first] = channelsOf(route);
    const { label, labelY } = runOf(tracks(first), route);
    const lineY = (channel: Channel): number => topOf(channel) + runOf(tracks(channel), route).lineY;
    return {
      route,
      points: pointsOf(route, boxes, lineY, lane),
      label: { x: label?.from ?? 0, y: topOf(first) + labelY },
    };
  });
  const frameY = topOf(0) + tracks(0).height;
  return {
    scene,
    width,
    height: bottom + FRAME + EDGE,
    frame: { y: frameY, height: bottom + FRAME - frameY, titleX: frameX },
    boxes: boxes.map((box) => ({ ...box, detailX: detailX(box, routes) })),
    edges,
  };
}
