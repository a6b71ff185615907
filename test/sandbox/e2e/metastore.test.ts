/** The rebuild against a real Hive 3.1.3 metastore on loopback. Needs the engines of the sandbox, not the sandbox. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { TableSetPlan } from "../../../pipeline/plan-types";
import { rebuild, type RebuildOptions, type Rebuilt } from "../../../metastore/rebuild";
import type { MetastoreClient } from "../../../metastore/thrift/client";
import { FakeStorage } from "../../metastore/fake-storage";
import { intsFile, parquetFile } from "../../metastore/parquet-files";
import { EVENT_LOG, setOf } from "../../metastore/sets";
import { RealMetastore } from "./metastore/real";

jest.setTimeout(600_000);

let storage: FakeStorage;
let real: RealMetastore;
let metastore: MetastoreClient;
let state: string;

beforeAll(async () => {
  storage = await new FakeStorage().start();
  real = await RealMetastore.start(storage.endpoint);
  metastore = real.client();
  state = mkdtempSync(join(tmpdir(), "state-"));
});
afterAll(async () => {
  metastore.close();
  await real.stop();
  await storage.stop();
  rmSync(state, { recursive: true });
});

const put = (key: string, content: Buffer): void => storage.put("lake", key, content);

async function run(set: TableSetPlan, more: Partial<RebuildOptions> = {}): Promise<Rebuilt> {
  const client = storage.client();
  const quiet = { begin: () => undefined, note: () => undefined, end: () => undefined };
  try {
    return await rebuild({
      sets: [set],
      only: [],
      storage: client,
      metastore,
      state,
      dryRun: false,
      removeVanished: false,
      countLines: false,
      progress: quiet,
      signal: new AbortController().signal,
      ...more,
    });
  } finally {
    client.destroy();
  }
}

/** What would still be written: nothing where the metastore holds what was meant. */
const left = async (set: TableSetPlan): Promise<readonly string[]> => (await run(set, { dryRun: true })).ddl;

it("keeps every type as it was written", async () => {
  const set = setOf({ name: "types", prefix: "types/", database: "types" });
  put(
    "types/all/a.parquet",
    await parquetFile({
      yes: ["BOOLEAN", [true]],
      id: ["INT32", [1]],
      big: ["INT64", [1n]],
      f: ["FLOAT", [1]],
      d: ["DOUBLE", [1]],
      text: ["STRING", ["x"]],
      json: ["JSON", [{ a: 1 }]],
    }),
  );
  const { result } = await run(set);
  expect(result.results[0]).toMatchObject({ table: "types.all", problems: [], written: { created: true } });
  const table = await metastore.table("types", "all");
  expect(table?.storage.columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
    "yes boolean",
    "id int",
    "big bigint",
    "f float",
    "d double",
    "text string",
    "json string",
  ]);
  expect(table).toMatchObject({
    type: "EXTERNAL_TABLE",
    properties: { EXTERNAL: "TRUE", "external.table.purge": "false", "aws2ncp.tables": "types" },
  });
  // Sizes and counts of today would be wrong tomorrow, and Hive would answer by them.
  expect(Object.keys(table?.properties ?? {})).not.toContain("COLUMN_STATS_ACCURATE");
  expect(await left(set)).toEqual([]);
});

it("makes partitions of Firehose's hours, and only what is new the next time", async () => {
  for (const hour of ["15", "16"]) put(`event_log/2020/01/01/${hour}/a.gz`, gzipSync('{"n":1,"o":{"a":[1]}}\n'));
  await run(EVENT_LOG);
  expect(await left(EVENT_LOG)).toEqual([]);
  put("event_log/2020/01/01/17/a.gz", gzipSync('{"n":1}\n'));
  const { result } = await run(EVENT_LOG);
  expect(result.results[0]).toMatchObject({
    written: { created: false, changed: [], partitionsAdded: 1, partitionsChanged: 0, partitionsRemoved: 0 },
  });
  expect(await metastore.partitionNames("logs", "event_log")).toEqual(
    ["15", "16", "17"].map((hour) => `dt=2020-01-01/hour=${hour}`),
  );
  expect((await metastore.table("logs", "event_log"))?.storage.columns).toEqual([
    { name: "n", type: "bigint" },
    { name: "o", type: "struct<a:array<bigint>>" },
  ]);
});

it("cascades a merged schema, moves partitions, and removes what vanished when asked", async () => {
  const set = setOf({ name: "mixed", prefix: "mixed/", database: "mixed" });
  const odd = "at=10%3A30 x";
  put("mixed/t/at=1/a.parquet", await intsFile(1));
  put(`mixed/t/${odd}/a.parquet`, await intsFile(1));
  put("mixed/gone/a.parquet", await intsFile(1));
  await run(set);
  expect(await left(set)).toEqual([]);
  put("mixed/t/at=3/b.parquet", await parquetFile({ id: ["INT64", [1n]], more: ["STRING", ["x"]] }));
  await run(set);
  const names = ["at=1", "at=10%3A30 x", "at=3"];
  const partitions = await metastore.partitions("mixed", "t", names);
  expect(partitions.map(({ storage: { columns } }) => columns)).toEqual(
    Array(3).fill([
      { name: "id", type: "bigint" },
      { name: "more", type: "string" },
    ]),
  );
  expect(partitions.map(({ storage: { location } }) => location).sort()).toEqual(
    ["at=1", odd, "at=3"].map((folder) => `s3a://lake/mixed/t/${folder}`),
  );
  // As if somebody had moved the data to another folder of that value.
  storage.remove("lake", "mixed/t/at=1/a.parquet");
  put("mixed/t/AT=1/a.parquet", await intsFile(1));
  storage.remove("lake", "mixed/t/at=3/b.parquet");
  storage.remove("lake", "mixed/gone/a.parquet");
  const kept = await run(set);
  expect(kept.result).toMatchObject({ vanishedTables: ["mixed.gone"] });
  expect(kept.result.results[0]).toMatchObject({ vanished: ["at=3"], written: { partitionsChanged: 1 } });
  await run(set, { removeVanished: true });
  expect(await metastore.partitionNames("mixed", "t")).toEqual(["at=1", "at=10%3A30 x"]);
  expect((await metastore.table("mixed", "t"))?.storage.columns.map(({ type }) => type)).toEqual(["bigint", "string"]);
  expect((await metastore.tables("mixed")).map(({ name }) => name)).toEqual(["t"]);
  expect(await left(set)).toEqual([]);
});

it("goes on where a lost connection ended it: nothing is doubled", async () => {
  const set = setOf({ name: "many", prefix: "many/", database: "many", format: "json", columns: { n: "int" } });
  const days = 1_500;
  for (let day = 0; day < days; day++) put(`many/t/d=${day}/a`, Buffer.from("{}"));
  const lost = real.client();
  const cut = {
    begin: () => undefined,
    note: (_: string, text: string) => (text === "1000 of 1500 partitions written" ? lost.close() : undefined),
    end: () => undefined,
  };
  await expect(run(set, { metastore: lost, progress: cut })).rejects.toThrow("was lost");
  const before = await metastore.partitionNames("many", "t");
  expect(before.length).toBeGreaterThanOrEqual(1_000);
  const { result } = await run(set);
  expect(result).toMatchObject({ partitions: days });
  expect(new Set(await metastore.partitionNames("many", "t")).size).toBe(days);
  expect(await left(set)).toEqual([]);
});

it("makes one table of a flat folder, and takes a torn file for none", async () => {
  const set = setOf({ name: "flat", prefix: "flat/", layout: "flat", database: "flats" });
  put("flat/a.parquet", await intsFile(2));
  put("flat/b.parquet", await intsFile(3));
  const torn = await intsFile(4);
  put("flat/c.parquet", torn.subarray(0, torn.length - 1));
  const { result } = await run(set);
  expect(result).toMatchObject({ tables: 1, partitions: 0, rows: 5, exact: false });
  expect(result.results[0]).toMatchObject({ verdict: "unreadable", unreadable: [{ file: "flat/c.parquet" }] });
  expect((await metastore.table("flats", "flat"))?.storage).toMatchObject({
    location: "s3a://lake/flat",
    columns: [{ name: "id", type: "int" }],
  });
  expect(await left(set)).toEqual([]);
});

it("tells a prefix with nothing under it, and makes no database for it", async () => {
  const set = setOf({ name: "none", prefix: "none/", database: "nothing" });
  expect((await run(set)).result).toMatchObject({ tables: 0, exact: false, results: [{ verdict: "empty" }] });
  expect(await metastore.databases()).not.toContain("nothing");
});

// test/metastore/shapes.test.ts makes 20,000; this metastore of one process takes minutes for so many.
it("makes 2,000 partitions, and writes none of them the second time", async () => {
  const set = setOf({ name: "large", prefix: "large/", database: "large", format: "json", columns: { n: "int" } });
  const all = 2_000;
  for (let day = 0; day < all; day++) put(`large/t/d=${day}/a`, Buffer.from("{}"));
  expect((await run(set)).result).toMatchObject({ tables: 1, partitions: all });
  const { result } = await run(set);
  expect(result.results[0]?.written).toEqual({
    created: false,
    changed: [],
    partitionsAdded: 0,
    partitionsChanged: 0,
    partitionsRemoved: 0,
  });
  expect(await metastore.partitionNames("large", "t")).toHaveLength(all);
}, 600_000);
