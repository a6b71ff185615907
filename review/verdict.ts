/** The one line that a reviewer reads first. */
import { FINDING_KINDS } from "./findings/kinds";
import { SEVERITIES, type FileChange, type Finding, type StackReport } from "./report";

export const EMPTY_VERDICT = "No change: both sides mean the same";

export function verdictOf(
  findings: readonly Finding[],
  stacks: readonly StackReport[],
  files: readonly FileChange[],
): string {
  if (findings.length + stacks.length + files.length === 0) return EMPTY_VERDICT;
  const counts = SEVERITIES.filter((severity) => severity !== "info").flatMap((severity) => {
    const { length } = findings.filter((finding) => finding.severity === severity);
    return length === 0 ? [] : [`${length} ${severity}`];
  });
  const worst = findings[0];
  const head =
    counts.length === 0 || worst === undefined
      ? "Nothing dangerous found"
      : `${counts.join(", ")}: ${FINDING_KINDS[worst.kind].title.toLowerCase()}${findings.length > 1 && counts.length > 0 ? ", first of all" : ""}`;
  return `${head}. ${changesOf(stacks, files)}`;
}

function changesOf(stacks: readonly StackReport[], files: readonly FileChange[]): string {
  const resources = stacks
    .flatMap((stack) => stack.resources)
    .filter(({ block, routine }) => block === "resource" && routine !== true);
  const hosts = new Set(files.flatMap((file) => file.hosts));
  const parts = [
    counted(stacks.length, "stack"),
    counted(resources.length, "resource"),
    `${counted(files.length, "file")}${hosts.size === 0 ? "" : ` on ${counted(hosts.size, "host")}`}`,
  ];
  const total = stacks.length + resources.length + files.length;
  return `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)} ${total === 1 ? "changes" : "change"}`;
}

const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : "s"}`;
