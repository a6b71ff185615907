import { GetBucketLifecycleConfigurationCommand, type LifecycleRule } from "@aws-sdk/client-s3";
import type { DatasetPlan } from "../../../pipeline/plan-types";
import { ARCHIVED } from "./archive";
import { datasetCheck, placeOf, sourceClient, Unanswered, type Asker, type AwsError, type ClientOf } from "./source";
import type { Check, Said } from "../types";

/** Whether rules of the bucket take objects away, or archive them, before they are copied. */
export const awsLifecycle = (clientOf: ClientOf = sourceClient): Check =>
  datasetCheck(
    {
      name: "aws-lifecycle",
      about: "no rule of a source bucket expires or archives objects before they are copied",
      needs: ["aws-buckets"],
    },
    askRules,
    clientOf,
  );

async function askRules(dataset: DatasetPlan, { client, context }: Asker): Promise<Said[]> {
  const fine: Said = { severity: "ok", place: placeOf(dataset), found: "no rule expires or archives objects" };
  try {
    const asked = new GetBucketLifecycleConfigurationCommand({ Bucket: dataset.source.bucket });
    const { Rules } = await client.send(asked, { abortSignal: context.signal });
    if (Rules === undefined) throw new Unanswered();
    const found = Rules.filter((rule) => rule.Status === "Enabled" && overlaps(rule, dataset.source.prefix)).flatMap(
      (rule) => actionsOf(rule).map((action) => findingOf(dataset, rule, action)),
    );
    return found.length === 0 ? [fine] : found;
  } catch (error) {
    if ((error as AwsError).name === "NoSuchLifecycleConfiguration") return [fine];
    throw error;
  }
}

const prefixOf = ({ Filter, Prefix }: LifecycleRule): string => Filter?.Prefix ?? Filter?.And?.Prefix ?? Prefix ?? "";

function overlaps(rule: LifecycleRule, prefix: string): boolean {
  const own = prefixOf(rule);
  return own.startsWith(prefix) || prefix.startsWith(own);
}

/** Filters beside the prefix: the rule is for some of the objects only. */
const isPartial = ({ Filter }: LifecycleRule): boolean => {
  const { Prefix: _, ...others } = Filter ?? {};
  const { Prefix: __, ...ands } = Filter?.And ?? {};
  return Object.keys(others).some((name) => name !== "And") || Object.keys(ands).length > 0;
};

interface Action {
  readonly kind: "expires" | "archives";
  /** "expires", or "moves to GLACIER" */
  readonly does: string;
  /** Days of age; undefined: on a date. */
  readonly days?: number;
  readonly date?: Date;
}

/** Versions that are not current, and uploads that were given up, are none of the copy's business. */
function actionsOf({ Expiration, Transitions = [] }: LifecycleRule): Action[] {
  const when = ({ Days, Date: date }: { Days?: number | undefined; Date?: Date | undefined }) => ({
    ...(Days === undefined ? {} : { days: Days }),
    ...(date === undefined ? {} : { date }),
  });
  const expires = Expiration?.Days !== undefined || Expiration?.Date !== undefined;
  return [
    ...(expires ? [{ kind: "expires" as const, does: "deletes them", ...when(Expiration) }] : []),
    ...Transitions.filter(({ StorageClass = "" }) => ARCHIVED.has(StorageClass)).map((transition) => ({
      kind: "archives" as const,
      does: `moves them to ${transition.StorageClass}`,
      ...when(transition),
    })),
  ];
}

function findingOf(dataset: DatasetPlan, rule: LifecycleRule, action: Action): Said {
  const when = action.date === undefined ? `after ${action.days} days` : `on ${action.date.toISOString().slice(0, 10)}`;
  const what = `${isPartial(rule) ? "some objects under" : "objects under"} "${prefixOf(rule)}"`;
  return {
    ...consequence(dataset, action),
    place: placeOf(dataset),
    found: `rule ${rule.ID ?? "without a name"} takes ${what} and ${action.does} ${when}`,
  };
}

type Consequence = Pick<Said, "severity" | "meaning" | "try">;

function consequence(dataset: DatasetPlan, { kind, days }: Action): Consequence {
  if (dataset.layout === "tree") return ofTree(dataset.mode, kind);
  if (days !== undefined && days * 24 <= dataset.latenessHours)
    return {
      severity: "error",
      meaning: `objects are out of reach within the ${dataset.latenessHours} hours in which late ones still appear: some are never copied`,
      try: "a rule that waits longer, by days, than datasets.*.lateness_hours and the longest outage to be survived",
    };
  return {
    severity: "warning",
    meaning:
      `what is older can't be copied any more: a first copy since ${dataset.start.slice(0, 10)} finds only the rest, ` +
      `and an outage longer than the rule's time loses objects`,
    try: "switch the rule off until the first full copy is verified",
  };
}

const ofTree = (mode: "copy" | "sync", kind: Action["kind"]): Consequence =>
  mode === "sync" && kind === "expires"
    ? {
        severity: "error",
        meaning:
          "sync repeats it at the target: what expires here is deleted there, into the bucket of replaced objects",
        try: "mode: copy, or no such rule",
      }
    : {
        severity: "warning",
        meaning: "what the rule has taken can't be copied any more, and what it takes during the copy makes that fail",
        try: "switch the rule off until the copy is verified",
      };
