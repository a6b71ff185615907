import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { TableSetPlan } from "../../pipeline/plan-types";
import { rebuild, type RebuildOptions } from "../../metastore/rebuild";
import { keepEvidence, readEvidence } from "../../metastore/result";
import { MetastoreRefused } from "../../metastore/thrift/connection";
import { FakeMetastore } from "./fake-metastore";
import { FakePresto } from "./fake-presto";
import { FakeStorage } from "./fake-storage";
import { intsFile, parquetFile } from "./parquet-files";
import { EVENT_LOG, setOf } from "./sets";

let storage: FakeStorage;
let presto: FakePresto;
let metastore: FakeMetastore;
let state: string;

beforeEach(async () => {
  storage = await new FakeStorage().start();
  presto = await new FakePresto().start();
  metastore = new FakeMetastore();
  state = mkdtempSync(join(tmpdir(), "metastore-"));
});
afterEach(async () => {
  await storage.stop();
  await presto.stop();
  rmSync(state, { recursive: true });
});

const quiet = { begin: () => undefined, note: () => undefined, end: () => undefined };

async function run(sets: readonly TableSetPlan[], more: Partial<RebuildOptions> = {}) {
  const client = storage.client();
  try {
    return await rebuild({
      sets,
      only: [],
      storage: client,
      metastore: metastore.client,
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

const put = (key: string, content: Buffer): void => storage.put("lake", key, content);
/** Reads of objects, not lists. */
const reads = (): string[] => storage.seen.filter((request) => !request.startsWith("LIST"));
const withPresto = () => ({ presto: { client: presto.client, catalog: "hive" } });
const counts = (record: Record<string, number>) =>
  Object.entries(record).map(([key, rows]) => [`s3a://lake/${key}`, rows]);

it("makes tables and partitions, asks Presto, and writes nothing the second time", async () => {
  put("hive/small/a.parquet", await intsFile(3));
  put("hive/parted/year=2013/month=1/a.parquet", await intsFile(4));
  put("hive/parted/year=2013/month=2/a.parquet", await intsFile(5));
  presto.answer = (sql) =>
    sql.includes(`"parted"`)
      ? counts({ "hive/parted/year=2013/month=1/a.parquet": 4, "hive/parted/year=2013/month=2/a.parquet": 5 })
      : counts({ "hive/small/a.parquet": 3 });

  const { result } = await run([setOf()], withPresto());
  expect(result).toMatchObject({ tables: 2, partitions: 2, rows: 12, exact: true });
  expect(result.results.map(({ table, verdict, rows, counted }) => [table, verdict, rows, counted])).toEqual([
    ["nyc.parted", "exact", 9, 9],
    ["nyc.small", "exact", 3, 3],
  ]);
  expect(metastore.writes).toEqual([
    "createDatabase nyc",
    "createTable nyc.parted",
    "addPartitions nyc.parted 2",
    "createTable nyc.small",
  ]);
  expect(presto.statements[0]).toBe(`SELECT "$path", count(*) FROM "hive"."nyc"."parted" GROUP BY 1`);

  const [written, read] = [metastore.writes.length, reads().length];
  const again = await run([setOf()], withPresto());
  expect(again.result).toMatchObject({ tables: 2, partitions: 2, rows: 12, exact: true });
  expect(metastore.writes).toHaveLength(written);
  expect(reads()).toHaveLength(read);
});

it("writes EXTERNAL tables that are never purged, with partitions at their folders", async () => {
  put("hive/t/dt=2020-01-01/a.parquet", await intsFile(1));
  await run([setOf()]);
  expect(await metastore.table("nyc", "t")).toEqual({
    database: "nyc",
    name: "t",
    type: "EXTERNAL_TABLE",
    owner: "aws2ncp",
    created: 0,
    partitionKeys: [{ name: "dt", type: "string" }],
    properties: { EXTERNAL: "TRUE", "external.table.purge": "false", "aws2ncp.tables": "hive" },
    storage: {
      columns: [{ name: "id", type: "int" }],
      location: "s3a://lake/hive/t",
      inputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
      outputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
      serde: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
      serdeProperties: { "serialization.format": "1" },
    },
  });
  const [partition] = await metastore.partitions("nyc", "t", ["dt=2020-01-01"]);
  expect(partition?.storage.location).toBe("s3a://lake/hive/t/dt=2020-01-01");
  expect(partition?.values).toEqual(["2020-01-01"]);
});

it("reads a footer by one range request of 16 KiB", async () => {
  const large = await parquetFile({
    text: ["STRING", Array.from({ length: 4_000 }, (_, row) => `row ${row} ${row * 7919}`)],
  });
  put("hive/t/a.parquet", large);
  await run([setOf()]);
  expect(large.length).toBeGreaterThan(16_384);
  expect(reads()).toEqual([`GET hive/t/a.parquet bytes=${large.length - 16_384}-${large.length - 1}`]);
});

it("merges a schema over the files, and cascades it to the partitions there are", async () => {
  put("hive/t/dt=1/a.parquet", await intsFile(1));
  await run([setOf()]);
  put("hive/t/dt=2/b.parquet", await parquetFile({ id: ["INT64", [1n]], more: ["STRING", ["x"]] }));
  const { result } = await run([setOf()]);
  expect(metastore.writes.slice(3)).toEqual(["alterTable nyc.t cascade", "addPartitions nyc.t 1"]);
  expect(result.results[0]).toMatchObject({
    merged: [
      { column: "id", change: "widened", what: "int -> bigint" },
      { column: "more", change: "added", what: "string" },
    ],
    written: { changed: ["column id int -> bigint", "new column more string"], partitionsAdded: 1 },
  });
  const partitions = await metastore.partitions("nyc", "t", ["dt=1", "dt=2"]);
  expect(partitions.map(({ storage: { columns } }) => columns.map(({ type }) => type))).toEqual([
    ["bigint", "string"],
    ["bigint", "string"],
  ]);
});

it("keeps columns at their places and as wide as they were: the metastore takes nothing else", async () => {
  put("hive/t/b.parquet", await parquetFile({ id: ["INT64", [1n]], old: ["STRING", ["x"]] }));
  await run([setOf()]);
  storage.remove("lake", "hive/t/b.parquet");
  put("hive/t/a.parquet", await parquetFile({ fresh: ["DOUBLE", [1]], id: ["INT32", [1]] }));
  const { result } = await run([setOf()]);
  expect(result.results[0]?.written?.changed).toEqual(["new column fresh double"]);
  expect((await metastore.table("nyc", "t"))?.storage.columns).toEqual([
    { name: "id", type: "bigint" },
    { name: "old", type: "string" },
    { name: "fresh", type: "double" },
  ]);
  const { rows } = (await run([setOf()])).result;
  expect([rows, metastore.writes.length]).toEqual([1, 3]);
});

it("does not write a table whose files conflict, and names them", async () => {
  put("hive/bad/a.parquet", await intsFile(1));
  put("hive/bad/b.parquet", await parquetFile({ id: ["STRING", ["x"]] }));
  put("hive/good/a.parquet", await intsFile(1));
  const { result } = await run([setOf()]);
  expect(result).toMatchObject({ tables: 1, exact: false });
  expect(result.results[0]).toMatchObject({
    table: "nyc.bad",
    verdict: "conflicting",
    conflicts: [
      {
        column: "id",
        types: [
          { type: "int", files: ["hive/bad/a.parquet"], count: 1 },
          { type: "string", files: ["hive/bad/b.parquet"], count: 1 },
        ],
      },
    ],
  });
  expect(metastore.writes).toEqual(["createDatabase nyc", "createTable nyc.good"]);
});

it("reports INT64 timestamps, or takes them for the numbers that they are declared to be", async () => {
  const midnight = new Date("2019-12-31T15:00:00Z");
  put("hive/t/a.parquet", await parquetFile({ at: ["TIMESTAMP", [midnight]] }));
  const { result } = await run([setOf()]);
  expect(result.results[0]).toMatchObject({
    verdict: "conflicting",
    untyped: [{ column: "at", type: expect.stringMatching(/^INT64 TIMESTAMP\(/), files: 1, file: "hive/t/a.parquet" }],
  });
  expect(metastore.writes).toEqual([]);
  await run([setOf({ timestamps: "bigint" })]);
  expect((await metastore.table("nyc", "t"))?.storage.columns).toEqual([{ name: "at", type: "bigint" }]);
});

it("tells files that are none, and counts the others", async () => {
  put("hive/t/a.parquet", await intsFile(2));
  put("hive/t/b.parquet", Buffer.alloc(0));
  put("hive/t/c.parquet", Buffer.from("PAR1, and then something else"));
  presto.answer = () => counts({ "hive/t/a.parquet": 2 });
  const { result } = await run([setOf()], withPresto());
  expect(result.results[0]).toMatchObject({
    verdict: "unreadable",
    rows: 2,
    counted: 2,
    unreadable: [
      { file: "hive/t/b.parquet", why: "0 bytes: too short for a Parquet file" },
      { file: "hive/t/c.parquet", why: "parquet file invalid (footer != PAR1)" },
    ],
  });
  expect(presto.statements[0]).toBe(
    `SELECT "$path", count(*) FROM "hive"."nyc"."t" WHERE "$path" NOT IN ('s3a://lake/hive/t/b.parquet', 's3a://lake/hive/t/c.parquet') GROUP BY 1`,
  );
  expect(result.exact).toBe(false);
});

it("takes a table without rows for what it is, and a prefix without tables for a mistake", async () => {
  put("hive/t/a.parquet", await intsFile(0));
  const { result } = await run([setOf(), setOf({ name: "none", prefix: "none/" })], withPresto());
  expect(result.results.map(({ table, verdict }) => [table, verdict])).toEqual([
    ["none", "empty"],
    ["nyc.t", "exact"],
  ]);
  expect(result.exact).toBe(false);
});

describe("what Presto counts", () => {
  beforeEach(async () => put("hive/t/a.parquet", await intsFile(2)));

  it("is drift where it differs, file by file", async () => {
    presto.answer = () => counts({ "hive/t/a.parquet": 3, "hive/t/gone.parquet": 1 });
    const { result } = await run([setOf()], withPresto());
    expect(result.results[0]).toMatchObject({
      verdict: "drifted",
      rows: 2,
      counted: 3,
      differences: [
        { file: "hive/t/a.parquet", expected: 2, got: 3 },
        { file: "hive/t/gone.parquet", expected: null, got: 1 },
      ],
    });
  });

  it("is none where a file came after the listing", async () => {
    const late = await intsFile(9);
    presto.answer = () => {
      put("hive/t/late.parquet", late);
      return counts({ "hive/t/a.parquet": 2, "hive/t/late.parquet": 9 });
    };
    const { result } = await run([setOf()], withPresto());
    expect(result.results[0]).toMatchObject({ verdict: "exact", rows: 2, counted: 2, differences: [] });
  });

  it("is drift where it can't count", async () => {
    presto.answer = () => "Partition location does not exist";
    const { result } = await run([setOf()], withPresto());
    expect(result.results[0]).toMatchObject({
      verdict: "drifted",
      problems: ["Presto can't count it: HIVE_ERROR: Partition location does not exist"],
    });
  });
});

it("removes what vanished only when that is asked for, and no file", async () => {
  put("hive/gone/a.parquet", await intsFile(1));
  for (const day of [1, 2, 3]) put(`hive/t/dt=${day}/a.parquet`, await intsFile(1));
  await run([setOf()]);
  storage.remove("lake", "hive/gone/a.parquet");
  storage.remove("lake", "hive/t/dt=2/a.parquet");
  const written = metastore.writes.length;

  const { result } = await run([setOf()]);
  expect(metastore.writes).toHaveLength(written);
  expect(result.vanishedTables).toEqual(["nyc.gone"]);
  expect(result.results[0]).toMatchObject({
    vanished: ["dt=2"],
    problems: [
      "1 partitions in the metastore have no file any more: dt=2",
      "try: npx aws2ncp metastore rebuild hive --remove-vanished",
    ],
  });

  const removed = await run([setOf()], { removeVanished: true });
  expect(metastore.writes.slice(written)).toEqual(["dropPartitions nyc.t 1", "dropTable nyc.gone"]);
  expect(removed.result).toMatchObject({ vanishedTables: [], tables: 1, partitions: 2 });
  expect(removed.result.results[0]).toMatchObject({ vanished: [], problems: [], written: { partitionsRemoved: 1 } });
});

it("leaves a table alone that it did not make, and one whose partition columns changed", async () => {
  put("hive/t/dt=1/a.parquet", await intsFile(1));
  await run([setOf()]);
  const table = (await metastore.table("nyc", "t"))!;
  await metastore.alterTable({ ...table, properties: { EXTERNAL: "TRUE" } }, false);
  const written = metastore.writes.length;
  const foreign = await run([setOf()]);
  expect(foreign.result.results[0]).toMatchObject({
    verdict: "refused",
    problems: [
      "the metastore has a table of that name that this tool did not make (EXTERNAL_TABLE at s3a://lake/hive/t)",
      "try: ALTER TABLE nyc.t RENAME TO another name, or drop it, then rebuild again",
    ],
  });
  await metastore.alterTable(table, false);
  put("hive/t/dt=x/a.parquet", await intsFile(1));
  const changed = await run([setOf()]);
  expect(changed.result.results[0]?.problems[0]).toBe(
    "its partition columns are dt int, and by its folders now dt string: they can't be changed",
  );
  expect(metastore.writes.slice(written)).toEqual(["alterTable nyc.t"]);
});

it("tells the metastore's refusal, and goes on with the next table", async () => {
  put("hive/a/a.parquet", await intsFile(1));
  put("hive/b/a.parquet", await intsFile(1));
  metastore.before = (write) => {
    if (write === "createTable nyc.a")
      throw new MetastoreRefused("create_table", "MetaException", "no access to s3a://lake");
  };
  const { result } = await run([setOf()]);
  expect(result.results.map(({ table, verdict, problems }) => [table, verdict, problems[0]])).toEqual([
    ["nyc.a", "refused", "the metastore refused create_table: MetaException: no access to s3a://lake"],
    ["nyc.b", "unproven", undefined],
  ]);
});

it("prints the DDL of a dry run, and writes nothing", async () => {
  put("hive/t/dt=it's/a.parquet", await parquetFile({ Id: ["INT32", [1]], s: ["STRING", ["x"]] }));
  const { ddl, result } = await run([setOf()], { dryRun: true });
  expect(metastore.writes).toEqual([]);
  expect(result.tables).toBe(0);
  expect(ddl).toEqual([
    "CREATE DATABASE IF NOT EXISTS `nyc`;",
    "CREATE EXTERNAL TABLE `nyc`.`t` (\n  `id` int,\n  `s` string\n)\nPARTITIONED BY (\n  `dt` string\n)\nSTORED AS PARQUET\n" +
      "LOCATION 's3a://lake/hive/t'\nTBLPROPERTIES ('external.table.purge'='false', 'aws2ncp.tables'='hive');",
    "ALTER TABLE `nyc`.`t` ADD IF NOT EXISTS\n  PARTITION (`dt`='it\\'s') LOCATION 's3a://lake/hive/t/dt=it\\'s';",
  ]);
  await run([setOf()]);
  expect((await run([setOf()], { dryRun: true })).ddl).toEqual([]);
});

it("has a dry run make a database of several new tables once", async () => {
  put("hive/a/a.parquet", await intsFile(1));
  put("hive/b/a.parquet", await intsFile(1));
  const { ddl } = await run([setOf()], { dryRun: true });
  expect(ddl.map((each) => each.split(" (")[0])).toEqual([
    "CREATE DATABASE IF NOT EXISTS `nyc`;",
    "CREATE EXTERNAL TABLE `nyc`.`a`",
    "CREATE EXTERNAL TABLE `nyc`.`b`",
  ]);
});

it("looks at the tables that are asked for only", async () => {
  put("hive/a/a.parquet", await intsFile(1));
  put("hive/b/a.parquet", await intsFile(1));
  put("event_log/2020/01/01/15/a.gz", gzipSync('{"n":1}\n'));
  const { result, unknown } = await run([EVENT_LOG, setOf()], { only: ["nyc.b", "nothing"] });
  expect(result.results.map(({ table }) => table)).toEqual(["nyc.b"]);
  expect(unknown).toEqual(["nothing"]);
  expect(storage.seen.filter((request) => request.includes("event_log"))).toEqual([]);
});

describe("JSON lines", () => {
  const lines = (...objects: object[]): Buffer => gzipSync(objects.map((each) => `${JSON.stringify(each)}\n`).join(""));

  it("has the columns of a sample, and is not proved before somebody counts", async () => {
    const many = Array.from({ length: 1_500 }, (_, n) => ({ n }));
    for (let hour = 10; hour < 22; hour++) put(`event_log/2020/01/01/${hour}/a.gz`, lines(...many));
    put("event_log/2020/01/02/00/a.gz", lines({ n: 1.5, more: null }));
    const { result } = await run([EVENT_LOG]);
    expect(result).toMatchObject({ tables: 1, partitions: 13, exact: true });
    expect(result.results[0]?.verdict).toBe("unproven");
    expect(new Set(reads()).size).toBe(8);
    expect((await metastore.table("logs", "event_log"))?.storage.columns).toEqual([
      { name: "n", type: "double" },
      { name: "more", type: "string" },
    ]);

    presto.answer = () =>
      counts({
        ...Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`event_log/2020/01/01/${at + 10}/a.gz`, 1_500])),
        "event_log/2020/01/02/00/a.gz": 1,
      });
    const counted = await run([EVENT_LOG], { countLines: true, ...withPresto() });
    expect(counted.result.results[0]).toMatchObject({ verdict: "exact", rows: 18_001, counted: 18_001 });
    const read = reads().length;
    await run([EVENT_LOG], { countLines: true, ...withPresto() });
    expect(reads()).toHaveLength(read);
  });

  it("keeps a column that the sample does not show any more", async () => {
    put("event_log/2020/01/01/00/a.gz", lines({ old: 1 }));
    await run([EVENT_LOG]);
    storage.remove("lake", "event_log/2020/01/01/00/a.gz");
    put("event_log/2020/01/01/01/a.gz", lines({ now: "x" }));
    await run([EVENT_LOG]);
    expect((await metastore.table("logs", "event_log"))?.storage.columns).toEqual([
      { name: "old", type: "bigint" },
      { name: "now", type: "string" },
    ]);
  });

  it("reads numbers as text where the column was null before", async () => {
    put("event_log/2020/01/01/00/a.gz", lines({ x: null }));
    await run([EVENT_LOG]);
    put("event_log/2020/01/01/01/a.gz", lines({ x: 1 }));
    const { result } = await run([EVENT_LOG]);
    expect(result.results[0]?.written?.changed).toEqual([]);
    expect((await metastore.table("logs", "event_log"))?.storage.columns).toEqual([{ name: "x", type: "string" }]);
  });

  it("has the columns that the pipeline file declares, without a look", async () => {
    put("event_log/2020/01/01/00/a.gz", Buffer.from("not even gzip"));
    await run([{ ...EVENT_LOG, columns: { Id: "bigint", tags: "array<string>" } }]);
    expect(reads()).toEqual([]);
    expect((await metastore.table("logs", "event_log"))?.storage.columns).toEqual([
      { name: "id", type: "bigint" },
      { name: "tags", type: "array<string>" },
    ]);
  });

  it("tells files that are none, without a word of what is in them", async () => {
    put("event_log/2020/01/01/00/a.gz", lines({ n: 1 }));
    put("event_log/2020/01/01/00/b.gz", gzipSync('{"n":1}\nname of a person\n'));
    put("event_log/2020/01/01/00/c.gz", Buffer.from("name of a person"));
    put("event_log/2020/01/01/00/d", lines({ n: 1 }));
    put("event_log/2020/01/01/00/e.json", Buffer.from('{"n":1}\n{"n":2}'));
    const { result } = await run([EVENT_LOG], { countLines: true });
    expect(result.results[0]).toMatchObject({
      rows: 3,
      unreadable: [
        { file: "event_log/2020/01/01/00/b.gz", why: "line 2 is no JSON object" },
        { file: "event_log/2020/01/01/00/c.gz", why: "gzip: incorrect header check" },
        {
          file: "event_log/2020/01/01/00/d",
          why: "gzip without .gz at the end of its name: engines would read it as text",
        },
      ],
    });
    expect(JSON.stringify(result)).not.toContain("person");
  });
});

describe("a run that was stopped", () => {
  it("is gone on with: no partition is added twice", async () => {
    const set = setOf({ format: "json", columns: { n: "int" } });
    for (let day = 0; day < 2_500; day++) put(`hive/t/d=${day}/a`, Buffer.from("{}"));
    const stop = new AbortController();
    metastore.before = () => {
      if (metastore.writes.length === 3) stop.abort(new Error("killed"));
    };
    await expect(run([set], { signal: stop.signal })).rejects.toThrow("killed");
    const begun = ["createDatabase nyc", "createTable nyc.t", "addPartitions nyc.t 1000", "addPartitions nyc.t 1000"];
    expect(metastore.writes).toEqual(begun);

    metastore.before = () => undefined;
    const { result } = await run([set]);
    expect(metastore.writes).toEqual([...begun, "addPartitions nyc.t 500"]);
    expect(result).toMatchObject({ tables: 1, partitions: 2_500 });
  });

  it("is gone on with: no footer is read twice", async () => {
    const file = await intsFile(1);
    for (let at = 0; at < 40; at++) put(`hive/t/${at}.parquet`, file);
    const stop = new AbortController();
    storage.refuse = () => {
      if (reads().length === 20) stop.abort(new Error("killed"));
      return undefined;
    };
    await expect(run([setOf()], { signal: stop.signal })).rejects.toThrow("killed");
    const before = reads();
    expect(before.length).toBeLessThan(40);
    const { result } = await run([setOf()]);
    expect(result.rows).toBe(40);
    expect(reads()).toHaveLength(40);
  });

  it("has its journal although the last line was torn, and reads an object again that was replaced", async () => {
    put("hive/t/a.parquet", await intsFile(1));
    put("hive/t/b.parquet", await intsFile(2));
    await run([setOf()]);
    const journal = join(state, "metastore", "hive.ndjson");
    const text = readFileSync(journal, "utf8");
    writeFileSync(journal, text.slice(0, -20));
    put("hive/t/a.parquet", await intsFile(7));
    storage.seen.splice(0);
    const { result } = await run([setOf()]);
    expect(result.rows).toBe(9);
    expect(reads()).toHaveLength(2);
    storage.seen.splice(0);
    await run([setOf()]);
    expect(reads()).toEqual([]);
  });

  it("says which file changed under its hands, and ends where the storage fails", async () => {
    put("hive/t/a.parquet", await intsFile(1));
    put("hive/t/b.parquet", await intsFile(1));
    storage.refuse = (key) => (key === "hive/t/b.parquet" ? 412 : undefined);
    const { result } = await run([setOf()]);
    expect(result.results[0]?.unreadable).toEqual([
      { file: "hive/t/b.parquet", why: "it changed or went since it was listed; the next run sees it" },
    ]);
    storage.refuse = () => 403;
    await expect(run([setOf()])).rejects.toThrow();
  });
});

it("keeps the evidence; a run of some tables replaces only what it looked at", async () => {
  const server = "1003";
  put("hive/a/a.parquet", await intsFile(1));
  put("hive/b/a.parquet", await intsFile(2));
  const first = keepEvidence(state, (await run([setOf()])).result, { whole: true, server });
  put("hive/b/b.parquet", await intsFile(3));
  const part = (await run([setOf()], { only: ["nyc.b"] })).result;
  expect(part).toMatchObject({ tables: 1, rows: 5 });
  expect(keepEvidence(state, part, { whole: false, server })).toMatchObject({ tables: 2, rows: 6, exact: true });
  expect(readEvidence(state)).toMatchObject({ tables: 2, rows: 6, server });
  expect(readEvidence(state)?.results.map(({ table, at }) => [table, at])).toEqual([
    ["nyc.a", first.at],
    ["nyc.b", part.at],
  ]);
});

it("forgets what was proved of another server's metastore", async () => {
  put("hive/a/a.parquet", await intsFile(1));
  put("hive/b/a.parquet", await intsFile(2));
  keepEvidence(state, (await run([setOf()])).result, { whole: true, server: "1003" });
  const part = (await run([setOf()], { only: ["nyc.b"] })).result;
  const kept = keepEvidence(state, part, { whole: false, server: "1010" });
  expect(kept.results.map(({ table }) => table)).toEqual(["nyc.b"]);
});
