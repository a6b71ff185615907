/** Proof that a dataset arrived: every object's SHA-256 on both sides, computed here and not by what copied it. */
import { DateTime } from "luxon";
import type { DatasetPlan, LogDataset } from "../../pipeline/plan-types";
import { hashBucket, listObjects } from "../object-storage";
import type { DatasetSummary } from "./summary";

export interface HashedObject {
  /** Without the prefix, which may differ between the sides. */
  readonly key: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface SourceObject extends HashedObject {
  readonly modified: Date;
}

export interface Comparison extends DatasetSummary {
  readonly missing: readonly string[];
  readonly different: readonly string[];
  /** At the target, and never at the source. */
  readonly foreign: readonly string[];
}

/**
 * Compares what was at the source at `cutoff` with the target. Objects that came later may or may not have been copied yet by
 * a later run; they count on neither side.
 */
export function compare(source: readonly SourceObject[], target: readonly HashedObject[], cutoff: Date): Comparison {
  const wanted = source.filter(({ modified }) => modified <= cutoff);
  const atTarget = new Map(target.map((object) => [object.key, object]));
  const everAtSource = new Set(source.map(({ key }) => key));
  const arrived = wanted.flatMap(({ key }) => atTarget.get(key) ?? []);
  const missing = wanted.filter(({ key }) => !atTarget.has(key)).map(({ key }) => key);
  const different = wanted.filter(({ key, sha256 }) => (atTarget.get(key)?.sha256 ?? sha256) !== sha256);
  const foreign = target.filter(({ key }) => !everAtSource.has(key)).map(({ key }) => key);
  const sum = (objects: readonly HashedObject[]): number => objects.reduce((bytes, object) => bytes + object.bytes, 0);
  return {
    source: { objects: wanted.length, bytes: sum(wanted) },
    target: { objects: arrived.length, bytes: sum(arrived) },
    identical: wanted.length > 0 && missing.length === 0 && different.length === 0 && foreign.length === 0,
    missing,
    different: different.map(({ key }) => key),
    foreign,
  };
}

/** The store's clock has whole seconds: an object this much older than a run was there when the run began. */
const CLOCK_STEP = 2_000;

/**
 * Hashes both sides of a dataset. The target first: whatever it holds then has been at the source, which is read after it.
 * @param runStarted when the run began that must have copied everything
 */
export async function verifyDataset(dataset: DatasetPlan, runStarted: string): Promise<Comparison> {
  const { source, target } = dataset;
  const copied = await hashBucket("ncp", target.bucket, target.prefix);
  const original = await hashBucket("aws", source.bucket, source.prefix);
  const modified = new Map(
    (await listObjects("aws", source.bucket, source.prefix)).map((object) => [object.key, object.modified]),
  );
  return compare(
    [...original].map(([key, hash]) => ({
      key: key.slice(source.prefix.length),
      ...hash,
      modified: modified.get(key) as Date,
    })),
    [...copied].map(([key, hash]) => ({ key: key.slice(target.prefix.length), ...hash })),
    new Date(Date.parse(runStarted) - CLOCK_STEP),
  );
}

/** When the oldest folder of a log's source began, in milliseconds: its name says so. */
export async function sourceOldest(dataset: LogDataset): Promise<number> {
  const { bucket, prefix } = dataset.source;
  const key = (await listObjects("aws", bucket, prefix))[0]?.key;
  if (key === undefined)
    throw new Error(`${bucket}/${prefix}: no object; the sandbox's data is missing\n  try: aws2ncp sandbox up`);
  return folderTime(dataset, key.slice(prefix.length));
}

/** How the folders of each layout are named, and for people. */
const FOLDERS = {
  "firehose-hourly": {
    pattern: /^\d{4}\/\d{2}\/\d{2}\/\d{2}(?=\/)/,
    format: "yyyy/MM/dd/HH",
    words: "an hour, YYYY/MM/DD/HH/",
  },
  daily: { pattern: /^\d{4}\/\d{2}\/\d{2}(?=\/)/, format: "yyyy/MM/dd", words: "a day, YYYY/MM/DD/" },
} as const;

/** "2026/11/10/16/…" -> the start of that hour, in milliseconds; the dataset says in which zone. */
export function folderTime({ layout, prefixZone }: Pick<LogDataset, "layout" | "prefixZone">, key: string): number {
  const { pattern, format, words } = FOLDERS[layout];
  const start = DateTime.fromFormat(pattern.exec(key)?.[0] ?? "", format, { zone: prefixZone });
  if (!start.isValid) throw new Error(`${key}: not in a folder of ${words}`);
  return start.toMillis();
}
