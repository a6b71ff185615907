/** Locking is trusted only after it was seen to lock, and nothing of the proof stays. */
import { proveLocking } from "../../states/proof";
import { FakeS3, KEY_ID, type Conditional } from "./fake-s3";

const s3 = new FakeS3();
beforeAll(async () => {
  await s3.start();
  Object.assign(process.env, s3.env);
});
afterAll(() => s3.stop());
beforeEach(() => {
  s3.buckets.clear();
  s3.seen.length = 0;
  s3.bucket("our-state");
});

const proofWhere = (conditional: Conditional, races?: number) => {
  s3.conditional = conditional;
  return proveLocking(s3.place(), "aws2ncp", races);
};

it.each(["honours", "reserves", "hangs-up", "one-by-one"] as const)(
  "holds where the service %s: a second put is refused and each race has one winner",
  async (conditional) => {
    expect(await proofWhere(conditional, 2)).toEqual({
      holds: true,
      found: "a second put was refused, and 2 races of 4 had one winner each",
    });
  },
);

it.each([
  ["ignores", "a second put with If-None-Match succeeded: the service ignores the header"],
  ["refuses", "the service refuses a put with If-None-Match: NotImplemented (501)"],
  ["looks-at-headers", "4 of 4 puts at the same time succeeded (race 1 of 1)"],
  ["looks-first", expect.stringMatching(/^[234] of 4 puts at the same time succeeded \(race 1 of 1\)$/)],
] as [Conditional, unknown][])("does not hold where the service %s", async (conditional, found) => {
  expect(await proofWhere(conditional, 1)).toEqual({ holds: false, found });
});

it.each(["honours", "ignores", "looks-first", "looks-at-headers", "reserves", "one-by-one", "refuses"] as const)(
  "leaves nothing behind where the service %s",
  async (conditional) => {
    await proofWhere(conditional, 2);
    expect(s3.keys("our-state")).toEqual([]);
  },
);

it("signs with the profile's key, never with AWS_* of the environment", async () => {
  await proofWhere("honours", 1);
  const signed = s3.seen.map(({ headers }) => /Credential=(\w+)/.exec(headers.authorization ?? "")?.[1]);
  expect([...new Set(signed)]).toEqual([KEY_ID]);
});

it("proves nothing either way where the bucket can't be written", async () => {
  s3.bucket("our-state", { owner: "others" });
  await expect(proofWhere("honours")).rejects.toThrow(expect.objectContaining({ name: "AccessDenied" }));
});
