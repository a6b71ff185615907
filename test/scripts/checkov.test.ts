/** scripts/checkov.py: which findings of Checkov pass. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "checkov-"));
afterAll(() => rmSync(folder, { recursive: true }));

const finding = (check: string, resource: string, stack = "network") => ({
  check_id: check,
  check_name: "what it asks for",
  file_path: `/example/stacks/${stack}/cdk.tf.json`,
  resource,
});

function hold(failed: object[], rows: string, { passed = 5, broken = [] as string[] } = {}) {
  const report = { summary: { passed }, results: { failed_checks: failed, parsing_errors: broken } };
  writeFileSync(join(folder, "report.json"), JSON.stringify(report));
  writeFileSync(join(folder, "exceptions"), rows);
  const { status, stdout, stderr } = spawnSync(
    "python3",
    ["scripts/checkov.py", join(folder, "report.json"), join(folder, "exceptions")],
    {
      cwd: join(__dirname, "..", ".."),
      encoding: "utf8",
    },
  );
  return { status, out: stdout + stderr.replaceAll(`${folder}/`, "") };
}

it("passes what is an exception, by whichever of its names Checkov calls it", () => {
  const rows = "# why\nCKV_NCP_3  network  ncloud_rule.a-b  because\n";
  expect(hold([finding("CKV_NCP_3", "ncloud_rule.a-b")], rows)).toEqual({
    status: 0,
    out: "checkov: 5 checks passed, 1 exceptions\n",
  });
  expect(hold([finding("CKV_NCP_3", "resource.a-b")], rows).status).toBe(0);
});

it("fails on anything else: another check, resource or stack", () => {
  const rows = "CKV_NCP_3  network  ncloud_rule.a  because\n";
  const own = finding("CKV_NCP_3", "ncloud_rule.a");
  for (const other of [
    finding("CKV_NCP_4", "ncloud_rule.a"),
    finding("CKV_NCP_3", "ncloud_rule.b"),
    finding("CKV_NCP_3", "ncloud_rule.a", "query"),
  ])
    expect(hold([own, other], rows).status).toBe(1);
  expect(hold([own, finding("CKV_NCP_4", "ncloud_rule.a")], rows).out).toBe(
    "/example/stacks/network/cdk.tf.json: CKV_NCP_4 network ncloud_rule.a: what it asks for\n  try: correct the construct, or a row with the reason in exceptions\n",
  );
});

it("fails on an exception that nothing needs, or that says no reason", () => {
  expect(hold([], "CKV_NCP_3  network  ncloud_rule.a  because\n")).toEqual({
    status: 1,
    out: "exceptions:1: CKV_NCP_3 network ncloud_rule.a: no finding needs this row\n  try: remove it\n",
  });
  expect(hold([], "CKV_NCP_3  network  ncloud_rule.a\n")).toEqual({
    status: 1,
    out: "exceptions:1: allowed: CHECK STACK RESOURCE WHY\n",
  });
});

it("fails where Checkov checked nothing, or could not read a file", () => {
  expect(hold([], "", { passed: 0 }).status).toBe(1);
  expect(hold([], "", { broken: ["/a.json"] })).toEqual({ status: 1, out: "/a.json: Checkov can't read it\n" });
});
