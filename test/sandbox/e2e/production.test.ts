/**
 * docs/production.md in the sandbox: its commands, in its order, with the production example in which only places and names are the
 * sandbox's. States in Object Storage, from nothing to a copy that is gone back to.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { DeleteBucketCommand, GetObjectCommand, ListBucketsCommand, type S3Client } from "@aws-sdk/client-s3";
import { sandboxEnv } from "../../../sandbox/env";
import { PEERS } from "../../../sandbox/network";
import { listObjects, s3Client } from "../../../sandbox/object-storage";
import { projectRoot } from "../../../sandbox/paths";
import { commandsRun } from "../../docs/commands";
import { removeAll } from "./buckets";
import { withObjectStorageNamed } from "./names";
import { rehearsedPlan } from "./support";

jest.setTimeout(400_000);

rehearsedPlan();
const BUCKET = "sandbox-state";
const clone = mkdtempSync(join(tmpdir(), "production-"));

/** The sandbox's side of what the example names; nothing else is another. */
const VALUES: readonly (readonly [string, string])[] = [
  ["name: aws2ncp #", "name: walk #"],
  ["bucket: company-aws2ncp-state", `bucket: ${BUCKET}`],
  ["host: kr.object.ncloudstorage.com", `host: ${PEERS.ncp.hostName}`], // plays the public endpoint as well
  ["runner: deploy-1", `runner: ${hostname()}`],
  ["reader: aws2ncp-reader", "reader: walk-reader"],
];

// As production has it: cdktf.json and no variable names the pipeline, and the output folder is cdktf's own.
const { CDKTF_OUTPUT: _output, CDKTF_APP: _app, ...ofSandbox } = sandboxEnv();
const env = { ...process.env, ...ofSandbox, CI: "true", NO_COLOR: "1", FORCE_COLOR: "0", TF_IN_AUTOMATION: "1" };

interface Ended {
  readonly status: number | null;
  readonly output: string;
}

function shell(command: string): Ended {
  const [program, args] = withObjectStorageNamed(["bash", "-euc", command]);
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: clone, encoding: "utf8", env });
  return { status, output: stdout + stderr };
}

function succeed(command: string): string {
  const { status, output } = shell(command);
  if (status !== 0) throw new Error(`${command} ended with ${status}\n${output}`);
  return output;
}

/** What is run of a command of the document, where a sandbox can't run all of it. */
const NARROWED: Readonly<Record<string, string>> = {
  // Secrets, images and the AWS side have checks and tests of their own.
  "npx aws2ncp doctor production.yaml": "npx aws2ncp doctor production.yaml --only state",
  // One stack shows all that is of this document; the rehearsal deploys them all.
  "npx cdktf deploy '*'": "npx cdktf deploy network --auto-approve",
};
const asRun = (command: string): string => NARROWED[command] ?? command;
const documented = (start: string): string => {
  const found = commandsRun("sandbox").find((command) => command.startsWith(start));
  if (found === undefined) throw new Error(`docs/production.md has no command that starts with ${start}`);
  return asRun(found);
};

function change(from: string, to: string): void {
  const file = join(clone, "production.yaml");
  const text = readFileSync(file, "utf8");
  if (text.split(from).length !== 2) throw new Error(`production.yaml has not once: ${from}`);
  writeFileSync(file, text.replace(from, to));
}

const keys = async (prefix: string): Promise<string[]> =>
  (await listObjects("ncp", BUCKET, prefix)).map(({ key }) => key);
const copies = (): Promise<string[]> => keys("walk/history/network/");

let client: S3Client;
async function text(key: string): Promise<string> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
  return (await Body?.transformToString()) ?? "";
}

/** A run that was cut short leaves its bucket, and in it the state that knows what it made on the platform. */
async function takeAway(): Promise<void> {
  const { Buckets = [] } = await client.send(new ListBucketsCommand({}));
  if (!Buckets.some(({ Name }) => Name === BUCKET)) return;
  // The stacks that build on it were never deployed.
  const destroy = "npx cdktf destroy network --auto-approve --ignore-missing-stack-dependencies";
  if ((await keys("walk/network.tfstate")).length > 0) succeed(destroy);
  await removeAll("ncp", BUCKET, "");
  await client.send(new DeleteBucketCommand({ Bucket: BUCKET }));
}

beforeAll(async () => {
  client = s3Client("ncp");
  for (const name of ["dist", "node_modules", "ansible-templates", "pipeline", "hooks"])
    symlinkSync(join(projectRoot(), name), join(clone, name));
  for (const name of ["examples", "cdktf.json", "package.json"])
    cpSync(join(projectRoot(), name), join(clone, name), { recursive: true });
  commandsRun("here")
    .filter((command) => !/^(git|npx) /.test(command))
    .forEach(succeed);
  VALUES.forEach(([from, to]) => change(from, to));
  await takeAway();
});

afterAll(async () => {
  try {
    await takeAway();
  } finally {
    client.destroy();
    rmSync(clone, { recursive: true, force: true });
  }
});

it("bootstrap makes the bucket, and finds that this Object Storage's lock holds one after the other only", async () => {
  expect(succeed(documented("npx aws2ncp bootstrap production.yaml --dry-run"))).toBe(`would make ${BUCKET}\n`);
  const made = JSON.parse(succeed("npx aws2ncp bootstrap production.yaml --json")) as Record<string, unknown>;
  expect(made).toMatchObject({
    ok: true,
    did: "made",
    // s3proxy 3.2 looks first and writes then.
    proof: { holds: false, found: expect.stringMatching(/^[234] of 4 puts at the same time succeeded/) },
    write: ["locking: single-runner", `runner: ${hostname()}`],
  });
  expect(succeed("npx aws2ncp bootstrap production.yaml")).toMatch(new RegExp(`^adopted ${BUCKET}\n`));
  expect(await keys("")).toEqual([]);
});

it("bootstrap refuses a lock that the file trusts and the service does not keep", () => {
  const [single, locked] = [`locking: single-runner\n    runner: ${hostname()}`, "locking: lockfile\n    #"];
  change(single, locked);
  const { status, output } = shell("npx aws2ncp bootstrap production.yaml");
  change(locked, single);
  expect([status, output]).toEqual([
    1,
    expect.stringContaining('ERROR    state  state.remote.locking: "lockfile", but'),
  ]);
});

it("doctor finds the states well, as far as the service tells", () => {
  expect(succeed(documented("npx aws2ncp doctor"))).toContain("\n0 errors, 0 warnings, 1 unknown, 5 ok\n");
});

it("deploys with its credentials alone, and the second plan is empty", async () => {
  expect(succeed(documented("npx cdktf diff"))).toContain("21 to add");
  succeed(documented("npx cdktf deploy"));
  expect(await keys("")).toEqual(["walk/network.tfstate"]);
  expect(succeed("npx cdktf diff network")).toContain("No changes");
});

it("copies the state before a change, and only the machine that may deploys at all", async () => {
  const before = await text("walk/network.tfstate");
  change("admin_cidrs: [203.0.113.10/32]", "admin_cidrs: [203.0.113.11/32]");
  change(`runner: ${hostname()}`, "runner: another-machine");
  const refused = shell("npx cdktf deploy network --auto-approve");
  expect([refused.status === 0, refused.output]).toEqual([
    false,
    expect.stringContaining("nothing locks the states, so only one machine deploys"),
  ]);
  expect(await copies()).toEqual([]);

  change("runner: another-machine", `runner: ${hostname()}`);
  succeed(documented("npx cdktf deploy"));
  const [copy = "", ...more] = await copies();
  expect(more).toEqual([]);
  expect(await text(copy)).toBe(before);
  expect(succeed("npx cdktf diff network")).toContain("No changes");
});

it("goes back to a copy, and the plan shows what was made since", async () => {
  writeFileSync(join(clone, "back.tfstate"), await text((await copies())[0] as string));
  succeed(documented("terraform "));
  const diff = succeed("npx cdktf diff network");
  expect(diff).toContain("terraform_data.before_changes");
  expect(succeed("npx cdktf deploy network --auto-approve")).not.toMatch(/Error/);
  expect(succeed("npx cdktf diff network")).toContain("No changes");
});
