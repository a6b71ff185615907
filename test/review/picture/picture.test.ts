/** The picture: what it shows, what it marks, and that it can be read wherever its parts end up. */
import { compareScenes } from "../../../review/picture/compare";
import { drawPicture } from "../../../review/picture/picture";
import { drawingOf, type Drawing, type Point } from "../../../review/picture/routes";
import { sceneOf } from "../../../review/picture/scene-of-plan";
import type { Box, Edge, Scene } from "../../../review/picture/scene";
import { escapeXml, widthOf, wrap } from "../../../review/picture/text";
import { example, flow, host, riskyPlan, largePlan } from "./plans";

const boxesOf = (scene: Scene): Box[] => scene.bands.flat().flatMap((box) => [box, ...box.children]);
const boxIn = (scene: Scene, id: string): Box => boxesOf(scene).find((box) => box.id === id) as Box;
const edgeIn = (scene: Scene, from: string, to: string): Edge | undefined =>
  scene.edges.find((edge) => edge.from === from && edge.to === to);
const portsOf = (edge: Edge | undefined): string[] => (edge?.ports ?? []).map(({ text, mark }) => `${mark} ${text}`);

describe("the scene of the example", () => {
  const scene = sceneOf(example());

  it("has the buckets of both sides, the subnets and their hosts", () => {
    expect(boxIn(scene, "aws").lines.map(({ text }) => text)).toEqual([
      "company-api-log/api_log/",
      "company-event-log/event_log/",
      "company-hive/hive/",
    ]);
    expect(boxIn(scene, "object-storage").children.map(({ title }) => title)).toEqual([
      "aws2ncp-api-log",
      "aws2ncp-event-log",
      "aws2ncp-hive",
      "aws2ncp-replaced",
    ]);
    expect(boxIn(scene, "bucket:aws2ncp-hive").lines).toEqual([
      { key: "copy:hive", text: "hive/ ← company-hive", details: ["on demand"], mark: "same" },
    ]);
    expect(boxIn(scene, "sync").lines).toEqual([
      {
        key: "host:sync-1",
        text: "sync-1 10.20.1.6",
        details: ["s2-g3 · 10 GB /var/lib/aws2ncp"],
        mark: "same",
      },
    ]);
    expect(boxIn(scene, "public").children.map(({ id }) => id)).toEqual(["proxy"]);
  });

  it("bundles the flows of a pair, and TCP and UDP of one port", () => {
    expect(portsOf(edgeIn(scene, "private", "proxy"))).toEqual(["same 123 UDP ntp", "same 3128 http"]);
    expect(portsOf(edgeIn(scene, "private", "name-servers"))).toEqual(["same 53 TCP+UDP dns"]);
    expect(scene.edges).toHaveLength(17);
  });
});

it("shows ranges, which proxy is in use, and parties that it has no place for", () => {
  const plan = largePlan();
  const parties = { ...plan.parties, kdc: ["192.0.2.9/32"] };
  const scene = sceneOf({ ...plan, parties, flows: [...plan.flows, flow("hdp", "kdc", 88, "kerberos")] });
  expect(portsOf(edgeIn(scene, "hdp", "hdp"))).toEqual(["same 1024-65535 hadoop"]);
  expect(boxIn(scene, "proxy").lines.map(({ details }) => details[0])).toEqual(["in use", "stands by"]);
  expect(boxIn(scene, "kdc").lines.map(({ text }) => text)).toEqual(["192.0.2.9/32"]);
  expect(
    boxIn(scene, "hdp")
      .lines.map(({ key }) => key)
      .slice(-2),
  ).toEqual(["host:hdp-8", "host:hdp-9"]);
});

describe("a comparison", () => {
  const scene = compareScenes(sceneOf(largePlan()), sceneOf(riskyPlan()), new Map([["host:airflow-1", "replaced"]]));
  const markOf = (id: string, key: string): string | undefined =>
    boxIn(scene, id).lines.find((line) => line.key === key)?.mark;

  it("marks hosts, addresses, listed hosts and buckets", () => {
    expect(markOf("hdp", "host:hdp-10")).toBe("added");
    expect(markOf("hdp", "host:hdp-1")).toBe("same");
    expect(markOf("presto", "host:presto-2")).toBe("removed");
    expect(markOf("airflow", "host:airflow-1")).toBe("replaced");
    expect(markOf("admin", "admin:0.0.0.0/0")).toBe("added");
    expect(boxIn(scene, "bucket:aws2ncp-audit").mark).toBe("added");
    expect(boxIn(scene, "bucket:aws2ncp-hive").mark).toBe("same");
  });

  it("marks an edge by its ports", () => {
    expect(edgeIn(scene, "sync", "internet")?.mark).toBe("added");
    expect(edgeIn(scene, "airflow", "presto")?.mark).toBe("removed");
    expect(edgeIn(scene, "presto", "hdp")?.mark).toBe("changed");
    expect(portsOf(edgeIn(scene, "presto", "hdp"))).toEqual([
      "same 8020 hdfs",
      "same 9083 thrift",
      "removed 50010 hdfs",
    ]);
    expect(edgeIn(scene, "admin", "proxy")?.mark).toBe("same");
  });

  it("says what a changed line was before", () => {
    const before = example();
    const hosts = before.hosts.map((each) => (each.name === "sync-1" ? { ...each, address: "10.20.1.9" } : each));
    const [line] = boxIn(compareScenes(sceneOf(before), sceneOf({ ...before, hosts })), "sync").lines;
    expect(line).toMatchObject({ text: "sync-1 10.20.1.9", mark: "changed" });
    expect(line?.details).toContain("was 10.20.1.6");
  });

  it("marks nothing where nothing changed", () => {
    const same = compareScenes(sceneOf(largePlan()), sceneOf(largePlan()));
    expect(same).toEqual(sceneOf(largePlan()));
  });
});

/** Corners of a rectangle. */
interface Area {
  readonly name: string;
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

const overlap = (a: Area, b: Area): boolean => a.x1 < b.x2 && b.x1 < a.x2 && a.y1 < b.y2 && b.y1 < a.y2;

const leaves = ({ boxes }: Drawing): Area[] =>
  boxes
    .filter(({ placed }) => placed.children.length === 0)
    .map(({ placed: { box, x, width }, y, height }) => ({ name: box.id, x1: x, y1: y, x2: x + width, y2: y + height }));

/** The titles of areas, which lines must not cross. */
const titles = ({ boxes }: Drawing): Area[] =>
  boxes
    .filter(({ placed }) => placed.children.length > 0)
    .map(({ placed: { box, x, texts }, y }) => {
      const { dx, dy, text } = texts[0] as { dx: number; dy: number; text: string };
      return { name: box.title, x1: x + dx, y1: y + dy - 9, x2: x + dx + widthOf(text, 12, "bold"), y2: y + dy + 2 };
    });

const labels = ({ edges }: Drawing): Area[] =>
  edges.map(({ route, label }) => ({
    name: `${route.edge.from} ${route.edge.to}`,
    x1: label.x,
    y1: label.y,
    x2: label.x + route.label.width,
    y2: label.y + route.label.height,
  }));

/** The straight pieces of an edge, a little shorter at both ends, where they may touch. */
const pieces = (points: readonly Point[], name: string): Area[] =>
  points.slice(1).map((to, index) => {
    const from = points[index] as Point;
    const inset = (a: number, b: number): [number, number] => [Math.min(a, b) + 0.5, Math.max(a, b) - 0.5];
    const [x1, x2] = from.x === to.x ? [from.x - 0.1, from.x + 0.1] : inset(from.x, to.x);
    const [y1, y2] = from.y === to.y ? [from.y - 0.1, from.y + 0.1] : inset(from.y, to.y);
    return { name, x1, y1, x2, y2 };
  });

const both = (as: readonly Area[], bs: readonly Area[]): string[] =>
  as.flatMap((a) => bs.filter((b) => a !== b && overlap(a, b)).map((b) => `${a.name} / ${b.name}`));

describe.each([
  ["the example", () => sceneOf(example())],
  ["fifteen hosts", () => sceneOf(largePlan())],
  ["a comparison", () => compareScenes(sceneOf(largePlan()), sceneOf(riskyPlan()))],
])("%s", (_name, scene) => {
  const drawing = drawingOf(scene());
  const lines = drawing.edges.flatMap(({ route, points }) => pieces(points, `${route.edge.from} ${route.edge.to}`));

  it("has no line through a box's text or an area's title", () => {
    expect(both(lines, leaves(drawing))).toEqual([]);
    expect(both(lines, titles(drawing))).toEqual([]);
  });

  it("has no label on another, or on a box", () => {
    const own = labels(drawing);
    expect(both(own, own)).toEqual([]);
    expect(both(labels(drawing), leaves(drawing))).toEqual([]);
  });

  it("never lays two edges onto each other", () => {
    const upright = lines.filter(({ x1, x2 }) => x2 - x1 < 1);
    const level = lines.filter(({ y1, y2 }) => y2 - y1 < 1);
    const different = (areas: readonly Area[]): string[] =>
      both(areas, areas).filter((pair) => {
        const [a, b] = pair.split(" / ");
        return a !== b;
      });
    expect(different(upright)).toEqual([]);
    expect(different(level)).toEqual([]);
  });

  it("keeps every text in its box, and every box and label on the page", () => {
    const page = { x1: 0, y1: 0, x2: drawing.width, y2: drawing.height };
    const out = [...leaves(drawing), ...labels(drawing)].filter(
      ({ x1, y1, x2, y2 }) => x1 < page.x1 || y1 < page.y1 || x2 > page.x2 || y2 > page.y2,
    );
    expect(out).toEqual([]);
    for (const { placed, height } of drawing.boxes)
      for (const { text, dx, dy, role } of placed.texts) {
        const face = role === "title" ? "bold" : role === "beside" || role === "detail" ? "sans" : "mono";
        const size = role === "title" ? 12 : role === "text" ? 11 : 10;
        expect(dx + widthOf(text, size, face)).toBeLessThanOrEqual(placed.width - 8);
        expect(dy).toBeLessThan(height);
      }
  });

  it("is as wide as a pull request", () => {
    expect(drawing.width).toBe(800);
  });
});

describe("the SVG", () => {
  const svg = drawPicture(riskyPlan(), { before: largePlan() });

  it("is the same bytes for the same plans", () => {
    expect(drawPicture(riskyPlan(), { before: largePlan() })).toBe(svg);
  });

  it("escapes what it shows", () => {
    expect(svg).not.toContain("<script");
    expect(drawPicture({ ...example(), name: `"><script>'&\u0001` })).toContain(
      "<title>&quot;&gt;&lt;script&gt;&#39;&amp;\u{FFFD}: hosts",
    );
  });

  it("loads nothing and runs nothing", () => {
    expect(svg).not.toMatch(/https?:\/\/(?!www\.w3\.org\/2000\/svg")|url\(|@import|href|<image|\son\w+=/);
  });

  it("says each change by a sign too, and explains the signs", () => {
    for (const words of [
      "+ hdp-10 10.20.1.29",
      "− presto-2 10.20.1.71",
      "+ aws2ncp-audit",
      "− 50010 hdfs",
      "+ added",
      "± replaced",
    ])
      expect(svg).toContain(`>${words}<`);
    expect(drawPicture(riskyPlan())).not.toMatch(/>[+−±~] /);
  });

  it("is light by itself and dark for who prefers it", () => {
    const [light, dark] = svg.split("@media screen and (prefers-color-scheme:dark)");
    expect(light).toContain(".a2n-page{fill:#ffffff}");
    expect(dark).toContain(".a2n-page{fill:#0d1117}");
  });

  it("grows wider only when its hosts' boxes would not fit side by side", () => {
    const roles = ["kafka", "kdc", "spark", "web"].map((role, index) => host(`${role}-1`, `10.20.1.${150 + index}`));
    const plan = largePlan();
    const { width } = drawingOf(sceneOf({ ...plan, hosts: [...plan.hosts, ...roles] }));
    expect(width).toBeGreaterThan(800);
    expect(width).toBeLessThan(1300);
  });
});

describe("texts", () => {
  it("break at blanks first", () => {
    expect(wrap("was at 10.20.1.100", 90, 10, "mono")).toEqual(["was at", "10.20.1.100"]);
  });

  it("break behind the signs of names, and a long word is cut", () => {
    expect(wrap("company-event-log/event_log/", 110, 10, "mono")).toEqual(["company-event-log/", "event_log/"]);
    expect(wrap("abcdefghijkl", 31, 10, "mono")).toEqual(["abcde", "fghij", "kl"]);
    expect(wrap("", 100, 10, "mono")).toEqual([""]);
  });

  it("show what XML can't hold as a sign", () => {
    expect(escapeXml("a\u0000b\uD800c")).toBe("a\uFFFDb\uFFFDc");
  });
});
