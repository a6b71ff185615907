/** What the doctor says, in words and as JSON. */
import type { Finding, Severity } from "./types";

const WORD: Readonly<Record<Severity, string>> = { error: "ERROR", warning: "warning", unknown: "unknown", ok: "ok" };

/** `ERROR    images  hosts.sync-1.image: …` with what follows from it on lines of their own. */
export function findingInWords({ severity, check, place, found, meaning, allowed, try: next }: Finding): string {
  return [
    `${WORD[severity].padEnd(8)} ${check}  ${place}: ${found}`,
    ...(meaning === undefined ? [] : [`  ${meaning}`]),
    ...(allowed === undefined ? [] : [`  allowed: ${allowed}`]),
    ...(next === undefined ? [] : [`  try: ${next}`]),
  ].join("\n");
}

/** All that is not ok, worst first, and a last line that counts. */
export function inWords(findings: readonly Finding[]): string {
  const of = (severity: Severity): readonly Finding[] => findings.filter((finding) => finding.severity === severity);
  const told = (["unknown", "warning", "error"] as const).flatMap((severity) => of(severity).map(findingInWords));
  const count = (severity: Severity, one: string, many: string): string =>
    `${of(severity).length} ${of(severity).length === 1 ? one : many}`;
  const last = [
    count("error", "error", "errors"),
    count("warning", "warning", "warnings"),
    `${of("unknown").length} unknown`,
    `${of("ok").length} ok`,
  ].join(", ");
  return [...told, last].join("\n");
}

export const isWell = (findings: readonly Finding[]): boolean => !findings.some(({ severity }) => severity === "error");
