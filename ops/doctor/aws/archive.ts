import { HeadObjectCommand, ListObjectsV2Command, type _Object } from "@aws-sdk/client-s3";
import { DateTime } from "luxon";
import type { DatasetPlan } from "../../../pipeline/plan-types";
import { datasetCheck, placeOf, sourceClient, type Asker, type ClientOf } from "./source";
import type { Check, Said } from "../types";

/** Objects listed of one dataset: 200 requests at the most. */
const CAP = 200_000;
/** Objects of a class that may hide an archive which are asked about one by one. */
const SAMPLE = 20;

/** Classes whose objects must be restored before they can be read. GLACIER_IR needs no restoring. */
export const ARCHIVED: ReadonlySet<string> = new Set(["GLACIER", "DEEP_ARCHIVE"]);
const MAY_BE_ARCHIVED = "INTELLIGENT_TIERING";

/** Whether objects lie in an archive, where rclone finds but can't read them. */
export const awsArchive = (clientOf: ClientOf = sourceClient, cap = CAP): Check =>
  datasetCheck(
    { name: "aws-archive", about: "no source object is archived", needs: ["aws-buckets"], deadlineMs: 600_000 },
    async (dataset, asker) => {
      const seen = await survey(dataset, asker, cap);
      return [...archived(dataset, seen), ...(await tiered(dataset, seen, asker)), ...rest(dataset, seen)];
    },
    clientOf,
  );

interface Seen {
  objects: number;
  /** Whether all were listed. */
  whole: boolean;
  /** Archived objects by class, without those that are restored. */
  readonly archived: Map<string, number>;
  restored: number;
  /** The earliest day on which a restored copy goes. */
  restoredUntil?: Date;
  first?: string;
  /** The first objects that may be archived. */
  readonly maybe: string[];
  mayBe: number;
}

/** What is copied at all: a log from its start on, unless the rest is copied too. */
function firstKey(dataset: DatasetPlan): string | undefined {
  if (dataset.layout === "tree" || dataset.beforeStart === "copy") return undefined;
  return dataset.source.prefix + DateTime.fromISO(dataset.start).setZone(dataset.prefixZone).toFormat("yyyy/MM/dd/");
}

async function survey(dataset: DatasetPlan, { client, context }: Asker, cap: number): Promise<Seen> {
  const { bucket, prefix } = dataset.source;
  const seen: Seen = { objects: 0, whole: false, archived: new Map(), restored: 0, maybe: [], mayBe: 0 };
  const StartAfter = firstKey(dataset);
  let token: string | undefined;
  do {
    const asked = new ListObjectsV2Command({
      Bucket: bucket,
      Prefix: prefix,
      OptionalObjectAttributes: ["RestoreStatus"],
      ...(token !== undefined ? { ContinuationToken: token } : StartAfter !== undefined ? { StartAfter } : {}),
    });
    const page = await client.send(asked, { abortSignal: context.signal });
    for (const object of page.Contents ?? []) note(seen, object);
    token = page.NextContinuationToken;
    context.note(`${dataset.name}: ${seen.objects} objects`);
  } while (token !== undefined && seen.objects < cap);
  seen.whole = token === undefined;
  return seen;
}

function note(seen: Seen, { Key = "", StorageClass = "STANDARD", RestoreStatus }: _Object): void {
  seen.objects++;
  if (StorageClass === MAY_BE_ARCHIVED) {
    seen.mayBe++;
    if (seen.maybe.length < SAMPLE) seen.maybe.push(Key);
  }
  if (!ARCHIVED.has(StorageClass)) return;
  const until = RestoreStatus?.RestoreExpiryDate;
  if (until !== undefined && RestoreStatus?.IsRestoreInProgress !== true) {
    seen.restored++;
    if (seen.restoredUntil === undefined || until < seen.restoredUntil) seen.restoredUntil = until;
    return;
  }
  seen.first ??= Key;
  seen.archived.set(StorageClass, (seen.archived.get(StorageClass) ?? 0) + 1);
}

const listed = ({ objects, whole }: Seen): string => `${objects}${whole ? "" : " and more"} objects`;

function archived(dataset: DatasetPlan, seen: Seen): Said[] {
  const place = placeOf(dataset);
  const counts = [...seen.archived].sort().map(([name, count]) => `${count} in ${name}`);
  return [
    ...(counts.length === 0
      ? []
      : [
          {
            severity: "error" as const,
            place,
            found: `of ${listed(seen)} ${counts.join(", ")}, such as ${seen.first}`,
            meaning: "S3 refuses to give them out until they are restored: every run that wants them fails",
            try: "restore them for longer than the copy takes (S3 Batch Operations), or set start_date after them",
          },
        ]),
    ...(seen.restored === 0
      ? []
      : [
          {
            severity: "warning" as const,
            place,
            found: `${seen.restored} archived objects are restored, the first until ${seen.restoredUntil?.toISOString().slice(0, 10)}`,
            meaning: "they can be read until then, and not after",
            try: "copy them before",
          },
        ]),
  ];
}

/** Intelligent tiering moves what nobody reads into an archive too, if that is switched on; a listing doesn't show it. */
async function tiered(dataset: DatasetPlan, seen: Seen, { client, context }: Asker): Promise<Said[]> {
  if (seen.mayBe === 0) return [];
  const place = placeOf(dataset);
  const inArchive: string[] = [];
  for (const key of seen.maybe) {
    const asked = new HeadObjectCommand({ Bucket: dataset.source.bucket, Key: key });
    const { ArchiveStatus } = await client.send(asked, { abortSignal: context.signal });
    if (ArchiveStatus !== undefined) inArchive.push(key);
  }
  const found = `${seen.mayBe} objects in ${MAY_BE_ARCHIVED}; of ${seen.maybe.length} asked`;
  return [
    inArchive.length > 0
      ? {
          severity: "error",
          place,
          found: `${found}, ${inArchive.length} lie in an archive tier, such as ${inArchive[0]}`,
          meaning: "S3 refuses to give them out until they are restored",
          try: "restore them, and take the bucket's intelligent tiering configuration away",
        }
      : { severity: "ok", place, found: `${found}, none lies in an archive tier` },
  ];
}

function rest(dataset: DatasetPlan, seen: Seen): Said[] {
  if (seen.archived.size > 0) return [];
  const place = placeOf(dataset);
  return [
    seen.whole
      ? { severity: "ok", place, found: `${listed(seen)}, none archived and not restored` }
      : {
          severity: "unknown",
          place,
          found: `none of the first ${seen.objects} objects is archived; the others were not listed`,
          try: "S3 Inventory, or Storage Lens: bytes by storage class",
        },
  ];
}
