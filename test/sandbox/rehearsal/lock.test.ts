import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { claim, holder, release, rest } from "../../../sandbox/rehearsal/lock";

const folder = mkdtempSync(join(tmpdir(), "lock-"));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;
const lockFile = (): string => join(folder, `${count++}.json`);

it("names this clone and this process while it works, and this clone alone afterwards", () => {
  const file = lockFile();
  claim(file, folder);
  const { since, ...rest_ } = JSON.parse(readFileSync(file, "utf8")) as { since: string };
  expect(rest_).toEqual({ project: folder, pid: process.pid });
  rest(file);
  expect(holder(file)).toEqual({ project: folder, since });
});

it("is claimed again by the same clone, since when it was first", () => {
  const file = lockFile();
  writeFileSync(file, JSON.stringify({ project: folder, since: "2026-11-24T16:00:00.000Z" }));
  claim(file, folder);
  expect(holder(file)).toEqual({ project: folder, pid: process.pid, since: "2026-11-24T16:00:00.000Z" });
});

it("refuses another clone, says whose it is and what to do", () => {
  const file = lockFile();
  writeFileSync(file, JSON.stringify({ project: folder, since: "2026-11-24T16:00:00.000Z" }));
  expect(() => claim(file, "/somewhere/else")).toThrow(
    `this machine's sandbox belongs to ${folder} since 2026-11-24T16:00:00.000Z\n` +
      `  allowed: one sandbox per machine\n  try: cd ${folder} && npx aws2ncp sandbox down`,
  );
});

it("is free again when its clone is gone or gave it back", () => {
  const file = lockFile();
  writeFileSync(file, JSON.stringify({ project: join(folder, "deleted"), since: "2026-11-24T16:00:00.000Z" }));
  claim(file, folder);
  expect(holder(file)?.project).toBe(folder);
  release(file);
  expect(holder(file)).toBeUndefined();
});

it("refuses while another command of the same clone works on it, but not for a pid that ended", async () => {
  const file = lockFile();
  const other = spawn("node", ["-e", "console.log(1); setInterval(() => 0, 1000)"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  await once(other.stdout, "data");
  writeFileSync(file, JSON.stringify({ project: folder, pid: other.pid, since: "2026-11-24T16:00:00.000Z" }));
  expect(() => claim(file, folder)).toThrow(`process ${other.pid}`);
  other.kill();
  await once(other, "exit");
  claim(file, folder);
  expect(holder(file)?.pid).toBe(process.pid);
});
