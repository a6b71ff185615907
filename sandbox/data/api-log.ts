/**
 * The company's API log: what its two API servers would have been asked because of the same real flights and weather that the
 * event log has. Each server closes its file four times a day, and the files lie in folders of days in the log's zone.
 * Pure: no clock, no network.
 */
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { DateTime } from "luxon";
import { eventsBetween, type Calendar, type LogEvent } from "./events";
import type { Interval } from "./firehose";
import type { DataObject } from "./objects";

export const SERVERS = ["api-1", "api-2"] as const;
type Server = (typeof SERVERS)[number];

/** How far back the log of a new sandbox goes: whole days before the one in which it became live. */
export const API_HISTORY_DAYS = 7;

/** A file is closed, and named after, each of these many hours of the day. */
const FILE_HOURS = 6;

/** One request, as a line of the log. */
export interface ApiRequest {
  readonly time: string;
  readonly server: Server;
  readonly method: "GET" | "POST" | "PUT";
  readonly path: string;
  readonly status: number;
  /** Of the request's body. */
  readonly bytes: number;
  readonly request_id: string;
}

/** Times at which a file was opened and closed, of all that are closed at `now`, of a log that became live at `liveFrom`. */
export function closedFiles(liveFrom: number, now: number, zone: string): Interval[] {
  const found: Interval[] = [];
  const first = DateTime.fromMillis(liveFrom, { zone }).startOf("day").minus({ days: API_HISTORY_DAYS });
  for (let day = first; day.toMillis() <= now; day = day.plus({ days: 1 }))
    for (let hour = 0; hour < 24; hour += FILE_HOURS) {
      const start = day.set({ hour }).toMillis();
      const end = (hour + FILE_HOURS < 24 ? day.set({ hour: hour + FILE_HOURS }) : day.plus({ days: 1 })).toMillis();
      if (end <= now) found.push({ start, end });
    }
  return found;
}

/** The file that a server closed at the end of an interval; none when it was asked nothing. */
export function apiLogObject(
  calendar: Calendar,
  { prefix, zone }: { readonly prefix: string; readonly zone: string },
  { start, end }: Interval,
  server: Server,
): DataObject | undefined {
  const requests = eventsBetween(calendar, start, end)
    .flatMap(requestsOf)
    .filter((request) => request.server === server);
  if (requests.length === 0) return undefined;
  const opened = DateTime.fromMillis(start, { zone });
  return {
    key: `${prefix}${opened.toFormat("yyyy/MM/dd")}/${server}-${opened.toFormat("yyyyMMdd-HH")}.log.gz`,
    body: gzipSync(requests.map((request) => `${JSON.stringify(request)}\n`).join("")),
  };
}

/** What the API is asked when something happened: an airport's weather is put, a flight is looked up and then told of. */
function requestsOf(event: LogEvent): ApiRequest[] {
  const { event: kind, time, ...facts } = event;
  const bytes = Buffer.byteLength(JSON.stringify(facts));
  if (kind === "weather") return [request(time, "PUT", `/v1/airports/${facts["origin"]}/weather`, 200, bytes)];
  const flight = `/v1/flights/${facts["carrier"]}${facts["flight"]}`;
  const told = facts["dep_time"] === null ? "cancellation" : "departure";
  return [request(time, "GET", flight, 200, 0), request(time, "POST", `${flight}/${told}`, 201, bytes)];
}

/** Id and server follow from the request: asked again, the log is the same. */
function request(time: string, method: ApiRequest["method"], path: string, status: number, bytes: number): ApiRequest {
  const id = createHash("sha256").update(`${time} ${method} ${path}`).digest("hex");
  const server = SERVERS[Number.parseInt(id.slice(-1), 16) % SERVERS.length] as Server;
  return { time, server, method, path, status, bytes, request_id: id.slice(0, 16) };
}
