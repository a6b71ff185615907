/** The report as one JSON document. The plans are the picture's and stay out. */
import type { Report } from "../report";

export function renderJson({ verdict, findings, stacks, files }: Report): string {
  return `${JSON.stringify({ verdict, findings, stacks, files }, null, 2)}\n`;
}
