import { runSteps, StepFailed, type StepResult } from "../../../sandbox/rehearsal/steps";

it("runs steps in order, tells the watcher, and stops at the first that fails with where to look", async () => {
  const told: string[] = [];
  const results: StepResult[] = [];
  const watcher = {
    begin: (name: string) => void told.push(`begin ${name}`),
    note: (name: string, text: string) => void told.push(`${name}: ${text}`),
    end: ({ name, ok }: StepResult) => void told.push(`end ${name} ${ok}`),
  };
  const failing = runSteps(
    [
      { name: "up", run: async (note) => note("networks") },
      {
        name: "deploy",
        run: () => Promise.reject(new Error("no such image")),
        look: "less out/sandbox/log/deploy.log",
      },
      { name: "cron", run: () => Promise.resolve() },
    ],
    watcher,
    results,
  );
  await expect(failing).rejects.toThrow(
    new StepFailed("deploy", new Error("no such image"), "less out/sandbox/log/deploy.log"),
  );
  await expect(failing).rejects.toThrow(
    "deploy failed: no such image\n  look further: less out/sandbox/log/deploy.log",
  );
  expect(told).toEqual(["begin up", "up: networks", "end up true", "begin deploy", "end deploy false"]);
  expect(results.map(({ name, ok }) => [name, ok])).toEqual([
    ["up", true],
    ["deploy", false],
  ]);
});
