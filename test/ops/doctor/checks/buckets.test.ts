import { askedOf, buckets } from "../../../../ops/doctor/checks/buckets";
import type { Answer } from "../../../../ops/platform";
import type { RemoteStatePlan } from "../../../../pipeline/plan-types";
import { ONLY_EVENT_LOG } from "../../../fixtures/pipeline";
import { examplePlan } from "../../../fixtures/plan";
import { contextWith, saidBy } from "../context";
import { authority, issue } from "../issue";
import { https } from "../servers";

const example = examplePlan(ONLY_EVENT_LOG);
const ca = authority("our CA");
const loopback = issue(ca, { cn: "loopback", names: ["IP:127.0.0.1"] });

const OURS: Answer = { kind: "row", row: { id: "aws2ncp-replaced" } };
const NOT_OURS: Answer = { kind: "row", row: { id: null } };

it("asks the platform for each bucket of the plan", async () => {
  expect(await buckets.queries?.({ plan: example, synth: async () => [] })).toEqual({
    "aws2ncp-event-log": { type: "ncloud_objectstorage_bucket", config: { bucket_name: "aws2ncp-event-log" } },
    "aws2ncp-replaced": { type: "ncloud_objectstorage_bucket", config: { bucket_name: "aws2ncp-replaced" } },
  });
});

it("a bucket of this account is; another one may be anybody's, where no public endpoint is known", async () => {
  const answers = { "aws2ncp-event-log": NOT_OURS, "aws2ncp-replaced": OURS };
  expect(await saidBy(buckets, { plan: example, answers })).toEqual([
    {
      severity: "unknown",
      place: "datasets.event_log.target.bucket",
      found: "aws2ncp-event-log is not in this account; another customer may have it",
      meaning: "the private endpoint is not reached from here, and no public one is named (state.remote.host)",
      try: "choose a name that nobody else would: your company's in it",
    },
    { severity: "ok", place: "buckets.replaced", found: "aws2ncp-replaced is this account's" },
  ]);
});

it.each([
  ["127.0.0.1", 403, "error: taken belongs to another account"],
  ["127.0.0.1", 200, "error: taken belongs to another account"],
  ["127.0.0.1", 404, "ok: taken is free"],
  ["127.0.0.1", 503, "unknown: 127.0.0.1 answers 503 for taken"],
  [
    "nowhere.test",
    404,
    "unknown: nowhere.test was not asked for taken: its name is not known to this machine's resolver",
  ],
])("the public endpoint %s answers a stranger with %d: %s", async (host, status, said) => {
  const port = await https(loopback, { status: (path) => (path === "/taken" ? status : 500) });
  const context = contextWith({ secretValues: { trust_bundle: ca.crt } });
  const { severity, place, found } = await askedOf(
    { name: "it", place: "there", host, port },
    "taken",
    "here",
    context,
  );
  expect(`${severity}: ${found}`).toBe(said);
  expect(place).toBe("here");
});

it("the public endpoint is the one of the states", async () => {
  const plan = { ...example, remoteState: { host: "nowhere.test", bucket: "state" } as RemoteStatePlan };
  const answers = { "aws2ncp-event-log": { kind: "none" }, "aws2ncp-replaced": OURS } as const;
  expect((await saidBy(buckets, { plan, answers }))[0]?.found).toContain("nowhere.test was not asked");
});

it("a refused question is unknown", async () => {
  const failed: Answer = { kind: "failed", message: "timeout" };
  expect(
    await saidBy(buckets, { plan: example, answers: { "aws2ncp-event-log": failed, "aws2ncp-replaced": OURS } }),
  ).toMatchObject([{ severity: "unknown", found: "the platform refuses the question: timeout" }, { severity: "ok" }]);
});
