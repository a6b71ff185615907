/** The page as text: whole, escaped, the same each time. How it behaves is in browser.test.ts. */
import { createHash } from "node:crypto";
import { renderHtml } from "../../../review/html/page";
import { html } from "../../../review/html/html";
import { emptyReport, EVIL, report } from "./report";

const page = renderHtml(report());

it("is the same bytes for the same report", () => {
  expect(renderHtml(report())).toBe(page);
});

it("loads nothing: no address but the SVG's name space", () => {
  expect(page).not.toMatch(/https?:\/\/(?!www\.w3\.org\/2000\/svg")/);
  expect(page).not.toMatch(/@import|url\(|<link rel="stylesheet"|<script src/);
});

it("lets no name out of its place", () => {
  expect(page).not.toContain("<img");
  expect(page.match(/<script/g)).toHaveLength(1);
  expect(page).toContain("port B admits x&quot;&gt;&lt;img src=x onerror=alert(1)&gt;");
  expect(EVIL).toContain("<script>");
});

it("runs the one script whose hash its policy names", () => {
  const [, script = ""] = /<script>([^]*?)<\/script>/.exec(page) ?? [];
  const hash = createHash("sha256").update(script).digest("base64");
  expect(page).toContain(`script-src &#39;sha256-${hash}&#39;`);
  expect(page).toContain("default-src &#39;none&#39;");
});

it("begins with the verdict, then findings from the gravest down, then the rest", () => {
  const order = [
    "<h1>Stop:",
    ">critical</span>",
    ">high</span>",
    ">medium</span>",
    ">low</span>",
    "2 changes to know",
    '<h2 id="picture-title"',
    '<h2 id="infrastructure-title"',
    '<h2 id="files-title"',
  ];
  const places = order.map((text) => page.indexOf(text));
  expect(places).not.toContain(-1);
  expect([...places].sort((a, b) => a - b)).toEqual(places);
});

it("is one line for no change", () => {
  const empty = renderHtml(emptyReport());
  const body = empty.slice(empty.indexOf("<body>"));
  expect(
    body
      .replace(/<[^>]+>/g, " ")
      .replace(/\s+/g, " ")
      .trim(),
  ).toBe("Review No change: both sides give the same stacks and files");
  expect(empty).not.toContain("<script");
});

it("has no picture where no plan was written, and one where only one was", () => {
  expect(renderHtml({ ...report(), plans: {} })).not.toContain('id="picture"');
  const { after } = report().plans;
  const one = renderHtml({ ...report(), plans: after === undefined ? {} : { after } });
  expect(one.match(/<svg /g)).toHaveLength(1);
});

it("escapes values, joins lists, leaves out what is not there", () => {
  expect(html`<p title="${`"'`}">${["<", html`<b>${1}</b>`]}${false}${undefined}</p>`.text).toBe(
    '<p title="&quot;&#39;">&lt;<b>1</b></p>',
  );
});
