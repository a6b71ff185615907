/** Rights on the platforms: IAM, buckets. Those on hosts stand in rights-hosts.ts, those of queries in rights-queries.ts. */
import { referencesIn, type Element } from "../infrastructure/elements";
import type { Finding, Json } from "../report";
import { factsOf } from "../infrastructure/types";
import { at, textOf } from "../values/json";
import { finding, placeOf, type Rule, type Verdict } from "./comparison";
import { policyChange } from "./policy";

const WIDER: Verdict = { severity: "high", kind: "iam-widened", consequence: "whoever has the key may do more" };
const NARROWER: Verdict = {
  severity: "info",
  kind: "iam-narrowed",
  consequence: "what it used may be refused from now on",
};

const POLICY_PATHS = ["policy", "assume_role_policy"] as const;

/** Policies that stand on both sides, or on one. */
export const policies: Rule = ({ elements }) =>
  elements.flatMap(({ before, after, action }): Finding[] => {
    const element = after ?? before;
    if (element?.block !== "resource" || action === undefined) return [];
    return POLICY_PATHS.filter((path) => factsOf(element.type).isJson(path)).flatMap((path) => {
      const { widened, narrowed, everybody } = policyChange(documentOf(before, path), documentOf(after, path));
      const [wider, narrower] = element.type === "aws_s3_bucket_policy" ? bucketVerdicts(everybody) : [WIDER, NARROWER];
      return [
        ...(widened.length === 0 ? [] : [finding(wider, placeOf(element), widened.join("; "))]),
        ...(narrowed.length === 0 ? [] : [finding(narrower, placeOf(element), narrowed.join("; "))]),
      ];
    });
  });

/** A bucket's own policy says who comes to it, not what somebody may do. */
const bucketVerdicts = (everybody: boolean): readonly [Verdict, Verdict] => [
  {
    severity: everybody ? "critical" : "high",
    kind: "bucket-opened",
    consequence: everybody ? "everybody on the internet comes to what lies there" : "others come to what lies there",
  },
  { severity: "info", kind: "bucket-narrowed", consequence: "fewer come to what lies there" },
];

function documentOf(element: Element | undefined, path: string): Json | undefined {
  const text = element?.config[path];
  if (typeof text !== "string") return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

interface Membership {
  readonly type: RegExp;
  readonly what: (element: Element) => string;
  readonly added: Verdict;
  readonly removed: Verdict;
}

const MEMBERSHIPS: readonly Membership[] = [
  {
    type: /^aws_iam_(user|role|group)_policy_attachment$/,
    what: ({ config }) =>
      `the policy ${textOf(config["policy_arn"])} for ${textOf(config["user"] ?? config["role"] ?? config["group"])}`,
    added: WIDER,
    removed: NARROWER,
  },
  {
    type: /^aws_iam_access_key$/,
    what: ({ config }) => `an access key of ${textOf(config["user"])}`,
    added: {
      severity: "high",
      kind: "iam-widened",
      consequence: "its secret lies in the state, where whoever reads it has it",
    },
    removed: NARROWER,
  },
];

export const attachments: Rule = ({ elements }) =>
  elements.flatMap(({ before, after, changes }): Finding[] => {
    const element = after ?? before;
    const row = MEMBERSHIPS.find(({ type }) => element?.block === "resource" && type.test(element.type));
    if (row === undefined || element === undefined) return [];
    if (before === undefined) return [finding(row.added, placeOf(element), `${row.what(element)} is new`)];
    if (after === undefined) return [finding(row.removed, placeOf(element), `${row.what(element)} is gone`)];
    if (!changes.some(({ path }) => !/^(depends_on|lifecycle)/.test(path))) return [];
    return [finding(row.added, placeOf(after), `${row.what(before)} becomes ${row.what(after)}`)];
  });

/** From closed to open. */
const ACLS = [
  "private",
  "bucket-owner-read",
  "bucket-owner-full-control",
  "log-delivery-write",
  "aws-exec-read",
  "authenticated-read",
  "public-read",
  "public-read-write",
];

/** The canned rule of a bucket or an object, and AWS's four blocks of public access. */
const BUCKET_BLOCKS = ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"];

export const buckets: Rule = ({ elements }) =>
  elements.flatMap(({ before, after, action }): Finding[] => {
    const element = after ?? before;
    if (element?.block !== "resource" || action === undefined) return [];
    if (/_(bucket|object)_acl$/.test(element.type)) return aclFindings(before, after, element);
    if (element.type !== "aws_s3_bucket_public_access_block") return [];
    return BUCKET_BLOCKS.flatMap((path) => {
      const [old, now] = [before, after].map((each) => textOf(at(each?.config, path)) === "true") as [boolean, boolean];
      if (old === now) return [];
      const verdict: Verdict = now
        ? { severity: "info", kind: "bucket-narrowed", consequence: "one way to make it public is closed" }
        : { severity: "critical", kind: "bucket-opened", consequence: "the bucket can be made public" };
      return [finding(verdict, placeOf(element), `${path} is ${now ? "set" : "taken away"}`)];
    });
  });

function aclFindings(before: Element | undefined, after: Element | undefined, element: Element): Finding[] {
  // Where no rule is written, a bucket is private (ncloud 4.0.5); removing the resource changes nothing on the platform.
  const rule = (side: Element | undefined): string => textOf(side?.config["rule"] ?? side?.config["acl"] ?? "private");
  if (after === undefined) return [];
  const [old, now] = [rule(before), rule(after)];
  const difference = ACLS.indexOf(now) - ACLS.indexOf(old);
  if (difference === 0) return [];
  const verdict: Verdict =
    difference > 0
      ? {
          severity: "critical",
          kind: "bucket-opened",
          consequence: now.startsWith("public")
            ? "everybody on the internet reads what lies there"
            : "others than its owner read what lies there",
        }
      : { severity: "info", kind: "bucket-narrowed", consequence: "fewer may read what lies there" };
  return [finding(verdict, placeOf(element), `the rule of ${nameOfBucket(element)}: ${old} becomes ${now}`)];
}

function nameOfBucket({ config, name }: Element): string {
  const text = textOf(config["bucket_name"] ?? config["bucket"] ?? name);
  return referencesIn(text)[0]?.address ?? text;
}
