/**
 * The report as GitHub and GitLab show it in a comment: findings first and whole, the rest folded, and as much of it as fits. A name that somebody chose
 * is written so that it is nothing but its text.
 */
import { FINDING_KINDS } from "../findings/kinds";
import {
  isEmpty,
  SEVERITIES,
  type AttributeChange,
  type FileChange,
  type Finding,
  type Json,
  type Report,
  type ResourceChange,
  type Severity,
  type StackReport,
} from "../report";

/** GitHub takes 65,536 characters in a comment; the rest is for what a pipeline adds. */
export const LONGEST = 60_000;

const SIGNS: Readonly<Record<Severity, string>> = { critical: "🔴", high: "🟠", medium: "🟡", low: "🔵", info: "⚪" };

export interface MarkdownOptions {
  /** @default {@link LONGEST} */
  readonly longest?: number;
}

/** Markdown below the limit. Findings are never cut: only where they alone are longer, the document is. */
export function renderMarkdown(report: Report, { longest = LONGEST }: MarkdownOptions = {}): string {
  if (isEmpty(report)) return `**${text(report.verdict)}.**\n`;
  const head = `**${text(report.verdict)}**\n\n${findingsPart(report.findings)}`;
  const sections = [...report.stacks.map(stackPart), ...report.files.map(filePart)];
  const note = (left: number): string =>
    `\n*${left} more section${left === 1 ? "" : "s"} left out: ${left === 1 ? "it does" : "they do"} not fit into a comment. \`aws2ncp review --format html\` shows everything.*\n`;
  let body = head;
  for (const [index, { heading, whole, short }] of sections.entries()) {
    const title = headingOf(sections, index);
    const rest = sections.length - index;
    const room = longest - note(rest).length;
    if (body.length + title.length + whole.length <= room) body += title + whole;
    else if (body.length + title.length + short.length <= room) body += title + short;
    else return body + note(rest);
    void heading;
  }
  return body;
}

interface Section {
  /** Of the part that the section belongs to. */
  readonly heading: string;
  readonly whole: string;
  /** Without what can be long. */
  readonly short: string;
}

const headingOf = (sections: readonly Section[], index: number): string =>
  sections[index]?.heading === sections[index - 1]?.heading ? "" : `\n### ${sections[index]?.heading}\n\n`;

function findingsPart(findings: readonly Finding[]): string {
  if (findings.length === 0) return "No findings.\n";
  const loud = findings.filter(({ severity }) => severity !== "info");
  const quiet = findings.filter(({ severity }) => severity === "info");
  const shown = SEVERITIES.flatMap((severity) =>
    loud.filter((finding) => finding.severity === severity).map(findingLine),
  ).join("");
  const folded =
    quiet.length === 0
      ? ""
      : details(
          `${SIGNS.info} ${quiet.length} for information: narrowed, rotated, grown`,
          quiet.map(findingLine).join(""),
        );
  return shown + (shown !== "" && folded !== "" ? "\n" : "") + folded;
}

function findingLine({ severity, kind, place, reason, consequence }: Finding): string {
  const where = [place.construct, place.host, place.file]
    .filter((part) => part !== undefined)
    .map(code)
    .join(" · ");
  return `- ${SIGNS[severity]} **${severity}: ${FINDING_KINDS[kind].title}**${where === "" ? "" : ` · ${where}`}\n  ${code(reason)}\n  → ${text(consequence)}\n`;
}

const ACTIONS: Readonly<Record<ResourceChange["action"], string>> = {
  added: "+",
  changed: "~",
  replaced: "-/+",
  removed: "-",
  moved: ">",
};

function stackPart({ name, action, resources, delivery, drift, planned }: StackReport): Section {
  const seen = resources.filter(({ routine }) => routine !== true);
  const routine = resources.length - seen.length;
  const summary = `${name}: ${action === "changed" ? counts(seen) : action}`;
  const list = seen.map(
    (each) =>
      `- \`${ACTIONS[each.action]}\` ${code(each.address)} ${each.action}${each.movedFrom === undefined ? "" : ` from ${code(each.movedFrom)}`}\n${each.replacedBecause.map((reason) => `  - because of ${code(reason)}\n`).join("")}`,
  );
  const rows = seen.map((each, index) => `${list[index]}${attributeLines(each.attributes, "  ")}`).join("");
  const more = [
    ...(delivery.length === 0 ? [] : [`- delivery\n${attributeLines(delivery, "  ")}`]),
    ...planned.map((words) => `- plan: ${code(words)}\n`),
    ...drift.map(({ address, attributes }) => `- drift of ${code(address)}\n${attributeLines(attributes, "  ")}`),
    ...(routine === 0 ? [] : [`- ${routine} resources copy the state first, as before every change\n`]),
  ].join("");
  return {
    heading: "Infrastructure",
    whole: details(summary, rows + more),
    short: details(summary, list.join("") + "- attributes left out: they do not fit\n"),
  };
}

function counts(resources: readonly ResourceChange[]): string {
  const actions = [...new Set(resources.map(({ action }) => action))].sort();
  return (
    actions.map((action) => `${resources.filter((each) => each.action === action).length} ${action}`).join(", ") ||
    "delivery or plan only"
  );
}

const MOST_ATTRIBUTES = 40;

function attributeLines(changes: readonly AttributeChange[], indent: string): string {
  const lines = changes.slice(0, MOST_ATTRIBUTES).map(({ path, before, after, replaces, ignored }) => {
    const note = replaces === true ? " **replaces**" : ignored === true ? " (ignored on what exists)" : "";
    return `${indent}- ${code(path)}: ${value(before)} → ${value(after)}${note}\n`;
  });
  const left = changes.length - lines.length;
  return lines.join("") + (left > 0 ? `${indent}- and ${left} more\n` : "");
}

const LONGEST_VALUE = 200;

function value(content: Json | undefined): string {
  if (content === undefined) return "nothing";
  const words = typeof content === "string" ? content : JSON.stringify(content);
  return code(words.length > LONGEST_VALUE ? `${words.slice(0, LONGEST_VALUE)}…` : words);
}

function filePart(file: FileChange): Section {
  const { path, hosts, action, kind, meaning, attributes, restarts } = file;
  const where = hosts.length === 0 ? "" : ` on ${hosts.join(", ")}`;
  const harmless =
    action === "changed" && meaning.length === 0 && attributes.length === 0
      ? " (order, comments or white space only)"
      : "";
  const summary = `${path}${where}: ${action}${harmless}`;
  const facts = [
    ...(restarts.length === 0 ? [] : [`Then: ${restarts.map(code).join(", ")}\n\n`]),
    ...(kind === "text" || kind === "lines" ? [] : [attributeLines(meaning, "")]),
    ...(attributes.length === 0 ? [] : [attributeLines(attributes, "")]),
  ].join("");
  const diff = file.text === "" ? "" : `\n${fence(file.text, "diff")}`;
  return {
    heading: "Rendered files",
    whole: details(summary, facts + diff),
    short: details(summary, `${facts}\nThe diff is left out: it does not fit.\n`),
  };
}

/** Folded; the blank lines let Markdown be Markdown inside. */
function details(summary: string, body: string): string {
  return `<details><summary>${text(summary)}</summary>\n\n${body}\n</details>\n`;
}

/** A fence longer than any run of backticks inside. */
function fence(content: string, language: string): string {
  const longest = Math.max(2, ...[...content.matchAll(/`+/g)].map(([run]) => run.length));
  const ticks = "`".repeat(longest + 1);
  return `${ticks}${language}\n${content}\n${ticks}\n`;
}

/** A text as code: on one line, in backticks that none inside can end. */
export function code(content: string): string {
  const line = content
    .replaceAll(/[\r\n\u2028\u2029]+/g, " ↵ ")
    .replaceAll(/\s+/g, " ")
    .replaceAll(UNPRINTABLE, "�")
    .trim();
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const ticks = "`".repeat(longest + 1);
  const pad = line.startsWith("`") || line.endsWith("`") || line === "" ? " " : "";
  return `${ticks}${pad}${line}${pad}${ticks}`;
}

/** Control characters, and those that turn the direction of writing. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}]/gu;

/** A text as itself: no HTML, no Markdown, no mention, no link. */
export function text(content: string): string {
  return content
    .replaceAll(/[\r\n\u2028\u2029]+/g, " ")
    .replaceAll(UNPRINTABLE, "�")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll(/[\\`*_{}[\]()#+!|~$]/g, (sign) => `\\${sign}`)
    .replaceAll("@", "@\u2060")
    .replaceAll(/\b(https?|ftp):\/\//gi, "$1:\u2060//");
}
