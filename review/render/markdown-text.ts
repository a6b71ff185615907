/** Texts that somebody else chose, in Markdown: each is nothing but itself, whatever stands in it. */

/** Folded; the blank lines let Markdown be Markdown inside. The summary itself is HTML, in which Markdown's escapes would be seen. */
export function details(summary: string, body: string): string {
  return `<details><summary>${inHtml(summary)}</summary>\n\n${body}\n</details>\n`;
}

/** A fence longer than any run of backticks inside. */
export function fence(content: string, language: string): string {
  const ticks = "`".repeat(Math.max(2, longestRun(content)) + 1);
  const printable = content.replaceAll(UNPRINTABLE, (sign) => (/[\n\t]/.test(sign) ? sign : "�"));
  return `${ticks}${language}\n${printable}\n${ticks}\n`;
}

/** Of backticks. */
const longestRun = (content: string): number =>
  (content.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);

/** A text as code: on one line, in backticks that none inside can end. */
export function code(content: string): string {
  const line = content
    .replaceAll(/[\r\n\u2028\u2029]+/g, " ↵ ")
    .replaceAll(/\s+/g, " ")
    .replaceAll(UNPRINTABLE, "�")
    .trim();
  const ticks = "`".repeat(longestRun(line) + 1);
  const pad = line.startsWith("`") || line.endsWith("`") || line === "" ? " " : "";
  return `${ticks}${pad}${line}${pad}${ticks}`;
}

/** Control characters, and those that turn the direction of writing. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}]/gu;

/** A text as itself: no HTML, no Markdown, no mention, no link. */
export function text(content: string): string {
  return inHtml(content).replaceAll(/[\\`*_{}[\]()#+!|~$]|^\s*[-=]/g, (sign) => `\\${sign.trim()}`);
}

/** A text as itself in HTML, in which GitHub and GitLab still look for mentions, links and references. */
function inHtml(content: string): string {
  return content
    .replaceAll(/[\r\n\u2028\u2029]+/g, " ")
    .replaceAll(UNPRINTABLE, "�")
    .replaceAll(/[@$]|[#!&~%](?=\w)|:(?=\/\/)|\bwww(?=\.)|\bGH-(?=\d)/gi, (sign) => `${sign}\u2060`)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}

/** A text that is no longer than so many characters and a sign that it was. */
export const cut = (content: string, longest: number): string =>
  content.length > longest ? `${content.slice(0, longest)}…` : content;
