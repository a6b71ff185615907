import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { factsOf, once } from "../../../ops/doctor/facts";
import { readStates } from "../../../ops/doctor/states";
import { resourcesIn, synthResources } from "../../../ops/doctor/synth";
import type { Check } from "../../../ops/doctor/types";
import { examplePlan } from "../../fixtures/plan";
import { FakeS3 } from "../../states/fake-s3";
import { scratch, withPrograms } from "../programs";

const check = (name: string, queries: NonNullable<Check["queries"]>): Check => ({
  name,
  about: name,
  needs: [],
  queries,
  run: async () => [],
});

describe("questions of all checks", () => {
  /** A Terraform that tells of each data source what it was given, and counts its plans. */
  function echoing(): { env: NodeJS.ProcessEnv; plans: () => number } {
    const folder = scratch();
    const show = `
      const { data } = JSON.parse(require("fs").readFileSync("main.tf.json", "utf8"));
      const resources = Object.entries(data).flatMap(([type, all]) =>
        Object.entries(all).map(([name, values]) => ({ address: "data." + type + "." + name, values })));
      console.log(JSON.stringify({ prior_state: { values: { root_module: { resources } } } }));`;
    writeFileSync(join(folder, "show.js"), show);
    const env = withPrograms({
      terraform: `case "$1" in plan) echo >>'${folder}/plans' ;; show) exec node '${folder}/show.js' ;; esac`,
    });
    return { env, plans: () => readFileSync(join(folder, "plans"), "utf8").length };
  }

  const facts = (checks: readonly Check[], env: NodeJS.ProcessEnv) =>
    factsOf({ plan: examplePlan(), file: "pipeline.yaml", checks, env, signal: new AbortController().signal });

  it("go in one run; each check gets its own answers, the same ones to the same question", async () => {
    const { env, plans } = echoing();
    const vpc = (name: string) => ({ type: "ncloud_vpc", config: { name } });
    const one = check("one", () => ({ mine: vpc("a"), both: vpc("b") }));
    const two = check("two", async () => ({ mine: vpc("c"), shared: vpc("b") }));
    const none: Check = { name: "none", about: "", needs: [], run: async () => [] };
    const { platform } = facts([one, two, none], env);
    expect(await Promise.all([platform(one), platform(two), platform(none)])).toEqual([
      { mine: { kind: "row", row: { name: "a" } }, both: { kind: "row", row: { name: "b" } } },
      { mine: { kind: "row", row: { name: "c" } }, shared: { kind: "row", row: { name: "b" } } },
      {},
    ]);
    expect(plans()).toBe(1);
  });

  it("a check that can't even ask fails alone", async () => {
    const broken = check("broken", async () => {
      throw new Error("synth fails");
    });
    const fine = check("fine", () => ({ mine: { type: "ncloud_vpcs" } }));
    const { platform } = facts([broken, fine], echoing().env);
    await expect(platform(broken)).rejects.toThrow("synth fails");
    expect(await platform(fine)).toEqual({ mine: { kind: "row", row: {} } });
  });
});

it("a fact is made when it is first asked for, once", () => {
  const make = jest.fn(() => undefined);
  const fact = once(make);
  expect(make).not.toHaveBeenCalled();
  fact();
  fact();
  expect(make).toHaveBeenCalledTimes(1);
});

describe("synth", () => {
  it("reads every resource of every stack", () => {
    const folder = scratch();
    const stacks = { b: { resource: { ncloud_vpc: { main: { name: "x" } } } }, a: {} };
    for (const [stack, content] of Object.entries(stacks)) {
      mkdirSync(join(folder, stack));
      writeFileSync(join(folder, stack, "cdk.tf.json"), JSON.stringify(content));
    }
    expect(resourcesIn(folder)).toEqual([{ stack: "b", type: "ncloud_vpc", name: "main", attributes: { name: "x" } }]);
  });

  it("runs the app on the file, in a folder that is gone afterwards", async () => {
    const folder = scratch();
    const app = join(folder, "app.js");
    writeFileSync(
      app,
      `const { mkdirSync, writeFileSync } = require("fs");
       const out = process.env.CDKTF_OUTDIR + "/stacks/one";
       mkdirSync(out, { recursive: true });
       writeFileSync(out + "/cdk.tf.json", JSON.stringify({ resource: { a: { b: { file: process.argv[2], out } } } }));`,
    );
    const [found] = await synthResources("some/pipeline.yaml", { env: {}, app });
    expect(found?.attributes["file"]).toBe(join(process.cwd(), "some", "pipeline.yaml"));
    expect(existsSync(String(found?.attributes["out"]))).toBe(false);
  });

  it("tells what synth said when it fails, and an app that was not built", async () => {
    const app = join(scratch(), "app.js");
    await expect(synthResources("pipeline.yaml", { env: {}, app })).rejects.toThrow(
      `${app} is missing\n  try: npm run build`,
    );
    writeFileSync(app, 'console.error("storage/x: a rule is broken"); process.exit(1);');
    await expect(synthResources("pipeline.yaml", { env: {}, app })).rejects.toThrow(
      "synth fails: storage/x: a rule is broken\n  try: npx cdktf synth",
    );
  });
});

describe("states", () => {
  const managed = (type: string, ...ids: string[]): object => ({
    mode: "managed",
    type,
    name: "a",
    instances: ids.map((id) => ({ attributes: { id } })),
  });
  const tainted = {
    mode: "managed",
    type: "ncloud_volume",
    name: "b",
    instances: [{ status: "tainted", attributes: { id: "3" } }],
  };
  const data = { mode: "data", type: "ncloud_vpc", name: "c", instances: [{ attributes: { id: "9" } }] };
  const TRANSFER = JSON.stringify({
    resources: [managed("ncloud_server", "1", "2"), managed("ncloud_vpc"), tainted, data],
    outputs: { proxy_address: { value: "198.51.100.129" } },
  });
  const READ = {
    known: true,
    ids: new Set(["ncloud_server 1", "ncloud_server 2", "ncloud_volume 3"]),
    counts: new Map([
      ["ncloud_server", 2],
      ["ncloud_vpc", 0],
      ["ncloud_volume", 1],
    ]),
    stacks: new Map([
      [
        "transfer",
        new Map([
          ["ncloud_server.a", "whole"],
          ["ncloud_volume.b", "tainted"],
        ]),
      ],
    ]),
    outputs: new Map([["transfer.proxy_address", "198.51.100.129"]]),
  };
  const NONE = { known: true, ids: new Set(), counts: new Map(), stacks: new Map(), outputs: new Map() };
  const inFolder = (stateFolder: string, root: string) => readStates({ name: "aws2ncp", stateFolder }, root, {});

  it("in files: what is managed, and the outputs", async () => {
    const root = scratch();
    mkdirSync(join(root, "state"));
    writeFileSync(join(root, "state", "transfer.tfstate"), TRANSFER);
    writeFileSync(join(root, "state", "transfer.tfstate.backup"), "no JSON");
    expect(await inFolder("state", root)).toEqual(READ);
    expect(await inFolder("none", root)).toEqual(NONE);
  });

  describe("in a bucket", () => {
    const s3 = new FakeS3();
    const before = { ...process.env };
    beforeAll(async () => {
      await s3.start();
      Object.assign(process.env, s3.env);
    });
    afterAll(async () => {
      for (const name of Object.keys(s3.env))
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
      await s3.stop();
    });
    const inBucket = () =>
      readStates({ name: "aws2ncp", stateFolder: "state", remoteState: s3.place() }, "/nowhere", process.env);

    it("those of this pipeline alone, without their copies and locks", async () => {
      const { objects } = s3.bucket("our-state");
      expect(await inBucket()).toEqual(NONE);
      objects.set("aws2ncp/transfer.tfstate", Buffer.from(TRANSFER));
      for (const key of [
        "aws2ncp/transfer.tfstate.tflock",
        "aws2ncp/history/transfer/2026-11-24T20-09-00.123Z.tfstate",
        "aws2ncp-other/transfer.tfstate",
      ])
        objects.set(key, Buffer.from("no state"));
      expect(await inBucket()).toEqual(READ);
    });

    it("are not known where the bucket does not answer", async () => {
      s3.buckets.clear();
      expect(await inBucket()).toEqual({
        known: false,
        why: "the states in bucket our-state can't be read: NoSuchBucket (404)",
      });
    });
  });
});
