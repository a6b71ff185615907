/** The findings in Markdown: as much of each as fits, and never one less. */
import { FINDING_KINDS } from "../findings/kinds";
import type { Finding, Severity } from "../report";
import { code, cut, details, text } from "./markdown-text";

const SIGNS: Readonly<Record<Severity, string>> = { critical: "🔴", high: "🟠", medium: "🟡", low: "🔵", info: "⚪" };

/** One way to write findings. */
type FindingsForm = (findings: readonly Finding[]) => string;

/** From the whole to the shortest. */
const FINDINGS_FORMS: readonly FindingsForm[] = [
  (findings) => findings.map(findingLine).join(""),
  (findings) =>
    alike(findings)
      .map((group) => groupLines(group, Infinity))
      .join(""),
  (findings) =>
    alike(findings)
      .map((group) => groupLines(group, 80))
      .join(""),
  (findings) =>
    alike(findings)
      .map((group) => groupLines(group, 0))
      .join(""),
];

/** In the first form that fits into so many characters, or the shortest. */
export function findingsPart(findings: readonly Finding[], room: number): string {
  if (findings.length === 0) return "No findings.\n";
  const loud = findings.filter(({ severity }) => severity !== "info");
  const quiet = findings.filter(({ severity }) => severity === "info");
  const parts = FINDINGS_FORMS.map((form) => {
    const shown = form(loud);
    const folded =
      quiet.length === 0
        ? ""
        : details(`${SIGNS.info} ${quiet.length} for information: narrowed, rotated, grown`, form(quiet));
    return shown + (shown !== "" && folded !== "" ? "\n" : "") + folded;
  });
  return parts.find((part) => part.length <= room) ?? (parts.at(-1) as string);
}

const headOf = ({ severity, kind }: Finding): string =>
  `- ${SIGNS[severity]} **${severity}: ${FINDING_KINDS[kind].title}**`;

function whereOf({ place }: Finding): string {
  return [place.construct, place.host, place.file]
    .filter((part) => part !== undefined)
    .map(code)
    .join(" · ");
}

function findingLine(finding: Finding): string {
  const where = whereOf(finding);
  return `${headOf(finding)}${where === "" ? "" : ` · ${where}`}\n  ${code(finding.reason)}\n  → ${text(finding.consequence)}\n`;
}

/** Findings of one severity and kind with one consequence, in the order of the first of each. */
function alike(findings: readonly Finding[]): Finding[][] {
  const groups = new Map<string, Finding[]>();
  for (const each of findings) {
    const key = [each.severity, each.kind, each.consequence].join("\0");
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()];
}

/** Their places under one heading, each with as much of its reason. */
function groupLines(group: readonly Finding[], longestReason: number): string {
  const first = group[0] as Finding;
  const head = `${headOf(first)} · ${group.length} ×\n  → ${text(first.consequence)}\n`;
  if (longestReason === 0) return `${head}  ${group.map(whereOf).join(", ")}\n`;
  const lines = group.map((each) => `  - ${whereOf(each)} ${code(cut(each.reason, longestReason))}\n`);
  return head + lines.join("");
}
