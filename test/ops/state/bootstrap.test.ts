/** The bucket of the states: made or adopted, looked at, and never trusted further than it was seen to hold. */
import { readFileSync, writeFileSync } from "node:fs";
import type { Plan, RemoteStatePlan } from "../../../pipeline/plan-types";
import { bootstrap } from "../../../ops/state/bootstrap";
import { STATE_CHECKS } from "../../../ops/state/checks";
import { bootstrapInWords } from "../../../ops/state/command";
import type { DoctorContext, Said } from "../../../ops/doctor/types";
import { examplePlan } from "../../fixtures/plan";
import { FakeS3 } from "../../states/fake-s3";
import { contextWith } from "../doctor/context";

const s3 = new FakeS3();
beforeAll(async () => {
  await s3.start();
  Object.assign(process.env, s3.env);
});
afterAll(() => s3.stop());
beforeEach(() => {
  s3.conditional = "honours";
  s3.buckets.clear();
  s3.seen.length = 0;
});

const machine = "runner-1";
const run = (more: Partial<RemoteStatePlan> = {}, dryRun = false) =>
  bootstrap({ name: "aws2ncp" }, s3.place(more), { machine, dryRun });
const severities = (findings: readonly Said[]) => findings.map(({ severity, place }) => `${severity} ${place}`);
const writes = () => s3.seen.filter(({ method }) => method !== "GET" && method !== "HEAD");

const ALL_WELL = [
  "ok state.remote.profile",
  "ok state.remote.bucket",
  "ok state.remote.bucket",
  "ok state.remote.locking",
];

describe("a name that nobody has", () => {
  it("becomes our bucket, without a place that only AWS's regions are, and is proved", async () => {
    const result = await run();
    expect(result).toMatchObject({ ok: true, did: "made", bucket: "our-state", write: ["locking: lockfile"] });
    expect(severities(result.findings)).toEqual(ALL_WELL);
    expect(s3.seen.filter(({ method, path }) => method === "PUT" && path === "/our-state/")).toMatchObject([
      { body: "" },
    ]);
    expect(s3.keys("our-state")).toEqual([]);
  });

  it("is adopted the second time, which changes nothing", async () => {
    await run();
    expect(await run()).toMatchObject({ ok: true, did: "adopted" });
    expect([...s3.buckets.keys()]).toEqual(["our-state"]);
  });

  it("stays free with a dry run", async () => {
    expect(await run({}, true)).toEqual({ ok: true, bucket: "our-state", did: "would make", findings: [] });
    expect([writes(), s3.buckets.size]).toEqual([[], 0]);
  });
});

describe("our own bucket", () => {
  it("is adopted with the states, locks, copies and left proofs that lie in it", async () => {
    const bucket = s3.bucket("our-state");
    for (const key of [
      "aws2ncp/network.tfstate",
      "aws2ncp/network.tfstate.tflock",
      "aws2ncp/history/network/2026-01-02T03-04-05.678Z.tfstate",
      "aws2ncp/proof/0b5ed9b8-1",
      "another-pipeline/whatever",
    ])
      bucket.objects.set(key, Buffer.from("x"));
    const before = s3.keys("our-state");
    expect(await run()).toMatchObject({ ok: true, did: "adopted" });
    expect(s3.keys("our-state")).toEqual(before);
  });

  it("is only looked at with a dry run", async () => {
    s3.bucket("our-state");
    const { did, findings, proof } = await run({}, true);
    expect([did, severities(findings), proof]).toEqual(["would adopt", ALL_WELL.slice(0, 3), undefined]);
    expect(writes()).toEqual([]);
  });

  it("is refused while it is public, with both reasons, and nothing is written to it", async () => {
    s3.bucket("our-state", { public: true });
    const { ok, did, findings } = await run();
    expect([ok, did]).toEqual([false, "refused"]);
    expect(findings.find(({ severity }) => severity === "error")?.found).toBe(
      "our-state is public: it grants READ to AllUsers; it answers 200 without a key",
    );
    expect(writes()).toEqual([]);
  });

  it("is refused while it holds what is not of this pipeline, under its name", async () => {
    const bucket = s3.bucket("our-state");
    for (const key of ["aws2ncp/a.csv", "aws2ncp/b.csv", "aws2ncp/c.csv", "aws2ncp/d.csv"])
      bucket.objects.set(key, Buffer.from(""));
    const { ok, findings } = await run();
    expect(ok).toBe(false);
    expect(findings.at(-1)?.found).toBe(
      "our-state holds what is not of this pipeline: aws2ncp/a.csv, aws2ncp/b.csv, aws2ncp/c.csv and 1 more",
    );
  });

  it.each([
    ["off", "error", "our-state is not encrypted at rest", false],
    ["silent", "unknown", "the service does not tell whether our-state is encrypted: NotImplemented (501)", true],
    ["AES256", "ok", "our-state is encrypted at rest: AES256", true],
  ] as const)("whose encryption is %s is told as %s", async (encryption, severity, found, ok) => {
    s3.bucket("our-state", { encryption });
    const result = await run();
    expect(result.ok).toBe(ok);
    expect(result.findings).toContainEqual(expect.objectContaining({ severity, found }));
  });
});

describe("somebody else's bucket", () => {
  it.each([
    ["closed", { owner: "others", public: false }],
    ["open to all", { owner: "others", public: true }],
  ] as const)("is refused when it is %s", async (_what, bucket) => {
    s3.bucket("our-state", bucket);
    const result = await run();
    expect(result).toMatchObject({ ok: false, did: "refused" });
    expect(result.findings).toMatchObject([
      { severity: "error", found: "our-state belongs to another account than the key of profile ncp" },
    ]);
    expect(writes()).toEqual([]);
  });
});

describe("locking", () => {
  const single = { locking: "single-runner", runner: machine } as const;

  it.each([
    ["honours", {}, true, "ok", ["locking: lockfile"]],
    ["honours", single, true, "warning", ["locking: lockfile"]],
    ["ignores", {}, false, "error", ["locking: single-runner", "runner: runner-1"]],
    ["looks-first", {}, false, "error", ["locking: single-runner", "runner: runner-1"]],
    ["ignores", single, true, "ok", ["locking: single-runner", "runner: runner-1"]],
    ["ignores", { ...single, runner: "another" }, true, "warning", ["locking: single-runner", "runner: runner-1"]],
  ] as const)("where the service %s and the file says %j", async (conditional, claim, ok, severity, write) => {
    s3.bucket("our-state");
    s3.conditional = conditional;
    const result = await run(claim);
    expect([result.ok, result.findings.at(-1)?.severity, result.write]).toEqual([ok, severity, write]);
  });

  it("tells what to write, in words", async () => {
    s3.bucket("our-state");
    s3.conditional = "ignores";
    expect(bootstrapInWords(await run(), s3.place())).toBe(
      [
        "adopted our-state",
        "ok       state  state.remote.profile: profile ncp sends checksums only where they are required",
        "ok       state  state.remote.bucket: our-state is private; without a key it answers 403",
        "ok       state  state.remote.bucket: our-state is encrypted at rest: AES256",
        'ERROR    state  state.remote.locking: "lockfile", but a second put with If-None-Match succeeded: the service ignores the header',
        "  two deploys at once would overwrite each other's state, and nobody would be told",
        "  allowed: single-runner: deploys from one named machine only",
        "  try: write locking: single-runner, runner: runner-1",
        "write under state.remote:",
        "  locking: single-runner",
        "  runner: runner-1",
        "not ready: see the errors above",
      ].join("\n"),
    );
  });
});

it("refuses a profile with which Terraform would write checksums into the states", async () => {
  const file = s3.env["AWS_SHARED_CREDENTIALS_FILE"] as string;
  const other = readFileSync(file, "utf8")
    .replace("[ncp]", "[bare]")
    .replace(/^request_checksum.*$/m, "");
  writeFileSync(`${file}-bare`, other);
  process.env["AWS_SHARED_CREDENTIALS_FILE"] = `${file}-bare`;
  try {
    const { did, findings } = await run({ profile: "bare" });
    expect([did, findings[0]?.found]).toEqual([
      "refused",
      "profile bare does not say request_checksum_calculation = when_required",
    ]);
  } finally {
    process.env["AWS_SHARED_CREDENTIALS_FILE"] = file;
  }
});

describe("the doctor", () => {
  const plan: Plan = examplePlan();
  const context = (more: Partial<RemoteStatePlan> = {}): DoctorContext =>
    contextWith({
      plan: { ...plan, remoteState: s3.place(more) },
      file: "production.yaml",
      env: process.env,
      secrets: () => Promise.reject(new Error("asks for no secret")),
      platform: () => Promise.reject(new Error("asks nothing of the platform")),
    });
  const examine = async (more: Partial<RemoteStatePlan> = {}) =>
    Object.fromEntries(
      await Promise.all(
        STATE_CHECKS.map(
          async (check) => [check.name, (await check.run(context(more))).map(({ severity }) => severity)] as const,
        ),
      ),
    );

  it("says nothing about states on this machine", () => {
    expect(STATE_CHECKS.filter((check) => check.concerns?.(plan) !== false)).toEqual([]);
  });

  it("finds all well", async () => {
    s3.bucket("our-state");
    expect(await examine()).toEqual({
      "state-reachable": ["ok"],
      "state-profile": ["ok"],
      "state-ours": ["ok"],
      "state-private": ["ok"],
      "state-encryption": ["ok"],
      "state-lock": ["ok"],
    });
    expect(s3.keys("our-state")).toEqual([]);
  });

  it("finds a claim that does not hold, a public bucket, one without encryption, and foreign objects", async () => {
    s3.bucket("our-state", { public: true, encryption: "off" }).objects.set("aws2ncp/a.csv", Buffer.from(""));
    s3.conditional = "looks-first";
    expect(await examine()).toEqual({
      "state-reachable": ["ok"],
      "state-profile": ["ok"],
      "state-ours": ["ok", "error"],
      "state-private": ["error"],
      "state-encryption": ["error"],
      "state-lock": ["error"],
    });
  });

  it("says of a bucket that is not there how it is made", async () => {
    const [reachable] = STATE_CHECKS;
    expect(await reachable?.run(context())).toMatchObject([
      { severity: "error", try: "npx aws2ncp bootstrap production.yaml" },
    ]);
  });
});
