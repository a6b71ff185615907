/**
 * From the records of 2013 to the events of an hour of today. The same hour of the year gives the same events, whenever it
 * is asked for: the 24th of November, 16:00 UTC, has what happened on 2013-11-24 between 16:00 and 17:00 UTC.
 * Pure: no clock, no files.
 */
import type { Records } from "./source";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

type Value = string | number | null;

/** One line of the log. `time` is UTC; the other fields are the source's columns under the source's names. */
export interface LogEvent {
  readonly event: "flight" | "weather";
  /** "2026-11-24T16:05:00Z" */
  readonly time: string;
  readonly [column: string]: Value;
}

interface Row {
  readonly minute: number;
  readonly values: Readonly<Record<string, Value>>;
}

/** Rows by hour of the year ("11-24T16"), in the order of the source. */
export interface Calendar {
  readonly flights: ReadonlyMap<string, readonly Row[]>;
  readonly weather: ReadonlyMap<string, readonly Row[]>;
}

/** When it happened is told by `time`; the source's own spelling of that would name the year 2013. */
const TIME_COLUMNS = new Set(["year", "month", "day", "hour", "minute", "time_hour"]);

/** The source's columns that are names although they may look like numbers. */
const TEXT_COLUMNS = new Set(["carrier", "tailnum", "origin", "dest"]);

/** The source writes a missing value as nothing (flights) or NA (weather). */
function valueOf(column: string, text: string): Value {
  if (text === "" || text === "NA") return null;
  return TEXT_COLUMNS.has(column) ? text : Number(text);
}

/** Neither table has quotes or commas inside a field; a line that does not fit its heading is an error. */
function rowsByHour(csv: string, table: string): Map<string, Row[]> {
  const lines = csv.trimEnd().split("\n");
  const columns = (lines[0] ?? "").trim().split(",");
  const timeAt = columns.indexOf("time_hour");
  const minuteAt = columns.indexOf("minute");
  if (timeAt < 0) throw new Error(`${table}: no column time_hour among ${columns.join(", ")}`);
  const byHour = new Map<string, Row[]>();
  for (const [index, line] of lines.slice(1).entries()) {
    const fields = line.trim().split(",");
    if (fields.length !== columns.length)
      throw new Error(`${table}:${index + 2}: ${fields.length} fields, allowed are ${columns.length}: ${line}`);
    const values: Record<string, Value> = {};
    for (const [at, column] of columns.entries())
      if (!TIME_COLUMNS.has(column)) values[column] = valueOf(column, fields[at] as string);
    const hour = (fields[timeAt] as string).slice(5, 13);
    const row = { minute: minuteAt < 0 ? 0 : Number(fields[minuteAt]), values };
    const rows = byHour.get(hour);
    if (rows === undefined) byHour.set(hour, [row]);
    else rows.push(row);
  }
  return byHour;
}

export function calendarOf(records: Records): Calendar {
  return { flights: rowsByHour(records.flights, "flights.csv"), weather: rowsByHour(records.weather, "weather.csv") };
}

/** Key of an instant in the calendar. 2013 had no 29th of February: it repeats the 28th. */
export function hourOfYear(time: number): string {
  return new Date(time)
    .toISOString()
    .slice(5, 13)
    .replace(/^02-29/, "02-28");
}

/**
 * Events in [start, end), ordered by time. Flights come at the minute they were scheduled for. The three airports take turns
 * in repeating the weather of the hour, one each minute, as a broadcast does: so nights have a few events too.
 */
export function eventsBetween(calendar: Calendar, start: number, end: number): LogEvent[] {
  const events: LogEvent[] = [];
  for (let minute = Math.ceil(start / MINUTE) * MINUTE; minute < end; minute += MINUTE) {
    const hour = hourOfYear(minute);
    const inHour = (minute % HOUR) / MINUTE;
    const time = new Date(minute).toISOString().replace(".000Z", "Z");
    const observed = (calendar.weather.get(hour) ?? []).filter((_, index) => index === inHour % 3);
    const departing = (calendar.flights.get(hour) ?? []).filter((row) => row.minute === inHour);
    for (const row of observed) events.push({ event: "weather", time, ...row.values });
    for (const row of departing) events.push({ event: "flight", time, ...row.values });
  }
  return events;
}
