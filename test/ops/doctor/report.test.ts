import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKS } from "../../../ops/doctor/checks";
import { watcherOf } from "../../../ops/doctor/progress";
import { inWords, isWell } from "../../../ops/doctor/report";
import { projectRoot } from "../../../sandbox/paths";
import type { Finding } from "../../../ops/doctor/types";

const findings: Finding[] = [
  { check: "clock", severity: "ok", place: "source.host", found: "the clocks agree" },
  {
    check: "images",
    severity: "error",
    place: "hosts.sync-1.image",
    found: "moon is not offered",
    meaning: "no server can be made",
    allowed: "sun",
    try: "another image",
  },
  { check: "quotas", severity: "unknown", place: "the account", found: "not told" },
  { check: "certificates", severity: "warning", place: "secrets.a.from", found: "ends soon" },
];

it("tells what is not ok, worst last where the eye is, and counts", () => {
  expect(inWords(findings)).toBe(
    [
      "unknown  quotas  the account: not told",
      "warning  certificates  secrets.a.from: ends soon",
      "ERROR    images  hosts.sync-1.image: moon is not offered",
      "  no server can be made",
      "  allowed: sun",
      "  try: another image",
      "1 error, 1 warning, 1 unknown, 1 ok",
    ].join("\n"),
  );
  expect(inWords([])).toBe("0 errors, 0 warnings, 0 unknown, 0 ok");
});

it("is well without errors; what is unknown is counted as such", () => {
  expect(isWell(findings)).toBe(false);
  expect(isWell(findings.filter(({ severity }) => severity !== "error"))).toBe(true);
});

function drawn(isTTY: boolean, env: NodeJS.ProcessEnv = {}): string {
  let written = "";
  const screen = { isTTY, columns: 60, write: (text: string) => (written += text) };
  const watcher = watcherOf(3, screen, env);
  watcher.begin("images");
  watcher.begin("clock");
  watcher.note("images", "terraform plan");
  watcher.end("images", findings.slice(0, 2));
  watcher.end("other", []);
  watcher.end("clock", findings.slice(0, 1));
  watcher.stop();
  return written;
}

it("progress elsewhere is a line for each check that said something", () => {
  expect(drawn(false)).toBe("images ERROR\nclock ok\n");
});

it("progress on a terminal is one line that moves, and a mark for each", () => {
  expect(drawn(true)).toContain("0 of 3  images (terraform plan), clock");
  expect(drawn(true)).toContain("\u001b[31m✗\u001b[0m images\n");
  expect(drawn(true, { NO_COLOR: "1" })).toContain("✗ images\n");
  expect(drawn(true, { NO_COLOR: "1" })).toContain("✓ clock\n");
});

it("docs/doctor.md has a row for each check or family, in the table's order", () => {
  const page = readFileSync(join(projectRoot(), "docs", "doctor.md"), "utf8");
  const rows = [...page.matchAll(/^\| `([a-z-]+)(…?)` \|/gm)].map((row) => ({
    name: row[1] as string,
    family: row[2] !== "",
  }));
  const documented = CHECKS.map(({ name }) =>
    rows.findIndex((row) => (row.family ? name.startsWith(row.name) : row.name === name)),
  );
  expect(documented).not.toContain(-1);
  expect(documented).toEqual([...documented].sort((a, b) => a - b));
});

it("names every check once, and needs only those there are", () => {
  const names = CHECKS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { name, needs } of CHECKS) {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(names).toEqual(expect.arrayContaining([...needs]));
  }
});
