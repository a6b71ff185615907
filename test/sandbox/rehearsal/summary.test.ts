import { emptySummary, sizeInWords, summaryInWords } from "../../../sandbox/rehearsal/summary";

it("has null for what was not measured, in exactly the promised shape", () => {
  expect(emptySummary()).toEqual({
    ok: false,
    steps: [],
    resources: { applied: null },
    hosts: [],
    datasets: {},
    proxy: { connects: null, denied: null, bypass_possible: null },
    second_deploy: { plan_changes: null, ansible_changed: null },
  });
});

it("says in words what was measured", () => {
  const amount = { objects: 684, bytes: 846051 };
  const text = summaryInWords({
    ok: true,
    steps: [
      { name: "up", seconds: 12.3, ok: true },
      { name: "deploy", seconds: 60, ok: true },
    ],
    resources: { applied: 43 },
    hosts: [{ name: "sync-1", ip: "10.20.1.6", changed: 31, failed: 0 }],
    datasets: { event_log: { source: amount, target: amount, identical: true } },
    proxy: { connects: 702, denied: 2, bypass_possible: false },
    second_deploy: { plan_changes: 0, ansible_changed: 0 },
  });
  expect(text.split("\n")).toEqual([
    "rehearsal ok, 72 s",
    "  steps          up 12.3 s, deploy 60 s",
    "  resources      43 applied",
    "  sync-1         10.20.1.6: 31 tasks changed, 0 failed",
    "  event_log      source 684 objects, 846.1 kB; target 684 objects, 846.1 kB; identical by SHA-256",
    "  proxy          702 connects, 2 denied; no way around it found",
    "  second deploy  0 changes planned, 0 made by Ansible",
  ]);
});

it.each([
  [0, "0 bytes"],
  [999, "999 bytes"],
  [1000, "1.0 kB"],
  [150_000_000, "150.0 MB"],
])("writes %d bytes as %s", (bytes, words) => {
  expect(sizeInWords(bytes)).toBe(words);
});
