/** The company's two logs, by the layout in which they lie at the source. Pure: no clock, no network. */
import { apiLogObject, closedFiles, SERVERS } from "./api-log";
import type { Calendar } from "./events";
import { closedIntervals, logObject } from "./firehose";
import type { DataObject } from "./objects";

/** An object that has been written, to be made when it is wanted. */
export interface Waiting {
  /** Names it among its log's, and stays the same. */
  readonly id: string;
  /** Nothing when nothing happened: then none was written. */
  readonly make: () => DataObject | undefined;
}

interface Folders {
  readonly prefix: string;
  /** IANA zone in which they are named. */
  readonly zone: string;
}

/** Everything that a log which became live at `liveFrom` has written by `now`, oldest first. */
type Written = (calendar: Calendar, folders: Folders, liveFrom: number, now: number) => Waiting[];

const eventLog: Written = (calendar, { prefix, zone }, liveFrom, now) => {
  if (zone !== "UTC") throw new Error(`prefix_zone ${zone}: the sandbox's delivery stream names its folders in UTC`);
  return closedIntervals(liveFrom, now).map((interval) => ({
    id: String(interval.start),
    make: () => logObject(calendar, prefix, interval),
  }));
};

const apiLog: Written = (calendar, folders, liveFrom, now) =>
  closedFiles(liveFrom, now, folders.zone).flatMap((interval) =>
    SERVERS.map((server) => ({
      id: `${server} ${interval.start}`,
      make: () => apiLogObject(calendar, folders, interval, server),
    })),
  );

export const LOGS = { "firehose-hourly": eventLog, daily: apiLog } as const;
