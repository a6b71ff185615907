/** Rules that span several attributes and that the provider's schema does not hold: data/combinations.json. */
import type { Scalar } from "./attribute-rules";
import { listed, shown } from "./checks";
import { dataFile } from "./schema";
import type { Violation } from "./violations";

/** Who refuses: the provider at plan or at apply, the platform's API, or nobody, and the resource never converges. */
export type CheckedAt = "plan" | "apply" | "api" | "never";

export interface Combination {
  /** Blocks whose members are named; without it the resource itself. */
  readonly in?: readonly string[];
  /** The rule holds for these values only; null stands for an attribute that is not written. */
  readonly when?: Readonly<Record<string, readonly Scalar[]>>;
  readonly needs?: readonly string[];
  readonly forbids?: readonly string[];
  readonly exactly_one_of?: readonly string[];
  readonly at_least_one_of?: readonly string[];
  /** Attribute whose value no other element of the list has. */
  readonly unique?: string;
  readonly checked: CheckedAt;
}

const combinations = dataFile<{ readonly resources: Readonly<Record<string, readonly Combination[]>> }>(
  "combinations.json",
);

/** Combination rules of a resource. */
export function combinationsOf(type: string): readonly Combination[] {
  return combinations().resources[type] ?? [];
}

type Item = Readonly<Record<string, unknown>>;
type IsUnknown = (value: unknown) => boolean;

/** The provider's own checks take an empty text for one that is not written. */
const isUnset = (value: unknown): boolean => value === undefined || value === null || value === "";

/** Combinations of a configuration that are refused, by whom, or that never converge. */
export function combinationBreaches(type: string, config: Item, isUnknown: IsUnknown): Violation[] {
  return combinationsOf(type).flatMap((rule) =>
    (rule.in ?? [""]).flatMap((place) => {
      const items = itemsIn(config, place);
      return [
        ...items.flatMap(([at, item]) => itemBreaches(rule, at, item, isUnknown)),
        ...(rule.unique === undefined ? [] : doubles(rule, rule.unique, items)),
      ];
    }),
  );
}

function itemsIn(config: Item, place: string): [at: string, item: Item][] {
  if (place === "") return [["", config]];
  const value = config[place];
  const list: unknown[] = Array.isArray(value) ? value : isUnset(value) ? [] : [value];
  return list.flatMap((item, index): [string, Item][] =>
    typeof item === "object" && item !== null ? [[`${place}[${index}].`, item as Item]] : [],
  );
}

function itemBreaches(rule: Combination, at: string, item: Item, isUnknown: IsUnknown): Violation[] {
  const conditions = Object.entries(rule.when ?? {});
  const holds = conditions.every(([name, values]) => {
    const value = item[name];
    return !isUnknown(value) && values.includes(isUnset(value) ? null : (value as Scalar));
  });
  if (!holds) return [];
  const because = conditions.map(([name]) => ` with ${name} = ${shown(item[name])}`).join("");
  const tell = (name: string, problem: string, allowed: string): Violation => ({
    path: `${at}${name}`,
    problem: `${problem}${because}`,
    found: shown(item[name]),
    allowed,
    checked: rule.checked,
  });
  const written = (names: readonly string[]): string[] => names.filter((name) => !isUnset(item[name]));
  const missing = (rule.needs ?? []).filter((name) => isUnset(item[name]));
  const one = rule.exactly_one_of ?? rule.at_least_one_of;
  const count = one === undefined ? 0 : written(one).length;
  return [
    ...missing.map((name) => tell(name, "is missing", "a value")),
    ...written(rule.forbids ?? []).map((name) => tell(name, "can't be written", "nothing")),
    ...(one !== undefined && count === 0
      ? [tell(one[0] as string, "is missing", `${oneOf(rule)} of ${listed(one)}`)]
      : []),
    ...(rule.exactly_one_of !== undefined && count > 1
      ? [
          tell(
            written(rule.exactly_one_of)[1] as string,
            "is one too many",
            `${oneOf(rule)} of ${listed(rule.exactly_one_of)}`,
          ),
        ]
      : []),
  ];
}

function oneOf(rule: Combination): string {
  return rule.exactly_one_of === undefined ? "at least one" : "exactly one";
}

function doubles(rule: Combination, name: string, items: readonly [at: string, item: Item][]): Violation[] {
  const seen = new Map<unknown, string>();
  return items.flatMap(([at, item]) => {
    const value = item[name];
    const first = seen.get(value);
    if (isUnset(value)) return [];
    if (first === undefined) {
      seen.set(value, at);
      return [];
    }
    return [
      {
        path: `${at}${name}`,
        problem: `is taken by ${first.slice(0, -1)}`,
        found: shown(value),
        allowed: `a ${name} of its own`,
        checked: rule.checked,
      },
    ];
  });
}
