/** Puts the company's data into the source buckets: what there is so far at once, what comes from now on as it comes. */
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
import { hiveObjects } from "./hive";
import type { DataObject } from "./objects";
import { readRecords } from "./source";
import { LOGS, type Waiting } from "./streams";

/** A bucket on the AWS side and a prefix that ends in "/". */
export interface Place {
  readonly bucket: string;
  readonly prefix: string;
}

/** Where one of the company's logs is written. */
export interface LogPlace extends Place {
  /** Which log it is: each layout has one. */
  readonly layout: keyof typeof LOGS;
  /** IANA zone in which its folders are named. */
  readonly zone: string;
}

/** What one round put: an object that was there already is not uploaded again. */
export interface Fed {
  readonly uploaded: number;
  readonly bytes: number;
  readonly present: number;
}

const PARALLEL_UPLOADS = 16;

/** Since when objects come as they are written. Lost with the sandbox, as the buckets are. */
const liveFile = (): string => sandboxPath("data", "live.json");

/** Whether this sandbox has logs; they are there from the seeding on. */
export const isLive = (): boolean => existsSync(liveFile());

/** The instant at which this sandbox's logs became live: the first caller's `now`. */
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

async function keysIn(client: S3Client, place: Place): Promise<Set<string>> {
  const keys = new Set<string>();
  for await (const page of paginateListObjectsV2({ client }, { Bucket: place.bucket, Prefix: place.prefix }))
    for (const object of page.Contents ?? []) if (object.Key !== undefined) keys.add(object.Key);
  return keys;
}

/** A place at the source, and what is known to lie there. */
class Feed {
  private constructor(
    private readonly client: S3Client,
    private readonly place: Place,
    private readonly present: Set<string>,
  ) {}

  static async open(place: Place): Promise<Feed> {
    const client = s3Client("aws");
    await ensureBucket(client, place.bucket);
    return new Feed(client, place, await keysIn(client, place));
  }

  /** Uploads what is not there yet. `made` is told of each that lies there then, or of which there is nothing to upload. */
  async put(waiting: readonly Waiting[], note: (text: string) => void, made: (id: string) => void): Promise<Fed> {
    const queue = waiting.values();
    let [uploaded, bytes, present] = [0, 0, 0];
    const worker = async (): Promise<void> => {
      for (const { id, make } of queue) {
        const object = make();
        if (object !== undefined && this.present.has(object.key)) present++;
        else if (object !== undefined) {
          await this.upload(object);
          uploaded++;
          bytes += object.body.length;
          if (uploaded % 50 === 0) note(`${uploaded} objects of ${this.place.bucket} uploaded`);
        }
        made(id);
      }
    };
    await Promise.all(Array.from({ length: PARALLEL_UPLOADS }, worker));
    return { uploaded, bytes, present };
  }

  private async upload({ key, body }: DataObject): Promise<void> {
    const place = { Bucket: this.place.bucket, Key: key };
    await this.client.send(new PutObjectCommand({ ...place, Body: body, ContentType: "application/octet-stream" }));
    this.present.add(key);
  }

  close(): void {
    this.client.destroy();
  }
}

let calendar: Promise<Calendar> | undefined;
/** Read once per process: it takes a second, and all logs are made of it. */
const sharedCalendar = (): Promise<Calendar> => (calendar ??= readRecords().then(calendarOf));

/** One of the company's logs at its place. */
export class Log {
  /** What was made in an earlier round. */
  private readonly done = new Set<string>();

  private constructor(
    private readonly feed: Feed,
    private readonly place: LogPlace,
    private readonly calendar: Calendar,
  ) {}

  static async open(place: LogPlace): Promise<Log> {
    return new Log(await Feed.open(place), place, await sharedCalendar());
  }

  /** Uploads every object that has been written by `now` and that is not in the bucket yet. */
  async catchUp(now: number, note: (text: string) => void = () => undefined): Promise<Fed> {
    const written = LOGS[this.place.layout](this.calendar, this.place, liveFrom(now), now);
    const waiting = written.filter(({ id }) => !this.done.has(id));
    return this.feed.put(waiting, note, (id) => this.done.add(id));
  }

  close(): void {
    this.feed.close();
  }
}

/** Fills a log's place up to now. */
export async function seedLog(place: LogPlace, note?: (text: string) => void): Promise<Fed> {
  const log = await Log.open(place);
  try {
    return await log.catchUp(Date.now(), note);
  } finally {
    log.close();
  }
}

/** Puts Hive's tables under a prefix. */
export async function seedHive(place: Place, note: (text: string) => void = () => undefined): Promise<Fed> {
  const feed = await Feed.open(place);
  try {
    const objects = await hiveObjects(place.prefix);
    const waiting = objects.map((object): Waiting => ({ id: object.key, make: () => object }));
    return await feed.put(waiting, note, () => undefined);
  } finally {
    feed.close();
  }
}

/** Name of the background program that {@link feedNewObjects} starts. */
export const FEEDER = "feeder";

/** Lets new objects of the logs arrive, in the background, until the sandbox goes down. */
export function feedNewObjects(places: readonly LogPlace[]): void {
  if (detachedPid(FEEDER) !== undefined) return;
  const program = join(projectRoot(), "dist", "sandbox", "data", "feeder.js");
  startDetached(FEEDER, process.execPath, [program, JSON.stringify(places)], { cwd: projectRoot() });
}
