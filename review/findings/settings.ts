/**
 * Rules about rendered files as rows of a table: a list whose members are rights, a value that is safer or less safe, a line that must stand. The engine
 * here finds what a change makes of them, over all hosts.
 */
import type { FilePair } from "../files/delivered";
import type { Finding } from "../report";
import { sortedUnique, textOf } from "../values/json";
import { finding, hostsOf, hostsOnlyIn, placeOfFile, type Comparison, type Rule, type Verdict } from "./comparison";

/** A list in a file: each new member opens something, each that goes closes it. */
export interface MembersRow {
  readonly file: RegExp;
  readonly members: (text: string, path: string) => readonly string[];
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

/** The file on one side. Where it is not there: the row's other files of the host; where the host is not there: that file of all others. */
function counterparts(
  side: "before" | "after",
  pair: FilePair,
  file: RegExp,
  comparison: Comparison,
): readonly Placed[] {
  const own = pair[side];
  if (own !== undefined) return [{ text: own.text, path: pair.path }];
  const hasHost = hostsOf(comparison[side]).has(pair.host);
  return comparison.files.flatMap((other) => {
    const comparable = hasHost ? other.host === pair.host && file.test(other.path) : other.path === pair.path;
    const there = other[side];
    return comparable && there !== undefined ? [{ text: there.text, path: other.path }] : [];
  });
}

interface Placed {
  readonly text: string;
  readonly path: string;
}

function membersFindings(row: MembersRow, comparison: Comparison): Finding[] {
  const newHosts = hostsOnlyIn(comparison.after, comparison.before);
  // "10.20.1.23:22" of a host that is new: it could not be named before.
  const comesWithHost = (member: string): boolean => newHosts.has(member.replace(/:\d+$/, ""));
  return concerned(comparison, row.file).flatMap((pair) => {
    const [old, now] = [known("before", pair, row, comparison), known("after", pair, row, comparison)];
    const of = (side: FilePair["before"]): string[] =>
      sortedUnique(side === undefined ? [] : row.members(side.text, pair.path));
    const news = of(pair.after).filter((member) => !old.has(member));
    const gone = of(pair.before).filter((member) => !now.has(member));
    const [expected, others] = [news.filter(comesWithHost), news.filter((member) => !comesWithHost(member))];
    // A file that is new brings no safety that was missed, and one that is gone takes none away.
    const opens = pair.before !== undefined || row.added.severity !== "info";
    const closes = pair.after !== undefined || row.removed.severity === "info";
    const told = (verdict: Verdict, words: string, list: readonly string[]): Finding[] =>
      list.length === 0 ? [] : [finding(verdict, placeOfFile(pair), `${words} ${list.join(", ")}`)];
    return [
      ...(opens ? told(row.added, row.what, others) : []),
      ...(opens ? told({ ...row.added, severity: "low" }, `${row.what} the new`, expected) : []),
      ...(closes ? told(row.removed, `no longer ${row.what}`, gone) : []),
    ];
  });
}

/** Members on one side. Of a file that is not there: those of the row's other files on the host, so that one of many makes no difference. */
function known(side: "before" | "after", pair: FilePair, row: MembersRow, comparison: Comparison): ReadonlySet<string> {
  return new Set(counterparts(side, pair, row.file, comparison).flatMap(({ text, path }) => row.members(text, path)));
}

function valueFindings(row: ValueRow, comparison: Comparison): Finding[] {
  return concerned(comparison, row.file).flatMap((pair) => {
    if (pair.after === undefined) return [];
    const now = row.read(pair.after.text);
    // A new file of a host that was there is compared with what holds without it; one of a new host with those of the others.
    const first = pair.before === undefined && hostsOf(comparison.before).has(pair.host);
    const before = first
      ? undefined
      : counterparts("before", pair, row.file, comparison)
          .map(({ text }) => row.read(text))
          .sort((a, b) => row.rank(a) - row.rank(b))[0];
    const [old, current] = [row.rank(before), row.rank(now)];
    // A file that is new is told only where it is less safe than what holds without it.
    if (old === current || (pair.before === undefined && current > old)) return [];
    return [
      finding(
        current < old ? row.worse : row.better,
        placeOfFile(pair),
        `${row.what}: ${shown(before)} becomes ${shown(now)}`,
      ),
    ];
  });
}

const shown = (value: string | number | boolean | undefined): string =>
  value === undefined ? "nothing" : textOf(value);

function guardFindings(row: GuardRow, comparison: Comparison): Finding[] {
  return concerned(comparison, row.file).flatMap((pair) => {
    // A file that is gone guards nothing any more, since what it guarded is gone, too.
    if (pair.before === undefined || pair.after === undefined) return [];
    const [old, now] = [lineOf(row, pair.before.text), lineOf(row, pair.after.text)];
    if (old !== undefined && now === undefined)
      return [finding(row.gone, placeOfFile(pair), `the line "${old}" is gone`)];
    return old === undefined && now !== undefined
      ? [finding(row.back, placeOfFile(pair), `the line "${now}" is new`)]
      : [];
  });
}

const lineOf = (row: GuardRow, text: string): string | undefined =>
  text
    .split("\n")
    .map((line) => line.trim())
    .find((line) => row.line.test(line));

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
