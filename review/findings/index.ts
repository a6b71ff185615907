/** All rules, and the order in which a reader gets what they find. */
import { SEVERITIES, type Finding } from "../report";
import { sortedUnique } from "../values/json";
import type { Comparison, Rule } from "./comparison";
import { layout } from "./cluster";
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
  ...[layout],
  ...[providers, distribution, engines],
  ...[replaced, removed],
];

/** By severity, kind and place; what is the same on several hosts once. */
export function findingsOf(comparison: Comparison, more: readonly Finding[] = []): Finding[] {
  return merged([...RULES.flatMap((rule) => rule(comparison)), ...more]).sort(order);
}

function merged(findings: readonly Finding[]): Finding[] {
  const groups = new Map<string, Finding[]>();
  for (const each of findings) {
    const { host: _, ...place } = each.place;
    const key = JSON.stringify([each.severity, each.kind, place, each.reason, each.consequence]);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()].map((group) => {
    const first = group[0] as Finding;
    const hosts = sortedUnique(
      group.flatMap(({ place }) => (place.host === undefined || place.host === "" ? [] : [place.host])),
    );
    const { host: _, ...place } = first.place;
    return { ...first, place: { ...place, ...(hosts.length === 0 ? {} : { host: hosts.join(", ") }) } };
  });
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
