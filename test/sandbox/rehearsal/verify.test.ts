import { compare, folderTime, type SourceObject } from "../../../sandbox/rehearsal/verify";

const cutoff = new Date("2026-11-24T16:42:00Z");
const object = (key: string, sha256: string, modified = "2026-11-24T16:00:00Z"): SourceObject => ({
  key,
  bytes: 100,
  sha256,
  modified: new Date(modified),
});

it("is identical when every object of the cutoff has the same hash; a later one counts on neither side", () => {
  const source = [object("a", "1"), object("b", "2"), object("late", "3", "2026-11-24T16:42:01Z")];
  expect(compare(source, [object("a", "1"), object("b", "2")], cutoff)).toEqual({
    source: { objects: 2, bytes: 200 },
    target: { objects: 2, bytes: 200 },
    identical: true,
    missing: [],
    different: [],
    foreign: [],
  });
  expect(compare(source, source, cutoff)).toMatchObject({ target: { objects: 2 }, identical: true });
});

it.each([
  ["a missing object", [object("a", "1")], { missing: ["b"], target: { objects: 1, bytes: 100 } }],
  ["other bytes of the same length", [object("a", "1"), object("b", "x")], { different: ["b"] }],
  [
    "an object that was never at the source",
    [object("a", "1"), object("b", "2"), object("c", "9")],
    { foreign: ["c"] },
  ],
])("is not identical with %s", (_, target, found) => {
  expect(compare([object("a", "1"), object("b", "2")], target, cutoff)).toMatchObject({ identical: false, ...found });
});

it("never calls nothing identical", () => {
  expect(compare([], [], cutoff).identical).toBe(false);
});

describe("the start of a folder", () => {
  const hourly = { layout: "firehose-hourly", prefixZone: "UTC" } as const;
  const daily = { layout: "daily", prefixZone: "Asia/Seoul" } as const;

  it("is its hour's, or its day's in the zone of the names", () => {
    expect(folderTime(hourly, "2026/11/10/16/x.gz")).toBe(Date.parse("2026-11-10T16:00:00Z"));
    expect(folderTime(daily, "2026/11/10/api-1.log.gz")).toBe(Date.parse("2026-11-09T15:00:00Z"));
  });

  it.each([
    [hourly, "2026/11/x.gz", "2026/11/x.gz: not in a folder of an hour, YYYY/MM/DD/HH/"],
    [daily, "2026/11/x.gz", "2026/11/x.gz: not in a folder of a day, YYYY/MM/DD/"],
    [daily, "2026/13/10/x.gz", "2026/13/10/x.gz: not in a folder of a day, YYYY/MM/DD/"],
  ])("is not guessed: %#", (dataset, key, message) => expect(() => folderTime(dataset, key)).toThrow(message));
});
