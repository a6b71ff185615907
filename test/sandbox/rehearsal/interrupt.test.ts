import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { handleInterrupts, Interrupted, pause } from "../../../sandbox/rehearsal/interrupt";
import { runLogged } from "../../../sandbox/rehearsal/logged";
import { runSteps } from "../../../sandbox/rehearsal/steps";

const folder = mkdtempSync(join(tmpdir(), "logged-"));
const log = join(folder, "log", "command.log");
afterAll(() => {
  for (const signal of ["SIGINT", "SIGTERM"]) process.removeAllListeners(signal);
  rmSync(folder, { recursive: true });
});

it("keeps a command's whole output in its log, without colours, and fails with its last lines", async () => {
  const lines: string[] = [];
  const script = "printf '\\033[31mone\\033[0m\\n\\n'; echo two >&2; exit 7";
  await expect(
    runLogged("sh", ["-c", script], { log, cwd: folder, onLine: (line) => lines.push(line) }),
  ).rejects.toThrow(/^sh -c .*: exit code 7\n {2}/s);
  expect(lines.sort()).toEqual(["one", "two"]);
  expect(readFileSync(log, "utf8").split("\n").sort()).toEqual(["", "", "one", "two"]);
});

it("hands ctrl-C to the running command once, waits for its end, and begins nothing after it", async () => {
  const told: string[] = [];
  handleInterrupts((text) => told.push(text));
  const begun: string[] = [];
  const silent = { begin: (name: string) => void begun.push(name), note: () => undefined, end: () => undefined };
  const trap = "trap 'echo saving; sleep 0.3; echo saved; exit 3' INT; echo ready; while :; do sleep 0.1; done";
  const steps = [
    {
      name: "deploy",
      run: () =>
        runLogged("bash", ["-c", trap], {
          log,
          cwd: folder,
          onLine: (line) => void (line === "ready" && process.emit("SIGINT")),
        }),
    },
    { name: "cron", run: () => Promise.resolve() },
  ];
  await expect(runSteps(steps, silent)).rejects.toBeInstanceOf(Interrupted);
  expect(readFileSync(log, "utf8")).toBe("ready\nsaving\nsaved\n");
  expect(begun).toEqual(["deploy"]);
  expect(told).toEqual(["stopping, which takes as long as what is running needs to end; once more to press harder"]);
  await expect(pause(60_000)).rejects.toBeInstanceOf(Interrupted);
});
