/**
 * A deploy killed with SIGKILL at five points, each proven reached; what the next deploy leads to equals what an undisturbed one
 * led to.
 */
import { spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { KIND } from "../../../sandbox/cloud/records";
import { sandboxEnv } from "../../../sandbox/env";
import { hostExec, hostExists } from "../../../sandbox/hosts";
import { ROUTER } from "../../../sandbox/network";
import { outputPath, projectRoot, sandboxPath } from "../../../sandbox/paths";
import { deploy, TRANSFER_STACK, deployLog, type Deployment } from "../../../sandbox/rehearsal/deploy";
import { run } from "../../../sandbox/run";
import { loseServer } from "./lost";
import { DeployProcess, HOOK } from "./killed/deploy-process";
import { fingerprint, objectsOnPlatform, type Fingerprint } from "./killed/fingerprint";
import { hostNamed, rehearsedPlan, secretOn, stateOf } from "./support";

jest.setTimeout(400_000);

const plan = rehearsedPlan();
const NAME = "sync-1";
const ADDRESS = `ncloud_server.${NAME}_server`;
const stateFile = (...parts: string[]): string => join(projectRoot(), plan.stateFolder, ...parts);

const serversInState = (): string[] => stateOf(plan, "transfer", "ncloud_server").map(({ name }) => String(name));
const serversOnPlatform = (): { id: string; name: string; unfinished?: string }[] =>
  objectsOnPlatform()
    .filter(({ type }) => type === KIND.server)
    .map(({ record }) => record as never);
const serverOnPlatform = () => serversOnPlatform().filter(({ name }) => name === NAME);

/** Every kill is of this stack's deploy, whose resources and hook have all the points; the last deploy is of all stacks. */
const STACK = { stack: TRANSFER_STACK } as const;
const deployUndisturbed = (deployment: Deployment = STACK): Promise<void> =>
  deploy(() => undefined, deployLog("killed"), deployment);

/** As a person types it. */
function orphans(...options: string[]): { code: number | null; stdout: string } {
  const program = join(projectRoot(), "dist", "ops", "main.js");
  const { status, stdout, stderr } = spawnSync("node", [program, "orphans", ...options], {
    cwd: projectRoot(),
    env: { ...process.env, ...sandboxEnv() },
    encoding: "utf8",
  });
  if (stdout === "") throw new Error(stderr);
  return { code: status, stdout };
}

/** Where the stand-in platform is held. */
const breakpoint = (name: string): string => sandboxPath("breakpoints", name);
function setBreakpoint(name: string): void {
  mkdirSync(sandboxPath("breakpoints"), { recursive: true });
  writeFileSync(breakpoint(name), "");
}

/** Events of Ansible on the host in the last run of the hook. */
function events(): any[] {
  const file = stateFile("logs", `transfer-${NAME}.log`);
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.startsWith('{"event"') && line.endsWith("}"))
    .map((line) => JSON.parse(line));
}

/** The log of an earlier run must not be taken for this one's. */
const forgetEvents = (): void => rmSync(stateFile("logs", `transfer-${NAME}.log`), { force: true });

const lines = (text: string): string[] => text.split("\n").filter((line) => line !== "");

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

let undisturbed: Fingerprint;

beforeAll(async () => {
  undisturbed = await fingerprint();
});

afterEach(() => rmSync(sandboxPath("breakpoints"), { recursive: true, force: true }));

describe("(a) inside the creation of a server", () => {
  let id: string;

  it("leaves a server that the platform finishes and no state knows", async () => {
    await loseServer(NAME);
    setBreakpoint(`ncloud_server.${NAME}.making`);
    const killed = new DeployProcess(STACK);
    await killed.reaches("the creation", 120, () => existsSync(breakpoint(`ncloud_server.${NAME}.making.reached`)));
    await killed.kill();
    expect(await hostExists(NAME)).toBe(false);
    expect(serverOnPlatform()).toMatchObject([{ unfinished: "making" }]);
    // Terraform's lock dies with it; what it wrote about it stays, and must not be in anybody's way.
    expect(existsSync(stateFile(".transfer.tfstate.lock.info"))).toBe(true);

    rmSync(breakpoint(`ncloud_server.${NAME}.making`));
    while (serverOnPlatform()[0]?.unfinished !== undefined) await sleep(100);
    id = serverOnPlatform()[0]?.id as string;
    expect(await hostExists(NAME)).toBe(true);
    expect(serversInState()).not.toContain(NAME);
  });

  it("is neither adopted nor doubled by the next deploy, which says what to do", async () => {
    await expect(deployUndisturbed()).rejects.toThrow(
      new RegExp(`the name "${NAME}" is taken by ${id}, [^]*try: npx aws2ncp orphans`),
    );
    expect(serversInState()).not.toContain(NAME);
    expect(serverOnPlatform().map((each) => each.id)).toEqual([id]);
  });

  it("is shown and imported by name; the next deploy leads to what an undisturbed one does", async () => {
    expect(orphans()).toEqual({
      code: 1,
      stdout: `orphan   transfer  ${ADDRESS}  "${NAME}"  ${id}
  import id: ${id}
  its delivery runs in the next deploy
try: npx aws2ncp orphans --import
`,
    });
    expect(orphans("--import")).toEqual({
      code: 0,
      stdout: `imported  transfer  ${ADDRESS}  ${id}
then: npx cdktf deploy '*'
`,
    });
    await deployUndisturbed();
    expect(serverOnPlatform().map((each) => each.id)).toEqual([id]);
    expect(await fingerprint()).toEqual(undisturbed);
  });
});

it("(b) with the container up and the state unwritten", async () => {
  await loseServer(NAME);
  setBreakpoint(`ncloud_server.${NAME}.made`);
  const killed = new DeployProcess(STACK);
  await killed.reaches("the end of the creation", 120, () =>
    existsSync(breakpoint(`ncloud_server.${NAME}.made.reached`)),
  );
  expect(await hostExists(NAME)).toBe(true);
  await killed.kill();
  expect(serversInState()).not.toContain(NAME);

  const [{ id } = { id: "" }] = serverOnPlatform();
  const { code, stdout } = orphans("--import", "--json");
  expect(code).toBe(0);
  expect(JSON.parse(stdout).imported).toEqual([
    { stack: "transfer", address: ADDRESS, importId: id, result: "imported" },
  ]);
  await deployUndisturbed();
  expect(serverOnPlatform().map((each) => each.id)).toEqual([id]);
  expect(await fingerprint()).toEqual(undisturbed);
});

describe("(c) with half a file delivered", () => {
  const QUOTA_BYTES = 3_000_000;
  const pipeline = "pipeline.killed.yaml";
  const bundle = sandboxPath("secrets", "killed-bundle.pem");
  /** Under a name of its own, until it is whole: path and size. */
  const halfFiles = async (): Promise<string[][]> => {
    const search = "find / -xdev -type f -name '.ansible_mitogen_transfer-*' -size +100k -printf '%p %s\\n'";
    const { stdout } = await hostExec(NAME, ["sh", "-c", search], { allowFail: true }); // one may vanish meanwhile
    return lines(stdout).map((line) => line.split(" "));
  };
  const table = (...args: string[]): ReturnType<typeof run> =>
    run("ip", ["netns", "exec", ROUTER, "nft", ...args], { allowFail: true });

  /** Bytes that were on their way to the host's sshd so far; counted up to the quota and no further. */
  const used = async (): Promise<number> => {
    const { stdout } = await table("--json", "list", "quotas", "table", "ip", "killed");
    const { nftables } = JSON.parse(stdout) as { nftables: { quota?: { used: number } }[] };
    return nftables.find(({ quota }) => quota !== undefined)?.quota?.used ?? 0;
  };

  afterAll(async () => {
    await table("delete", "table", "ip", "killed");
    rmSync(join(projectRoot(), pipeline), { force: true });
    rmSync(bundle, { force: true });
  });

  it("puts no half file in place, and the next deploy brings the whole", async () => {
    const path = secretOn(NAME, "trust_bundle");
    const before = undisturbed.hosts[NAME]?.files[path] as string;
    const original = readFileSync(join(projectRoot(), "pipeline.yaml"), "utf8");
    const reference = '{ from: "file:out/sandbox/secrets/ca.crt", version: 1 }';
    const [, line] = /^ +(trust_bundle: .*)$/m.exec(original) as RegExpExecArray;
    expect(line).toContain(reference);
    // What stands between certificates is a comment: text that can't be compressed away.
    const certificate = readFileSync(sandboxPath("secrets", "ca.crt"), "utf8");
    const text = `${randomBytes(6_000_000).toString("base64")}\n${certificate.trim()}\n`;
    writeFileSync(bundle, text);
    const changed = 'trust_bundle: { from: "file:out/sandbox/secrets/killed-bundle.pem", version: 2 }';
    writeFileSync(join(projectRoot(), pipeline), original.replace(line as string, changed));
    const deployment = { ...STACK, app: `node dist/main.js ${pipeline}` };

    const { address } = hostNamed(plan, NAME);
    await run("ip", ["netns", "exec", ROUTER, "nft", "-f", "-"], {
      input: `table ip killed {
        quota half { over ${QUOTA_BYTES} bytes }
        chain forward { type filter hook forward priority -200; ip daddr ${address} tcp dport 22 quota name "half" drop; }
      }`,
    });
    const killed = new DeployProcess(deployment);
    await killed.reaches("half a file, and no more of it let through", 180, async () => (await used()) >= QUOTA_BYTES);
    expect((await halfFiles()).map(([, size]) => Number(size) < text.length)).toEqual([true]);
    await killed.kill();
    await table("delete", "table", "ip", "killed");
    expect((await hostExec(NAME, ["sha256sum", path])).stdout.split(" ")[0]).toBe(before.split(" ")[0]);

    await deployUndisturbed(deployment);
    const after = await fingerprint();
    const whole = before.replace(/^\S+/, sha256(text));
    const host = undisturbed.hosts[NAME] as Fingerprint["hosts"][string];
    expect(after).toEqual({
      ...undisturbed,
      hosts: { ...undisturbed.hosts, [NAME]: { ...host, files: { ...host.files, [path]: whole } } },
    });
    expect(await halfFiles()).toEqual([]);
  });
});

it("(d) in the middle of Ansible, and the hook ends by itself", async () => {
  forgetEvents();
  const killed = new DeployProcess(STACK); // brings back the bundle as it was
  const delivered = (event: any): boolean =>
    event.event === "ok" && event.task === "deliver : Deliver secrets" && event.changed;
  await killed.reaches("a secret delivered, its services not restarted", 180, () => events().some(delivered));
  await killed.kill(HOOK);
  expect(events().filter(({ event }) => event === "stats")).toEqual([]);
  expect((await hostExec(NAME, ["ls", "/run/aws2ncp-converging"])).code).toBe(0);

  await deployUndisturbed();
  expect(await fingerprint()).toEqual(undisturbed);
});

it("(e) with Ansible done and the hook not", async () => {
  const results = stateFile("results", "transfer.json");
  const before = readFileSync(results, "utf8");
  forgetEvents();
  await run("terraform", ["taint", "terraform_data.deliver"], { cwd: outputPath("transfer"), env: sandboxEnv() });
  const killed = new DeployProcess(STACK);
  let fifo = "";
  try {
    // The hook writes its results under a name of its own first: there it waits for a reader that never comes.
    await killed.reaches("the hook", 180, () => killed.pids(HOOK).length > 0);
    const hooks = killed.pids(`node ../../../dist/${HOOK}`);
    expect(hooks).toHaveLength(1);
    fifo = `${results}.${hooks[0]}.tmp`;
    await run("mkfifo", [fifo]);
    await killed.reaches("the end of Ansible on the last host", 180, () =>
      new RegExp(`${NAME}: done: \\d+ tasks`).test(killed.output),
    );
    expect(killed.pids(HOOK)).toEqual(hooks);
    await killed.kill();
  } finally {
    rmSync(fifo, { force: true });
  }
  expect(events().at(-1)).toMatchObject({ event: "stats", host: NAME, failures: 0, unreachable: 0 });
  expect(readFileSync(results, "utf8")).toBe(before);

  await deployUndisturbed({});
  expect(readFileSync(results, "utf8")).not.toBe(before);
  expect(readFileSync(deployLog("killed"), "utf8")).toMatch(/transfer: resumes after process \d+, which died at work/);
  expect(await fingerprint()).toEqual(undisturbed);
});
