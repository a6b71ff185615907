/** The files' part of a report: a change a file, by meaning and by text, the same on many hosts once. */
import { structuredPatch } from "diff";
import { maskChanges, maskText } from "../input/sensitive";
import type { AttributeChange, FileChange, FileKind, Json } from "../report";
import { difference } from "../values/difference";
import { canonical, sortedUnique } from "../values/json";
import type { FilePair, FileSide } from "./delivered";
import { isCode, kindOf, readFile } from "./formats";

/** Files that change, by path and hosts. */
export function fileChanges(pairs: readonly FilePair[]): FileChange[] {
  const changes = pairs.flatMap((pair): FileChange[] => {
    const change = changeOf(pair);
    return change === undefined ? [] : [change];
  });
  const groups = new Map<string, FileChange[]>();
  for (const change of changes) {
    const { hosts, stacks: _, ...what } = change;
    // What lies among the artifacts and goes to no host stands for itself.
    const key = canonical(hosts.length === 0 ? change : what);
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  return [...groups.values()]
    .map((group) => ({
      ...(group[0] as FileChange),
      hosts: sortedUnique(group.flatMap(({ hosts }) => hosts)),
      stacks: sortedUnique(group.flatMap(({ stacks }) => stacks)),
    }))
    .sort((a, b) => compareTexts(a.path, b.path) || compareTexts(a.hosts.join(), b.hosts.join()));
}

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function changeOf({ stack, host, path, before, after }: FilePair): FileChange | undefined {
  const attributes = before === undefined || after === undefined ? [] : attributeChanges(before, after);
  if (before?.text === after?.text && before !== undefined && after !== undefined && attributes.length === 0)
    return undefined;
  const kind: FileKind = (after ?? before)?.secret === true ? "secret" : kindOf(path);
  return {
    path,
    hosts: host === "" ? [] : [host],
    stacks: [stack],
    action: before === undefined ? "added" : after === undefined ? "removed" : "changed",
    kind,
    meaning: before === undefined || after === undefined ? [] : meaningOf(path, kind, before.text, after.text),
    attributes,
    text: unified(before?.text, after?.text, isCode(path)),
    restarts: before?.text === after?.text ? [] : sortedUnique((after ?? before)?.notify ?? []),
  };
}

const ATTRIBUTES = ["owner", "group", "mode", "role"] as const;

function attributeChanges(before: FileSide, after: FileSide): AttributeChange[] {
  const shown = (side: FileSide): Json =>
    Object.fromEntries(ATTRIBUTES.flatMap((name) => (side[name] === undefined ? [] : [[name, side[name]]])));
  return difference(shown(before), shown(after));
}

/** Lists in these files have no order. */
const SETS: readonly (readonly [path: RegExp, member: RegExp])[] = [
  [/blueprint\.json$/, /^(host_groups\.components|settings)$/],
  [/template\.json$/, /^host_groups\.hosts$/],
];

function meaningOf(path: string, kind: FileKind, before: string, after: string): AttributeChange[] {
  const [old, now] = [readFile(path, before), readFile(path, after)];
  if (old === undefined || now === undefined || kind === "secret")
    return before === after ? [] : textChange(before, after);
  const isSet = (plain: string): boolean => SETS.some(([of, member]) => of.test(path) && member.test(plain));
  return maskChanges(difference(old, now, { isSet }));
}

/** A text of no known format: how many lines, and the diff beside says which. */
function textChange(before: string, after: string): AttributeChange[] {
  const count = (text: string): string => `${text.split("\n").length - 1} lines`;
  return [{ path: "text", before: count(before), after: count(after) }];
}

/** A unified diff with three lines around each change, masked. `code`: the text is a program. */
function unified(before: string | undefined, after: string | undefined, code: boolean): string {
  if (before === after) return "";
  if ([before, after].some((text) => text?.includes("\0") === true)) return "(binary)";
  const { hunks } = structuredPatch("", "", maskText(before ?? "", code), maskText(after ?? "", code), "", "", {
    context: 3,
  });
  const text = hunks
    .map(({ oldStart, oldLines, newStart, newLines, lines }) =>
      [`@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`, ...lines].join("\n"),
    )
    .join("\n");
  // The masks of two different secrets can be the same text.
  return text === "" && before !== undefined && after !== undefined ? "(a sensitive value differs)" : text;
}
