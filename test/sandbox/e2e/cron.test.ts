/** The objects come by the job that cron itself fires, every time, late ones too. */
import { createHash, randomBytes } from "node:crypto";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { calendarOf } from "../../../sandbox/data/events";
import { liveFrom } from "../../../sandbox/data/feed";
import { closedIntervals, logObject } from "../../../sandbox/data/firehose";
import { readRecords } from "../../../sandbox/data/source";
import { hashBucket, listObjects, s3Client } from "../../../sandbox/object-storage";
import { coveringRun, firedBy, readCronLines, readRuns } from "../../../sandbox/rehearsal/cron";
import { sourceOldest } from "../../../sandbox/rehearsal/verify";
import { eventLog, rehearsedPlan, until } from "./support";

jest.setTimeout(300_000);

const plan = rehearsedPlan();
const dataset = eventLog(plan);
const { source, target } = dataset;

const put = async (key: string, body: Buffer): Promise<void> => {
  const aws = s3Client("aws");
  await aws.send(new PutObjectCommand({ Bucket: source.bucket, Key: key, Body: body }));
  aws.destroy();
};

/** Folder of the hour that many hours ago. */
const hoursAgo = (hours: number): string => {
  const [year, month, day, hour] = new Date(Date.now() - hours * 3_600_000).toISOString().split(/[-T:]/);
  return `${year}/${month}/${day}/${hour}/`;
};

/** Waits for the end of a good run that began after `since`. */
const runAfter = (since: number): Promise<unknown> =>
  until("a good run", 150, async () =>
    (await readRuns("sync-1", dataset.name)).find(({ started, ok }) => ok && Date.parse(started) > since),
  );

it("copied everything in a run that cron's own line in the journal names by its process id", async () => {
  const found = coveringRun(
    await readRuns("sync-1", dataset.name),
    await readCronLines("sync-1"),
    await sourceOldest(dataset),
  );
  expect(found?.line.pid).toBe(found?.run.pid);
  expect(found?.line.command).toContain(`aws2ncp-sync ${dataset.name}`);
  expect(found?.line.user).toBe("aws2ncp");
});

it("has a source at which each minute's objects keep arriving", async () => {
  const now = Date.now();
  const calendar = calendarOf(await readRecords());
  // A minute's object comes a few seconds after the minute.
  const written = closedIntervals(liveFrom(now), now - 30_000);
  const keys = new Set((await listObjects("aws", source.bucket, source.prefix)).map(({ key }) => key));
  const missing = written
    .flatMap((interval) => logObject(calendar, source.prefix, interval)?.key ?? [])
    .filter((key) => !keys.has(key));
  expect(written.length).toBeGreaterThan(14 * 24 * 2);
  expect(missing).toEqual([]);
});

it("has never run but by cron", async () => {
  const lines = await readCronLines("sync-1");
  const runs = await readRuns("sync-1", dataset.name);
  expect(runs.length).toBeGreaterThan(0);
  expect(runs.filter((run) => firedBy(run, lines) === undefined)).toEqual([]);
});

// One wait for cron serves both tests: the object that the second one changes arrives with the first one's.
const id = randomBytes(6).toString("hex");
const late = hoursAgo(dataset.latenessHours - 2);
const arrivals = new Map([hoursAgo(0), hoursAgo(1), late].map((hour) => [`${hour}e2e-${id}.gz`, randomBytes(2000)]));
const changing = `${hoursAgo(1)}e2e-${id}.gz`;

it("copies what arrives in this hour, and what arrives late in an hour long closed", async () => {
  for (const [key, body] of arrivals) await put(source.prefix + key, body);
  await runAfter(Date.now());
  const copied = await hashBucket("ncp", target.bucket, target.prefix);
  for (const [key, body] of arrivals) {
    const sha256 = createHash("sha256").update(body).digest("hex");
    expect([key, copied.get(target.prefix + key)]).toEqual([key, { bytes: 2000, sha256 }]);
  }
});

it("keeps the old bytes of an object that changed at the source", async () => {
  await put(source.prefix + changing, Buffer.from("after it changed"));
  await runAfter(Date.now());
  const kept = (await listObjects("ncp", dataset.replacedBucket)).filter(({ key }) => key.endsWith(changing));
  expect(kept.map(({ bytes }) => bytes)).toEqual([2000]);
  const now = await hashBucket("ncp", target.bucket, target.prefix + changing);
  expect(now.get(target.prefix + changing)?.bytes).toBe("after it changed".length);
});
