import { gunzipSync } from "node:zlib";
import { apiLogObject, closedFiles, type ApiRequest } from "../../../sandbox/data/api-log";
import { calendarOf } from "../../../sandbox/data/events";
import { LOGS } from "../../../sandbox/data/streams";
import { records } from "./records";

const calendar = calendarOf(records);
const at = (time: string): number => Date.parse(time);
const folders = { prefix: "api_log/", zone: "Asia/Seoul" };

describe("files", () => {
  const live = at("2026-11-24T16:41:00Z"); // 01:41 of the 25th in Seoul
  const closed = (now: string): string[] =>
    closedFiles(live, at(now), folders.zone).map(({ start }) => new Date(start).toISOString().slice(0, 13));

  it("are closed four times a day of the zone, from seven days before the one in which the log became live", () => {
    const all = closed("2026-11-24T16:41:00Z");
    expect(all).toHaveLength(7 * 4);
    expect([all[0], all[1], all.at(-1)]).toEqual(["2026-11-17T15", "2026-11-17T21", "2026-11-24T09"]);
  });

  it("stay the same when asked again later: new ones only follow", () => {
    const before = closed("2026-11-24T20:59:59Z");
    expect(closed("2026-11-24T21:00:00Z")).toEqual([...before, "2026-11-24T15"]);
  });
});

describe("an object", () => {
  const evening = { start: at("2026-11-24T15:00:00Z"), end: at("2026-11-24T21:00:00Z") };
  const requests = (server: "api-1" | "api-2"): ApiRequest[] =>
    gunzipSync(apiLogObject(calendar, folders, evening, server)?.body ?? Buffer.alloc(0))
      .toString()
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as ApiRequest);

  it("lies in the folder of its day in the zone, named after its server and the hour from which it is", () => {
    expect(apiLogObject(calendar, folders, evening, "api-1")?.key).toBe("api_log/2026/11/25/api-1-20261125-00.log.gz");
  });

  it("has each request on one server: a flight is looked up and told of, weather is put", () => {
    const all = [...requests("api-1"), ...requests("api-2")];
    const flights = all.filter(({ path }) => path.startsWith("/v1/flights/"));
    expect(flights.map(({ time, method, path, status }) => [time, method, path, status]).sort()).toEqual([
      ["2026-11-24T16:00:00Z", "GET", "/v1/flights/DL1869", 200],
      ["2026-11-24T16:00:00Z", "POST", "/v1/flights/DL1869/departure", 201],
      ["2026-11-24T16:42:00Z", "GET", "/v1/flights/9E3375", 200],
      ["2026-11-24T16:42:00Z", "POST", "/v1/flights/9E3375/cancellation", 201],
    ]);
    expect(all.filter(({ path }) => path === "/v1/airports/JFK/weather")).toHaveLength(20);
    expect(new Set(all.map(({ request_id }) => request_id)).size).toBe(all.length);
    for (const server of ["api-1", "api-2"] as const)
      expect(requests(server).filter((request) => request.server !== server)).toEqual([]);
  });

  it("is the same bytes each time, and none when nothing was asked", () => {
    const body = apiLogObject(calendar, folders, evening, "api-2")?.body as Buffer;
    expect(apiLogObject(calendar, folders, evening, "api-2")?.body.equals(body)).toBe(true);
    const quiet = { start: at("2026-06-01T00:00:00Z"), end: at("2026-06-01T06:00:00Z") };
    expect(apiLogObject(calendar, folders, quiet, "api-1")).toBeUndefined();
  });
});

it("refuses a delivery stream with folders in another zone than UTC", () => {
  const now = at("2026-11-24T16:41:00Z");
  expect(() => LOGS["firehose-hourly"](calendar, folders, now, now)).toThrow(
    "prefix_zone Asia/Seoul: the sandbox's delivery stream names its folders in UTC",
  );
});
