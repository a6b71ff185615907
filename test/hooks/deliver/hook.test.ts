/** The whole hook as Terraform runs it: real ssh, real Ansible, two hosts on loopback. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { compileHook, HookStack } from "../hook-program";

jest.setTimeout(120_000);

let program: string;
let stack: HookStack;

beforeAll(async () => {
  program = compileHook();
  stack = new HookStack(program);
  await stack.start("proxy-1", "sync-1");
});
afterAll(() => stack.remove());

const lines = (text: string): string[] => text.trim().split("\n");

it("delivers every file, the bastion first", async () => {
  stack.render();
  const end = await stack.run();
  expect(end).toMatchObject({ code: 0, stderr: "" });
  for (const host of ["proxy-1", "sync-1"] as const) {
    expect(readFileSync(stack.onHost(host, "etc/a.conf"), "utf8")).toBe("a = 1\n");
    expect(readFileSync(stack.onHost(host, "etc/credentials"), "utf8")).toBe(`secret = ${stack.secretValue}\n`);
    expect((statSync(stack.onHost(host, "etc/credentials")).mode & 0o777).toString(8)).toBe("600");
  }
  const told = lines(end.stdout).map((line) => line.replace(/[\d.]+ s$/, "N s"));
  const first = told.indexOf("proxy-1: done: 4 tasks, 2 changed, N s");
  expect(first).toBeGreaterThan(0);
  expect(told.findIndex((line) => line.startsWith("sync-1: "))).toBeGreaterThan(first);
  expect(told.at(-1)).toBe("transfer: delivered to 2 hosts, 4 changes, N s");
});

it("changes nothing the second time", async () => {
  const end = await stack.run();
  expect(end).toMatchObject({ code: 0, stderr: "" });
  expect(
    stack
      .results()
      .hosts.map(({ name, ok, changed, failed, changedTasks }) => ({ name, ok, changed, failed, changedTasks })),
  ).toEqual([
    { name: "proxy-1", ok: true, changed: 0, failed: 0, changedTasks: [] },
    { name: "sync-1", ok: true, changed: 0, failed: 0, changedTasks: [] },
  ]);
});

it("changes exactly the file that changed, and says so", async () => {
  stack.files = { ...stack.files, "b.conf": "b = 2\n" };
  stack.render();
  const end = await stack.run();
  expect(end).toMatchObject({ code: 0, stderr: "" });
  expect(
    stack.results().hosts.map(({ name, ip, server, changedTasks }) => ({ name, ip, server, changedTasks })),
  ).toEqual([
    {
      name: "proxy-1",
      ip: "127.0.0.2",
      server: "1001",
      changedTasks: [{ task: "sample : Write files", files: [stack.onHost("proxy-1", "etc/b.conf")] }],
    },
    {
      name: "sync-1",
      ip: "127.0.0.3",
      server: "1002",
      changedTasks: [{ task: "sample : Write files", files: [stack.onHost("sync-1", "etc/b.conf")] }],
    },
  ]);
});

it("leaves neither private files nor processes nor a lock, and no secret in what it keeps", async () => {
  expect(readdirSync(stack.runtime)).toEqual([]);
  expect(stack.processes()).toEqual([]);
  expect(stack.state()).toEqual([
    "locks",
    "logs",
    "logs/transfer-proxy-1.log",
    "logs/transfer-sync-1.log",
    "pins",
    "pins/transfer.json",
    "results",
    "results/transfer.json",
  ]);
});
