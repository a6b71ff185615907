/** What the program says and answers when something is wrong. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compileHook, HookStack } from "../hook-program";

jest.setTimeout(60_000);

/** What the hook says after ten quiet seconds. */
const AT_WORK = /^[a-z]+-\d: at work: /;

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

let stack: HookStack;
beforeAll(() => {
  stack = new HookStack(compileHook());
});
afterAll(() => stack.remove());

it("names every input that is wrong", async () => {
  stack.render();
  const end = await stack.run({
    AWS2NCP_SERVERS: "proxy-1",
    AWS2NCP_BASTION_ADDRESS: "proxy",
    AWS2NCP_SSH_PORT: "ssh",
  });
  expect(end).toMatchObject({
    code: 2,
    stderr: `deliver: wrong use
  AWS2NCP_BASTION_ADDRESS: "proxy"; allowed: an IP address
  AWS2NCP_SSH_PORT: "ssh"; allowed: 1 to 65535
  AWS2NCP_SERVERS: "proxy-1"; allowed: JSON like {"proxy-1": "1001"}
  try: node dist/hooks/deliver/main.js --help
`,
  });
});

it("names hosts without a server number", async () => {
  stack.render();
  const end = await stack.run({ AWS2NCP_SERVERS: '{"proxy-1": "1001"}', AWS2NCP_SSH_PORT: "22" });
  expect(end).toMatchObject({
    code: 2,
    stderr: `AWS2NCP_SERVERS: no server number for sync-1
  found: proxy-1
  allowed: a number for each host of the manifest and for its bastion: proxy-1, sync-1
  try: this variable is set by the stack; run the hook by: npx cdktf deploy '*'
`,
  });
});

it("collects missing secrets before anything runs", async () => {
  stack.render((manifest) => ({
    ...manifest,
    secrets: manifest.secrets.map((ref) => (ref.name === "deploy_ssh_key" ? { ...ref, from: "file:../nowhere" } : ref)),
  }));
  const places = { aws_secret_access_key: "pipeline.yaml:87:28" };
  writeFileSync(join(stack.stackFolder, "artifacts", "secret-places.json"), JSON.stringify(places));
  const { HOOK_TEST_SECRET: _, ...env } = stack.environment({ AWS2NCP_SSH_PORT: "22" });
  const end = await stack.run({ ...env, HOOK_TEST_SECRET: undefined });
  expect(end).toMatchObject({
    code: 1,
    stdout: "",
    stderr: `transfer: 2 secrets are missing or wrong; nothing was delivered
  pipeline.yaml:87:28  secrets.aws_secret_access_key.from: "env:HOOK_TEST_SECRET" is not set
    try: set HOOK_TEST_SECRET in the environment that runs the deploy
  secrets.deploy_ssh_key.from: "file:../nowhere" does not exist (${join(stack.folder, "nowhere")})
    try: put the secret there, or correct the reference
  try: correct them, then run: npx cdktf deploy '*'
`,
  });
});

it("refuses files that are not those of the manifest", async () => {
  stack.render();
  const path = stack.onHost("sync-1", "etc/a.conf");
  const rendered = join(stack.stackFolder, "artifacts", "sync-1", path);
  mkdirSync(join(rendered, ".."), { recursive: true });
  writeFileSync(rendered, "a = 9\n");
  const end = await stack.run({ AWS2NCP_SSH_PORT: "22" });
  expect(end).toMatchObject({
    code: 2,
    stderr: `artifacts/manifest.json: the manifest does not hold
  sync-1${path}: sha256 is ${sha256("a = 9\n")}, the manifest says ${sha256("a = 1\n")}
  try: make the files anew with: npx cdktf synth
`,
  });
});

it("names host, task, reason and next step of a failure, without secrets, and spares the other hosts", async () => {
  await stack.start("proxy-1", "sync-1");
  stack.roles = ["broken"];
  stack.vars = { broken_word: stack.secretValue };
  stack.render();
  const end = await stack.run();
  expect(end.code).toBe(1);
  // A slow machine lets the hook say that it is still at work.
  const told = end.stdout
    .split("\n")
    .slice(1)
    .filter((line) => !AT_WORK.test(line));
  expect(told.join("\n").replace(/[\d.]+ s$/, "N s")).toBe(
    `proxy-1: failed: task "broken : Start the service": non-zero return code
proxy-1:   bad line 7 near ***
proxy-1:   log: state/logs/transfer-proxy-1.log
proxy-1:   try: look on the host: ssh root@127.0.0.2; then run: npx cdktf deploy '*'
sync-1: not tried, because proxy-1 failed
transfer: failed on proxy-1, sync-1; results: state/results/transfer.json; try: correct it, then run: npx cdktf deploy '*' (it resumes)
`,
  );
  expect(stack.results()).toMatchObject({
    ok: false,
    hosts: [
      { name: "proxy-1", ok: false, failed: 1 },
      { name: "sync-1", ok: false, failed: 1, reason: "not tried, because proxy-1 failed" },
    ],
  });
  for (const file of stack.state().filter((path) => /\.(json|log)$/.test(path)))
    expect(readFileSync(join(stack.folder, "root", "state", file), "utf8")).not.toContain(stack.secretValue);
});
