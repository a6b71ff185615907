/** However the hook ends, what it began ends with it, and the next run resumes. */
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive } from "../../../hooks/processes";
import { compileHook, endOf, HookStack, until } from "../hook-program";

jest.setTimeout(90_000);

let program: string;
let stack: HookStack;

beforeAll(async () => {
  program = compileHook();
  stack = new HookStack(program);
  stack.roles = ["slow"];
  await stack.start("proxy-1");
  stack.render();
});
afterAll(() => stack.remove());

const lockFile = (): string => join(stack.folder, "root", "state", "locks", "transfer.json");
const logFile = (): string => join(stack.folder, "root", "state", "logs", "transfer-proxy-1.log");

function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended with the others.
  }
}

/** Until Ansible runs its long task. */
async function atWork(): Promise<number> {
  await until(
    "the long task",
    () => existsSync(logFile()) && readFileSync(logFile(), "utf8").includes("slow : Take long"),
    40_000,
  );
  expect(readdirSync(stack.runtime)).toHaveLength(1);
  expect(stack.processes().length).toBeGreaterThan(0);
  const { pid } = JSON.parse(readFileSync(lockFile(), "utf8")) as { pid: number };
  return pid;
}

async function nothingLeft(): Promise<void> {
  await until("private files gone", () => readdirSync(stack.runtime).length === 0);
  await until("processes gone", () => stack.processes().length === 0);
}

beforeEach(() => {
  if (existsSync(logFile())) writeFileSync(logFile(), "");
});

it("ends cleanly on SIGTERM", async () => {
  const child = stack.spawn();
  const end = endOf(child);
  await atWork();
  child.kill("SIGTERM");
  expect(await end).toMatchObject({
    code: 143,
    stderr: "stopped: got SIGTERM; what was begun is resumed by the next run\n",
  });
  expect(readdirSync(stack.runtime)).toEqual([]);
  expect(existsSync(lockFile())).toBe(false);
  await nothingLeft();
});

it("refuses to run beside a run at work; one that was killed leaves no secrets, and its lock is taken over", async () => {
  const child = stack.spawn();
  const end = endOf(child);
  const pid = await atWork();

  const beside = await stack.run();
  const holder = JSON.parse(readFileSync(lockFile(), "utf8")) as Record<string, string>;
  expect(beside.code).toBe(1);
  expect(beside.stderr).toBe(
    `deliver transfer: another process is at work on this stack
  holder: pid ${pid} of ${holder["user"]} on ${holder["machine"]}, since ${holder["since"]}, deliver transfer
  lock: ${lockFile()}
  try: wait until it has ended (ps -p ${pid}), then run again
`,
  );

  child.kill("SIGKILL");
  expect(await end).toMatchObject({ code: null, signal: "SIGKILL" });
  await nothingLeft();
  const after = await stack.run({ HOOK_TEST_SECRET: "" });
  expect(after.stdout).toBe(`transfer: resumes after process ${pid}, which died at work (since ${holder["since"]})\n`);
  expect(existsSync(lockFile())).toBe(false);
});

it("removes the secrets that a power cut left, which took the guard along", async () => {
  const child = stack.spawn();
  const end = endOf(child);
  const pid = await atWork();
  const [folder = ""] = readdirSync(stack.runtime);
  const { privateFolder } = JSON.parse(readFileSync(lockFile(), "utf8")) as { privateFolder: string };
  expect(privateFolder).toBe(join(stack.runtime, folder));
  const guards = stack.pids("guard.sh");
  expect(guards).toHaveLength(1);
  for (const doomed of [...guards, pid, ...stack.pids("")]) killIfThere(doomed);
  expect(await end).toMatchObject({ signal: "SIGKILL" });
  expect(readdirSync(join(stack.runtime, folder))).toContain("ssh-key");

  const after = await stack.run({ HOOK_TEST_SECRET: "" });
  expect(after.stdout.split("\n")[1]).toBe(`transfer: removed ${privateFolder}, where it had secrets`);
  expect(readdirSync(stack.runtime)).toEqual([]);
});

it("ends when the process that ran it dies, with a shell in between", async () => {
  const script = `require("node:child_process").spawn("/bin/sh", ["-c", process.argv[1]], { stdio: "inherit" });`;
  const parent = spawn(process.execPath, ["-e", script, stack.shellCommand], {
    cwd: stack.stackFolder,
    env: stack.environment(),
  });
  const hook = await atWork();
  parent.kill("SIGKILL");
  await until("the hook's end", () => !isAlive({ pid: hook }));
  await nothingLeft();
  expect(existsSync(lockFile())).toBe(false);
});
