/** The comment: below the limit with every finding in it, and no name that is more than its text. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HtmlRenderer, Parser } from "commonmark";
import { loadSynth } from "../../../review/input/load";
import { LONGEST, renderMarkdown } from "../../../review/render/markdown";
import { code, fence, text } from "../../../review/render/markdown-text";
import type { FileChange, Finding, Report, StackReport } from "../../../review/report";
import { reviewOf } from "../../../review/review";
import { emptyReport } from "../html/report";
import { writeSynth, type Stacks } from "../synths";

const folder = mkdtempSync(join(tmpdir(), "markdown-"));
afterAll(() => rmSync(folder, { recursive: true }));

const htmlOf = (markdown: string): string => new HtmlRenderer().render(new Parser().parse(markdown));

/** All HTML in it that is not Markdown's own. */
function rawHtml(markdown: string): string[] {
  const walker = new Parser().parse(markdown).walker();
  const found: string[] = [];
  for (let event = walker.next(); event !== null; event = walker.next())
    if (event.entering && /^html_/.test(event.node.type)) found.push(event.node.literal ?? "");
  return found;
}

/** Texts outside of code: there GitHub and GitLab look for mentions, links and references. */
const prose = (markdown: string): string =>
  htmlOf(markdown)
    .replaceAll(/<pre>[^]*?<\/pre>|<code>[^]*?<\/code>/g, "")
    .replaceAll(/<[^>]*>/g, " ");

const EVIL: readonly (readonly [string, string])[] = [
  ["an image", "<img src=x onerror=alert(1)>"],
  ["a script", "<script>alert(1)</script>"],
  ["the end of what it is folded in", "</details></summary></code>"],
  ["backticks", "a`b``c```d"],
  ["the end of a code span", "`` ` **bold** ` ``"],
  ["a fence", "\n```\n# heading\n```\n"],
  ["a table", "| a | b |\n|---|---|"],
  ["a mention", "@octocat and @org/team"],
  ["a link", "[x](https://evil.test) https://evil.test www.evil.test"],
  ["an image of Markdown's", "![x](https://evil.test/x.png)"],
  ["a reference", "fixes #12, GH-12 and !34"],
  ["a heading", "\n\n# a heading\n\n"],
  ["a list and a rule", "\n- [x] done\n\n---\n"],
  ["a comment", "<!-- hidden"],
  ["an entity", "&lt;b&gt; &#60;"],
  ["math", "$$\\href{https://evil.test}{x}$$"],
  ["emphasis", "**_~~x~~_**"],
  ["another direction of writing", "a\u202etxt.exe\u200b"],
];

/** A name everywhere that somebody can put one. */
const stacks = (name: string, value: string): Stacks => ({
  [`storage${value}`]: {
    json: {
      resource: {
        ncloud_objectstorage_bucket: {
          [name]: {
            bucket_name: `${name}${value}`,
            [name]: value,
            list: [name, value],
            "//": { metadata: { path: `storage/${name}` } },
          },
        },
        [name]: { a: { b: value } },
      },
      output: { [name]: { value } },
    },
    vars: { [name]: value },
    files: {
      [`host${name.replaceAll("/", "")}`]: {
        "/etc/a.conf": `${name}\n${value}\n`,
        [`/etc/${name}.json`]: JSON.stringify({ [name]: value }),
        [`/etc/${name}`]: `${name}${value}`,
      },
    },
  },
});

describe.each(EVIL)("a name that is %s", (_what, name) => {
  const load = (side: string, value: string) =>
    loadSynth(writeSynth(mkdtempSync(join(folder, side)), stacks(name, value)));
  const report = reviewOf(load("before", "1"), load("after", "2"));
  const markdown = renderMarkdown(report);

  it("makes no HTML", () => {
    const own = /^(<details><summary>[^<>]*<\/summary>|<\/details>|\s)*$/;
    expect(rawHtml(markdown).filter((html) => !own.test(html))).toEqual([]);
    expect(htmlOf(markdown)).not.toMatch(/<(img|script|a|table|h1|hr|em|del|!--)\b/);
  });

  it("mentions nobody, and links to nothing", () => {
    expect(prose(markdown)).not.toMatch(/@\w|#\d|!\d|GH-\d|:\/\/|\bwww\.|\$\$/);
  });

  it("ends nothing that it stands in: what follows is there", () => {
    expect(htmlOf(markdown)).toContain("<h3>Infrastructure</h3>");
    expect(htmlOf(markdown)).toContain("<h3>Rendered files</h3>");
    const html = rawHtml(markdown).join("");
    expect(html.match(/<details>/g)?.length).toBe(html.match(/<\/details>/g)?.length);
  });
});

it.each(EVIL)("%s can be read as it is", (_what, name) => {
  const shown = (markdown: string): string =>
    htmlOf(markdown)
      .replaceAll(/<[^>]*>/g, "")
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&quot;", '"')
      .replaceAll("&amp;", "&")
      .replaceAll("\u2060", "")
      .trim();
  const printable = name.replaceAll(/\p{Cf}/gu, "�");
  expect(shown(text(name))).toBe(printable.replaceAll(/\n+/g, " ").trim());
  expect(shown(code(name))).toBe(printable.replaceAll(/\n+/g, " ↵ ").replaceAll(/\s+/g, " ").trim());
  expect(shown(fence(name, "diff"))).toBe(printable.trim());
});

const finding = (number: number, more: Partial<Finding> = {}): Finding => ({
  severity: "critical",
  kind: "internet-opened",
  place: { construct: `network/group-${number}/rules` },
  reason: `0.0.0.0/0 to TCP ${number} of group-${number}, and a reason that is as long as reasons are when they name all hosts`,
  consequence: "everybody on the internet reaches this port",
  ...more,
});

const file = (number: number): FileChange => ({
  path: `/etc/file_${number}.conf`,
  hosts: ["proxy-1"],
  stacks: ["transfer"],
  action: "changed",
  kind: "text",
  meaning: [],
  attributes: [],
  text: "-old line\n+new line\n".repeat(40),
  restarts: [],
});

const stack = (number: number): StackReport => ({
  name: `stack-${number}`,
  action: "changed",
  resources: Array.from({ length: 20 }, (_, index) => ({
    action: "changed",
    block: "resource",
    address: `ncloud_server.a-${index}`,
    attributes: [{ path: "name", before: "a".repeat(100), after: "b".repeat(100) }],
    replacedBecause: [],
  })),
  delivery: [],
  drift: [],
  planned: [],
});

const report = (more: Partial<Report>): Report => ({
  verdict: "a verdict",
  findings: [],
  stacks: [],
  files: [],
  plans: {},
  ...more,
});

const times = <T>(count: number, make: (number: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));

describe("a long review", () => {
  it("is below the limit, with what did not fit counted", () => {
    const markdown = renderMarkdown(
      report({ findings: times(20, finding), stacks: times(10, stack), files: times(500, file) }),
    );
    expect(markdown.length).toBeLessThanOrEqual(LONGEST);
    expect(markdown.length).toBeGreaterThan(LONGEST - 200);
    expect(markdown.match(/^- 🔴/gm)).toHaveLength(20);
    expect(markdown).toContain("stack-9: 20 changed");
    const shown = new Set(markdown.match(/file\\?_\d+\.conf/g)).size;
    expect(markdown).toContain(
      `\n*${500 - shown} more sections left out: they do not fit into a comment. \`aws2ncp review --format html\` shows everything.*\n`,
    );
  });

  it("says of a stack what fits: all, the resources, the line", () => {
    const of = (longest: number): string => renderMarkdown(report({ stacks: [stack(1)] }), { longest });
    expect(of(10_000)).toContain("`name`: `aaaa");
    expect(of(2000)).toContain("`ncloud_server.a-19` changed\n- attributes left out: they do not fit\n");
    expect(of(300)).toContain("- stack-1: 20 changed (left out: it does not fit)\n");
    expect(of(150)).toContain("*1 more section left out: it does not fit into a comment.");
  });

  it.each([
    [200, "whole", /^ {2}→ everybody/gm, 200],
    [
      350,
      "the consequence once",
      /^ {2}- `network\/group-\d+\/rules` `0\.0\.0\.0\/0 to .* when they name all hosts`$/gm,
      350,
    ],
    [500, "the reasons short", /^ {2}- `network\/group-\d+\/rules` `0\.0\.0\.0\/0 to .*…`$/gm, 500],
    [1500, "the places alone", /`network\/group-\d+\/rules`/g, 1500],
  ])("has each of %d findings: %s", (count, _how, pattern, expected) => {
    const markdown = renderMarkdown(report({ findings: times(count, finding), files: [file(1)] }));
    expect(markdown.length).toBeLessThanOrEqual(LONGEST);
    expect(markdown.match(pattern)).toHaveLength(expected);
    for (const { place } of times(count, finding)) expect(markdown).toContain(`\`${place.construct}\``);
  });

  it("is longer rather than without a finding", () => {
    const markdown = renderMarkdown(report({ findings: times(4000, finding) }));
    expect(markdown.match(/`network\/group-\d+\/rules`/g)).toHaveLength(4000);
  });

  it("keeps findings of other consequences apart, in their order", () => {
    const findings = [
      ...times(300, finding),
      ...times(300, (number) => finding(number, { severity: "high", kind: "server-replaced", consequence: "gone" })),
      finding(1, { severity: "info", kind: "network-narrowed", consequence: "dropped" }),
    ];
    const heads = renderMarkdown(report({ findings })).match(/^- .*×$|^<details>.*$/gm);
    expect(heads).toEqual([
      "- 🔴 **critical: Opened to the whole internet** · 300 ×",
      "- 🟠 **high: Server replaced** · 300 ×",
      "<details><summary>⚪ 1 for information: narrowed, rotated, grown</summary>",
      "- ⚪ **info: Network narrowed** · 1 ×",
    ]);
  });
});

it("says so in one line where nothing changes", () => {
  expect(renderMarkdown(emptyReport())).toBe("**No change: both sides give the same stacks and files.**\n");
});
