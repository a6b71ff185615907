/**
 * Rules about rendered files as rows of a table: a list whose members are rights, a value that is safer or less safe, a line that must stand. The engine
 * here finds what a change makes of them, over all hosts.
 */
import type { FilePair } from "../files/delivered";
import type { Finding } from "../report";
import { sortedUnique, textOf } from "../values/json";
import { finding, hostsOf, type Comparison, type Rule, type Verdict } from "./comparison";

/** A list in a file: each new member opens something, each that goes closes it. */
export interface MembersRow {
  readonly file: RegExp;
  readonly members: (text: string) => readonly string[];
  /** In the reason, before the members: "admits the bucket host". */
  readonly what: string;
  readonly added: Verdict;
  readonly removed: Verdict;
}

/** A value in a file. Undefined is what holds where it is not written. */
export interface ValueRow {
  readonly file: RegExp;
  /** Name of the setting, for the reason. */
  readonly what: string;
  readonly read: (text: string) => string | number | boolean | undefined;
  /** The higher, the safer. */
  readonly rank: (value: string | number | boolean | undefined) => number;
  readonly worse: Verdict;
  readonly better: Verdict;
}

/** A line that guards something by standing there. */
export interface GuardRow {
  readonly file: RegExp;
  readonly line: RegExp;
  readonly gone: Verdict;
  readonly back: Verdict;
}

export interface Settings {
  readonly members?: readonly MembersRow[];
  readonly values?: readonly ValueRow[];
  readonly guards?: readonly GuardRow[];
}

/** The table as a rule. */
export function settingsRule({ members = [], values = [], guards = [] }: Settings): Rule {
  return (comparison) => [
    ...members.flatMap((row) => membersFindings(row, comparison)),
    ...values.flatMap((row) => valueFindings(row, comparison)),
    ...guards.flatMap((row) => guardFindings(row, comparison)),
  ];
}

/** Pairs of a row's files. A host that is gone takes its settings with it: that is no change of them. */
function concerned({ before, after, files }: Comparison, file: RegExp): FilePair[] {
  const [left, right] = [hostsOf(before), hostsOf(after)];
  const exists = ({ host }: FilePair): boolean => host === "" || right.has(host) || !left.has(host);
  return files.filter((pair) => file.test(pair.path) && pair.before?.text !== pair.after?.text && exists(pair));
}

/** What the file is compared with: the one before; on a new host, those of the same path on all others. */
function earlier(pair: FilePair, { before, files }: Comparison): readonly string[] {
  if (pair.before !== undefined) return [pair.before.text];
  if (pair.host === "" || hostsOf(before).has(pair.host)) return [];
  return files.flatMap((other) => (other.path === pair.path && other.before !== undefined ? [other.before.text] : []));
}

function membersFindings(row: MembersRow, comparison: Comparison): Finding[] {
  // A member that several files of a host name, such as the two squids, is told once.
  const told = new Set<string>();
  return concerned(comparison, row.file).flatMap((pair) => {
    const old = new Set(earlier(pair, comparison).flatMap((text) => row.members(text)));
    const now = new Set(pair.after === undefined ? [] : row.members(pair.after.text));
    const own = new Set(pair.before === undefined ? [] : row.members(pair.before.text));
    const news = [...now].filter((member) => !old.has(member));
    const gone = [...own].filter((member) => !now.has(member));
    return [
      ...fresh(told, "+", pair, news).map((list) =>
        finding(row.added, { file: pair.path, host: pair.host }, `${row.what} ${list}`),
      ),
      ...fresh(told, "-", pair, gone).map((list) =>
        finding(row.removed, { file: pair.path, host: pair.host }, `no longer ${row.what} ${list}`),
      ),
    ];
  });
}

/** The members that were not told of this host yet, as one text; none: nothing. */
function fresh(told: Set<string>, sign: string, { host }: FilePair, members: readonly string[]): string[] {
  const left = sortedUnique(members).filter((member) => !told.has(`${sign}${host}\0${member}`));
  for (const member of left) told.add(`${sign}${host}\0${member}`);
  return left.length === 0 ? [] : [left.join(", ")];
}

function valueFindings(row: ValueRow, comparison: Comparison): Finding[] {
  return concerned(comparison, row.file).flatMap((pair) => {
    if (pair.after === undefined) return [];
    const now = row.read(pair.after.text);
    const texts = earlier(pair, comparison);
    const before = texts.map((text) => row.read(text)).sort((a, b) => row.rank(a) - row.rank(b))[0];
    // A file that is new is told only where it is less safe than what holds without it.
    const difference = row.rank(now) - row.rank(before);
    if (difference === 0 || (texts.length === 0 && difference > 0)) return [];
    const place = { file: pair.path, ...(pair.host === "" ? {} : { host: pair.host }) };
    return [
      finding(difference < 0 ? row.worse : row.better, place, `${row.what}: ${shown(before)} becomes ${shown(now)}`),
    ];
  });
}

const shown = (value: string | number | boolean | undefined): string =>
  value === undefined ? "nothing" : textOf(value);

function guardFindings(row: GuardRow, comparison: Comparison): Finding[] {
  return concerned(comparison, row.file).flatMap((pair) => {
    const lineIn = (text: string | undefined): string | undefined =>
      text
        ?.split("\n")
        .find((line) => row.line.test(line.trim()))
        ?.trim();
    const [old, now] = [lineIn(pair.before?.text), lineIn(pair.after?.text)];
    const place = { file: pair.path, ...(pair.host === "" ? {} : { host: pair.host }) };
    if (old !== undefined && now === undefined) return [finding(row.gone, place, `the line "${old}" is gone`)];
    if (old === undefined && now !== undefined && pair.before !== undefined)
      return [finding(row.back, place, `the line "${now}" is new`)];
    return [];
  });
}

/** Words after a directive that stands once: `PermitRootLogin no` -> "no". */
export function directive(name: string): (text: string) => string | undefined {
  const pattern = new RegExp(`^\\s*${name}\\s+(.+?)\\s*$`, "im");
  return (text) => pattern.exec(text)?.[1];
}

/** Words after a directive, wherever it stands. */
export function words(name: string): (text: string) => string[] {
  const pattern = new RegExp(`^\\s*${name}\\s+(.+?)\\s*$`, "gim");
  return (text) => [...text.matchAll(pattern)].flatMap((match) => (match[1] as string).split(/\s+/));
}

/** The first group of every match. */
export function captured(pattern: RegExp): (text: string) => string[] {
  return (text) => [...text.matchAll(pattern)].map((match) => match[1] as string);
}

/** Safe if it is this value, ignoring capitals. */
export function safeIf(...values: readonly string[]): (value: string | number | boolean | undefined) => number {
  return (value) => (values.includes(textOf(value).toLowerCase()) ? 1 : 0);
}
