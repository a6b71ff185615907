/** Checks of one value. Each says what is wrong and what is allowed, or nothing. */
import { isIPv4 } from "node:net";
import type { AttributeRule, Scalar } from "./attribute-rules";

export interface Breach {
  readonly problem: string;
  readonly allowed: string;
}

type Check = (rule: AttributeRule, value: Scalar) => Breach | undefined;

/** Breaches of a string, number or boolean, in the order of the table. */
export function breachesOf(rule: AttributeRule, value: Scalar): Breach[] {
  return CHECKS.map((check) => check(rule, value)).filter((breach) => breach !== undefined);
}

/** Breaches of the number of elements of a list, a set or repeated blocks. */
export function countBreach(rule: Pick<AttributeRule, "min_items" | "max_items">, count: number): Breach | undefined {
  const { min_items: min = 0, max_items: max = Infinity } = rule;
  if (count >= min && count <= max) return undefined;
  return { problem: `has ${counted(count, "elements")}`, allowed: span(rule.min_items, rule.max_items, "elements") };
}

/** "3 to 30 characters", "at least 10", "at most 100 elements". */
export function span(min = 0, max = Infinity, unit = ""): string {
  if (max === Infinity) return `at least ${counted(min, unit)}`;
  if (min === max) return `exactly ${counted(min, unit)}`;
  return unit !== "" && min === 0 ? `at most ${counted(max, unit)}` : `${min} to ${counted(max, unit)}`;
}

/** "1 character", "2 characters", "1 byte in UTF-8". */
function counted(count: number, unit: string): string {
  return `${count} ${count === 1 ? unit.replace(/s\b/, "") : unit}`.trimEnd();
}

/** How a message shows a value that is not written. */
export const NOTHING = "nothing";

/** A value as a message shows it: short and on one line. */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return NOTHING;
  const text = typeof value === "bigint" ? String(value) : (JSON.stringify(value) ?? typeof value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

export function listed(values: readonly Scalar[]): string {
  return values.map((value) => (value === "" ? '""' : String(value))).join(", ");
}

const length: Check = ({ min_length: min = 0, max_length: max = Infinity }, value) => {
  if (typeof value !== "string") return undefined;
  const bytes = Buffer.byteLength(value);
  if (bytes >= min && bytes <= max) return undefined;
  const unit = bytes === value.length ? "characters" : "bytes in UTF-8";
  return { problem: `is ${counted(bytes, unit)} long`, allowed: span(min, max, unit) };
};

const patterns: Check = ({ regex = [], must_match = [] }, value) => {
  if (typeof value !== "string") return undefined;
  const all = [...regex, ...must_match];
  if (all.every((pattern) => new RegExp(pattern).test(value))) return undefined;
  return { problem: "does not have the right form", allowed: `what matches ${all.join(" and ")}` };
};

const forbiddenTexts: Check = ({ must_not_contain: texts = [] }, value) => {
  if (typeof value !== "string") return undefined;
  const found = texts.filter((text) => (text === "whitespace" ? /\s/.test(value) : value.includes(text)));
  if (found.length === 0) return undefined;
  return { problem: `contains ${found.join(" ")}`, allowed: `a value without ${texts.join(" ")}` };
};

const choice: Check = ({ enum: allowed, not_in: refused = [] }, value) => {
  if (allowed !== undefined && !allowed.includes(value))
    return { problem: "is none of the values", allowed: listed(allowed) };
  if (refused.includes(value)) return { problem: "is refused", allowed: `a value other than ${listed(refused)}` };
  return undefined;
};

const range: Check = (rule, value) => {
  const { min = -Infinity, max = Infinity, multiple_of: step, or_one_of: others = [] } = rule;
  if (typeof value !== "number" || others.includes(value)) return undefined;
  const outside = value < min || value > max;
  if (!outside && (step === undefined || value % step === 0)) return undefined;
  const allowed = [
    rule.min === undefined && rule.max === undefined ? "" : span(rule.min, rule.max),
    step === undefined ? "" : `in steps of ${step}`,
    others.length === 0 ? "" : `or ${listed(others)}`,
  ].filter((part) => part !== "");
  return { problem: outside ? "is out of range" : `is no multiple of ${step}`, allowed: allowed.join(" ") };
};

const format: Check = (rule, value) =>
  rule.format === undefined || typeof value !== "string" ? undefined : FORMATS[rule.format](rule, value);

const FORMATS: Record<
  NonNullable<AttributeRule["format"]>,
  (rule: AttributeRule, value: string) => Breach | undefined
> = {
  cidr: ({ prefix_min: min = 0, prefix_max: max = 32 }, value) => {
    const allowed = `an IPv4 block such as 10.20.0.0/16${min > 0 || max < 32 ? `, /${min} to /${max}` : ""}`;
    const [address = "", prefix = "", ...rest] = value.split("/");
    if (!isIPv4(address) || !/^(0|[1-9]\d?)$/.test(prefix) || Number(prefix) > 32 || rest.length > 0)
      return { problem: "is no IPv4 block", allowed };
    const length = Number(prefix);
    if (length < min || length > max) return { problem: `has prefix /${length}`, allowed };
    const network = networkOf(address, length);
    return network === address ? undefined : { problem: "has host bits", allowed: `${network}/${prefix}` };
  },
  ipv4: (_, value) =>
    isIPv4(value) ? undefined : { problem: "is no IPv4 address", allowed: "an address such as 10.20.0.6" },
  "port or from-to": ({ port_min: min = 1, port_max: max = 65535 }, value) => {
    const allowed = `a port or a range, ${min} to ${max}, such as 22 or 1-65535`;
    if (!/^[1-9]\d*(-[1-9]\d*)?$/.test(value)) return { problem: "is no port and no range of ports", allowed };
    const [from, to] = value.split("-").map(Number) as [number, number?];
    if (from < min || from > max || (to !== undefined && to > max)) return { problem: "is out of range", allowed };
    if (to !== undefined && from > to) return { problem: "ends before it starts", allowed };
    return undefined;
  },
  "HH:MM": (_, value) =>
    /^([01]\d|2[0-3]):[0-5]\d$/.test(value) ? undefined : { problem: "is no time", allowed: "a time such as 02:30" },
};

function networkOf(address: string, prefix: number): string {
  const number = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const size = 2 ** (32 - prefix);
  const first = Math.floor(number / size) * size;
  return [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join(".");
}

const CHECKS: readonly Check[] = [length, patterns, forbiddenTexts, choice, range, format];
