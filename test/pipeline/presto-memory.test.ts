import { readFileSync } from "node:fs";
import { PRESTO_MEMORY, prestoMemoryOf } from "../../pipeline/presto-memory";

it("a spec has the row of its memory, and too small a one none", () => {
  const heaps = ["c2-g3", "s2-g3", "s4-g3", "m4-g3", "s16-g3", "m16-g3", "m64-g3"].map(
    (spec) => prestoMemoryOf(spec)?.heapMb,
  );
  expect(heaps).toEqual([2_048, 5_120, 11_264, 24_576, 51_200, 106_496, 106_496]);
  expect([prestoMemoryOf("c1-g3"), prestoMemoryOf("large")]).toEqual([undefined, undefined]);
});

it("a row holds from its memory on, not below", () => {
  expect(["c4-g3", "c6-g3", "c8-g3"].map((spec) => prestoMemoryOf(spec)?.fromMb)).toEqual([8_192, 8_192, 16_384]);
});

it.each(PRESTO_MEMORY)("$fromMb MB: Presto starts, and the system has its share", (row) => {
  const { fromMb, heapMb, queryMb, queryTotalMb, headroomMb, queries } = row;
  expect(queryMb).toBeLessThan(queryTotalMb);
  expect(queryTotalMb + headroomMb).toBeLessThanOrEqual(heapMb);
  expect(fromMb - heapMb).toBeGreaterThanOrEqual(Math.max(1_536, fromMb / 8));
  expect(queries % 4).toBe(0);
});

it("is the table of the documentation", () => {
  const rows = readFileSync("docs/query.md", "utf8")
    .split("\n")
    .filter((line) => /^\| \d+ GB/.test(line))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => Number(cell.replace(/\D/g, ""))),
    );
  expect(rows).toEqual(
    PRESTO_MEMORY.map((row) => [
      row.fromMb / 1024,
      row.heapMb,
      row.queryMb,
      row.queryTotalMb,
      row.headroomMb,
      row.queries,
    ]),
  );
});
