/**
 * Bare Terraform copies the state before it changes anything, and nothing else is in a plan because of that. With the real Terraform
 * and the stand-in provider. Needs a build: `npm run build`.
 */
import { hostname } from "node:os";
import { readFileSync } from "node:fs";
import type { Plan, RemoteStatePlan } from "../../pipeline/plan-types";
import { examplePlan } from "../fixtures/plan";
import { FakeS3 } from "../states/fake-s3";
import { standIn } from "../sandbox/provider/workspace";
import { synthStacks, type Synth } from "../constructs/synth";
import { Clone } from "./terraform";

jest.setTimeout(300_000);

const { served } = standIn();
const clones: Clone[] = [];
const cloneOf = async (env: NodeJS.ProcessEnv = {}): Promise<Clone> => {
  const clone = new Clone({ ...(await served()).env, ...env });
  clones.push(clone);
  return clone;
};
afterEach(() => clones.splice(0).forEach((clone) => clone.remove()));

const example = examplePlan();
const ADMIN = ["admin_cidrs: [198.51.100.1/32]", "admin_cidrs: [198.51.100.1/32, 198.51.100.40/32]"] as const;
const moreAdmins = examplePlan(ADMIN);
const BOTH = ["delete create terraform_data.before_changes", "delete create terraform_data.before_removals"];
const NOTHING = { changes: [], unknown: [], deferred: [] };

describe("each stack", () => {
  const stacks = Object.entries(synthStacks());
  const data = ({ resource }: Synth) => resource?.["terraform_data"] ?? {};
  const addresses = ({ resource = {} }: Synth) =>
    Object.entries(resource).flatMap(([type, named]) => Object.keys(named).map((name) => `${type}.${name}`));

  it.each(stacks)("%s puts one before all others, and the other after them", (_name, stack) => {
    const dependence = Object.entries(stack.resource ?? {}).flatMap(([type, named]) =>
      Object.entries(named).map(([name, { depends_on }]) => [`${type}.${name}`, depends_on] as const),
    );
    const others = dependence.filter(([address]) => !address.startsWith("terraform_data.before_"));
    expect(others.filter(([, on]) => !(on as string[]).includes("terraform_data.before_changes"))).toEqual([]);
    expect(data(stack)["before_changes"]?.["depends_on"]).toBeUndefined();
    expect(data(stack)["before_removals"]?.["depends_on"]).toEqual(
      addresses(stack)
        .filter((address) => address !== "terraform_data.before_removals")
        .sort(),
    );
  });

  it.each(stacks)("%s has no data source that depends on anything: it would be read late", (_name, stack) => {
    expect(JSON.stringify(stack.data ?? {})).not.toContain("depends_on");
  });

  it.each(stacks)("%s runs the program where it stands, told of places only", (name, stack) => {
    const told = { pipeline: "aws2ncp", stack: name, folder: "../../../out/sandbox/state" };
    const program = {
      command: "exec node ../../../dist/hooks/before/main.js",
      environment: { AWS2NCP_STATE: JSON.stringify(told) },
    };
    expect(data(stack)["before_changes"]?.["provisioner"]).toEqual([{ "local-exec": program }]);
    expect(data(stack)["before_removals"]?.["provisioner"]).toEqual([
      { "local-exec": { ...program, when: "destroy" } },
    ]);
  });

  it("is told by its own configuration: another stack's change is none of its own", () => {
    const [before, after] = [synthStacks(example), synthStacks(moreAdmins)];
    expect(after.storage).toEqual(before.storage);
    expect(data(after.network)["before_changes"]).not.toEqual(data(before.network)["before_changes"]);
  });
});

describe("states on this machine", () => {
  it("a change plans itself and these two; the copy is the state from before it", async () => {
    const clone = await cloneOf();
    clone.synth(example);
    await clone.init("network");
    await clone.apply("network");
    expect(await clone.plan("network")).toEqual(NOTHING);
    expect(clone.copies(example, "network")).toEqual([]);
    const before = readFileSync(clone.state(example, "network"), "utf8");

    clone.synth(moreAdmins);
    expect(await clone.plan("network")).toEqual({
      changes: [
        ...BOTH,
        "update ncloud_access_control_group_rule.proxy-group_rules",
        "update ncloud_network_acl_rule.public-acl_rules",
      ],
      unknown: ["terraform_data.before_changes", "terraform_data.before_removals"],
      deferred: [],
    });
    await clone.apply("network");
    const copies = clone.copies(example, "network");
    expect(copies[0]).toBe(before);
    expect(await clone.plan("network")).toEqual(NOTHING);

    const last = readFileSync(clone.state(example, "network"), "utf8");
    await clone.succeed("network", "destroy", "-auto-approve");
    expect(clone.copies(example, "network")).toEqual([...copies, last]);
    expect(await clone.succeed("network", "state", "list")).toBe("");
  });

  it("servers and what reads other stacks by name are untouched by a change of a schedule", async () => {
    const clone = await cloneOf();
    clone.synth(example);
    for (const stack of ["network", "storage", "transfer"] as const) {
      await clone.init(stack);
      await clone.apply(stack);
    }
    expect(await clone.plan("transfer")).toEqual(NOTHING);
    const before = readFileSync(clone.state(example, "transfer"), "utf8");

    const rare = examplePlan(['schedule: "* * * * *"', 'schedule: "*/2 * * * *"']);
    clone.synth(rare);
    expect(await clone.plan("transfer")).toEqual({
      changes: [...BOTH, "delete create terraform_data.deliver"],
      unknown: ["terraform_data.before_changes", "terraform_data.before_removals", "terraform_data.deliver"],
      deferred: [],
    });
    await clone.apply("transfer");
    expect([clone.copies(rare, "transfer")[0], clone.deliveries()]).toEqual([before, 2]);
    expect(await clone.plan("transfer")).toEqual(NOTHING);
  });
});

describe("states in a bucket", () => {
  const s3 = new FakeS3();
  beforeAll(() => s3.start());
  afterAll(() => s3.stop());
  beforeEach(() => {
    s3.bucket("our-state");
    s3.beforePut = () => Promise.resolve();
  });

  const inBucket = (plan: Plan, more: Partial<RemoteStatePlan> = {}): Plan => ({
    ...plan,
    remoteState: s3.place(more),
  });
  const KEY = "aws2ncp/network.tfstate";
  const copies = () => s3.keys("our-state").filter((key) => key.startsWith("aws2ncp/history/network/"));
  const textOf = (key: string) => s3.buckets.get("our-state")?.objects.get(key)?.toString();

  it("says of the backend what another service than AWS needs, and of locking what was chosen", () => {
    const backend = {
      bucket: "our-state",
      endpoints: { s3: `https://${s3.place().host}` },
      key: KEY,
      profile: "ncp",
      region: "kr-standard",
      skip_credentials_validation: true,
      skip_metadata_api_check: true,
      skip_region_validation: true,
      skip_requesting_account_id: true,
      skip_s3_checksum: true,
      use_path_style: true,
    };
    const locked = synthStacks(inBucket(example)).network.terraform;
    expect(locked).toMatchObject({
      backend: { s3: { ...backend, use_lockfile: true } },
      required_version: ">= 1.11.0",
    });
    const single = synthStacks(inBucket(example, { locking: "single-runner", runner: "runner-1" })).network.terraform;
    expect(single["backend"]).toEqual({ s3: backend });
    expect(single["required_version"]).toBeUndefined();
  });

  it("are written, locked, copied before the next change, and let no second deploy in", async () => {
    const clone = await cloneOf(s3.env);
    clone.synth(inBucket(example));
    await clone.init("network");
    await clone.apply("network");
    expect(s3.keys("our-state")).toEqual([KEY]);
    expect(await clone.plan("network")).toEqual(NOTHING);
    const before = textOf(KEY);

    clone.synth(inBucket(moreAdmins));
    // The first deploy stands at its copy until the second one has been refused.
    let second: Promise<{ code: number; output: string }> | undefined;
    s3.beforePut = async (key) => {
      if (!key.startsWith("aws2ncp/history/")) return;
      second ??= clone.terraform("network", "apply", "-auto-approve");
      await second;
    };
    await clone.apply("network");
    expect(await second).toMatchObject({ code: 1, output: expect.stringContaining("Error acquiring the state lock") });
    expect(copies().map(textOf)).toEqual([before]);
    expect(s3.keys("our-state")).toEqual([...copies(), KEY]);

    await clone.succeed("network", "destroy", "-auto-approve");
    expect(copies()).toHaveLength(2);
  });

  it("are left alone by any machine but the one that deploys, a removal included", async () => {
    const clone = await cloneOf(s3.env);
    const allowed = { locking: "single-runner", runner: hostname() } as const;
    clone.synth(inBucket(example, allowed));
    await clone.init("network");
    await clone.apply("network");
    const before = textOf(KEY);

    clone.synth(inBucket(moreAdmins, { ...allowed, runner: "another-machine" }));
    for (const command of ["apply", "destroy"]) {
      const { code, output } = await clone.terraform("network", command, "-auto-approve");
      expect([command, code]).toEqual([command, 1]);
      expect(output).toContain("network: nothing locks the states, so only one machine deploys");
    }
    const resources = (text = "{}") => (JSON.parse(text) as { resources: unknown }).resources;
    expect(resources(textOf(KEY))).toEqual(resources(before));
    expect(copies()).toEqual([]);
  });
});
