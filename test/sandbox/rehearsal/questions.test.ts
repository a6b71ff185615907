import { questions } from "../../../sandbox/rehearsal/questions";
import type { Row, SourceRows } from "../../../sandbox/rehearsal/source-rows";

const at = (time: string): Row => ({ time_hour: new Date(time), carrier: "UA", dest: "HNL", month: "7", distance: 10 });

const TABLES: Readonly<Record<string, Row[]>> = {
  airlines: [
    { carrier: "UA", name: "United" },
    { carrier: "HA", name: "Hawaiian" },
  ],
  flights: [
    // 4 July in Seoul begins at 15:00 UTC on the day before.
    at("2013-07-03T14:00:00Z"),
    at("2013-07-03T15:00:00Z"),
    at("2013-07-04T14:00:00Z"),
    at("2013-07-04T15:00:00Z"),
    { ...at("2013-02-01T15:00:00Z"), month: "2", carrier: "HA", dest: "HNL", distance: 5 },
    { ...at("2013-02-02T15:00:00Z"), month: "2", carrier: "HA", dest: "JFK", distance: 6 },
  ],
  weather: [at("2013-07-04T15:00:00Z"), at("2013-07-03T15:00:00Z")],
};

/** A source with a few rows, in the place of the one in the bucket. */
const source = (days: string[]): SourceRows =>
  ({
    hive: (table: string): Promise<Row[]> => Promise.resolve(TABLES[table] ?? []),
    days: () => Promise.resolve(days),
    log: (layout: string): Promise<Row[]> =>
      Promise.resolve(
        layout === "daily"
          ? [
              { method: "PUT", server: "api-1", bytes: 3 },
              { method: "PUT", server: "api-1", bytes: 4 },
            ]
          : [{ event: "weather" }, { event: "flight" }, { event: "weather" }],
      ),
  }) as unknown as SourceRows;

it("computes each answer from the source's rows", async () => {
  const asked = await questions(source(["2026/11/18/", "2026/11/19/"]));
  expect(asked.map(({ engine, expected }) => [engine, expected])).toEqual([
    ["presto", [[6]]],
    ["presto", [["HA", 2, 11]]],
    [
      "presto",
      [
        ["Hawaiian", 1],
        ["United", 4],
      ],
    ],
    [
      "presto",
      [
        ["flight", 1],
        ["weather", 2],
      ],
    ],
    ["presto", [["PUT", "api-1", 2, 7]]],
    ...["presto", "hive", "spark"].flatMap((engine) => [
      [engine, [["2013-07-04 00", "2013-07-04 23", 2]]],
      [engine, [[1372863600000, 1372950000000, 2]]],
    ]),
  ]);
  expect(asked[3]?.sql).toContain("dt = '2026-11-18'");
});

it("refuses a source whose logs have no whole day: there would be nothing to compare", async () => {
  await expect(questions(source([]))).rejects.toThrow("the logs at the source have no whole day");
});
