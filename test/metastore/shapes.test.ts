/** Every shape of data that a rebuild is promised for: what it comes to, and that a second run does nothing. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { TableSetPlan } from "../../pipeline/plan-types";
import { rebuild, type Rebuilt } from "../../metastore/rebuild";
import { FakeMetastore } from "./fake-metastore";
import { FakeStorage } from "./fake-storage";
import { intsFile, parquetFile } from "./parquet-files";
import { EVENT_LOG, setOf } from "./sets";

jest.setTimeout(60_000); // 20,000 partitions on a machine that does other things

let storage: FakeStorage;
let metastore: FakeMetastore;
let state: string;

beforeEach(async () => {
  storage = await new FakeStorage().start();
  metastore = new FakeMetastore();
  state = mkdtempSync(join(tmpdir(), "shapes-"));
});
afterEach(async () => {
  await storage.stop();
  rmSync(state, { recursive: true });
});

async function run(set: TableSetPlan, dryRun = false): Promise<Rebuilt> {
  const client = storage.client();
  const progress = { begin: () => undefined, note: () => undefined, end: () => undefined };
  const none = { only: [], removeVanished: false, countLines: false, signal: new AbortController().signal };
  try {
    return await rebuild({
      ...none,
      sets: [set],
      storage: client,
      metastore: metastore.client,
      state,
      dryRun,
      progress,
    });
  } finally {
    client.destroy();
  }
}

const put = (key: string, content: Buffer): void => storage.put("lake", key, content);
/** Reads of objects, not lists. */
const reads = (): string[] => storage.seen.filter((request) => !request.startsWith("LIST"));

describe("run again, nothing is read and nothing written, of data that is", () => {
  const line = Buffer.from('{"n":1}\n');
  const json = { format: "json", columns: { n: "bigint" } } as const;
  it.each<[string, TableSetPlan, () => Promise<Record<string, Buffer>>, object]>([
    [
      "Hive-style",
      setOf(),
      async () => ({ "hive/t/year=2020/month=01/a.parquet": await intsFile(2), "hive/u/a.parquet": await intsFile(3) }),
      { tables: 2, partitions: 1, rows: 5, exact: true },
    ],
    [
      "Firehose-style",
      EVENT_LOG,
      async () => ({ "event_log/2020/01/01/15/a.gz": gzipSync(line), "event_log/2020/01/01/16/b.gz": gzipSync(line) }),
      { tables: 1, partitions: 2, rows: 2, exact: true },
    ],
    [
      "in folders of days",
      setOf({ name: "api_log", prefix: "api_log/", layout: "daily", zone: "Asia/Seoul", format: "json" }),
      async () => ({ "api_log/2020/01/01/a": line, "api_log/2020/01/02/a": line }),
      { tables: 1, partitions: 2, rows: 2, exact: true },
    ],
    [
      "flat",
      setOf({ name: "flat", prefix: "flat/", layout: "flat" }),
      async () => ({ "flat/a.parquet": await intsFile(2), "flat/b.parquet": await intsFile(3) }),
      { tables: 1, partitions: 0, rows: 5, exact: true },
    ],
    [
      "of mixed schema",
      setOf(),
      async () => ({
        "hive/t/a.parquet": await intsFile(2),
        "hive/t/b.parquet": await parquetFile({ id: ["INT64", [1n]], more: ["STRING", ["x"]] }),
      }),
      { tables: 1, rows: 3, exact: true },
    ],
    [
      "with corrupt footers",
      setOf(),
      async () => {
        const whole = await intsFile(2);
        const torn = Buffer.concat([whole.subarray(0, whole.length - 12), Buffer.from("torn footer!")]);
        const wild = Buffer.from(whole);
        wild.fill(0xff, whole.length - 40, whole.length - 8);
        return { "hive/t/a.parquet": whole, "hive/t/b.parquet": torn, "hive/t/c.parquet": wild };
      },
      { tables: 1, rows: 2, exact: false },
    ],
    [
      "without a row",
      setOf(),
      async () => ({ "hive/t/a.parquet": await intsFile(0) }),
      { tables: 1, rows: 0, exact: true },
    ],
    ["not there", setOf(), async () => ({}), { tables: 0, rows: 0, exact: false }],
    [
      "20,000 partitions",
      setOf(json),
      async () => Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`hive/t/n=${at}/a`, line])),
      { tables: 1, partitions: 20_000, exact: true },
    ],
  ])("%s", async (_, set, files, expected) => {
    for (const [key, content] of Object.entries(await files())) put(key, content);
    put("elsewhere/a", line); // a bucket there is in any case
    const first = await run(set);
    expect(first.result).toMatchObject(expected);
    const unreadable = first.result.results.flatMap((each) => each.unreadable.map(({ file }) => file));
    const [written, read] = [metastore.writes.length, reads().length];
    const again = await run(set);
    expect(again.result).toMatchObject(expected);
    expect(metastore.writes).toHaveLength(written);
    // What could not be read is tried again: somebody may have put it right.
    expect(
      new Set(
        reads()
          .slice(read)
          .map((request) => request.split(" ")[1]),
      ),
    ).toEqual(new Set(unreadable));
    expect((await run(set, true)).ddl).toEqual([]);
  });
});
