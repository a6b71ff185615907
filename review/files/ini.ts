/** INI, systemd's units and Java's properties: keys in sections. A key that stands twice (ExecReload) is a list in its order. */
import type { Json } from "../report";

const SECTION = /^\[(.+)\]$/;
const PAIR = /^([^=:]+?)\s*[=:]\s*(.*)$/;

/** Keys before the first section stand at the top; lines without "=" are keys that are true. */
export function readIni(text: string): Json {
  const top: Record<string, Json> = {};
  let section = top;
  for (const raw of text.split("\n")) {
    const line = raw.trim();
    if (line === "" || /^[#;!]/.test(line)) continue;
    const name = SECTION.exec(line)?.[1];
    if (name !== undefined) {
      section = (top[`[${name}]`] ??= {}) as Record<string, Json>;
      continue;
    }
    const [, key = line, value = "true"] = PAIR.exec(line) ?? [];
    const there = section[key];
    section[key] = there === undefined ? value : [...(Array.isArray(there) ? (there as Json[]) : [there]), value];
  }
  return top;
}
