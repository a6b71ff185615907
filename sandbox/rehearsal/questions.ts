/** What SQL is asked at the end of the way, each with what another program makes of the source's files. */
import type { Row, SourceRows } from "./source-rows";

/** Rows of an answer; numbers as numbers, everything else as text. */
export type Cells = readonly (readonly (string | number | null)[])[];

export type Engine = "presto" | "hive" | "spark";

export interface Question {
  readonly engine: Engine;
  readonly sql: string;
  readonly expected: Cells;
}

/** A day of the source's summer whose first and last hours lie on other days in UTC. */
const DAY = "2013-07-04";
const SEOUL = "Asia/Seoul";
const dayInSeoul = new Intl.DateTimeFormat("sv-SE", { timeZone: SEOUL, dateStyle: "short" });
const hourInSeoul = new Intl.DateTimeFormat("sv-SE", { timeZone: SEOUL, dateStyle: "short", timeStyle: "medium" });

/** Counts and sums by some columns, sorted by them. */
function grouped(rows: readonly Row[], by: readonly string[], sum?: string): (string | number)[][] {
  const groups = new Map<string, [count: number, sum: number]>();
  for (const row of rows) {
    const key = JSON.stringify(by.map((column) => row[column]));
    const [count, total] = groups.get(key) ?? [0, 0];
    groups.set(key, [count + 1, total + (sum === undefined ? 0 : Number(row[sum]))]);
  }
  return [...groups]
    .map(([key, [count, total]]) => [...(JSON.parse(key) as string[]), count, ...(sum === undefined ? [] : [total])])
    .sort((a, b) => (String(a) < String(b) ? -1 : 1));
}

/** First and last hour of the day, and its flights, by the clock in Seoul: INT96 holds UTC. */
function aroundMidnight(flights: readonly Row[]): Cells {
  const times = flights
    .map((row) => row["time_hour"] as Date)
    .filter((time) => dayInSeoul.format(time) === DAY)
    .sort((a, b) => a.getTime() - b.getTime());
  const shown = (time: Date | undefined): string => hourInSeoul.format(time).slice(0, "2013-07-04 00".length);
  return [[shown(times[0]), shown(times.at(-1)), times.length]];
}

/** The same question for engines that spell it differently. */
const MIDNIGHT: Readonly<Record<Engine, string>> = {
  presto: `SELECT date_format(min(time_hour), '%Y-%m-%d %H'), date_format(max(time_hour), '%Y-%m-%d %H'), count(*) FROM company.flights WHERE date(time_hour) = DATE '${DAY}'`,
  hive: `SELECT date_format(min(time_hour), 'yyyy-MM-dd HH'), date_format(max(time_hour), 'yyyy-MM-dd HH'), count(*) FROM company.flights WHERE to_date(time_hour) = '${DAY}'`,
  spark: `SELECT date_format(min(time_hour), 'yyyy-MM-dd HH'), date_format(max(time_hour), 'yyyy-MM-dd HH'), count(*) FROM company.flights WHERE to_date(time_hour) = '${DAY}'`,
};

/** INT64 timestamps, which are numbers in SQL (`timestamps: bigint` in the pipeline file): the same SQL for every engine. */
const NUMBERS = "SELECT min(time_hour), max(time_hour), count(time_hour) FROM company.weather";

/** First and last hour of the weather, in milliseconds of UTC as the files hold them, and how many. */
function timesAsNumbers(weather: readonly Row[]): Cells {
  const times = weather.map((row) => (row["time_hour"] as Date).getTime()).sort((a, b) => a - b);
  return [[times[0] ?? null, times.at(-1) ?? null, times.length]];
}

/** Reads the source's files. @throws when the source lacks what is asked about */
export async function questions(source: SourceRows): Promise<Question[]> {
  const [flights, airlines] = [await source.hive("flights"), await source.hive("airlines")];
  const names = new Map(airlines.map((row) => [row["carrier"], row["name"]]));
  const named = flights.map((row) => ({ ...row, name: names.get(row["carrier"]) }));
  const february = flights.filter(({ month }) => month === "2");
  const [hourDay, day] = [(await source.days("firehose-hourly"))[0], (await source.days("daily"))[0]];
  if (hourDay === undefined || day === undefined) throw new Error("the logs at the source have no whole day");
  const [events, requests] = [await source.log("firehose-hourly", hourDay), await source.log("daily", day)];
  const dt = (folder: string): string => folder.slice(0, -1).replaceAll("/", "-");
  const presto: readonly (readonly [sql: string, expected: Cells])[] = [
    ["SELECT count(*) FROM company.flights", [[flights.length]]],
    [
      "SELECT carrier, count(*), sum(distance) FROM company.flights WHERE month = 2 GROUP BY carrier ORDER BY carrier",
      grouped(february, ["carrier"], "distance"),
    ],
    [
      "SELECT a.name, count(*) FROM company.flights f JOIN company.airlines a ON f.carrier = a.carrier WHERE f.dest = 'HNL' GROUP BY a.name ORDER BY a.name",
      grouped(
        named.filter((row: Row) => row["dest"] === "HNL"),
        ["name"],
      ),
    ],
    [
      `SELECT event, count(*) FROM logs.event_log WHERE dt = '${dt(hourDay)}' GROUP BY event ORDER BY event`,
      grouped(events, ["event"]),
    ],
    [
      `SELECT method, server, count(*), sum(bytes) FROM logs.api_log WHERE dt = '${dt(day)}' GROUP BY method, server ORDER BY method, server`,
      grouped(requests, ["method", "server"], "bytes"),
    ],
  ];
  const [midnight, numbers] = [aroundMidnight(flights), timesAsNumbers(await source.hive("weather"))];
  return [
    ...presto.map(([sql, expected]): Question => ({ engine: "presto", sql, expected })),
    ...(Object.keys(MIDNIGHT) as Engine[]).flatMap((engine): Question[] => [
      { engine, sql: MIDNIGHT[engine], expected: midnight },
      { engine, sql: NUMBERS, expected: numbers },
    ]),
  ];
}
