/** Secrets: written out where none may stand, delivered to other places, rotated. */
import { literalsIn } from "../input/sensitive";
import { isCode } from "../files/formats";
import type { SecretFile } from "../../pipeline/manifest";
import type { Finding } from "../report";
import { sortedUnique } from "../values/json";
import type { Synth } from "../input/synth";
import { finding, hostsOf, placeOf, placeOfFile, type Rule, type Verdict } from "./comparison";
import { elementTexts } from "./texts";

const LITERAL: Verdict = {
  severity: "critical",
  kind: "secret-literal",
  consequence:
    "it is in git, in the output and in the state; treat it as known, make another, and refer to it by env:, file: or command:",
};
const GONE: Verdict = {
  severity: "info",
  kind: "secret-literal-removed",
  consequence: "it stays in git's history: make another",
};

/** Values that look like a secret; those that stood there before are no change. */
export const literals: Rule = ({ elements, files }) => [
  ...files
    .filter(({ before, after }) => before?.text !== after?.text)
    .flatMap((pair) => {
      const of = (side: typeof pair.after): Map<string, string> => literalsOf(side?.text, isCode(pair.path));
      return compared(of(pair.before), of(pair.after), placeOfFile(pair));
    }),
  ...elements
    .filter(({ action }) => action !== undefined)
    .flatMap(({ before, after }) => {
      const element = after ?? before;
      if (element === undefined) return [];
      const of = (side: typeof after): Map<string, string> =>
        literalsOf(
          side === undefined
            ? undefined
            : elementTexts(side)
                .map(({ path, text }) => assigned(path, text))
                .join("\n"),
        );
      return compared(of(before), of(after), placeOf(element));
    }),
];

/** `name = "value"`, so that a name such as password counts; expressions are none. */
function assigned(path: string, text: string): string {
  return text.startsWith("${") ? "" : `${path.split(".").at(-1)} = ${text}`;
}

/** What each literal is, by its value. */
function literalsOf(text: string | undefined, code = false): Map<string, string> {
  return new Map(literalsIn(text ?? "", code).map(({ what, value }) => [value, what]));
}

function compared(
  old: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
  place: Finding["place"],
): Finding[] {
  const words = (from: ReadonlyMap<string, string>, without: ReadonlyMap<string, string>): string[] =>
    sortedUnique([...from].filter(([value]) => !without.has(value)).map(([, what]) => what));
  return [
    ...words(now, old).map((what) => finding(LITERAL, place, `looks like ${what}`)),
    ...words(old, now).map((what) => finding(GONE, place, `what looked like ${what} is gone`)),
  ];
}

/** Each secret and where on which host it comes to lie. */
function deliveries(
  synth: Synth,
): Map<string, Pick<SecretFile, "path" | "mode"> & { readonly host: string; readonly secret: string }> {
  const found = [...synth.stacks.values()].flatMap(({ manifest }) =>
    (manifest?.hosts ?? []).flatMap(({ name: host, secretFiles }) =>
      secretFiles.flatMap(({ path, mode, parts }) =>
        parts.flatMap((part) => ("secret" in part ? [{ host, path, mode, secret: part.secret }] : [])),
      ),
    ),
  );
  return new Map(found.map((each) => [`${each.secret}\0${each.host}\0${each.path}`, each]));
}

export const spread: Rule = ({ before, after }) => {
  const [old, now] = [deliveries(before), deliveries(after)];
  const [left, right] = [hostsOf(before), hostsOf(after)];
  const had = new Set([...old.values()].map(({ secret }) => secret));
  return [
    ...[...now].flatMap(([key, { host, path, secret }]) => {
      // A secret that nobody had is new altogether, and so is what a new host needs.
      if (old.has(key)) return [];
      const known = had.has(secret) && left.has(host);
      const verdict: Verdict = {
        severity: known ? "medium" : "low",
        kind: "secret-spread",
        consequence: "whoever is root there has it",
      };
      return [finding(verdict, { file: path, host }, `the secret ${secret} is delivered here`)];
    }),
    ...[...old].flatMap(([key, { host, path, secret }]) => {
      if (now.has(key) || !right.has(host)) return [];
      const verdict: Verdict = {
        severity: "info",
        kind: "secret-withdrawn",
        consequence: "it is removed from the host; rotate it if the host may have leaked it",
      };
      return [finding(verdict, { file: path, host }, `the secret ${secret} is no longer delivered here`)];
    }),
  ];
};

/** A version that is raised; one that is lowered is a mistake, since a delivery takes it for another value. */
export const rotation: Rule = ({ before, after }) => {
  const [old, now] = [versions(before), versions(after)];
  return sortedUnique(now.keys()).flatMap((name) => {
    const [from, to] = [old.get(name), now.get(name)];
    if (from === undefined || to === undefined || from.version === to.version) return [];
    const raised = to.version > from.version;
    const verdict: Verdict = {
      severity: raised ? "info" : "low",
      kind: "secret-rotated",
      consequence: raised
        ? "the next deploy delivers the new value"
        : "the next deploy delivers whatever the reference gives now; versions are meant to rise",
    };
    return [
      finding(
        verdict,
        { construct: to.stacks.join(", ") },
        `secret ${name}: version ${from.version} becomes ${to.version}`,
      ),
    ];
  });
};

interface Version {
  readonly version: number;
  readonly stacks: string[];
}

function versions({ stacks }: Synth): Map<string, Version> {
  const found = new Map<string, Version>();
  for (const [stack, { manifest }] of stacks)
    for (const { name, version } of manifest?.secrets ?? []) {
      const there = found.get(name);
      if (there === undefined) found.set(name, { version, stacks: [stack] });
      else there.stacks.push(stack);
    }
  return found;
}
