/** What stands between a deploy and the state that it is about to write. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, inputOf } from "../../../hooks/before/before";
import { copyState, localStore } from "../../../hooks/before/copy";
import type { RemoteStatePlan } from "../../../pipeline/plan-types";
import { isOwnKey } from "../../../pipeline/state-keys";
import { FakeS3 } from "../../states/fake-s3";

const state = (serial: number): string => JSON.stringify({ version: 4, serial, lineage: "a-lineage", resources: [] });
const STATE = "aws2ncp/network.tfstate";

const s3 = new FakeS3();
beforeAll(async () => {
  await s3.start();
  Object.assign(process.env, s3.env);
});
afterAll(() => s3.stop());
beforeEach(() => {
  s3.conditional = "honours";
  s3.buckets.clear();
  s3.bucket("our-state");
});

const put = (key: string, text: string) => s3.buckets.get("our-state")?.objects.set(key, Buffer.from(text));
const textOf = (key: string) => s3.buckets.get("our-state")?.objects.get(key)?.toString();
const copies = () => s3.keys("our-state").filter((key) => key.startsWith("aws2ncp/history/"));
const run = (remote: RemoteStatePlan, machine = "runner-1") =>
  before({ pipeline: "aws2ncp", stack: "network", remote }, { machine });

describe("a state in a bucket", () => {
  it("is copied to a dated key, byte for byte, and stays where it is", async () => {
    put(STATE, state(3));
    expect(await run(s3.place())).toBe(`network: the state is kept as ${copies()[0]}`);
    expect(copies()).toEqual([
      expect.stringMatching(/^aws2ncp\/history\/network\/\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z\.tfstate$/),
    ]);
    expect([textOf(copies()[0] as string), textOf(STATE)]).toEqual([state(3), state(3)]);
    expect(s3.keys("our-state").every((key) => isOwnKey("aws2ncp", key))).toBe(true);
  });

  it("is copied once, however often it is asked, and again when it has changed", async () => {
    put(STATE, state(3));
    await run(s3.place());
    expect(await run(s3.place())).toBe(`network: the state is already kept as ${copies()[0]}`);
    put(STATE, state(4));
    await run(s3.place());
    expect(copies().map(textOf)).toEqual([state(3), state(4)]);
  });

  it("may be missing: before the first deploy there is nothing to copy", async () => {
    expect(await run(s3.place())).toBe("network: no state yet, nothing to copy");
    expect(copies()).toEqual([]);
  });

  it("stops the deploy when it is no state", async () => {
    put(STATE, "<html>");
    await expect(run(s3.place())).rejects.toThrow(
      "aws2ncp/network.tfstate: this is no state of Terraform's, so there is nothing to go back to\n" +
        "  found: 6 bytes\n  allowed: JSON with lineage and serial\n" +
        "  try: see its copies under aws2ncp/history/network/, and put the newest good one in its place",
    );
  });

  it("stops the deploy when the bucket is gone", async () => {
    await expect(run(s3.place({ bucket: "gone", locking: "single-runner", runner: "runner-1" }))).rejects.toThrow(
      "network: the bucket of the states, gone on 127.0.0.1",
    );
  });
});

describe("the right to deploy", () => {
  const single = () => s3.place({ locking: "single-runner", runner: "runner-1" });

  it("is one machine's where nothing locks", async () => {
    put(STATE, state(3));
    await run(single());
    await expect(run(single(), "laptop")).rejects.toThrow(
      "network: nothing locks the states, so only one machine deploys\n  this machine: laptop\n" +
        "  allowed: runner-1 (state.remote.runner)",
    );
    expect(copies()).toHaveLength(1);
  });

  it("ends where a lock that the pipeline file trusts does not lock", async () => {
    put(STATE, state(3));
    s3.conditional = "ignores";
    await expect(run(s3.place())).rejects.toThrow(
      "network: the states' lock locks nothing\n" +
        "  found: a second put with If-None-Match succeeded: the service ignores the header\n" +
        "  try: npx aws2ncp bootstrap, which says what to write for state.remote.locking",
    );
    expect(copies()).toEqual([]);
  });
});

describe("a state on this machine", () => {
  const folder = mkdtempSync(join(tmpdir(), "before-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const history = join(folder, "history", "network");

  it("is copied beside it, for its owner's eyes only", async () => {
    expect(await before({ pipeline: "aws2ncp", stack: "network", folder })).toBe(
      "network: no state yet, nothing to copy",
    );
    writeFileSync(join(folder, "network.tfstate"), state(7));
    await before({ pipeline: "aws2ncp", stack: "network", folder });
    const [copy, ...more] = readdirSync(history);
    expect(more).toEqual([]);
    expect(readFileSync(join(history, copy as string), "utf8")).toBe(state(7));
    expect(statSync(join(history, copy as string)).mode & 0o777).toBe(0o600);
  });

  it("is waited for while it is being written", async () => {
    const store = localStore(folder, "torn");
    let reads = 0;
    const read = (name: string) =>
      name === store.state
        ? Promise.resolve(Buffer.from(++reads < 3 ? state(1).slice(0, 9) : state(1)))
        : store.read(name);
    const copied = await copyState({ ...store, read }, new Date("2026-01-02T03:04:05.678Z"));
    expect(copied).toEqual({ as: join(folder, "history", "torn", "2026-01-02T03-04-05.678Z.tfstate"), is: "new" });
  });
});

describe("the program", () => {
  const program = join(__dirname, "..", "..", "..", "dist", "hooks", "before", "main.js");
  const start = (args: string[], input?: string) => {
    const env = { ...process.env, ...(input === undefined ? {} : { AWS2NCP_STATE: input }) };
    return spawnSync(process.execPath, [program, ...args], { encoding: "utf8", env });
  };

  it("copies as Terraform starts it, and says so in one line", () => {
    const folder = mkdtempSync(join(tmpdir(), "before-"));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "network.tfstate"), state(1));
    const { status, stdout, stderr } = start([], JSON.stringify({ pipeline: "aws2ncp", stack: "network", folder }));
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^network: the state is kept as .*\/history\/network\/.*Z\.tfstate\n$/);
    rmSync(folder, { recursive: true });
  });

  it("tells wrong use from a found problem", () => {
    expect(start([], "{}")).toMatchObject({ status: 2, stdout: "" });
    const remote = {
      bucket: "b",
      host: "h.test",
      region: "r",
      profile: "ncp",
      locking: "single-runner",
      runner: "else",
    };
    const { status, stderr } = start([], JSON.stringify({ pipeline: "p", stack: "s", remote }));
    expect(status).toBe(1);
    expect(stderr).toMatch(/^s: nothing locks the states, so only one machine deploys\n/);
    expect(start(["--help"])).toMatchObject({ status: 0, stderr: "" });
  });
});

it("refuses a place that holds both a folder and a bucket", () => {
  const both = { pipeline: "p", stack: "s", folder: "f", remote: {} };
  expect(() => inputOf(JSON.stringify(both))).toThrow("before: wrong use");
});
