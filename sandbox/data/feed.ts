/** Puts the event log into the source bucket: what happened so far at once, what happens from now on as it happens. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  CreateBucketCommand,
  HeadBucketCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from "@aws-sdk/client-s3";
import { s3Client } from "../object-storage";
import { projectRoot, sandboxPath } from "../paths";
import { detachedPid, startDetached } from "../run";
import { calendarOf, type Calendar } from "./events";
import { closedIntervals, logObject } from "./firehose";
import { readRecords } from "./source";

/** Where the company's delivery stream writes: a bucket on the AWS side and a prefix that ends in "/". */
export interface LogPlace {
  readonly bucket: string;
  readonly prefix: string;
}

/** What one round put: an object that was there already is not uploaded again. */
export interface Fed {
  readonly uploaded: number;
  readonly bytes: number;
  readonly present: number;
}

const PARALLEL_UPLOADS = 16;

/** Since when objects come by the minute. Lost with the sandbox, as the bucket is. */
const liveFile = (): string => sandboxPath("data", "event-log.json");

/** Whether this sandbox has a log; it is there from the seeding on. */
export const isLive = (): boolean => existsSync(liveFile());

/** The instant at which this sandbox's log became live: the first caller's `now`. */
export function liveFrom(now: number): number {
  if (isLive()) {
    const { live_from } = JSON.parse(readFileSync(liveFile(), "utf8")) as { live_from: string };
    return Date.parse(live_from);
  }
  mkdirSync(dirname(liveFile()), { recursive: true });
  const minute = Math.floor(now / 60_000) * 60_000;
  writeFileSync(`${liveFile()}.new`, `${JSON.stringify({ live_from: new Date(minute).toISOString() })}\n`);
  renameSync(`${liveFile()}.new`, liveFile());
  return minute;
}

/** Makes the bucket, as the company did long before. */
async function ensureBucket(client: S3Client, bucket: string): Promise<void> {
  const exists = await client.send(new HeadBucketCommand({ Bucket: bucket })).then(
    () => true,
    (error: unknown) => {
      if ((error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === 404) return false;
      throw error;
    },
  );
  if (!exists) await client.send(new CreateBucketCommand({ Bucket: bucket }));
}

async function keysIn(client: S3Client, place: LogPlace): Promise<Set<string>> {
  const keys = new Set<string>();
  for await (const page of paginateListObjectsV2({ client }, { Bucket: place.bucket, Prefix: place.prefix }))
    for (const object of page.Contents ?? []) if (object.Key !== undefined) keys.add(object.Key);
  return keys;
}

/** The company's log: made once per process, since reading the records takes a second. */
export class EventLog {
  private constructor(
    private readonly client: S3Client,
    private readonly place: LogPlace,
    private readonly calendar: Calendar,
    private readonly present: Set<string>,
  ) {}

  static async open(place: LogPlace): Promise<EventLog> {
    const client = s3Client("aws");
    await ensureBucket(client, place.bucket);
    return new EventLog(client, place, calendarOf(await readRecords()), await keysIn(client, place));
  }

  /** Uploads every object that the stream has written by `now` and that is not in the bucket yet. */
  async catchUp(now: number, note: (text: string) => void = () => undefined): Promise<Fed> {
    const waiting = closedIntervals(liveFrom(now), now);
    let [uploaded, bytes, present] = [0, 0, 0];
    const worker = async (): Promise<void> => {
      for (let interval = waiting.shift(); interval !== undefined; interval = waiting.shift()) {
        const object = logObject(this.calendar, this.place.prefix, interval);
        if (object === undefined) continue;
        if (this.present.has(object.key)) {
          present++;
          continue;
        }
        await this.client.send(
          new PutObjectCommand({
            Bucket: this.place.bucket,
            Key: object.key,
            Body: object.body,
            ContentType: "application/octet-stream",
          }),
        );
        this.present.add(object.key);
        uploaded++;
        bytes += object.body.length;
        if (uploaded % 50 === 0) note(`${uploaded} objects of the event log uploaded`);
      }
    };
    await Promise.all(Array.from({ length: PARALLEL_UPLOADS }, worker));
    return { uploaded, bytes, present };
  }

  close(): void {
    this.client.destroy();
  }
}

/** Fills the source bucket up to now. */
export async function seedEventLog(place: LogPlace, note?: (text: string) => void): Promise<Fed> {
  const log = await EventLog.open(place);
  try {
    return await log.catchUp(Date.now(), note);
  } finally {
    log.close();
  }
}

/** Name of the background program that {@link feedNewHours} starts. */
export const FEEDER = "feeder";

/** Lets new objects arrive each minute, in the background, until the sandbox goes down. */
export function feedNewHours(place: LogPlace): void {
  if (detachedPid(FEEDER) !== undefined) return;
  const program = join(projectRoot(), "dist", "sandbox", "data", "feeder.js");
  startDetached(FEEDER, process.execPath, [program, place.bucket, place.prefix], { cwd: projectRoot() });
}
