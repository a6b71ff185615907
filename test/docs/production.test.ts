/** docs/production.md: no command that nothing runs without a reason, and those that need no platform are run here. */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { COMMANDS, commandsOf, commandsRun } from "./commands";

jest.setTimeout(120_000);

const root = join(__dirname, "..", "..");

it("says of each command where it is run, or why not", () => {
  const told = commandsOf("production.md");
  expect(told.filter((command) => COMMANDS[command] === undefined)).toEqual([]);
  expect(Object.keys(COMMANDS).filter((command) => !told.includes(command))).toEqual([]);
  const reasons = Object.values(COMMANDS).filter((where) => where !== "here" && where !== "sandbox");
  expect(reasons.filter((reason) => !/^not run: .{10,}/.test(reason))).toEqual([]);
});

describe("in a copy of the clone", () => {
  const clone = mkdtempSync(join(tmpdir(), "walk-"));
  afterAll(() => rmSync(clone, { recursive: true }));
  const shell = (command: string) =>
    spawnSync("bash", ["-euc", command], { cwd: clone, encoding: "utf8", env: { ...process.env, CI: "true" } });
  const staged = (): string[] =>
    execFileSync("git", ["diff", "--cached", "--name-only"], { cwd: clone, encoding: "utf8" }).trim().split("\n");

  beforeAll(() => {
    for (const name of ["dist", "node_modules", "ansible-templates", "pipeline", "hooks"])
      symlinkSync(join(root, name), join(clone, name));
    for (const name of ["examples", "cdktf.json", "package.json", ".gitignore"])
      cpSync(join(root, name), join(clone, name), { recursive: true });
    execFileSync("git", ["init", "-q", clone]);
  });

  it("each does what the next one needs, and git gets what belongs there and nothing else", () => {
    const git = commandsRun("here").filter((command) => command.startsWith("git "));
    for (const command of commandsRun("here").filter((each) => !git.includes(each))) {
      const { status, stdout, stderr } = shell(command);
      expect([command, status, status === 0 ? "" : stdout + stderr]).toEqual([command, 0, ""]);
    }
    expect(JSON.parse(readFileSync(join(clone, "cdktf.json"), "utf8"))).toMatchObject({
      app: "node dist/main.js production.yaml",
    });
    // As `terraform init` leaves them; and what must never come along.
    for (const file of [
      "cdktf.out/stacks/network/.terraform.lock.hcl",
      "cdktf.out/stacks/network/.terraform/x",
      "cdktf.sandbox/stacks/network/.terraform.lock.hcl",
      "certs/proxy.key",
      "out/x",
    ]) {
      mkdirSync(dirname(join(clone, file)), { recursive: true });
      writeFileSync(join(clone, file), "x");
    }
    for (const command of git) expect(shell(command).status).toBe(0);
    const wanted = ["cdktf.json", "cdktf.out/stacks/network/.terraform.lock.hcl", "keys/deploy.pub", "production.yaml"];
    expect(staged()).toEqual(wanted);
    execFileSync("git", ["add", "."], { cwd: clone });
    expect(staged().filter((file) => /^(cdktf\.|keys|certs|out)/.test(file))).toEqual(wanted.slice(0, 3));
  });
});
