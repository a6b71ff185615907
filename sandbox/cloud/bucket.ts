import { Refused } from "../provider/diagnostics";
import { type Kind, required } from "./kind";
import { taken } from "./platform";
import { type Bucket, type BucketAcl, KIND } from "./records";

/** A real bucket. Names are one space for all customers: one that is there without a record belongs to somebody else. */
export const bucket: Kind<Bucket> = {
  type: KIND.bucket,
  attributes: ({ id, created }) => ({ id, bucket_name: id, creation_date: created }),
  // Its format changes with the first refresh (ncloud 4.0.5): an output of it makes the second plan non-empty.
  atFirst: ({ created }) => ({ creation_date: created.replace("T", " ").replace("Z", " +0000 UTC") }),
  claim: (wanted, _, platform) => {
    const name = required(wanted, "bucket_name");
    const other = platform.store.get<Bucket>(KIND.bucket, name);
    if (other !== undefined) throw taken(KIND.bucket, name, other);
    return { id: name, created: new Date().toISOString() };
  },
  make: async (record, { machinery, store }) => {
    if (await machinery.bucketExists(record.id)) {
      // Not ours: the failed claim must not take it away.
      store.delete(KIND.bucket, record.id);
      throw new Refused(
        `BucketAlreadyExists: ${record.id}\n  allowed: a name that no bucket of any customer has\n  try: another name`,
        ["bucket_name"],
      );
    }
    await machinery.createBucket(record.id);
    return record;
  },
  stands: ({ id }, { machinery }) => machinery.bucketExists(id),
  unmake: async ({ id }, { machinery, store }) => {
    if (store.get(KIND.bucket, id) !== undefined && (await machinery.bucketExists(id)))
      await machinery.deleteBucket(id);
  },
  leave: ({ id }, { store }) => store.delete(KIND.bucketAcl, id),
};

/** What each rule lets everyone do. The S3 server has no accounts to read for, so two rules can't be played. */
const EVERYONE: Readonly<Record<string, "nothing" | "reading">> = { private: "nothing", "public-read": "reading" };

export const bucketAcl: Kind<BucketAcl> = {
  type: KIND.bucketAcl,
  // The rule is not read back, as by the real provider (ncloud 4.0.5), which sees no drift.
  attributes: ({ id }) => ({ id, bucket_name: id }),
  claim: (wanted, _, platform) => {
    const name = required(wanted, "bucket_name");
    platform.need<Bucket>(KIND.bucket, name, "bucket");
    return { id: name, rule: playable(required(wanted, "rule")) };
  },
  make: async (record, { machinery }) => {
    await machinery.allowEveryone(record.id, EVERYONE[record.rule] ?? "nothing");
    return record;
  },
  change: (record, wanted) => ({ ...record, rule: playable(required(wanted, "rule")) }),
  apply: async (_, record, { machinery }) => {
    await machinery.allowEveryone(record.id, EVERYONE[record.rule] ?? "nothing");
    return record;
  },
  // Destroying it does nothing: what it allowed stays allowed (ncloud 4.0.5).
};

function playable(rule: string): string {
  if (rule in EVERYONE) return rule;
  throw new Refused(
    `the sandbox's object storage can't play "${rule}"\n  allowed here: ${Object.keys(EVERYONE).join(", ")}`,
    ["rule"],
  );
}
