/** Who may query what: Presto's access rules, Hive's and Hadoop's settings, Airflow's. */
import { listOf, objectOf, at, canonical, type JsonObject, textOf } from "../values/json";
import type { Finding, Json } from "../report";
import type { FilePair } from "../files/delivered";
import { finding, hostsOf, placeOfFile, type Rule, type Verdict } from "./comparison";
import { safeIf, settingsRule, type Settings } from "./settings";

const WIDER: Verdict = {
  severity: "high",
  kind: "query-rights-widened",
  consequence: "more people read or change these tables",
};
const NARROWER: Verdict = {
  severity: "info",
  kind: "query-rights-narrowed",
  consequence: "queries that worked may be refused",
};

/** Files of rules: Presto's and Trino's file-based access control. */
const RULES = /(presto|trino).*\/[^/]*rules[^/]*\.json$/;

/** Kinds of rules, and what of a rule is the right itself. */
const RIGHTS = ["privileges", "allow", "owner", "readOnly"];

interface AccessRule {
  readonly list: string;
  /** Whom and what it is about, without the right. */
  readonly subject: string;
  readonly grants: ReadonlySet<string>;
}

function rulesOf(text: string | undefined): AccessRule[] {
  if (text === undefined) return [];
  let document: JsonObject;
  try {
    document = objectOf(JSON.parse(text));
  } catch {
    return [];
  }
  return Object.entries(document).flatMap(([list, rules]) =>
    (Array.isArray(rules) ? (rules as Json[]) : []).map(objectOf).map((rule) => ({
      list,
      subject: canonical(Object.fromEntries(Object.entries(rule).filter(([key]) => !RIGHTS.includes(key)))),
      grants: grantsOf(rule),
    })),
  );
}

function grantsOf(rule: JsonObject): ReadonlySet<string> {
  const { allow, owner, privileges } = rule;
  return new Set([
    ...listOf(privileges).map(textOf),
    ...(allow === true || allow === "all" ? ["read", "write"] : allow === "read-only" ? ["read"] : []),
    ...(owner === true ? ["owner"] : []),
  ]);
}

/** The first rule that fits a query decides: so what a rule without rights stood before counts as much as what it grants. */
export const accessRules: Rule = ({ before, after, files }) => {
  const [left, right] = [hostsOf(before), hostsOf(after)];
  return files
    .filter(
      ({ path, host, before: old, after: now }) =>
        RULES.test(path) && old?.text !== now?.text && (host === "" || (left.has(host) && right.has(host))),
    )
    .flatMap((pair) => ruleFindings(pair));
};

function ruleFindings(pair: FilePair): Finding[] {
  if (pair.after === undefined)
    return [finding(WIDER, placeOfFile(pair), "the file of access rules is gone: nothing is refused")];
  const [old, now] = [rulesOf(pair.before?.text), rulesOf(pair.after.text)];
  const [wider, narrower] = [differences(old, now), differences(now, old)];
  if (wider.length + narrower.length === 0 && order(old) !== order(now))
    wider.push("another rule comes first: the first that fits decides");
  return [
    ...(wider.length === 0 ? [] : [finding(WIDER, placeOfFile(pair), wider.join("; "))]),
    ...(narrower.length === 0
      ? []
      : [finding(NARROWER, placeOfFile(pair), narrower.map((each) => `no longer: ${each}`).join("; "))]),
  ];
}

/** What the second grants and the first does not, and what the first refused. */
function differences(first: readonly AccessRule[], second: readonly AccessRule[]): string[] {
  const key = ({ list, subject }: AccessRule): string => `${list} ${subject}`;
  const [old, now] = [
    new Map(first.map((rule) => [key(rule), rule])),
    new Map(second.map((rule) => [key(rule), rule])),
  ];
  const granted = [...now].flatMap(([each, { grants }]) => {
    const more = [...grants].filter((grant) => old.get(each)?.grants.has(grant) !== true);
    return more.length === 0 ? [] : [`${each} gets ${more.sort().join(", ")}`];
  });
  const refusals = [...old]
    .filter(([each, { grants }]) => grants.size === 0 && !now.has(each))
    .map(([each]) => `${each} is no longer refused`);
  return [...granted, ...refusals];
}

const order = (rules: readonly AccessRule[]): string =>
  rules.map(({ list, subject, grants }) => `${list} ${subject} ${[...grants].sort().join()}`).join("\n");

const query = (consequence: string) => ({ worse: { ...WIDER, consequence }, better: NARROWER });

/** A property of an Ambari blueprint: each stands once in the file. */
const property =
  (name: string) =>
  (text: string): string | undefined =>
    new RegExp(`"${name.replaceAll(".", "\\.")}":\\s*"([^"]*)"`).exec(text)?.[1];
const line =
  (name: string) =>
  (text: string): string | undefined =>
    new RegExp(`^${name.replaceAll(".", "\\.")}\\s*=\\s*(\\S+)`, "m").exec(text)?.[1];

const SETTINGS: Settings = {
  values: [
    {
      file: /blueprint\.json$/,
      what: "hive.security.authorization.enabled",
      read: property("hive.security.authorization.enabled"),
      rank: safeIf("true"),
      ...query("Hive asks nobody for rights"),
    },
    {
      file: /blueprint\.json$/,
      what: "dfs.permissions.enabled",
      read: property("dfs.permissions.enabled"),
      rank: (value) => (value === "false" ? 0 : 1),
      ...query("HDFS asks nobody for rights"),
    },
    {
      file: /blueprint\.json$/,
      what: "hadoop.security.authentication",
      read: property("hadoop.security.authentication"),
      rank: safeIf("kerberos"),
      ...query("whoever reaches the port is whoever they say"),
    },
    {
      file: /blueprint\.json$/,
      what: "the cluster's security",
      read: (text) => textOf(at(parsed(text), "Blueprints", "security", "type")),
      rank: safeIf("kerberos"),
      ...query("whoever reaches the port is whoever they say"),
    },
    {
      file: /presto.*\.properties$/,
      what: "hive.security",
      read: line("hive.security"),
      rank: (value) => (["legacy", "read-only", "file", "sql-standard"].indexOf(textOf(value)) > 1 ? 1 : 0),
      ...query("the catalog's rules are not asked"),
    },
    {
      file: /presto.*\/access-control\.properties$/,
      what: "access-control.name",
      read: line("access-control.name"),
      rank: (value) => (value === "file" ? 1 : 0),
      ...query("Presto's rules are not asked"),
    },
    {
      file: /\/airflow\.cfg$/,
      what: "expose_config",
      read: line("expose_config"),
      rank: (value) => (/^true$/i.test(textOf(value)) ? 0 : 1),
      ...query("whoever logs in to Airflow reads its configuration"),
    },
    {
      file: /\/airflow\.cfg$/,
      what: "auth_backends",
      read: line("auth_backends"),
      rank: (value) => (/default|allow_all/.test(textOf(value)) ? 0 : 1),
      ...query("Airflow's API asks nobody who they are"),
    },
    {
      file: /\/airflow\.cfg$/,
      what: "web_server_host",
      read: line("web_server_host"),
      rank: (value) => (value === "127.0.0.1" || value === "localhost" ? 1 : 0),
      worse: {
        severity: "medium",
        kind: "network-opened",
        consequence: "Airflow is reached without a tunnel by whomever its groups admit",
      },
      better: { severity: "info", kind: "network-narrowed", consequence: "Airflow is reached through a tunnel alone" },
    },
    {
      file: /\/webserver_config\.py$/,
      what: "AUTH_ROLE_PUBLIC",
      read: (text) => /^AUTH_ROLE_PUBLIC\s*=\s*["'](\w+)["']/m.exec(text)?.[1],
      rank: (value) => (value === undefined || value === "Public" ? 1 : 0),
      ...query("whoever reaches Airflow has that role without a login"),
    },
  ],
  members: [
    {
      file: /blueprint\.json$/,
      what: "may speak for others:",
      members: (text) =>
        [...text.matchAll(/"(hadoop\.proxyuser\.[^"]+)":\s*"([^"]*)"/g)].flatMap(([, name, value]) =>
          (value as string).split(",").map((each) => `${name}=${each}`),
        ),
      added: { ...WIDER, consequence: "the service acts as any of these users, from any of these hosts" },
      removed: NARROWER,
    },
  ],
};

function parsed(text: string): JsonObject {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return {};
  }
}

export const queryRights: Rule = settingsRule(SETTINGS);
