/** Configuration as plain values: type -> property -> text. */
export type Properties = Readonly<Record<string, string>>;
export type Configuration = Readonly<Record<string, Properties>>;

/** Later parts add to earlier ones; the same property twice is a mistake of this program. */
export function merged(...parts: readonly Configuration[]): Configuration {
  const all: Record<string, Record<string, string>> = {};
  for (const part of parts)
    for (const [type, properties] of Object.entries(part))
      for (const [name, value] of Object.entries(properties)) {
        const of = (all[type] ??= {});
        if (name in of && of[name] !== value)
          throw new Error(`${type}/${name} is set to ${of[name] ?? ""} and ${value}`);
        of[name] = value;
      }
  return all;
}

const sorted = <T>(values: Readonly<Record<string, T>>): [string, T][] =>
  Object.entries(values).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

/** As a blueprint holds it: a list of single types, sorted. */
export const listed = <T>(configuration: Readonly<Record<string, Readonly<Record<string, T>>>>) =>
  sorted(configuration).map(([type, properties]) => ({
    [type]: { properties: Object.fromEntries(sorted(properties)) },
  }));
