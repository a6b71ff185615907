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

/** For text and attributes of XML and HTML alike. What XML 1.0 can't hold (control characters, halves of pairs), and what turns the direction of writing, is shown as a sign. */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "\u{FFFD}")
    .replace(/\p{Cf}/gu, "\u{FFFD}")
    .replace(/[&<>"']/g, (sign) => ENTITIES[sign] as string);
}

/** Lines no longer than a width: broken at blanks, a longer word behind the signs that names are made with, a longer part hard. */
export function wrap(text: string, width: number, size: number, face: Face): string[] {
  const fit = Math.max(4, Math.floor(width / (size * ADVANCE[face])));
  const lines: string[] = [];
  let current = "";
  const add = (piece: string): void => {
    if (lengthOf(current + piece) > fit && current !== "") {
      lines.push(current.trimEnd());
      current = "";
    }
    current += piece;
  };
  for (const word of text.split(/(?<= )/)) {
    const parts = lengthOf(word) <= fit ? [word] : word.split(/(?<=[-./_:@,])/);
    for (const part of parts) cut(part, fit).forEach(add);
  }
  return current === "" && lines.length > 0 ? lines : [...lines, current.trimEnd()];
}

const lengthOf = (text: string): number => [...text.trimEnd()].length;

function cut(part: string, fit: number): string[] {
  const signs = [...part];
  const pieces = Array.from({ length: Math.ceil(signs.length / fit) }, (_, at) =>
    signs.slice(at * fit, (at + 1) * fit).join(""),
  );
  return lengthOf(part) <= fit ? [part] : pieces;
}
