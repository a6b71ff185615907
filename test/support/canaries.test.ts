/** The search finds a planted secret of every form in every kind of place, and says nothing of what is clean. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Canaries, needlesOf } from "./canaries";

const KEY = `NCP${randomBytes(12).toString("hex").toUpperCase()}/+=${randomBytes(6).toString("hex")}`;
const PEM = generateKeyPairSync("ec", { namedCurve: "P-256" })
  .privateKey.export({ type: "pkcs8", format: "pem" })
  .toString();
const canaries = new Canaries(
  new Map([
    ["access_key", KEY],
    ["tls_key", PEM],
  ]),
);

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "canaries-"))));
afterEach(() => rmSync(folder, { recursive: true }));

it.each([
  ["itself", (value: string) => value],
  ["in a URL", (value: string) => `https://host/?key=${encodeURIComponent(value)}&more`],
  ["in JSON", (value: string) => JSON.stringify({ a: value })],
  ["in base64 by itself", (value: string) => Buffer.from(value).toString("base64")],
  ["in base64 after one byte", (value: string) => Buffer.from(`x${value}\n`).toString("base64")],
  ["in base64 after two bytes", (value: string) => Buffer.from(`xy${value}, and more`).toString("base64")],
  ["in hexadecimal", (value: string) => Buffer.from(value).toString("hex")],
])("finds a value %s", (_, form) => {
  writeFileSync(join(folder, "file"), `before ${form(KEY)} after\n`);
  expect(canaries.inFiles([folder])).toEqual([`${folder}/file: access_key`]);
  expect(canaries.inText("text", form(KEY))).toContain("text: access_key");
});

it.each(PEM.trim().split("\n").slice(1, -1).slice(0, 2))("finds a key by its line %#", (line) => {
  writeFileSync(join(folder, "file"), Buffer.concat([randomBytes(100), Buffer.from(line), randomBytes(100)]));
  expect(canaries.inFiles([folder])).toEqual([`${folder}/file: tls_key`]);
});

it("does not take the header that all OpenSSH keys share for one", () => {
  const header = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW";
  const pem = `-----BEGIN OPENSSH PRIVATE KEY-----\n${header}\n${"Q".repeat(70)}\n-----END OPENSSH PRIVATE KEY-----\n`;
  expect(needlesOf(pem)).not.toContain(header);
  expect(needlesOf(pem)).toContain("Q".repeat(70));
});

it("refuses a secret too short to be found", () => {
  expect(() => new Canaries(new Map([["pin", "1234"]]))).toThrow("too short to be looked for: pin");
});

it("says nothing of what is clean, nor of folders left out", () => {
  mkdirSync(join(folder, "skipped"));
  writeFileSync(join(folder, "skipped", "file"), KEY);
  writeFileSync(join(folder, "clean"), KEY.slice(1));
  expect(canaries.inFiles([folder], ["skipped"])).toEqual([]);
});

it("finds a blob of git that no commit reaches any more, and a tracked file", () => {
  const git = (...args: string[]): string =>
    execFileSync("git", ["-C", folder, ...args], { encoding: "utf8", stdio: "pipe" });
  git("init", "-q");
  expect(canaries.inGit(folder)).toEqual([]);
  writeFileSync(join(folder, "secret"), `${KEY}\n`);
  git("add", "secret");
  git("rm", "-q", "--cached", "secret");
  expect(canaries.inGit(folder)).toEqual(["git: access_key"]);
});

it("finds an argument and an environment variable of a process that descends from the one watched, and no others", async () => {
  const outside = spawn("sleep", ["60"], { env: { SECRET: KEY } });
  const shell = spawn("sh", ["-c", "read _; env TOKEN=$0 sleep 30 & sh -c 'sleep 30; :' $0 & wait", KEY], {
    env: { PATH: process.env["PATH"] ?? "" },
    detached: true, // a group of its own, that ends as a whole
    stdio: ["pipe", "ignore", "ignore"],
  });
  const watch = canaries.watch({ here: shell.pid! });
  await watch.begun();
  shell.stdin.write("go\n");
  // A child is its parent's copy until it has become the program that it is for.
  const children = (): string[] =>
    spawnSync("ps", ["--ppid", String(shell.pid), "-o", "comm="], { encoding: "utf8" })
      .stdout.trim()
      .split("\n")
      .sort();
  const deadline = Date.now() + 20_000;
  while (children().join() !== "sh,sleep" && Date.now() < deadline) await new Promise((done) => setTimeout(done, 50));
  expect(children()).toEqual(["sh", "sleep"]);
  const { hits, processes } = await watch.end();
  process.kill(-shell.pid!);
  outside.kill();
  expect(hits).toContain("here sh arguments: access_key");
  const inEnvironment = hits.filter((hit) => hit.includes("environment"));
  expect(inEnvironment).toContain("here sleep environment: access_key");
  expect(inEnvironment.filter((hit) => !/^here (sleep|env) environment: access_key$/.test(hit))).toEqual([]);
  expect(processes["here"]).toBeGreaterThanOrEqual(3);
});
