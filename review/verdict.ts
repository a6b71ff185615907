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
  const total = findings.filter(({ severity }) => severity !== "info").length;
  const head =
    worst === undefined || total === 0
      ? "Nothing dangerous found"
      : `${counts.join(", ")} finding${total === 1 ? "" : "s"}, the gravest: ${inSentence(FINDING_KINDS[worst.kind].title)}`;
  return `${head}. ${changesOf(stacks, files)}`;
}

function changesOf(stacks: readonly StackReport[], files: readonly FileChange[]): string {
  const resources = stacks
    .flatMap((stack) => stack.resources)
    .filter(({ block, routine }) => block === "resource" && routine !== true);
  const hosts = new Set(files.flatMap((file) => file.hosts));
  const parts = [
    ...(stacks.length === 0 ? [] : [counted(stacks.length, "stack")]),
    ...(resources.length === 0 ? [] : [counted(resources.length, "resource")]),
    ...(files.length === 0
      ? []
      : [`${counted(files.length, "file")}${hosts.size === 0 ? "" : ` on ${counted(hosts.size, "host")}`}`]),
  ];
  if (parts.length === 0) return "No stack and no file changes";
  const list = parts.length < 2 ? (parts[0] ?? "") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
  return `${list} ${stacks.length + resources.length + files.length === 1 ? "changes" : "change"}`;
}

const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : "s"}`;

/** "Data destroyed" inside a sentence; "IAM rights widened" stays. */
const inSentence = (title: string): string =>
  /^[A-Z]{2}/.test(title) ? title : title.charAt(0).toLowerCase() + title.slice(1);
