import { dirname, join } from "node:path";
import { writeResults } from "../../../hooks/deliver/results";
import { exitCodeFor, program } from "../../../ops/main";
import { pipelineFile, wholePipelineFile } from "../../fixtures/pipeline";

/** Runs the program; its exit code, and what it wrote. */
async function aws2ncp(...args: string[]): Promise<{ code: number; out: string }> {
  let out = "";
  const spies = [
    jest.spyOn(process.stdout, "write").mockImplementation((text) => ((out += String(text)), true)),
    jest.spyOn(process.stderr, "write").mockImplementation(() => true),
  ];
  try {
    const thrown = await program()
      .parseAsync(args, { from: "user" })
      .then(
        () => undefined,
        (error: unknown) => error,
      );
    if (thrown === undefined) return { code: Number(process.exitCode ?? 0), out };
    return { code: exitCodeFor(thrown), out: (thrown as Error).message };
  } finally {
    process.exitCode = undefined;
    spies.forEach((spy) => spy.mockRestore());
  }
}

/** Delivered, by a bastion where nobody listens; the key that leads there is not one. */
function delivered(file: string): void {
  const host = { ok: true, tasks: 1, changed: 0, failed: 0, changedTasks: [], seconds: 1 };
  writeResults(join(dirname(file), "out/sandbox/state"), {
    ...{ stack: "transfer", manifest: "m", ok: true, started: "2026-11-24T16:00:00.000Z", seconds: 1 },
    bastionAddress: "127.0.0.1",
    hosts: [
      { ...host, name: "proxy-1", ip: "10.20.0.6", server: "1001" },
      { ...host, name: "sync-1", ip: "10.20.1.6", server: "1002" },
    ],
  });
}

it("status of a pipeline of which nothing is there yet: one JSON document, exit code 1", async () => {
  const file = pipelineFile();
  const { code, out } = await aws2ncp("status", "--pipeline", file, "--json");
  expect(code).toBe(1);
  const { steps, ...rest } = JSON.parse(out);
  expect(rest).toEqual({
    pipeline: "aws2ncp",
    done: false,
    next: { step: "infrastructure", try: "npx cdktf deploy '*'" },
  });
  const stacks = ["network", "storage", "transfer", "source"];
  expect(steps).toEqual([
    {
      name: "infrastructure",
      title: "infrastructure applied",
      state: "waiting",
      parts: stacks.map((name) => ({ name, state: "waiting", found: "not applied", try: "npx cdktf deploy '*'" })),
      blockedBy: [],
    },
    {
      name: "hosts",
      title: "hosts delivered",
      state: "waiting",
      parts: ["proxy-1", "sync-1"].map((name) => ({
        ...{ name, state: "waiting", found: "never delivered", try: "npx cdktf deploy '*'" },
      })),
      blockedBy: ["infrastructure"],
    },
    {
      name: "sync",
      title: "log sync current",
      state: "waiting",
      parts: [{ name: "sync-1", state: "waiting", found: "never delivered", try: "npx cdktf deploy '*'" }],
      blockedBy: ["infrastructure", "hosts"],
    },
  ]);
});

it("without its secret the hosts are not asked, and the reason is told", async () => {
  const file = pipelineFile();
  delivered(file);
  const { code, out } = await aws2ncp("status", "--pipeline", file);
  expect(code).toBe(1);
  expect(out).toMatch(/\nunknown +log sync current +0 of 1 dataset; after: infrastructure applied\n/);
  expect(out).toContain(
    'sync-1: unknown: no way to the hosts: secrets.deploy_ssh_key.from: "file:out/sandbox/secrets/deploy" ',
  );
  expect(out).not.toContain("\u001b");
});

it.each([
  [["status", "--help"], 0],
  [["status", "somewhere"], 2],
  [["status", "--fast"], 2],
  [["jobs", "on", "--help"], 0],
  [["jobs", "fly"], 2],
  [["jobs"], 2],
])("%j ends with %d", async (args, code) => {
  expect((await aws2ncp(...args)).code).toBe(code);
});

it.each(["on", "off"])("jobs %s is wrong use of a pipeline without Airflow", async (turn) => {
  const file = pipelineFile();
  expect(await aws2ncp("jobs", turn, "--pipeline", file)).toEqual({
    code: 2,
    out: `${file}: the pipeline has no Airflow, so it has no batch jobs\n  try: docs/query.md, the part on Airflow`,
  });
});

it("jobs off can't be where the host was never delivered, and says so", async () => {
  const file = wholePipelineFile();
  const { code, out } = await aws2ncp("jobs", "off", "--pipeline", file);
  expect(code).toBe(1);
  expect(out).toContain("no way to the hosts: secrets.deploy_ssh_key.from:");
  expect(out).toContain(`\n  try: npx aws2ncp doctor ${file} --only secrets`);
});
