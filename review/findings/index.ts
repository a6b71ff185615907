/** All rules, and the order in which a reader gets what they find. */
import { SEVERITIES, type Finding } from "../report";
import { sortedUnique } from "../values/json";
import type { Comparison, Rule } from "./comparison";
import { layout, zone } from "./cluster";
import { destruction, protection, stateCopies } from "./data";
import { FINDING_KINDS } from "./kinds";
import { doors, memberships, ports } from "./network";
import { removed, replaced } from "./replacement";
import { retention, watchers } from "./retention";
import { attachments, buckets, policies } from "./rights";
import { fileModes, hostRights } from "./rights-hosts";
import { accessRules, queryRights } from "./rights-queries";
import { literals, rotation, spread } from "./secrets";
import { plainHttp, securePath } from "./secure-path";
import { datasets, schedules } from "./sync";
import { distribution, engines, providers } from "./versions";

const RULES: readonly Rule[] = [
  ...[destruction, protection, stateCopies, retention, watchers],
  ...[ports, doors, memberships],
  ...[plainHttp, securePath],
  ...[policies, attachments, buckets, hostRights, fileModes, accessRules, queryRights],
  ...[literals, spread, rotation],
  ...[datasets, schedules],
  ...[layout, zone],
  ...[providers, distribution, engines],
  ...[replaced, removed],
];

/** By severity, kind and place; what is the same on several hosts once. */
export function findingsOf(comparison: Comparison, more: readonly Finding[] = []): Finding[] {
  return merged([...RULES.flatMap((rule) => rule(comparison)), ...more]).sort(order);
}

/** The same on several hosts, or in several files, is one finding whose place names them all. */
function merged(findings: readonly Finding[]): Finding[] {
  const byHost = grouped(findings, ({ place: { host: _, ...place }, ...rest }) => [rest, place]);
  const joinedHosts = byHost.map((group) => joined(group, "host"));
  return grouped(joinedHosts, ({ place: { file: _, ...place }, ...rest }) => [rest, place]).map((group) =>
    joined(group, "file"),
  );
}

function grouped(findings: readonly Finding[], keyOf: (finding: Finding) => unknown): Finding[][] {
  const groups = new Map<string, Finding[]>();
  for (const each of findings) {
    const key = JSON.stringify(keyOf(each));
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()];
}

function joined(group: readonly Finding[], part: "host" | "file"): Finding {
  const first = group[0] as Finding;
  const names = sortedUnique(group.flatMap(({ place }) => place[part] ?? []));
  return names.length < 2 ? first : { ...first, place: { ...first.place, [part]: names.join(", ") } };
}

const kinds = Object.keys(FINDING_KINDS);

function order(a: Finding, b: Finding): number {
  const keys = ({ severity, kind, place, reason }: Finding): (string | number)[] => [
    SEVERITIES.indexOf(severity),
    kinds.indexOf(kind),
    place.construct ?? "",
    place.file ?? "",
    place.host ?? "",
    reason,
  ];
  const [left, right] = [keys(a), keys(b)];
  const index = left.findIndex((value, position) => value !== right[position]);
  if (index < 0) return 0;
  return (left[index] as string | number) < (right[index] as string | number) ? -1 : 1;
}
