import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PlatformError, queryPlatform, type Queries } from "../../../ops/platform";
import { lastWords, wordsOf } from "../../../ops/platform/diagnostics";
import { terraformEnv } from "../../../ops/platform/terraform";
import { network } from "../../sandbox/provider/configs";
import { standIn } from "../../sandbox/provider/workspace";
import { scratch, withPrograms } from "../programs";

jest.setTimeout(120_000);

const PLACE = { site: "public", region: "KR" } as const;

describe("the real Terraform with the stand-in", () => {
  const { workspace } = standIn();

  it("answers what is there and what is not, and tells a refusal apart, in whatever order it was asked", async () => {
    const tf = workspace();
    await tf.apply(network);
    const named = (name: string): object => ({ config: { filter: [{ name: "name", values: [name] }] } });
    const answers = await queryPlatform(
      PLACE,
      {
        "a b": { type: "ncloud_vpc", ...named("test") },
        missing: { type: "ncloud_vpc", ...named("${not} an expression") },
        list: { type: "ncloud_vpcs" },
        keys: { type: "ncloud_login_key" },
        refused: { type: "ncloud_nks_clusters" },
      },
      { env: tf.env },
    );
    expect(Object.keys(answers)).toEqual(["a b", "keys", "list", "missing", "refused"]);
    expect(answers["a b"]).toMatchObject({ kind: "row", row: { id: tf.id("ncloud_vpc.main"), name: "test" } });
    expect(answers["missing"]).toEqual({ kind: "none" });
    expect(answers["list"]).toMatchObject({ kind: "row", row: { vpcs: [{ name: "test" }] } });
    expect(answers["keys"]).toMatchObject({ kind: "row", row: { login_key_list: [{ key_name: "aws2ncp" }] } });
    expect(answers["refused"]).toEqual({
      kind: "failed",
      message: expect.stringContaining("data.ncloud_nks_clusters: the sandbox has no stand-in for it"),
    });
  });

  it("missing credentials are told with what to set", async () => {
    const tf = workspace();
    const env = { ...tf.env, NCLOUD_ACCESS_KEY: "", NCLOUD_SECRET_KEY: "" };
    await expect(queryPlatform(PLACE, { keys: { type: "ncloud_login_key" } }, { env })).rejects.toThrow(
      /^the platform can't be asked: provider: access_key is missing.*\n {2}try: set NCLOUD_ACCESS_KEY and NCLOUD_SECRET_KEY to a key of the platform/,
    );
  });

  it("a provider that can't be had, and one that the stacks' lock file refuses, are told", async () => {
    const tf = workspace();
    const empty = join(tf.folder, "empty");
    mkdirSync(empty);
    const rc = join(tf.folder, "rc");
    writeFileSync(rc, `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(empty)}\n  }\n}\n`);
    const keys = { keys: { type: "ncloud_login_key" } };
    await expect(queryPlatform(PLACE, keys, { env: { ...tf.env, TF_CLI_CONFIG_FILE: rc } })).rejects.toThrow(
      /^the provider ncloud 4\.0\.5 can't be had: .*not found in any of the search locations.*\n {2}try: see that this machine/s,
    );
    const lockFile = join(tf.folder, "lock.hcl");
    writeFileSync(
      lockFile,
      'provider "registry.terraform.io/navercloudplatform/ncloud" {\n  version = "4.0.5"\n  hashes = ["h1:another="]\n}\n',
    );
    await expect(queryPlatform(PLACE, keys, { env: tf.env, lockFile })).rejects.toThrow(
      /can't be had: .*does(n't| not) match any of the checksums/s,
    );
    expect(readFileSync(lockFile, "utf8")).toContain("h1:another=");
  });
});

describe("a Terraform that says what a test wants", () => {
  /** Answers `plan` by turns; keeps the configuration of each turn. */
  function playing(plans: readonly (readonly object[])[]): { env: NodeJS.ProcessEnv; asked: () => string[][] } {
    const folder = scratch();
    plans.forEach((lines, index) =>
      writeFileSync(join(folder, `plan-${index}`), lines.map((line) => `${JSON.stringify(line)}\n`).join("")),
    );
    const env = withPrograms(
      {
        terraform: [
          `turn=$(ls '${folder}' | grep -c '^asked-')`,
          'case "$1" in',
          "init) exit 0 ;;",
          `plan) cp main.tf.json '${folder}'/asked-$turn; cat '${folder}'/plan-$turn; ! grep -q '"error"' '${folder}'/plan-$turn ;;`,
          `show) cat '${folder}'/show ;;`,
          "esac",
        ].join("\n"),
      },
      ["/usr/bin", "/bin"],
    );
    writeFileSync(
      join(folder, "show"),
      JSON.stringify({ prior_state: { values: { root_module: { resources: ROWS } } } }),
    );
    const asked = (): string[][] =>
      readdirSync(folder)
        .filter((name) => name.startsWith("asked-"))
        .sort()
        .map((name) =>
          Object.keys((JSON.parse(readFileSync(join(folder, name), "utf8")) as { data: object }).data).sort(),
        );
    return { env, asked };
  }
  const ROWS = [{ address: "data.ncloud_vpcs.q1", values: { vpcs: [] } }];

  const diagnostic = (address: string | undefined, summary: string, detail = ""): object => ({
    type: "diagnostic",
    diagnostic: { severity: "error", summary, detail, ...(address === undefined ? {} : { address }) },
  });

  const QUERIES: Queries = { acls: { type: "ncloud_network_acls" }, vpcs: { type: "ncloud_vpcs" } };

  it.each([
    ["no results. please change search criteria and try again", ""],
    ["GetInitScriptList result validation", "no results. please change search criteria and try again"],
    ["no matching Network Interfaces found", ""],
    ["no results. there is no available server resource", ""],
    ["READING ERROR", "no result. please change search criteria and try again."],
  ])("ncloud 4.0.5's way to say that there is none: %s", async (summary, detail) => {
    const { env, asked } = playing([[diagnostic("data.ncloud_network_acls.q0", summary, detail)], []]);
    expect(await queryPlatform(PLACE, QUERIES, { env })).toEqual({
      acls: { kind: "none" },
      vpcs: { kind: "row", row: { vpcs: [] } },
    });
    expect(asked()).toEqual([["ncloud_network_acls", "ncloud_vpcs"], ["ncloud_vpcs"]]);
  });

  it("another failure of one question is its answer", async () => {
    const { env } = playing([
      [diagnostic("data.ncloud_network_acls.q0", "READING ERROR", "Status: 500,\n  body: {}")],
      [],
    ]);
    expect(await queryPlatform(PLACE, QUERIES, { env })).toEqual({
      acls: { kind: "failed", message: "READING ERROR: Status: 500, body: {}" },
      vpcs: { kind: "row", row: { vpcs: [] } },
    });
  });

  it("credentials that every question is refused with are an error of all", async () => {
    const refusal = "Status: 401 Unauthorized, Body: Authentication Failed";
    const { env } = playing([
      [diagnostic("data.ncloud_network_acls.q0", refusal), diagnostic("data.ncloud_vpcs.q1", refusal)],
    ]);
    await expect(queryPlatform(PLACE, QUERIES, { env })).rejects.toThrow(
      /^the platform refuses the credentials: Status: 401 Unauthorized.*\n {2}try: set NCLOUD_ACCESS_KEY/,
    );
  });

  it("a failure that belongs to no question is one of all", async () => {
    const { env } = playing([[diagnostic(undefined, "dial tcp: lookup ncloud.apigw.ntruss.com: no such host")]]);
    await expect(queryPlatform(PLACE, QUERIES, { env })).rejects.toThrow(
      "the platform can't be asked: dial tcp: lookup ncloud.apigw.ntruss.com: no such host\n" +
        "  try: see that this machine reaches the platform's API: npx aws2ncp doctor --only reachability",
    );
  });

  it("nothing asked starts nothing", async () => {
    expect(await queryPlatform(PLACE, {}, { env: withPrograms({ terraform: "exit 1" }) })).toEqual({});
  });

  it("no Terraform at all", async () => {
    await expect(queryPlatform(PLACE, QUERIES, { env: withPrograms({}) })).rejects.toThrow(PlatformError);
    await expect(queryPlatform(PLACE, QUERIES, { env: withPrograms({}) })).rejects.toThrow(
      "terraform is not on the PATH\n  try: install Terraform 1.9 or newer from HashiCorp's packages",
    );
  });

  it("an abort ends Terraform and leaves no folder", async () => {
    const [before, temporary] = [process.env["TMPDIR"], scratch()];
    process.env["TMPDIR"] = temporary;
    const began = join(scratch(), "began");
    const env = withPrograms({ terraform: `: >'${began}'; exec sleep 60` }, ["/usr/bin", "/bin"]);
    const end = new AbortController();
    const asked = queryPlatform(PLACE, QUERIES, { env, signal: end.signal });
    const poll = setInterval(() => existsSync(began) && end.abort(new Error("stop")), 10);
    await expect(asked).rejects.toThrow("stop");
    clearInterval(poll);
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
    expect(readdirSync(temporary)).toEqual([]);
  });
});

it("what a shell says about other configurations does not count here; where providers come from does", () => {
  const env = {
    TF_WORKSPACE: "other",
    TF_DATA_DIR: "/x",
    TF_CLI_ARGS: "-no-color",
    TF_CLI_ARGS_plan: "-destroy",
    TF_VAR_x: "1",
    TF_CLI_ARGS_init: "-plugin-dir=/x",
    TF_CLI_CONFIG_FILE: "/rc",
    NCLOUD_ACCESS_KEY: "k",
  };
  expect(terraformEnv(env)).toEqual({
    TF_CLI_ARGS_init: "-plugin-dir=/x",
    TF_CLI_CONFIG_FILE: "/rc",
    NCLOUD_ACCESS_KEY: "k",
    TF_IN_AUTOMATION: "1",
    CHECKPOINT_DISABLE: "1",
  });
});

it("diagnostics are one line", () => {
  expect(wordsOf({ severity: "error", summary: "a\n b", detail: "" })).toBe("a b");
  expect(lastWords("Warning: x\n╷\n│ Error: the first\n│ \n│ Error: the\n│ last\n╵\n")).toBe("the last");
  expect(lastWords("no error\nat all")).toBe("no error at all");
});
