/** Real plans in a review: Terraform's own `show -json`, against the stand-in platform, with hands that change things behind its back. */
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { renderHtml } from "../../../review/html/page";
import { loadSynth } from "../../../review/input/load";
import { loadPlans } from "../../../review/input/terraform-plan";
import { renderJson } from "../../../review/render/json";
import { renderMarkdown } from "../../../review/render/markdown";
import type { Json, Report } from "../../../review/report";
import { reviewOf } from "../../../review/review";
import { groupRule, network, script, withServer } from "../../sandbox/provider/configs";
import { standIn, without, type Resources, type Workspace } from "../../sandbox/provider/workspace";
import { writeSynth } from "../synths";
import { inWords } from "../workshop";

jest.setTimeout(120_000);

const { served } = standIn("file");
const folder = mkdtempSync(join(tmpdir(), "plan-"));
afterAll(() => rmSync(folder, { recursive: true }));

const synthOf = (resource: Resources) =>
  loadSynth(writeSynth(mkdtempSync(join(folder, "side-")), { transfer: { json: { resource } as unknown as Json } }));

/** The plan of this configuration, as a file for the review. */
async function plansOf(tf: Workspace, resource: Resources): Promise<ReturnType<typeof loadPlans>> {
  const plans = mkdtempSync(join(folder, "plans-"));
  await tf.configure(resource);
  await tf.succeed("plan", "-out=plan");
  writeFileSync(join(plans, "transfer.json"), await tf.succeed("show", "-json", "plan"));
  return loadPlans(plans, ["transfer"]);
}

/** What somebody else does: the platform has it, the state does not. */
async function byHand(tf: Workspace, resource: Resources): Promise<void> {
  const [state, kept] = [join(tf.folder, "terraform.tfstate"), join(tf.folder, "kept")];
  copyFileSync(state, kept);
  await tf.apply(resource);
  copyFileSync(kept, state);
}

async function review(tf: Workspace, base: Resources, head: Resources): Promise<Report> {
  return reviewOf(synthOf(base), synthOf(head), await plansOf(tf, head));
}

const sized = (spec: string): Resources => withServer({ server: { server_spec_code: spec } });

/** Who may log in, as a rule of the group. */
const rules = (block: string): Resources => ({
  ...network,
  ncloud_access_control_group_rule: {
    main: {
      access_control_group_no: "${ncloud_access_control_group.main.id}",
      inbound: [groupRule({ ip_block: block, port_range: "22" })],
      outbound: [],
    },
  },
});

describe("a platform that somebody else has changed", () => {
  let tf: Workspace;
  beforeAll(async () => {
    tf = await served();
    await tf.apply(rules("10.20.0.0/16"));
  });

  it("shows drift, and what the apply does about it", async () => {
    await byHand(tf, rules("0.0.0.0/0"));
    const report = await review(tf, rules("10.20.0.0/16"), rules("10.20.0.0/16"));
    expect(report.findings.map(inWords)).toEqual(["medium drift transfer/ncloud_access_control_group_rule.main"]);
    const rule = { description: "", source_access_control_group_no: "", port_range: "22", protocol: "TCP" };
    expect(report.stacks).toEqual([
      {
        name: "transfer",
        action: "changed",
        resources: [],
        delivery: [],
        drift: [
          {
            address: "ncloud_access_control_group_rule.main",
            attributes: [
              { path: "inbound[]", after: { ...rule, ip_block: "0.0.0.0/0" } },
              { path: "inbound[]", before: { ...rule, ip_block: "10.20.0.0/16" } },
            ],
          },
        ],
        planned: ["ncloud_access_control_group_rule.main: the plan would update it"],
      },
    ]);
    expect(report.verdict).toBe("1 medium finding, the gravest: changed outside Terraform. 1 stack changes");
  });

  it("shows what is gone", async () => {
    await byHand(tf, without(rules("10.20.0.0/16"), "ncloud_access_control_group_rule"));
    const report = await review(tf, rules("10.20.0.0/16"), rules("10.20.0.0/16"));
    expect(report.findings.map(inWords)).toEqual(["medium drift transfer/ncloud_access_control_group_rule.main"]);
    expect(report.stacks[0]).toMatchObject({
      drift: [
        {
          address: "ncloud_access_control_group_rule.main",
          attributes: [{ path: "the resource itself", before: "there", after: "gone" }],
        },
      ],
      planned: ["ncloud_access_control_group_rule.main: the plan would create it"],
    });
  });
});

describe("a platform that is as the last apply left it", () => {
  let tf: Workspace;
  beforeAll(async () => {
    tf = await served();
    await tf.apply(sized("s2-g3"));
  });

  it("says nothing where the platform is as the code", async () => {
    const report = await review(tf, sized("s2-g3"), sized("s2-g3"));
    expect(report.verdict).toBe("No change: both sides mean the same");
  });

  it("repeats nothing that synth shows already", async () => {
    const head = sized("s4-g3");
    const without = reviewOf(synthOf(sized("s2-g3")), synthOf(head));
    expect(await review(tf, sized("s2-g3"), head)).toEqual(without);
    expect(without.stacks[0]?.resources).toHaveLength(1);
  });

  it("shows what the code replaces on a platform that is behind it, and no diff of the code", async () => {
    const merged = withServer({ script: { content: `${script}# edited\n`, name: "test-init-2" } });
    const report = await review(tf, merged, merged);
    expect(report.findings.map(inWords)).toEqual([
      "critical plan-destroys transfer/ncloud_server.main",
      "high plan-destroys transfer/ncloud_init_script.main",
    ]);
    expect(report.stacks.map(({ planned }) => planned)).toEqual([
      [
        "ncloud_block_storage.main: the plan would update it",
        "ncloud_init_script.main: the plan would delete and create it, because of content, name",
        "ncloud_public_ip.main: the plan would update it",
        "ncloud_server.main: the plan would delete and create it, because of init_script_no",
      ],
    ]);
  });

  it("refuses the state that the same command prints without a plan's name", async () => {
    const plans = mkdtempSync(join(folder, "state-"));
    writeFileSync(join(plans, "transfer.json"), await tf.succeed("show", "-json"));
    expect(() => loadPlans(plans, ["transfer"])).toThrow(/transfer\.json: is a state, and no plan\n/);
  });

  it("shows that a sensitive value differs, and no value", async () => {
    const hidden = (spec: string): Resources => sized(`\${sensitive("${spec}")}`);
    await tf.apply(hidden("s2-g3"));
    await byHand(tf, hidden("s4-g3"));
    const plans = await plansOf(tf, hidden("s2-g3"));
    const same = synthOf(sized("s2-g3"));
    const report = reviewOf(same, same, plans);
    expect(report.stacks[0]?.drift).toEqual([
      {
        address: "ncloud_server.main",
        attributes: [{ path: "server_spec_code", before: "(sensitive)", after: "(sensitive)" }],
      },
    ]);
    for (const render of [renderMarkdown, renderHtml, renderJson]) expect(render(report)).not.toMatch(/s[24]-g3/);
  });
});

describe("a folder of plans that is none", () => {
  const write = (files: Readonly<Record<string, string>>): string => {
    const plans = mkdtempSync(join(folder, "wrong-"));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(plans, name), text);
    return plans;
  };
  const PLAN = '{"format_version":"1.2","planned_values":{}}';

  it.each([
    ["empty", {}, "DIR: has no STACK.json"],
    [
      "a plan as Terraform keeps it",
      { "transfer.json": "PK\u0003\u0004secret" },
      "DIR/transfer.json: is no JSON: Unexpected token 'P'",
    ],
    [
      "broken",
      { "transfer.json": '{"a": "secret" "b"' },
      /^DIR\/transfer\.json: is no JSON: Expected ',' or '}' after property value in JSON at position 15[^"]*$/m,
    ],
    ["another document", { "transfer.json": "{}" }, "DIR/transfer.json: has no format_version"],
    [
      "a plan that failed",
      { "transfer.json": PLAN.replace("{", '{"errored":true,') },
      "DIR/transfer.json: is a plan that ended with an error: it does not say everything",
    ],
    [
      "of another stack",
      { "transfer.json": PLAN, "tranfser.json": PLAN },
      "DIR: tranfser.json: no side has such a stack\n  allowed: storage, transfer",
    ],
  ] as [string, Record<string, string>, string | RegExp][])("%s", (_what, files, message) => {
    const plans = write(files);
    let said = "";
    try {
      loadPlans(plans, ["storage", "transfer"]);
    } catch (error) {
      said = (error as Error).message.replaceAll(plans, "DIR");
    }
    if (typeof message === "string") expect(said.slice(0, message.length)).toBe(message);
    else expect(said).toMatch(message);
    expect(said).not.toContain("secret");
    expect(said).toMatch(
      /\n {2}allowed: .*\n {2}try: terraform plan -out=PLAN, and terraform show -json PLAN > STACK\.json$/,
    );
  });

  it("is not there, or a file", () => {
    expect(() => loadPlans(join(folder, "nowhere"), [])).toThrow(/nowhere: is no folder\n/);
    const file = join(write({ a: "" }), "a");
    expect(() => loadPlans(file, [])).toThrow(/a: is no folder\n/);
  });
});
