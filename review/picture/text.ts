/** Texts of the picture: escaping, and widths that hold whatever fonts the reader's machine has. */

/** Width of a character in proportion to the font's size. Monospaced fonts have 0.60; Verdana, the widest of the others, 0.60 on average. */
const ADVANCE = { mono: 0.605, sans: 0.6, bold: 0.64 } as const;
export type Face = keyof typeof ADVANCE;

export const widthOf = (text: string, size: number, face: Face): number => [...text].length * size * ADVANCE[face];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** For text and attributes of XML and HTML alike. What XML 1.0 can't hold (control characters, halves of pairs) is shown as a sign. */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "\u{FFFD}")
    .replace(/[&<>"']/g, (sign) => ENTITIES[sign] as string);
}

/** Lines no longer than a width, broken behind blanks and the signs that names are made with; a longer word is cut hard. */
export function wrap(text: string, width: number, size: number, face: Face): string[] {
  const fit = Math.max(4, Math.floor(width / (size * ADVANCE[face])));
  const lines: string[] = [];
  let current = "";
  for (const piece of text.split(/(?<=[ \-./_:@,])/)) {
    if ([...(current + piece).trimEnd()].length > fit && current !== "") {
      lines.push(current.trimEnd());
      current = "";
    }
    current += piece;
    while ([...current.trimEnd()].length > fit) {
      lines.push([...current].slice(0, fit).join(""));
      current = [...current].slice(fit).join("");
    }
  }
  return current.trim() === "" && lines.length > 0 ? lines : [...lines, current.trimEnd()];
}
