/** The objects come by the job that cron itself fires, every time, late ones too. */
import { createHash, randomBytes } from "node:crypto";
import { calendarOf } from "../../../sandbox/data/events";
import { liveFrom } from "../../../sandbox/data/feed";
import { closedIntervals, logObject } from "../../../sandbox/data/firehose";
import { readRecords } from "../../../sandbox/data/source";
import { hostExec } from "../../../sandbox/hosts";
import { hashBucket, listObjects } from "../../../sandbox/object-storage";
import { coveringRun, firedBy, readCronLines, readRuns } from "../../../sandbox/rehearsal/cron";
import { sourceOldest } from "../../../sandbox/rehearsal/verify";
import { put, remove } from "./buckets";
import { instant, syncEvents } from "./own-dataset";
import { eventLog, rehearsedPlan, until } from "./support";

jest.setTimeout(300_000);

const plan = rehearsedPlan();
const dataset = eventLog(plan);
const { source, target } = dataset;

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

// Two waits for cron serve all that follows: what the first run copied, the second one finds changed and gone.
const id = randomBytes(6).toString("hex");
const objectOf = (hours: number): string => `${hoursAgo(hours)}e2e-${id}.gz`;
const [thisHour, lastHour] = [objectOf(0), objectOf(1)];
/** Its hour ended 23 hours ago. */
const late = objectOf(24);
const inTime = new Map([thisHour, lastHour, late].map((key) => [key, randomBytes(2000)]));
/** Written during the outage that is played below; later than late objects may be, so that no other run looks for them. */
const duringOutage = new Map([30, 40, 47].map((hours) => [objectOf(hours), randomBytes(2000)]));

const putAtSource = (objects: ReadonlyMap<string, Buffer>): Promise<void> =>
  put("aws", source.bucket, new Map([...objects].map(([key, body]) => [source.prefix + key, body])));

/** Of these objects, those that are at the target with the same bytes. */
async function arrived(objects: ReadonlyMap<string, Buffer>): Promise<string[]> {
  const copied = await hashBucket("ncp", target.bucket, target.prefix);
  return [...objects.keys()].filter(
    (key) =>
      copied.get(target.prefix + key)?.sha256 ===
      createHash("sha256")
        .update(objects.get(key) as Buffer)
        .digest("hex"),
  );
}

/** Sets the end of what has been copied two days back, where an outage would have left it; no run is under way meanwhile. */
async function twoDaysBack(): Promise<void> {
  const progress = JSON.stringify({ end: instant(Date.now() - 48 * 3_600_000) });
  const script = 'cd /var/lib/aws2ncp/sync/event_log && flock lock sh -c "cat >progress.json"';
  await hostExec("sync-1", ["sudo", "-u", "aws2ncp", "sh", "-c", script], { input: progress });
}

let secondRun = 0;
const told = async (event: string, key: string): Promise<string[]> =>
  (await syncEvents(dataset.name, secondRun))
    .filter((line) => line.event === event && line.object === key)
    .map((line) => line.event);

afterAll(async () => {
  const own = [...inTime.keys(), ...duringOutage.keys()];
  await remove(
    "aws",
    source.bucket,
    own.map((key) => source.prefix + key),
  );
  await remove(
    "ncp",
    target.bucket,
    own.map((key) => target.prefix + key),
  );
});

it("copies what arrives in this hour and in one that ended 23 hours ago, and looks no further back", async () => {
  await putAtSource(inTime);
  await putAtSource(duringOutage);
  await runAfter(Date.now());
  expect(await arrived(inTime)).toEqual([...inTime.keys()]);
  expect(await arrived(duringOutage)).toEqual([]);
});

it("catches up an outage of two days in the next run", async () => {
  secondRun = Date.now();
  await put("aws", source.bucket, new Map([[source.prefix + lastHour, "after it changed"]]));
  await remove("aws", source.bucket, [source.prefix + late]);
  await twoDaysBack();
  await runAfter(Date.now());
  expect(await arrived(duringOutage)).toEqual([...duringOutage.keys()]);
});

it("keeps the old bytes of an object that changed in a closed hour, and reports it", async () => {
  const kept = (await listObjects("ncp", dataset.replacedBucket)).filter(({ key }) => key.endsWith(lastHour));
  expect(kept.map(({ bytes }) => bytes)).toEqual([2000]);
  const now = await hashBucket("ncp", target.bucket, target.prefix + lastHour);
  expect(now.get(target.prefix + lastHour)?.bytes).toBe("after it changed".length);
  expect(await told("changed closed", lastHour)).toEqual(["changed closed"]);
});

it("keeps an object that expired at the source, and reports it once", async () => {
  expect(await arrived(new Map([[late, inTime.get(late) as Buffer]]))).toEqual([late]);
  expect(await told("vanished", late)).toEqual(["vanished"]);
});
