/** Changes of a cluster's layout: what Ambari does to a running cluster, and what it can't. */
import { PLAN_FILE } from "../../pipeline/plan-document";
import type { Synth } from "../input/synth";
import type { Finding } from "../report";
import { at, listOf, sortedUnique, textOf } from "../values/json";
import { finding, type Rule, type Verdict } from "./comparison";

/** A cluster as blueprint and creation template describe it. */
interface Layout {
  readonly place: string;
  /** Host group of each host. */
  readonly groups: ReadonlyMap<string, string>;
  /** Components of each host. */
  readonly components: ReadonlyMap<string, ReadonlySet<string>>;
  readonly all: ReadonlySet<string>;
  readonly security: string;
}

const BLUEPRINT = /(^|\/)blueprint\.json$/;

function layoutOf({ stacks }: Synth): Layout | undefined {
  for (const { name, artifacts } of stacks.values()) {
    const path = [...artifacts.keys()].find((each) => BLUEPRINT.test(each));
    if (path === undefined) continue;
    const [blueprint, template] = [path, path.replace(BLUEPRINT, "$1template.json")].map((each) =>
      parsed(artifacts.get(each)),
    );
    const components = new Map(
      listOf(at(blueprint, "host_groups")).map((group) => [
        textOf(at(group, "name")),
        new Set(listOf(at(group, "components")).map((each) => textOf(at(each, "name")))),
      ]),
    );
    const groups = new Map(
      listOf(at(template, "host_groups")).flatMap((group) =>
        listOf(at(group, "hosts")).map((host) => [textOf(at(host, "fqdn")), textOf(at(group, "name"))] as const),
      ),
    );
    return {
      place: `stacks/${name}/artifacts/${path}`,
      groups,
      components: new Map([...groups].map(([host, group]) => [host, components.get(group) ?? new Set<string>()])),
      all: new Set([...components.values()].flatMap((each) => [...each])),
      security: textOf(at(blueprint, "Blueprints", "security", "type")),
    };
  }
  return undefined;
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}

const CONSEQUENCE =
  "a blueprint makes a cluster and never changes one: Ambari keeps the old layout, or the cluster is made anew";

const BROKEN: Verdict = { severity: "high", kind: "cluster-layout", consequence: CONSEQUENCE };
const GROWN: Verdict = {
  severity: "info",
  kind: "cluster-grown",
  consequence: "Ambari adds the host to the running cluster",
};

/** Components that only a cluster with two NameNodes has. */
const HIGH_AVAILABILITY = ["ZKFC", "JOURNALNODE"];

export const layout: Rule = ({ before, after }) => {
  const [old, now] = [layoutOf(before), layoutOf(after)];
  if (old === undefined || now === undefined) return [];
  const place = { file: now.place };
  const available = HIGH_AVAILABILITY.filter((name) => old.all.has(name) !== now.all.has(name));
  const broken: Finding[] = [];
  if (available.length > 0)
    broken.push(
      finding(BROKEN, place, `high availability is switched ${now.all.has(available[0] as string) ? "on" : "off"}`),
    );
  if (old.security !== now.security)
    broken.push(
      finding(
        { ...BROKEN, consequence: "Kerberos is switched on or off by Ambari's own wizard, with a stop of the cluster" },
        place,
        `security: ${old.security} becomes ${now.security}`,
      ),
    );
  const hosts = sortedUnique([...old.groups.keys(), ...now.groups.keys()]);
  return [
    ...broken,
    ...hosts.flatMap((host) => hostFindings(host, old, now, available.length > 0 || old.security !== now.security)),
  ];
};

function hostFindings(host: string, old: Layout, now: Layout, told: boolean): Finding[] {
  const place = { file: now.place, host: host.split(".")[0] as string };
  const [from, to] = [old.groups.get(host), now.groups.get(host)];
  if (from === undefined) return [finding(GROWN, place, `${host} joins the host group ${to}`)];
  if (to === undefined)
    return [
      finding(
        { ...BROKEN, consequence: "its DataNode has to be decommissioned first, or blocks of HDFS are lost" },
        place,
        `${host} leaves the cluster`,
      ),
    ];
  // With high availability or Kerberos switched, components come and go by necessity.
  if (told) return [];
  const [had, has] = [old.components.get(host), now.components.get(host)] as [ReadonlySet<string>, ReadonlySet<string>];
  const [gone, added] = [
    [...had].filter((name) => !has.has(name)).sort(),
    [...has].filter((name) => !had.has(name)).sort(),
  ];
  const moves = [...gone.map((name) => `loses ${name}`), ...added.map((name) => `gets ${name}`)];
  if (moves.length > 0) return [finding(BROKEN, place, `${host} ${moves.join(", ")}`)];
  return from === to ? [] : [finding(BROKEN, place, `${host} moves from the host group ${from} to ${to}`)];
}

const ZONE: Verdict = {
  severity: "high",
  kind: "cluster-zone",
  consequence: "timestamps that carry no zone are read as other moments, those that are stored already among them",
};

/** The zone in which Hive, Spark and Presto read timestamps that carry none. */
export const zone: Rule = ({ before, after }) => {
  const [old, now] = [before, after].map(({ plan }) => plan?.cluster?.spec.timeZone);
  if (old === undefined || now === undefined || old === now) return [];
  return [finding(ZONE, { file: PLAN_FILE }, `the cluster's time zone: ${old} becomes ${now}`)];
};
