/** Findings and imports in words. */
import type { Imported } from "./import";
import type { Finding } from "./types";

export function findingsInWords(findings: readonly Finding[]): string {
  if (findings.length === 0)
    return "no orphans: everything that the stacks want is in their states, or not on the platform";
  return findings.map(inWords).join("\n");
}

function inWords({ kind, stack, address, name, ids, importId, verdict, note }: Finding): string {
  const [head, next] = {
    orphan: [
      `orphan   ${stack}  ${address}  "${name}"  ${ids.join(", ")}`,
      verdict === "import" ? `import id: ${importId}` : undefined,
    ],
    refused: [`refused  ${stack}  ${address}  "${name}"  ${ids.join(", ") || "number unknown"}`, undefined],
    unseen: [
      `unseen   ${stack}  ${address}  the platform does not show whether it is there`,
      importId === undefined ? undefined : `import id: ${importId}; --import tries it`,
    ],
  }[kind] as [string, string | undefined];
  return [head, next, note]
    .filter((line): line is string => line !== undefined)
    .map((line, index) => (index === 0 ? line : `  ${line}`))
    .join("\n");
}

const RESULTS: Readonly<Record<Imported["result"], string>> = {
  imported: "imported ",
  absent: "absent   ",
  returned: "returned ",
  failed: "FAILED   ",
  waiting: "waiting  ",
};

export function importedInWords({ stack, address, importId, result, changes = [], note }: Imported): string {
  const told = [
    ...(result === "absent" ? ["it is not on the platform: the next deploy makes it"] : []),
    ...(result === "waiting" ? ["not tried, because one before it failed"] : []),
    ...(changes.length > 0 ? [`the next deploy changes in place: ${changes.join(", ")}`] : []),
    ...(note === undefined ? [] : [note]),
  ];
  return [`${RESULTS[result]} ${stack}  ${address}  ${importId}`, ...told.map((line) => `  ${line}`)].join("\n");
}
