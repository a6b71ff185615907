import { calendarOf, eventsBetween, hourOfYear } from "../../../sandbox/data/events";
import { records } from "./records";

const calendar = calendarOf(records);
const at = (time: string): number => Date.parse(time);

it("moves a flight of 2013 to the same hour of this year, at its scheduled minute, without the columns that say 2013", () => {
  expect(eventsBetween(calendar, at("2026-11-24T16:00:00Z"), at("2026-11-24T16:01:00Z"))).toEqual([
    // prettier-ignore
    { event: "weather", time: "2026-11-24T16:00:00Z", origin: "EWR", temp: 30.02, dewp: 6.08, humid: 35.5, wind_dir: 320, wind_speed: 20.71404, wind_gust: 31.07106, precip: 0, pressure: 1025, visib: 10 },
    // prettier-ignore
    { event: "flight", time: "2026-11-24T16:00:00Z", dep_time: 1102, sched_dep_time: 1100, dep_delay: 2, arr_time: 1257, sched_arr_time: 1304, arr_delay: -7, carrier: "DL", flight: 1869, tailnum: "N335NB", origin: "LGA", dest: "DTW", air_time: 82, distance: 502 },
  ]);
});

it("keeps what the source leaves out as null, and a carrier that looks like a number as text", () => {
  const [, cancelled] = eventsBetween(calendar, at("2026-11-24T16:42:00Z"), at("2026-11-24T16:43:00Z"));
  expect(cancelled).toMatchObject({ event: "flight", carrier: "9E", dep_time: null, tailnum: null, air_time: null });
  const [calm] = eventsBetween(calendar, at("2026-11-24T16:01:00Z"), at("2026-11-24T16:02:00Z"));
  expect(calm).toMatchObject({ event: "weather", origin: "JFK", wind_dir: null, wind_gust: null });
});

it("has two weather events in three minutes when one of three airports did not report", () => {
  expect(
    eventsBetween(calendar, at("2026-11-24T16:03:00Z"), at("2026-11-24T16:06:00Z")).map(({ time, origin }) => [
      time,
      origin,
    ]),
  ).toEqual([
    ["2026-11-24T16:03:00Z", "EWR"],
    ["2026-11-24T16:04:00Z", "JFK"],
  ]);
});

it("repeats the 28th of February on the 29th", () => {
  expect(hourOfYear(at("2028-02-29T10:15:00Z"))).toBe("02-28T10");
  expect(
    eventsBetween(calendar, at("2028-02-29T10:00:00Z"), at("2028-02-29T11:00:00Z")).map(({ time }) => time),
  ).toEqual(["2028-02-29T10:15:00Z"]);
});

it("names the table, the line and what was found when a line does not fit its heading", () => {
  expect(() => calendarOf({ ...records, weather: `${records.weather}EWR,2013\n` })).toThrow(
    "weather.csv:4: 2 fields, allowed are 15: EWR,2013",
  );
});
