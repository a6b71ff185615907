/** Data and servers destroyed or replaced, and what protects them taken away. */
import type { ElementChange } from "../infrastructure/compare";
import { referencesIn, type Element } from "../infrastructure/elements";
import type { Finding, Json, Severity } from "../report";
import { at, listOf, objectOf, textOf } from "../values/json";
import { both, finding, placeOf, type Comparison, type Rule, type Verdict } from "./comparison";
import type { FindingKind } from "./kinds";

/** Types that hold data which nothing here makes again, and the word for one. */
export const STATEFUL: Readonly<Record<string, string>> = {
  aws_db_instance: "database",
  aws_dynamodb_table: "table",
  aws_ebs_volume: "volume",
  aws_kinesis_stream: "stream",
  aws_kms_key: "key",
  aws_s3_bucket: "bucket",
  ncloud_block_storage: "volume",
  ncloud_block_storage_snapshot: "snapshot",
  ncloud_cdss_cluster: "Kafka cluster",
  ncloud_hadoop: "Hadoop cluster",
  ncloud_mongodb: "database",
  ncloud_mssql: "database",
  ncloud_mysql: "database",
  ncloud_nas_volume: "volume",
  ncloud_objectstorage_bucket: "bucket",
  ncloud_objectstorage_object: "object",
  ncloud_postgresql: "database",
  ncloud_redis: "database",
  ncloud_ses_cluster: "search cluster",
};

export const SERVERS: readonly string[] = ["aws_instance", "ncloud_server"];

/** Name of what it is on its platform, for a sentence. */
export function nameIn({ config, name }: Element): string {
  return textOf(config["name"] ?? config["bucket_name"] ?? config["bucket"] ?? name);
}

/** Whether a volume is attached to the server: it bears data. */
function bearsData(server: Element, elements: readonly ElementChange[]): boolean {
  return elements.some(
    ({ before }) =>
      before?.stack === server.stack &&
      before.type in STATEFUL &&
      referencesIn(textOf(before.config["server_instance_no"] ?? "")).some(({ address }) => address === server.address),
  );
}

const STOPPED = "prevent_destroy stops the plan: the change can't be applied as it is";

export const destruction: Rule = ({ elements }) =>
  elements.flatMap((each): Finding[] => {
    const { before, after, action, replacedBecause } = each;
    if (before?.block !== "resource" || (action !== "removed" && replacedBecause.length === 0)) return [];
    const server = SERVERS.includes(before.type);
    if (!server && !(before.type in STATEFUL)) return [];
    const data = !server || bearsData(before, elements);
    const gone = action === "removed";
    const kind: FindingKind = data
      ? gone
        ? "data-destroyed"
        : "data-replaced"
      : gone
        ? "server-removed"
        : "server-replaced";
    const severity: Severity = data ? "critical" : "high";
    const word = server ? (data ? "data host" : "server") : (STATEFUL[before.type] as string);
    const reason = `${word} ${nameIn(before)} ${gone ? "is removed" : `is replaced, because of ${replacedBecause.join("; ")}`}`;
    return [finding({ severity, kind, consequence: lossOf(each, server, data) }, placeOf(after ?? before), reason)];
  });

function lossOf({ before, after }: ElementChange, server: boolean, data: boolean): string {
  const loss = server
    ? `its base disk is lost${data ? "; its volume has to be attached and mounted again" : ""}, and its host key and number are others`
    : "what it holds is lost";
  if (at(after?.config, "lifecycle", "prevent_destroy") === true) return `${loss}; ${STOPPED}`;
  const held = ["is_protect_server_termination", "return_protection"].some((name) => before?.config[name] === true);
  return held ? `${loss}, once its protection on the platform is lifted` : loss;
}

interface Protection {
  readonly type: RegExp;
  /** Keys to the value. */
  readonly path: readonly string[];
  /** Whether the value protects. */
  readonly protects: (value: Json | undefined) => boolean;
  readonly off: Verdict;
  readonly on: Verdict;
}

const isTrue = (value: Json | undefined): boolean => textOf(value) === "true";
const isFalse = (value: Json | undefined): boolean => !isTrue(value);

const destroyable = (consequence: string, severity: Severity = "high"): Pick<Protection, "off" | "on"> => ({
  off: { severity, kind: "protection-removed", consequence },
  on: { severity: "info", kind: "protection-added", consequence: "it takes one more consent to destroy it" },
});
const readable = (consequence: string): Pick<Protection, "off" | "on"> => ({
  off: { severity: "high", kind: "encryption-removed", consequence },
  on: { severity: "info", kind: "encryption-added", consequence: "what lies there is encrypted from now on" },
});

const PROTECTIONS: readonly Protection[] = [
  {
    type: /./,
    path: ["lifecycle", "prevent_destroy"],
    protects: isTrue,
    ...destroyable("the next change that removes or replaces it destroys it"),
  },
  {
    type: /^ncloud_server$/,
    path: ["is_protect_server_termination"],
    protects: isTrue,
    ...destroyable("the platform no longer refuses to terminate it"),
  },
  {
    type: /^ncloud_block_storage$/,
    path: ["return_protection"],
    protects: isTrue,
    ...destroyable("the platform no longer refuses to give it back, with its data"),
  },
  {
    type: /^aws_instance$/,
    path: ["disable_api_termination"],
    protects: isTrue,
    ...destroyable("AWS no longer refuses to terminate it"),
  },
  {
    type: /^aws_db_instance$/,
    path: ["deletion_protection"],
    protects: isTrue,
    ...destroyable("AWS no longer refuses to delete it"),
  },
  {
    type: /^aws_s3_bucket$/,
    path: ["force_destroy"],
    protects: isFalse,
    ...destroyable("destroying the bucket deletes every object in it"),
  },
  {
    type: /^ncloud_server$/,
    path: ["is_encrypted_base_block_storage_volume"],
    protects: isTrue,
    ...readable("the base disk of the server is not encrypted, and the change replaces the server"),
  },
  {
    type: /^aws_ebs_volume$/,
    path: ["encrypted"],
    protects: isTrue,
    ...readable("the volume is not encrypted, and the change replaces it"),
  },
  {
    type: /^aws_db_instance$/,
    path: ["storage_encrypted"],
    protects: isTrue,
    ...readable("the database is not encrypted"),
  },
];

/** Paths that both sides ignore protect nothing by a change: an ignored attribute stays as it is. */
export const protection: Rule = ({ elements }) =>
  both(elements).flatMap(({ before, after }) => [
    ...PROTECTIONS.flatMap((row): Finding[] => {
      if (!row.type.test(after.type)) return [];
      const [old, now] = [before, after].map(({ config }) => row.protects(at(config, ...row.path))) as [
        boolean,
        boolean,
      ];
      if (old === now) return [];
      return [
        finding(
          now ? row.on : row.off,
          placeOf(after),
          `${row.path.join(".")} of ${nameIn(after)} is ${now ? "set" : "taken away"}`,
        ),
      ];
    }),
    ...checks(before, after),
    ...forgotten(before, after),
  ]);

/** A postcondition that reads back whether the platform encrypts. */
function checks(before: Element, after: Element): Finding[] {
  const asks = ({ config }: Element): boolean =>
    listOf(at(config, "lifecycle", "postcondition")).some((each) => textOf(at(each, "condition")).includes("encrypt"));
  const [old, now] = [asks(before), asks(after)];
  if (old === now) return [];
  const verdict: Verdict = now
    ? { severity: "info", kind: "encryption-added", consequence: "an apply fails where the platform does not encrypt" }
    : {
        severity: "high",
        kind: "encryption-removed",
        consequence: "a volume that the platform does not encrypt is no longer noticed",
      };
  return [finding(verdict, placeOf(after), `the check that ${nameIn(after)} is encrypted is ${now ? "new" : "gone"}`)];
}

/** `ignore_changes` keeps a server alive while scripts, keys and images change. */
function forgotten(before: Element, after: Element): Finding[] {
  if (!SERVERS.includes(after.type)) return [];
  const ignored = ({ config }: Element): string[] => listOf(at(config, "lifecycle", "ignore_changes")).map(textOf);
  const [gone, news] = [
    ignored(before).filter((path) => !ignored(after).includes(path)),
    ignored(after).filter((path) => !ignored(before).includes(path)),
  ];
  const off: Verdict = {
    severity: "high",
    kind: "protection-removed",
    consequence: "a later change of it replaces the server",
  };
  const on: Verdict = {
    severity: "info",
    kind: "protection-added",
    consequence: "a change of it no longer replaces the server",
  };
  return [
    ...(gone.length === 0
      ? []
      : [finding(off, placeOf(after), `ignore_changes of ${nameIn(after)} no longer names ${gone.join(", ")}`)]),
    ...(news.length === 0
      ? []
      : [finding(on, placeOf(after), `ignore_changes of ${nameIn(after)} names ${news.join(", ")}`)]),
  ];
}

/** The copy of a stack's state before each change, and the bucket that the states lie in. */
export const stateCopies: Rule = (comparison) => [...copies(comparison), ...backends(comparison)];

/** One finding for all stacks that lose, or get, the program that copies. */
function copies({ before, after, elements }: Comparison): Finding[] {
  const stacks = { removed: new Set<string>(), added: new Set<string>() };
  for (const { before: old, after: now, action } of elements) {
    const element = now ?? old;
    if (element?.type !== "terraform_data" || !/^before_(changes|removals)$/.test(element.name)) continue;
    if (!before.stacks.has(element.stack) || !after.stacks.has(element.stack)) continue;
    if (action === "removed" || action === "added") stacks[action].add(element.stack);
  }
  return (["removed", "added"] as const).flatMap((action) => {
    if (stacks[action].size === 0) return [];
    const verdict: Verdict =
      action === "removed"
        ? { severity: "high", kind: "backups-removed", consequence: "a state that a change spoils can't be put back" }
        : { severity: "info", kind: "backups-added", consequence: "a state that a change spoils can be put back" };
    return [
      finding(
        verdict,
        { construct: [...stacks[action]].join(", ") },
        `the program that copies the state before each change is ${action}`,
      ),
    ];
  });
}

/** One finding for all stacks that move together. */
function backends({ before, after }: Pick<Comparison, "before" | "after">): Finding[] {
  const moves = new Map<string, string[]>();
  for (const [name, { json }] of after.stacks) {
    const old = before.stacks.get(name);
    if (old === undefined) continue;
    const [from = "none", to = "none"] = [old.json, json].map(
      (each) => Object.keys(objectOf(at(each, "terraform", "backend")))[0],
    );
    if (from !== to) moves.set(`${from} ${to}`, [...(moves.get(`${from} ${to}`) ?? []), name]);
  }
  return [...moves].map(([move, stacks]) => {
    const [from, to] = move.split(" ");
    const verdict: Verdict =
      to === "s3"
        ? {
            severity: "info",
            kind: "backups-added",
            consequence: "the states lie in a bucket; they have to be moved there with terraform init -migrate-state",
          }
        : {
            severity: "high",
            kind: "backups-removed",
            consequence: "the states lie on one machine, and Terraform begins with empty ones unless they are moved",
          };
    return finding(verdict, { construct: stacks.join(", ") }, `the backend of the state: ${from} becomes ${to}`);
  });
}
