/**
 * The report as GitHub and GitLab show it in a comment: findings first and whole, the rest folded, and as much of it as fits. A name that somebody chose
 * is written so that it is nothing but its text.
 */
import {
  isEmpty,
  type AttributeChange,
  type FileChange,
  type Json,
  type Report,
  type ResourceChange,
  type StackReport,
} from "../report";
import { findingsPart } from "./markdown-findings";
import { code, cut, details, fence, text } from "./markdown-text";

/** GitHub takes 65,536 characters in a comment; the rest is for what a pipeline adds. */
export const LONGEST = 60_000;

export interface MarkdownOptions {
  /** @default {@link LONGEST} */
  readonly longest?: number;
}

/**
 * Markdown below the limit. Findings are never cut: where they alone are longer, what is alike is said once, then the reasons are shortened, then left to
 * the page; only with more places than fit even so is the document longer.
 */
export function renderMarkdown(report: Report, { longest = LONGEST }: MarkdownOptions = {}): string {
  if (isEmpty(report)) return `**${text(report.verdict)}.**\n`;
  const sections = [...report.stacks.map(stackPart), ...report.files.map(filePart)];
  const note = (left: number): string =>
    left === 0
      ? ""
      : `\n*${left} more section${left === 1 ? "" : "s"} left out: ${left === 1 ? "it does" : "they do"} not fit into a comment. \`aws2ncp review --format html\` shows everything.*\n`;
  let body = `**${text(report.verdict)}**\n\n${findingsPart(report.findings, longest - 500)}`;
  for (const [index, { forms }] of sections.entries()) {
    const room = longest - body.length - headingOf(sections, index).length - note(sections.length - index).length;
    const fitting = forms.find((form) => form.length <= room);
    if (fitting === undefined) return body + note(sections.length - index);
    body += headingOf(sections, index) + fitting;
  }
  return body;
}

interface Section {
  /** Of the part that the section belongs to. */
  readonly heading: string;
  /** From the whole to the shortest; the first that fits is taken. */
  readonly forms: readonly string[];
}

const headingOf = (sections: readonly Section[], index: number): string =>
  sections[index]?.heading === sections[index - 1]?.heading ? "" : `\n### ${sections[index]?.heading}\n\n`;

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
    forms: [
      details(summary, rows + more),
      details(summary, `${list.join("")}- attributes left out: they do not fit\n`),
      lineOf(summary),
    ],
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
  return code(cut(words, LONGEST_VALUE));
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
    forms: [
      details(summary, facts + diff),
      details(summary, `${facts}\nThe diff is left out: it does not fit.\n`),
      lineOf(summary),
    ],
  };
}

/** What is left of a section for which there is no room. */
const lineOf = (summary: string): string => `- ${text(summary)} (left out: it does not fit)\n`;
