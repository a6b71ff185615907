/** The production example is whole, valid for the real provider's schema, and another file of the same kind as the rehearsed one. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadPipeline } from "../../pipeline/load";
import { planOf } from "../../pipeline/plan";
import { SECRET_NAMES, type Plan } from "../../pipeline/plan-types";
import { countsOf, resourcesOf, synthStacks, type Synth } from "../constructs/synth";
import { wholePlan } from "../fixtures/plan";
import { standIn } from "../sandbox/provider/workspace";
import { Clone } from "../stacks/terraform";

jest.setTimeout(120_000);

const root = join(__dirname, "..", "..");
const folder = mkdtempSync(join(tmpdir(), "production-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** As a user has it: in the clone's folder, with a key of its own. */
function productionPlan(): Plan {
  mkdirSync(join(folder, "keys"), { recursive: true });
  copyFileSync(join(root, "examples", "production.yaml"), join(folder, "production.yaml"));
  copyFileSync(join(root, "test", "fixtures", "deploy.pub"), join(folder, "keys", "deploy.pub"));
  return planOf(loadPipeline(join(folder, "production.yaml")));
}

const plan = productionPlan();

it("uses zones and specs that the platform has", () => {
  const codes = JSON.parse(readFileSync(join(root, "packages/provider-ncloud/data/codes.json"), "utf8")) as {
    zones: Record<string, string[]>;
    server_spec_codes: Record<string, string>;
  };
  expect(codes.zones[plan.platform.region]).toContain(plan.platform.zone);
  // Codes seen in documents, and the pattern that stands beside them: <c|s|m><vCPU>-g<generation>.
  const isCode = (spec: string): boolean => spec in codes.server_spec_codes || /^[csm](2|4|8|16|32)-g3$/.test(spec);
  expect(plan.hosts.filter(({ spec }) => !isCode(spec))).toEqual([]);
});

it("names no host of the sandbox, and nothing below its folders", () => {
  expect(readFileSync(join(folder, "production.yaml"), "utf8")).not.toMatch(/\.test\b|198\.51\.100|out\/sandbox/);
});

it("has all three datasets, alerts, states in a bucket, and a reference for every secret", () => {
  expect(plan.datasets.map(({ name, layout }) => [name, layout])).toEqual([
    ["api_log", "daily"],
    ["event_log", "firehose-hourly"],
    ["hive", "tree"],
  ]);
  expect(plan.alerts).toEqual({ host: "hooks.slack.com" });
  expect(plan.remoteState).toEqual({
    bucket: "company-aws2ncp-state",
    host: "kr.object.ncloudstorage.com",
    region: "kr-standard",
    profile: "ncp",
    locking: "single-runner",
    runner: "deploy-1",
  });
  const withKerberos = (name: string): boolean => name === "kerberos_admin_password";
  expect(plan.secrets.map(({ name }) => name)).toEqual(SECRET_NAMES.filter((name) => !withKerberos(name)));
});

/** Types of resources, and the arguments that any of a type has. */
const shapeOf = (synth: Synth): Record<string, string[]> =>
  Object.fromEntries(
    Object.keys(countsOf(synth)).map((type) => [
      type,
      [...new Set(Object.values(resourcesOf(synth, type)).flatMap((given) => Object.keys(given)))].sort(),
    ]),
  );

it("differs from the rehearsed example in values only", () => {
  const [production, rehearsed] = [Object.entries(synthStacks(plan)), Object.entries(synthStacks(wholePlan()))];
  expect(production.map(([stack, synth]) => [stack, shapeOf(synth), Object.keys(synth).sort()])).toEqual(
    rehearsed.map(([stack, synth]) => [stack, shapeOf(synth), Object.keys(synth).sort()]),
  );
});

describe("with the real Terraform and the real provider's schema", () => {
  const { workspace } = standIn();

  it("is valid", async () => {
    const clone = new Clone(workspace().env);
    try {
      for (const stack of Object.keys(clone.synth(plan)) as (keyof ReturnType<typeof synthStacks>)[]) {
        await clone.succeed(stack, "init", "-backend=false");
        expect([stack, await clone.succeed(stack, "validate")]).toEqual([
          stack,
          expect.stringContaining("The configuration is valid."),
        ]);
      }
    } finally {
      clone.remove();
    }
  });
});
