import { isHidden, partitionName, tablesIn } from "../../metastore/layout";
import type { TableSetPlan } from "../../pipeline/plan-types";
import { EVENT_LOG, setOf } from "./sets";

const found = (set: TableSetPlan, ...keys: string[]) => {
  const { tables, outside } = tablesIn(
    set,
    keys.sort().map((key) => ({ key, bytes: 1, etag: "e" })),
  );
  return {
    outside,
    tables: tables.map(({ database, name, folder, partitionColumns, partitions, strays }) => ({
      table: `${database}.${name}`,
      folder,
      partitionColumns,
      partitions: partitions.map(({ values, files }) => [values.join("|"), files.map(({ key }) => key)]),
      strays,
    })),
  };
};

it("finds a table in each folder, flat or in folders k=v", () => {
  expect(
    found(setOf(), "hive/airlines/a.parquet", "hive/flights/year=2013/Month=1/a.parquet", "hive/readme.txt"),
  ).toEqual({
    outside: ["hive/readme.txt"],
    tables: [
      {
        table: "nyc.airlines",
        folder: "hive/airlines/",
        partitionColumns: [],
        partitions: [["", ["hive/airlines/a.parquet"]]],
        strays: [],
      },
      {
        table: "nyc.flights",
        folder: "hive/flights/",
        partitionColumns: ["year", "month"],
        partitions: [["2013|1", ["hive/flights/year=2013/Month=1/a.parquet"]]],
        strays: [],
      },
    ],
  });
});

it("takes the first folder for the database where none is named", () => {
  const { database: _, ...set } = setOf();
  expect(found(set, "hive/Sales.db/Orders/a.parquet", "hive/stray.parquet").tables.map(({ table }) => table)).toEqual([
    "sales.orders",
  ]);
});

it("makes dt and hour of Firehose's folders, dt of days", () => {
  expect(found(EVENT_LOG, "event_log/2020/01/01/15/a.gz", "event_log/2020/01/01/15/b.gz").tables[0]).toMatchObject({
    table: "logs.event_log",
    partitionColumns: ["dt", "hour"],
    partitions: [["2020-01-01|15", ["event_log/2020/01/01/15/a.gz", "event_log/2020/01/01/15/b.gz"]]],
  });
  const daily = setOf({ name: "api_log", layout: "daily", prefix: "api_log/", database: "logs" });
  expect(found(daily, "api_log/2020/01/31/a.gz").tables[0]).toMatchObject({
    partitionColumns: ["dt"],
    partitions: [["2020-01-31", ["api_log/2020/01/31/a.gz"]]],
  });
});

it.each([
  ["a file at another depth", setOf(), "hive/t/dt=1/a hive/t/dt=2/a", "hive/t/b"],
  ["a folder with another column", setOf(), "hive/t/dt=1/a hive/t/dt=2/a", "hive/t/day=1/b"],
  ["a folder that is no hour", EVENT_LOG, "event_log/2020/01/01/15/a", "event_log/errors/2020/01/01/15/b"],
  ["a month of one digit", EVENT_LOG, "event_log/2020/01/01/15/a", "event_log/2021/1/01/15/b"],
  ["a folder below a flat table", setOf({ layout: "flat" }), "hive/a", "hive/more/b"],
])("tells %s as data that nobody reads", (_, set, keys, stray) => {
  const inside = keys.split(" ");
  const [table] = found(set, ...inside, stray).tables;
  expect(table?.strays).toEqual([stray]);
  expect(table?.partitions.flatMap(([, keys]) => keys)).toEqual(inside);
});

it("keeps one of two folders of the same partition", () => {
  const [table] = found(setOf(), "hive/t/Month=1/a", "hive/t/month=1/b", "hive/t/month=2/c").tables;
  expect(table).toMatchObject({
    partitions: [
      ["1", ["hive/t/Month=1/a"]],
      ["2", ["hive/t/month=2/c"]],
    ],
    strays: ["hive/t/month=1/b"],
  });
});

it("tells a prefix whose folders fit nothing as empty", () => {
  expect(found(EVENT_LOG, "event_log/errors/a.gz")).toEqual({ tables: [], outside: ["event_log/errors/a.gz"] });
});

it("hides what the engines hide", () => {
  expect(["_SUCCESS", "dt=1/_temporary/x", ".part.crc", "dt=1_$folder$", "dt=1/"].map(isHidden)).toEqual(
    Array(5).fill(true),
  );
  expect(["a.parquet", "dt=_x/a", "dt=1/part_0.parquet"].map(isHidden)).toEqual([false, false, false]);
  expect(found(setOf(), "hive/t/_SUCCESS", "hive/t/").tables).toEqual([]);
});

it("reads Hive's escapes in folders, and writes them in names", () => {
  expect(found(setOf(), "hive/t/at=10%3A30/a").tables[0]?.partitions[0]?.[0]).toBe("10:30");
  expect(partitionName(["at", "b"], ["10:30", "x/y=z%"])).toBe("at=10%3A30/b=x%2Fy%3Dz%25");
  expect(partitionName(["a"], [""])).toBe("a=__HIVE_DEFAULT_PARTITION__");
});
