/** JSON as it is written and delivered: keys sorted, two spaces, a newline at the end. */
export function sortedJson(value: unknown): string {
  return `${JSON.stringify(value, (_key, inner: unknown) => sorted(inner), 2)}\n`;
}

function sorted(value: unknown): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  const record = value as Record<string, unknown>;
  return Object.fromEntries(
    Object.keys(record)
      .sort()
      .map((key) => [key, record[key]]),
  );
}
