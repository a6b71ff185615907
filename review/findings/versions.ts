/** Versions moved: distributions, providers, engines, packages. */
import { readXml } from "../files/xml";
import type { Synth } from "../input/synth";
import type { Json, Severity } from "../report";
import { at, isObject, objectOf, sortedUnique, textOf } from "../values/json";
import { finding, type Rule, type Verdict } from "./comparison";
import type { FindingKind } from "./kinds";

const verdict = (severity: Severity, kind: FindingKind, consequence: string): Verdict => ({
  severity,
  kind,
  consequence,
});

const PROVIDER = verdict(
  "medium",
  "provider-changed",
  "defaults, replacement rules and the state's format may be others: read the plan of every stack, and copy the states first",
);
const DISTRIBUTION = verdict(
  "high",
  "distribution-changed",
  "Ambari upgrades a running cluster by its own procedure, never by a blueprint; another stack is another cluster",
);
const IMAGE = verdict(
  "low",
  "engine-changed",
  "a server that exists keeps its own image; the next one made gets this one",
);
const ENGINE = verdict(
  "medium",
  "engine-changed",
  "answers, rendered options and stored formats may differ: rehearse it with the pipeline's own queries",
);

/** Constraints of each stack, told once where all stacks move alike. */
export const providers: Rule = ({ before, after }) => {
  const moves = new Map<string, string[]>();
  for (const [stack, { json }] of after.stacks) {
    const old = before.stacks.get(stack);
    if (old === undefined) continue;
    for (const [path, from, to] of differences(versionsOf(old.json), versionsOf(json))) {
      const move = `${path}: ${from} becomes ${to}`;
      moves.set(move, [...(moves.get(move) ?? []), stack]);
    }
  }
  return [...moves].sort().map(([move, stacks]) => finding(PROVIDER, { construct: stacks.join(", ") }, move));
};

function versionsOf(json: Json): Record<string, string> {
  const providersOf = objectOf(at(json, "terraform", "required_providers"));
  const required = at(json, "terraform", "required_version");
  return {
    ...Object.fromEntries(
      Object.entries(providersOf).flatMap(([name, value]) =>
        ["version", "source"].map((key) => [`provider ${name}, ${key}`, textOf(at(value, key) ?? "none")]),
      ),
    ),
    ...(required === undefined ? {} : { "required Terraform": textOf(required) }),
  };
}

/** Names on both sides whose values differ; a provider that is new brings no move. */
function differences(
  old: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): [string, string, string][] {
  return sortedUnique([...Object.keys(old), ...Object.keys(now)]).flatMap((path): [string, string, string][] => {
    const [from, to] = [old[path], now[path]];
    return from === undefined || to === undefined || from === to ? [] : [[path, from, to]];
  });
}

/** Stack, version and build of the distribution, by the version definition that Ambari gets. */
export const distribution: Rule = ({ before, after }) => {
  const [old, now] = [definitionOf(before), definitionOf(after)];
  if (old === undefined || now === undefined) return [];
  return differences(old.versions, now.versions).map(([name, from, to]) =>
    finding(DISTRIBUTION, { file: now.place }, `${name}: ${from} becomes ${to}`),
  );
};

function definitionOf({
  stacks,
}: Synth): { readonly place: string; readonly versions: Readonly<Record<string, string>> } | undefined {
  for (const { name, artifacts } of stacks.values())
    for (const [path, text] of artifacts) {
      if (!/(^|\/)version-definition\.xml$/.test(path)) continue;
      const release = at(readXml(text), "repository-version", "release");
      const [stack, version, build] = ["stack-id", "version", "build"].map((key) => textOf(at(release, key)));
      const versions = {
        "the distribution's stack": stack as string,
        "the distribution's version": [version, build].filter((part) => part !== "").join("-"),
      };
      return { place: `stacks/${name}/artifacts/${path}`, versions };
    }
  return undefined;
}

/** Parts of the plan whose `version` is an engine's. */
const ENGINES = ["presto", "airflow", "spark", "kafka", "java"];

export const engines: Rule = ({ before, after }) => {
  const [old, now] = [enginesOf(before), enginesOf(after)];
  return differences(old, now).map(([name, from, to]) =>
    finding(name.startsWith("image of ") ? IMAGE : ENGINE, { file: "plan.json" }, `${name}: ${from} becomes ${to}`),
  );
};

function enginesOf({ plan }: Synth): Record<string, string> {
  if (plan === undefined) return {};
  const document = plan as unknown as Json;
  const versions = ENGINES.flatMap((name): [string, string][] => {
    const part = at(document, name);
    return isObject(part) && part["version"] !== undefined ? [[`version of ${name}`, textOf(part["version"])]] : [];
  });
  return Object.fromEntries([
    ...versions,
    ["version of ansible-core", plan.ansibleCore],
    ...plan.hosts.map((host): [string, string] => [`image of ${host.name}`, host.image.name]),
  ]);
}
