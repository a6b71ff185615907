/** The last line of defence: whatever is printed or kept has no secret in it, even if a program echoed one. */

/** Short values would black out ordinary words. */
const SHORTEST = 8;

/** Makes a function that replaces every secret, and every line of one that has several, with `***`. */
export function redactor(values: Iterable<string>): (text: string) => string {
  const needles = new Set<string>();
  for (const value of values) {
    const lines = value.split(/\r?\n/).filter((line) => !line.startsWith("-----"));
    for (const line of lines) if (line.length >= SHORTEST) needles.add(line);
    // As a program shows it that prints JSON.
    for (const line of lines) if (line.length >= SHORTEST) needles.add(JSON.stringify(line).slice(1, -1));
  }
  const longestFirst = [...needles].sort((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((clean, needle) => clean.replaceAll(needle, "***"), text);
}
