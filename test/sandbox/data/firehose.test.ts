import { gunzipSync } from "node:zlib";
import { calendarOf } from "../../../sandbox/data/events";
import { closedIntervals, logObject, objectId } from "../../../sandbox/data/firehose";
import { records } from "./records";

const calendar = calendarOf(records);
const at = (time: string): number => Date.parse(time);
const minutes = (start: string, count: number) => ({ start: at(start), end: at(start) + count * 60_000 });
const starts = (intervals: { start: number }[]): string[] =>
  intervals.map(({ start }) => new Date(start).toISOString().slice(0, 16));

describe("buffers", () => {
  const live = at("2026-11-24T16:41:00Z");

  it("reach from 14 days before the hour in which the log became live to the minute just ended", () => {
    const all = closedIntervals(live, at("2026-11-24T16:43:59Z"));
    expect(all.length).toBe(14 * 24 * 2 + 1 + 13);
    expect(starts(all)[0]).toBe("2026-11-10T16:00");
    expect(starts(all).slice(672, 675)).toEqual(["2026-11-24T16:00", "2026-11-24T16:30", "2026-11-24T16:31"]);
    expect(starts(all).at(-1)).toBe("2026-11-24T16:42");
  });

  it("stay the same when asked again later: new ones only follow", () => {
    const before = closedIntervals(live, at("2026-11-24T16:43:00Z"));
    const after = closedIntervals(live, at("2026-11-24T17:05:00Z"));
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after.length).toBe(before.length + 22);
  });
});

describe("an object", () => {
  const buffer = minutes("2026-11-24T16:42:00Z", 1);

  it("lies in the folder of its hour, under Firehose's name with the time of its oldest record", () => {
    expect(logObject(calendar, "event_log/", buffer)?.key).toBe(
      "event_log/2026/11/24/16/company-event-log-1-2026-11-24-16-42-00-" + objectId(buffer) + ".gz",
    );
    expect(objectId(buffer)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it("holds one line of JSON per event, gzipped, the same bytes each time", () => {
    const body = logObject(calendar, "event_log/", buffer)?.body as Buffer;
    const lines = gunzipSync(body).toString().split("\n");
    expect(lines).toHaveLength(3);
    expect(lines[1]).toBe(
      '{"event":"flight","time":"2026-11-24T16:42:00Z","dep_time":null,"sched_dep_time":1142,"dep_delay":null,"arr_time":null,"sched_arr_time":1400,"arr_delay":null,"carrier":"9E","flight":3375,"tailnum":null,"origin":"JFK","dest":"CVG","air_time":null,"distance":589}',
    );
    expect(lines[2]).toBe("");
    expect(logObject(calendar, "event_log/", buffer)?.body.equals(body)).toBe(true);
  });

  it("has an id of its own per buffer", () => {
    expect(objectId(minutes("2026-11-24T16:30:00Z", 1))).not.toBe(objectId(minutes("2026-11-24T16:30:00Z", 30)));
  });

  it("is not written when nothing happened", () => {
    expect(logObject(calendar, "event_log/", minutes("2026-11-24T04:00:00Z", 30))).toBeUndefined();
  });
});
