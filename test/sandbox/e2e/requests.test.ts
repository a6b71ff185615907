/** What an hour's run asks of both object storages is the same however long the history is: counted at the servers. */
import { mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { countByKind, requestsFor, type Which } from "../../../sandbox/object-storage";
import { sandboxPath } from "../../../sandbox/paths";
import { deployedConfig, OwnDataset } from "./own-dataset";
import { datasetNamed, rehearsedPlan } from "./support";

jest.setTimeout(300_000);

const HOUR = 3_600_000;
const [FEW, MANY] = [24, 5_000];
/** The window lies within the shorter history. */
const LATENESS_HOURS = 22;

/** No cron runs on these buckets, so that every request to them is this test's. */
const hive = datasetNamed(rehearsedPlan(), "hive");
const BUCKETS: Readonly<Record<Which, string>> = { aws: hive.source.bucket, ncp: hive.target.bucket };
const PREFIX = "e2e-requests";
const dataset = new OwnDataset("e2e_requests");

const sides = Object.keys(BUCKETS) as Which[];
const onDisk = (which: Which, ...path: string[]): string => sandboxPath("s3", which, BUCKETS[which], PREFIX, ...path);

/** The hour that many hours ago as a folder. */
const folder = (hoursAgo: number): string =>
  new Date(Date.now() - hoursAgo * HOUR).toISOString().slice(0, 13).replace(/[-T]/g, "/");

/** One object in each hour from `first` hours ago on: written where the server keeps them, which lists them as its own. */
function writeHistory(first: number, hours: number): void {
  const old = new Date(Date.now() - HOUR);
  for (const which of sides)
    for (let ago = first; ago < hours; ago++) {
      const file = onDisk(which, folder(ago), "log.gz");
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, "one small object");
      utimesSync(file, old, old);
    }
}

const clear = (): void => sides.forEach((which) => rmSync(onDisk(which), { recursive: true, force: true }));

/** Requests of one window run by kind, at each server. */
async function requestsOfARun(): Promise<Record<string, unknown>> {
  const since = Date.now();
  const { code, stderr } = await dataset.run();
  expect([code, stderr]).toEqual([0, ""]);
  expect(await dataset.status()).toMatchObject({ mode: "window", objects: 0 });
  return Object.fromEntries(sides.map((which) => [which, countByKind(requestsFor(which, BUCKETS[which], since))]));
}

const thisHour = (): number => Math.floor(Date.now() / HOUR);

/** Both counts. A window that moves on by an hour between them is another window: then both are taken again. */
async function measured(): Promise<{ few: unknown; many: unknown }> {
  for (;;) {
    clear();
    writeHistory(0, FEW);
    await dataset.copiedUntil(Date.now());
    expect(await dataset.run()).toMatchObject({ code: 0 });
    const hour = thisHour();
    const few = await requestsOfARun();
    writeHistory(FEW, MANY);
    const many = await requestsOfARun();
    if (thisHour() === hour) return { few, many };
  }
}

beforeAll(async () => {
  await dataset.configure({
    ...(await deployedConfig("event_log")),
    source: `aws:${BUCKETS.aws}/${PREFIX}`,
    target: `ncp:${BUCKETS.ncp}/${PREFIX}`,
    lateness_hours: LATENESS_HOURS,
  });
});

afterAll(async () => {
  clear();
  await dataset.remove();
});

it(`is the same with ${FEW} hours of history and with ${MANY}`, async () => {
  const { few, many } = await measured();
  expect(few).toEqual({
    aws: expect.objectContaining({ LIST: expect.any(Number) as number }) as object,
    ncp: expect.objectContaining({ LIST: expect.any(Number) as number }) as object,
  });
  expect(many).toEqual(few);
});
