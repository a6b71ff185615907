import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { duration, progress, rememberTimings, timeLeft } from "../../ops/progress";

const cache = mkdtempSync(join(tmpdir(), "cache-"));
beforeAll(() => {
  process.env["AWS2NCP_CACHE"] = cache;
});
afterAll(() => {
  rmSync(cache, { recursive: true });
  delete process.env["AWS2NCP_CACHE"];
});

/** A screen that keeps what was written. */
function screen(isTTY: boolean): { isTTY: boolean; written: string; write(text: string): void } {
  return {
    isTTY,
    written: "",
    write(text) {
      this.written += text;
    },
  };
}

it("writes plain lines where there is no terminal, with last time's duration", () => {
  rememberTimings("rehearse", [
    { name: "up", seconds: 75, ok: true },
    { name: "deploy", seconds: 3, ok: false },
  ]);
  const out = screen(false);
  const watcher = progress("rehearse", out, {});
  watcher.begin("up");
  watcher.note("up", "networks");
  watcher.end({ name: "up", seconds: 71.2, ok: true });
  watcher.begin("deploy");
  watcher.end({ name: "deploy", seconds: 3, ok: false });
  watcher.stop();
  expect(out.written).toBe("up … (about 1 min 15 s)\nup ok, 71.2 s\ndeploy …\ndeploy FAILED, 3 s\n");
});

it.each([
  [{}, "\u001b[32m✓\u001b[0m up  12 s\n"],
  [{ NO_COLOR: "1" }, "✓ up  12 s\n"],
  [{ NO_COLOR: "" }, "\u001b[32m✓\u001b[0m up  12 s\n"],
])("colours on a terminal unless NO_COLOR says no: %j", (env, end) => {
  const out = screen(true);
  const watcher = progress("up", out, env);
  watcher.begin("up");
  watcher.end({ name: "up", seconds: 12, ok: true });
  watcher.stop();
  expect(out.written.endsWith(end)).toBe(true);
});

it("judges what is left by what each step took last time", () => {
  const last = { up: 10, deploy: 60, cron: 30 };
  expect(timeLeft(last, ["up"], "deploy", 20)).toBe(70);
  expect(timeLeft(last, ["up"], "deploy", 90)).toBe(30);
  expect(timeLeft(last, ["up"], "probe", 1)).toBeUndefined();
});

it("writes seconds for people", () => {
  expect([duration(0.4), duration(59.4), duration(75)]).toEqual(["0 s", "59 s", "1 min 15 s"]);
});
