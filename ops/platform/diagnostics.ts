/** What Terraform says went wrong, in one line. */

/** As `-json` writes it; the address is that of the block it belongs to. */
export interface Diagnostic {
  readonly severity: "error" | "warning";
  readonly summary: string;
  readonly detail?: string;
  readonly address?: string;
}

const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();

/** Summary and detail: the provider's own words may stand in either. */
export const wordsOf = ({ summary, detail = "" }: Diagnostic): string =>
  [oneLine(summary), oneLine(detail)].filter((part) => part !== "").join(": ");

/** The last error in plain output, or its end. */
export function lastWords(output: string): string {
  const text = output.trim();
  const at = text.lastIndexOf("Error: ");
  return oneLine((at === -1 ? text.slice(-300) : text.slice(at + "Error: ".length)).replaceAll(/[│╷╵]/g, "")).slice(
    0,
    300,
  );
}
