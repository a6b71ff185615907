/** `aws2ncp review` on folders: its forms, its exit codes, and what it says of folders that are none. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { exitCodeFor, program } from "../../../ops/main";
import { SEVERITIES, type Json, type Severity } from "../../../review/report";
import { writeSynth } from "../../review/synths";
import { scratch } from "../programs";

const folder = scratch();

/** Exit code, standard output, and what was said beside it. */
async function run(...args: string[]): Promise<{ code: number; out: string; said: string }> {
  let [out, said] = ["", ""];
  const spies = [
    jest.spyOn(process.stdout, "write").mockImplementation((text) => ((out += String(text)), true)),
    jest.spyOn(process.stderr, "write").mockImplementation((text) => ((said += String(text)), true)),
  ];
  const command = program();
  const quiet = (each: Command): void => {
    each.configureOutput({ writeOut: (text) => (out += text), writeErr: (text) => (said += text) });
    each.commands.forEach(quiet);
  };
  quiet(command);
  try {
    await command.parseAsync(["review", ...args], { from: "user" });
    return { code: Number(process.exitCode ?? 0), out, said };
  } catch (error) {
    return { code: exitCodeFor(error), out, said: `${said}${(error as Error).message}`.replaceAll(`${folder}/`, "") };
  } finally {
    process.exitCode = undefined;
    spies.forEach((spy) => spy.mockRestore());
  }
}

const at = (name: string): string => join(folder, name);
const synth = (name: string, json: Json): string => writeSynth(at(name), { transfer: { json }, storage: {} });

const withGroup = (block: string): Json => ({
  resource: {
    ncloud_access_control_group_rule: {
      proxy: {
        access_control_group_no: "1",
        inbound: [{ protocol: "TCP", ip_block: block, port_range: "22" }],
      },
    },
  },
});

const base = synth("base", withGroup("198.51.100.1/32"));
/** Head by the gravest of its findings. */
const HEADS: Readonly<Record<Severity, string>> = {
  critical: synth("critical", withGroup("0.0.0.0/0")),
  high: synth("high", withGroup("203.0.113.0/24")),
  medium: synth("medium", withGroup("10.20.0.0/16")),
  low: synth("low", withGroup("198.51.100.1/32")),
  info: synth("info", withGroup("198.51.100.1/32")),
};

describe("--fail-on", () => {
  it.each(["critical", "high", "medium"] as const)("fails where a finding is as grave: %s", async (gravest) => {
    const codes: Record<string, number> = {};
    for (const severity of SEVERITIES)
      codes[severity] = (await run("--base", base, "--head", HEADS[gravest], "--fail-on", severity)).code;
    const expected = SEVERITIES.map((severity) => [
      severity,
      SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(gravest) ? 1 : 0,
    ]);
    expect(codes).toEqual(Object.fromEntries(expected));
  });

  it("counts what only narrows as information", async () => {
    const sides = ["--base", HEADS.critical, "--head", HEADS.high];
    expect((await run(...sides, "--fail-on", "low")).code).toBe(0);
    expect((await run(...sides, "--fail-on", "info")).code).toBe(1);
  });

  it("never fails without it, or without a change", async () => {
    expect((await run("--base", base, "--head", HEADS.critical)).code).toBe(0);
    expect((await run("--base", base, "--head", HEADS.info, "--fail-on", "info")).code).toBe(0);
  });
});

describe("forms", () => {
  const sides = ["--base", base, "--head", HEADS.high];

  it("Markdown by default, HTML, JSON", async () => {
    expect((await run(...sides)).out).toMatch(/^\*\*1 high finding, the gravest: network opened\./);
    expect((await run(...sides, "--format", "html")).out).toMatch(/^<!doctype html>/i);
    const json = (await run(...sides, "--format", "json")).out;
    expect((await run(...sides, "--json")).out).toBe(json);
    const report = JSON.parse(json) as Record<string, unknown>;
    expect(Object.keys(report)).toEqual(["verdict", "findings", "stacks", "files"]);
    expect(report["findings"]).toEqual([
      {
        severity: "high",
        kind: "network-opened",
        place: { construct: "transfer/ncloud_access_control_group_rule.proxy" },
        reason: expect.stringContaining("203.0.113.0/24 to TCP 22"),
        consequence: "addresses outside the network reach this port",
      },
      expect.objectContaining({ severity: "info", kind: "network-narrowed" }),
    ]);
  });

  it("says in one line that nothing changes, in every form", async () => {
    const same = ["--base", base, "--head", HEADS.info];
    expect((await run(...same)).out).toBe("**No change: both sides mean the same.**\n");
    expect(JSON.parse((await run(...same, "--json")).out)).toEqual({
      verdict: "No change: both sides mean the same",
      findings: [],
      stacks: [],
      files: [],
    });
  });

  it("names the stacks that change alone", async () => {
    const { stacks } = JSON.parse((await run(...sides, "--json")).out) as { stacks: { name: string }[] };
    expect(stacks.map(({ name }) => name)).toEqual(["transfer"]);
  });

  it("--out writes all forms of one review, and the verdict alone on standard output", async () => {
    const out = at("out");
    const { out: verdict, code } = await run(...sides, "--out", out, "--fail-on", "high");
    expect({ verdict, code }).toEqual({
      verdict: "1 high finding, the gravest: network opened. 1 stack and 1 resource change\n",
      code: 1,
    });
    expect(readdirSync(out).sort()).toEqual(["review.html", "review.json", "review.md"]);
    for (const [file, format] of [
      ["review.md", "markdown"],
      ["review.html", "html"],
      ["review.json", "json"],
    ] as const)
      expect(readFileSync(join(out, file), "utf8")).toBe((await run(...sides, "--format", format)).out);
  });

  it("--out leaves no older review where there is none", async () => {
    const out = at("older");
    await run(...sides, "--out", out);
    expect((await run("--base", base, "--head", at("nowhere/x"), "--out", out)).code).toBe(2);
    expect(readdirSync(out)).toEqual([]);
  });

  it("gives the same bytes for the same sides, wherever they lie and in whatever order they were written", async () => {
    const json = { ...(withGroup("203.0.113.0/24") as Record<string, Json>), output: {} };
    const elsewhere = writeSynth(at("a longer way/to it"), {
      storage: {},
      transfer: { json },
    });
    cpSync(base, at("copy"), { recursive: true });
    for (const format of ["markdown", "html", "json"])
      expect((await run("--base", at("copy"), "--head", elsewhere, "--format", format)).out).toBe(
        (await run(...sides, "--format", format)).out,
      );
  });
});

describe("what is no output of synth", () => {
  const OUTPUT = "an output folder of synth, with manifest.json and stacks/STACK/cdk.tf.json";
  const broken = (name: string, path: string, text: string | undefined): string => {
    cpSync(base, at(name), { recursive: true });
    if (text === undefined) rmSync(join(at(name), path));
    else writeFileSync(join(at(name), path), text);
    return at(name);
  };
  mkdirSync(at("empty"));
  writeFileSync(at("file"), "");

  it.each([
    [at("gone"), `gone: there is no such folder\n  allowed: ${OUTPUT}\n  try: npx cdktf synth`],
    [at("empty"), `empty: has no manifest.json\n  allowed: ${OUTPUT}\n  try: empty/cdktf.out, or npx cdktf synth`],
    [at("file"), `file: is a file\n  allowed: ${OUTPUT}\n  try: the folder that it lies in`],
    [
      broken("torn", "manifest.json", '{"stacks":'),
      `torn/manifest.json: is no JSON: Unexpected end of JSON input\n  allowed: ${OUTPUT}\n  try: npx cdktf synth`,
    ],
    [
      broken("listed", "manifest.json", "[]"),
      `listed/manifest.json: is no JSON object\n  allowed: ${OUTPUT}\n  try: npx cdktf synth`,
    ],
    [
      broken("stackless", "manifest.json", '{"stacks":{}}'),
      `stackless/manifest.json: names no stacks\n  allowed: ${OUTPUT}\n  try: npx cdktf synth`,
    ],
    [
      broken("half", "stacks/transfer/cdk.tf.json", undefined),
      `half/stacks/transfer/cdk.tf.json: stack transfer is named by manifest.json, and its file is missing\n  allowed: ${OUTPUT}\n  try: npx cdktf synth`,
    ],
    [
      broken("secret", "stacks/transfer/cdk.tf.json", '{"password": "hunter2" x}'),
      `secret/stacks/transfer/cdk.tf.json: is no JSON: Expected ',' or '}' after property value in JSON at position 23`,
    ],
    [
      broken("newer", "stacks/transfer/artifacts/manifest.json", '{"version":2}'),
      "newer/stacks/transfer/artifacts/manifest.json: is of version 2\n  allowed: version 1\n  try: review with the aws2ncp of the newer side, after npm ci && npm run build there",
    ],
    [
      broken("hostless", "stacks/transfer/artifacts/manifest.json", '{"version":1,"secrets":[]}'),
      "hostless/stacks/transfer/artifacts/manifest.json: has no list hosts\n  allowed: what synth has written, as it is\n  try: npx cdktf synth",
    ],
  ])("%s", async (side, message) => {
    for (const args of [
      ["--base", base, "--head", side],
      ["--base", side, "--head", base],
    ]) {
      const { code, out, said } = await run(...args);
      expect({ code, out, said: said.slice(0, message.length) }).toEqual({ code: 2, out: "", said: message });
      expect(said).not.toContain("hunter2");
    }
  });
});

describe("wrong use", () => {
  it.each([
    [["--head", "x"], "required option '--base <side>' not specified"],
    [["--base", base, "--head", base, "--fail-on", "hihg"], "Allowed choices are critical, high, medium, low, info."],
    [["--base", base, "--head", base, "--format", "pdf"], "Allowed choices are markdown, html, json."],
    [["--base", base, "--head", base, "--json", "--format", "html"], "'--json' cannot be used with"],
    [["--base", base, "--head", base, "--json", "--out", at("x")], "'--out <folder>' cannot be used with"],
    [["--base", base, "--head", base, "--out", at("file")], "file: can't be written: EEXIST"],
    [["--base", base, "--head", base, "--plan", at("gone")], "gone: is no folder\n"],
    [["--base", base, "--head", "no-such-branch"], "no-such-branch: is neither a commit of this clone nor"],
  ])("%j", async (args, message) => {
    const { code, out, said } = await run(...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(said).toContain(message);
  });

  it("has help with examples, exit codes and where to read more", async () => {
    const { code, out } = await run("--help");
    expect(code).toBe(0);
    expect(out).toContain("Exit codes: 0 reviewed, 1 a finding that --fail-on names");
    expect(out).toMatch(/\nExamples:\n {2}\$ npx aws2ncp review --base origin\/main --head HEAD/);
    expect(out).toContain("docs/review.md");
    expect(existsSync(join(__dirname, "..", "..", "..", "docs", "review.md"))).toBe(true);
  });
});
