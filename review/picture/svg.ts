/** The drawing as SVG: the same bytes for the same drawing. */
import type { Route } from "./ends";
import { EDGE, type Placed, type Text } from "./layout";
import { BETWEEN, LABEL, type Label } from "./labels";
import { CHANGES, SIGNS, signed, type Mark } from "./marks";
import type { DrawnBox, DrawnEdge, Drawing, Point } from "./routes";
import type { Edge } from "./scene";
import { STYLE } from "./style";
import { escapeXml } from "./text";

const LEGEND_HEIGHT = 24;
const HINT = "arrows: who opens the connection · numbers: ports, TCP if nothing else is said";
const TIP = { length: 8, half: 4 } as const;

const n = (value: number): string => String(Math.round(value * 10) / 10);
const markClass = (mark: Mark): string => (mark === "same" ? "" : ` a2n-m-${mark}`);
const textMark = (mark: Mark): string =>
  mark === "same" ? "" : ` a2n-c-${mark}${mark === "removed" ? " a2n-gone" : ""}`;

function text(x: number, y: number, classes: string, content: string): string {
  return `<text x="${n(x)}" y="${n(y)}" class="${classes}">${escapeXml(content)}</text>`;
}

const TEXT_CLASSES: Readonly<Record<Text["role"], string>> = {
  title: "a2n-title",
  beside: "a2n-small a2n-muted",
  detail: "a2n-small a2n-muted",
  text: "a2n-text a2n-mono",
  small: "a2n-small a2n-mono a2n-muted",
};

function boxTexts({ placed, y, detailX }: DrawnBox): string[] {
  const { box, x, texts } = placed;
  const beside = texts.find(({ role }) => role === "beside");
  return texts.flatMap((each) => {
    const { text: content, role, dx, dy, line } = each;
    const mark = role === "text" ? (line?.mark ?? "same") : role === "title" ? box.mark : "same";
    const classes = `${TEXT_CLASSES[role]}${role === "title" && box.kind === "bucket" ? " a2n-mono" : ""}${textMark(mark)}`;
    if (role === "beside") return x + dx === detailX ? [] : [text(detailX ?? x + dx, y + dy, classes, content)];
    if (role !== "title" || beside === undefined || x + beside.dx !== detailX || each !== texts[0])
      return [text(x + dx, y + dy, classes, content)];
    // As one text, so that the distance is right whatever the font.
    const detail = `<tspan dx="8" class="${TEXT_CLASSES.beside}">${escapeXml(beside.text)}</tspan>`;
    return [
      `<text x="${n(x + dx)}" y="${n(y + dy)}"><tspan class="${classes}">${escapeXml(content)}</tspan>${detail}</text>`,
    ];
  });
}

/** A bar beside each line of text that is marked: it shows from afar what the sign says. */
function bars({ placed, y }: DrawnBox): string[] {
  return placed.box.lines.flatMap((line) => {
    if (line.mark === "same") return [];
    const own = placed.texts.filter((each) => each.line?.key === line.key);
    const [first, last] = [own[0] as Text, own.at(-1) as Text];
    return [
      `<path class="a2n-bar a2n-m-${line.mark}" d="M${n(placed.x + 4)} ${n(y + first.dy - 9)}V${n(y + last.dy + 3)}"/>`,
    ];
  });
}

const rect = (x: number, y: number, width: number, height: number, classes: string, radius: number): string =>
  `<rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" rx="${radius}" class="${classes}"/>`;

/** A host's box shows its hosts' marks on its own border when all of them agree. */
function boxShape({ placed, y, height }: DrawnBox): string {
  const { box, x, width } = placed;
  return rect(x, y, width, height, `a2n-${box.kind}${markClass(box.mark)}`, box.kind === "area" ? 8 : 6);
}

/** Straight lines with rounded corners. */
function pathOf(points: readonly Point[]): string {
  const [first, ...others] = points as [Point, ...Point[]];
  let path = `M${n(first.x)} ${n(first.y)}`;
  others.forEach((point, index) => {
    const next = others[index + 1];
    if (next === undefined) {
      path += `L${n(point.x)} ${n(point.y)}`;
      return;
    }
    const before = points[index] as Point;
    const radius = Math.min(5, distance(before, point) / 2, distance(point, next) / 2);
    const [a, b] = [towards(point, before, radius), towards(point, next, radius)];
    path += `L${n(a.x)} ${n(a.y)}Q${n(point.x)} ${n(point.y)} ${n(b.x)} ${n(b.y)}`;
  });
  return path;
}

const distance = (a: Point, b: Point): number => Math.abs(a.x - b.x) + Math.abs(a.y - b.y);
const towards = (from: Point, to: Point, by: number): Point => ({
  x: from.x + Math.sign(to.x - from.x) * by,
  y: from.y + Math.sign(to.y - from.y) * by,
});

/** The head of the arrow at the last point; ends stand upright. */
function tipOf(points: readonly Point[]): string {
  const [before, end] = points.slice(-2) as [Point, Point];
  const back = end.y + Math.sign(before.y - end.y) * TIP.length;
  return `<path class="a2n-tip" d="M${n(end.x)} ${n(end.y)}L${n(end.x - TIP.half)} ${n(back)}L${n(end.x + TIP.half)} ${n(back)}Z"/>`;
}

/** "presto to hdp: 9083 thrift (names of tables)", for the tooltip. */
function sentence({ from, to, ports }: Edge): string {
  return `${from} to ${to}: ${ports.map((port) => `${signed(port.mark, port.text)} (${port.why})`).join("; ")}`;
}

function edgeShape({ route, points }: DrawnEdge): string {
  const { edge } = route;
  return `<g class="a2n-edge${markClass(edge.mark)}"><title>${escapeXml(sentence(edge))}</title><path class="a2n-line" d="${pathOf(points)}"/>${tipOf(points)}</g>`;
}

function labelText({ lines }: Label, at: Point, ground: string): string {
  return lines
    .map((parts, index) => {
      const y = at.y + LABEL.size + index * LABEL.step - 1;
      const spans = parts.map(({ text: content, mark }, place) => {
        const dot = place === 0 ? "" : escapeXml(BETWEEN);
        return mark === "same"
          ? `${dot}${escapeXml(content)}`
          : `${dot}<tspan class="a2n-strong a2n-c-${mark}">${escapeXml(content)}</tspan>`;
      });
      return `<text x="${n(at.x)}" y="${n(y)}" class="a2n-small a2n-mono a2n-label a2n-h-${ground}">${spans.join("")}</text>`;
    })
    .join("");
}

/** What its label stands on. */
function groundOf({ from }: Route): "page" | "frame" | "area" {
  const channel = from.channels.at(-1);
  return channel === 0 ? "page" : typeof channel === "number" ? "frame" : "area";
}

/** What the marks mean; only where two sides are compared. */
function legend(y: number): string {
  let x = EDGE;
  return CHANGES.map((change) => {
    const swatch = rect(x, y + 5, 16, 12, `a2n-outside a2n-m-${change}`, 3);
    const words = text(x + 22, y + 15, `a2n-text a2n-c-${change}`, `${SIGNS[change]} ${change}`);
    x += 44 + change.length * 7 + 22;
    return `${swatch}${words}`;
  }).join("");
}

/** One sentence about the picture for who does not see it. */
function summary({ scene }: Drawing): string {
  const boxes = scene.bands.flat().flatMap((box) => [box, ...box.children]);
  const hosts = boxes.flatMap(({ lines }) => lines.filter(({ key }) => key.startsWith("host:"))).length;
  const buckets = boxes.filter(({ kind }) => kind === "bucket").length;
  return `${hosts} hosts, ${buckets} buckets; ${scene.edges.map(sentence).join(". ")}.`;
}

export interface SvgOptions {
  /** Adds the legend of marks. */
  readonly compares: boolean;
}

/** Writes the drawing. */
export function svgOf(drawing: Drawing, { compares }: SvgOptions): string {
  const { scene, width, frame, boxes, edges } = drawing;
  const height = drawing.height + (compares ? LEGEND_HEIGHT : 0);
  const isArea = (placed: Placed): boolean => placed.children.length > 0;
  const parts = [
    rect(0, 0, width, height, "a2n-page", 0),
    text(EDGE, 23, "a2n-head", scene.title),
    `<text x="${n(width - EDGE)}" y="23" text-anchor="end" class="a2n-small a2n-muted">${HINT}</text>`,
    rect(EDGE, frame.y, width - 2 * EDGE, frame.height, "a2n-frame", 10),
    text(frame.titleX, frame.y + 17, "a2n-title", scene.frame),
    ...boxes.filter(({ placed }) => isArea(placed)).map(boxShape),
    ...edges.map(edgeShape),
    ...boxes.filter(({ placed }) => !isArea(placed)).map(boxShape),
    ...boxes.flatMap(bars),
    ...boxes.flatMap(boxTexts),
    ...edges.map(({ route, label }) => labelText(route.label, label, groundOf(route))),
    ...(compares ? [legend(drawing.height)] : []),
  ];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" class="a2n" width="${n(width)}" height="${n(height)}" viewBox="0 0 ${n(width)} ${n(height)}" role="img">` +
    `<title>${escapeXml(scene.title)}: hosts, buckets and who may connect to whom</title><desc>${escapeXml(summary(drawing))}</desc>` +
    `<style>${STYLE}</style>\n${parts.join("\n")}\n</svg>\n`
  );
}
