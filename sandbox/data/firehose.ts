/**
 * The layout in which Amazon Data Firehose leaves such a log in S3: folders of hours in UTC, and in each the objects that the
 * delivery stream wrote whenever its buffer was full or old enough. Pure: no clock, no network.
 */
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { eventsBetween, type Calendar } from "./events";
import type { DataObject } from "./objects";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Firehose names objects STREAM-VERSION-TIME-RANDOM. */
export const STREAM = "company-event-log-1";

/** How far back the log of a new sandbox goes. */
export const HISTORY_DAYS = 14;

/** What the stream buffers: 30 minutes in the past that is uploaded at once, one minute from then on. */
const HISTORY_BUFFER = 30 * MINUTE;
const LIVE_BUFFER = MINUTE;

/** One buffer of the stream, [start, end) in milliseconds. Buffers never cross an hour. */
export interface Interval {
  readonly start: number;
  readonly end: number;
}

/**
 * Every buffer that is closed at `now` of a log that became live at `liveFrom`: the history before that, then a buffer each
 * minute. It depends on nothing else, so that whoever asks again finds the same objects.
 */
export function closedIntervals(liveFrom: number, now: number): Interval[] {
  const first = Math.floor(liveFrom / HOUR) * HOUR - HISTORY_DAYS * 24 * HOUR;
  const live = Math.floor(liveFrom / HISTORY_BUFFER) * HISTORY_BUFFER;
  return [...intervals(first, Math.min(live, now), HISTORY_BUFFER), ...intervals(live, now, LIVE_BUFFER)];
}

function intervals(from: number, to: number, step: number): Interval[] {
  const found: Interval[] = [];
  for (let start = from; start + step <= to; start += step) found.push({ start, end: start + step });
  return found;
}

/** The random part of Firehose's names, here made from the buffer, so that the same buffer keeps its name. */
export function objectId(interval: Interval): string {
  const hex = createHash("sha256").update(`${STREAM} ${interval.start} ${interval.end}`).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    "-",
  );
}

/** The object of a buffer, named after its oldest record; none when nothing happened, as Firehose writes none. */
export function logObject(calendar: Calendar, prefix: string, interval: Interval): DataObject | undefined {
  const events = eventsBetween(calendar, interval.start, interval.end);
  const oldest = events[0]?.time;
  if (oldest === undefined) return undefined;
  const [year, month, day, hour, minute, second] = oldest.split(/[-T:Z]/);
  const name = [STREAM, year, month, day, hour, minute, second, objectId(interval)].join("-");
  return {
    key: `${prefix}${year}/${month}/${day}/${hour}/${name}.gz`,
    body: gzipSync(events.map((event) => `${JSON.stringify(event)}\n`).join("")),
  };
}
