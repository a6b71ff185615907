import { examine, failure, selected } from "../../../ops/doctor/examine";
import type { Check, Said } from "../../../ops/doctor/types";
import { WrongUse } from "../../../ops/errors";
import { contextWith } from "./context";

const OK: Said = { severity: "ok", place: "here", found: "well" };
const BAD: Said = { severity: "error", place: "here", found: "ill" };

const check = (name: string, run: Check["run"] = async () => [OK], more: Partial<Check> = {}): Check => ({
  name,
  about: name,
  needs: [],
  run,
  ...more,
});

const run = (checks: Check[], more: object = {}) =>
  examine(checks, { context: contextWith(), platform: async () => ({}), ...more });

const briefly = async (checks: Check[], more: object = {}): Promise<string[]> =>
  (await run(checks, more)).map(({ check: name, severity, found }) => `${name} ${severity}: ${found}`);

it("tells findings in the order of the checks, whoever ends first", async () => {
  let release = (): void => undefined;
  const later = new Promise<void>((done) => (release = done));
  const slow = check("slow", async () => {
    await later;
    return [OK];
  });
  const fast = check("fast", async () => {
    release();
    return [BAD, OK];
  });
  expect(await run([slow, fast])).toEqual([
    { check: "slow", ...OK },
    { check: "fast", ...BAD },
    { check: "fast", ...OK },
  ]);
});

it("a check that throws is its own error, in the fields that its lines are for, and hides no other", async () => {
  const broken = check("broken", async () => {
    throw new Error("no good\n  since it rains\n  allowed: sun\n  try: tomorrow");
  });
  expect(await run([broken, check("fine")])).toEqual([
    {
      check: "broken",
      severity: "error",
      place: "this check",
      found: "no good",
      meaning: "since it rains",
      allowed: "sun",
      try: "tomorrow",
    },
    { check: "fine", ...OK },
  ]);
  expect(failure(new Error("only this"))).toEqual({ severity: "error", place: "this check", found: "only this" });
});

it("a check that hangs is told as unknown at its deadline, and its signal is aborted", async () => {
  let signal: AbortSignal | undefined;
  const hangs = check(
    "hangs",
    (context) => {
      signal = context.signal;
      return new Promise(() => undefined);
    },
    { deadlineMs: 20 },
  );
  expect(await run([hangs, check("fine")])).toEqual([
    {
      check: "hangs",
      severity: "unknown",
      place: "this check",
      found: "not finished within 0.02 s",
      try: "npx aws2ncp doctor --only hangs",
    },
    { check: "fine", ...OK },
  ]);
  expect(signal?.aborted).toBe(true);
});

it("a check says nothing of its own while one that it needs has errors; warnings do not count", async () => {
  const after = jest.fn(async () => [OK]);
  const warned: Said = { ...OK, severity: "warning" };
  expect(
    await briefly([
      check("after", after, { needs: ["first", "second"] }),
      check("first", async () => [BAD]),
      check("second", async () => [warned]),
      check("third", undefined, { needs: ["second"] }),
    ]),
  ).toEqual([
    "after unknown: not looked at: first must be without errors first",
    "first error: ill",
    "second warning: well",
    "third ok: well",
  ]);
  expect(after).not.toHaveBeenCalled();
});

it("runs so many at once and no more", async () => {
  let [running, most] = [0, 0];
  const counted = async (): Promise<Said[]> => {
    most = Math.max(most, ++running);
    await new Promise((done) => setImmediate(done));
    running--;
    return [OK];
  };
  await run(
    ["a", "b", "c", "d", "e"].map((name) => check(name, counted)),
    { limit: 2 },
  );
  expect(most).toBe(2);
});

it("a check that the plan does not concern says nothing", async () => {
  expect(await run([check("other", undefined, { concerns: () => false })])).toEqual([]);
});

it("ctrl-C ends all", async () => {
  const interrupt = new AbortController();
  const hangs = check("hangs", () => {
    interrupt.abort(new Error("ctrl-C"));
    return new Promise(() => undefined);
  });
  await expect(run([hangs], { signal: interrupt.signal })).rejects.toThrow("ctrl-C");
});

it("tells a watcher what begins and how it ended", async () => {
  const told: string[] = [];
  const watcher = {
    begin: (name: string) => told.push(`begin ${name}`),
    note: (name: string, text: string) => told.push(`${name}: ${text}`),
    end: (name: string, findings: readonly unknown[]) => told.push(`end ${name} ${findings.length}`),
  };
  const notes = check("notes", async ({ note }) => {
    note("looking");
    return [OK];
  });
  await run([notes], { watcher });
  expect(told).toEqual(["begin notes", "notes: looking", "end notes 1"]);
});

describe("--only", () => {
  const checks = [
    check("platform"),
    check("aws-keys"),
    check("aws-archive"),
    check("images", undefined, { needs: ["specs"] }),
    check("specs", undefined, { needs: ["platform"] }),
  ];
  const names = (...only: string[]): string[] => selected(checks, only).map(({ name }) => name);

  it("takes names, families, and what they need, in the table's order", () => {
    expect(names()).toEqual(["platform", "aws-keys", "aws-archive", "images", "specs"]);
    expect(names("aws")).toEqual(["aws-keys", "aws-archive"]);
    expect(names("images")).toEqual(["platform", "images", "specs"]);
  });

  it("refuses what is none, with the names there are", () => {
    expect(() => names("images", "moon")).toThrow(WrongUse);
    expect(() => names("moon")).toThrow(
      "doctor has no check moon\n  allowed: platform, aws-keys, aws-archive, images, specs\n  try: npx aws2ncp doctor --help",
    );
  });
});
