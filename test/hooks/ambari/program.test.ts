/** The compiled hook, over two real sshd to the stand-in Ambari: the way there, a kill, the lock, secrets that are missing. */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ambariFilesOf } from "../../../constructs/hadoop/ambari-files";
import type { Manifest, ManifestHost } from "../../../pipeline/manifest";
import { cluster } from "../../fixtures/cluster";
import { compileHook, endOf, type HookEnd } from "../hook-program";
import { freePort, LOGIN_USER, makeKey, startSshd, type Sshd } from "../sshd";
import { SECRETS, StandIn, until, valueOf } from "./stand-in";

jest.setTimeout(120_000);

const spec = cluster();
const hosts = spec.nodes.map(({ fqdn }) => fqdn);
const ADDRESSES = { "proxy-1": "127.0.0.2", "hdp-1": "127.0.0.3" } as const;

let program: string;
let root: string;
let stackFolder: string;
let port: number;
let sshds: Sshd[];
let ambari: StandIn;
const started = new Set<ChildProcess>();

beforeAll(async () => {
  program = join(dirname(compileHook()), "..", "ambari", "main.js");
  root = mkdtempSync(join(tmpdir(), "aws2ncp-ambari-program-"));
  stackFolder = join(root, "cdktf.out", "stacks", "batch-cluster");
  const key = makeKey(root, "deploy");
  port = await freePort(...Object.values(ADDRESSES));
  sshds = await Promise.all(
    Object.values(ADDRESSES).map((address) =>
      startSshd({ address, port, authorizedKey: key.publicKey, keys: ["ed25519"] }),
    ),
  );
});

afterAll(async () => {
  await Promise.all(sshds.map((sshd) => sshd.stop()));
  rmSync(root, { recursive: true, force: true });
});

beforeEach(async () => {
  ambari = await StandIn.start();
  rmSync(join(root, "state"), { recursive: true, force: true });
  render();
});

afterEach(async () => {
  for (const child of started) child.kill("SIGKILL");
  started.clear();
  await ambari.stop();
});

function render(): void {
  const folder = join(stackFolder, "artifacts", "ambari");
  mkdirSync(folder, { recursive: true });
  const { files } = ambariFilesOf(
    { secrets: SECRETS },
    { spec, server: "hdp-1", hive: "hdp-2", ambariRepository: "http://packages.ncp.test/ambari" },
  );
  for (const [name, content] of Object.entries(files)) {
    const here = name === "cluster.json" ? JSON.stringify({ ...JSON.parse(content), port: ambari.port }) : content;
    writeFileSync(join(folder, name), here);
  }
  const host = (name: string, address: string): ManifestHost => ({
    name,
    fqdn: `${name}.aws2ncp.internal`,
    role: "hdp",
    address,
    family: "debian",
    roles: ["base"],
    vars: {},
    files: [],
    secretFiles: [],
  });
  const manifest: Manifest = {
    version: 1,
    stack: "batch-cluster",
    root: "../../../..",
    stateFolder: "state",
    bastion: "proxy-1",
    bastionStack: "transfer",
    ssh: { user: LOGIN_USER, key: "deploy_ssh_key" },
    ansibleCore: "2.19.14",
    secrets: [{ name: "deploy_ssh_key", from: "file:deploy", version: 1 }],
    hosts: [host("hdp-1", ADDRESSES["hdp-1"]), host("hdp-2", "127.0.0.4"), host("hdp-3", "127.0.0.5")],
  };
  writeFileSync(join(stackFolder, "artifacts", "manifest.json"), JSON.stringify(manifest));
}

function start(over: NodeJS.ProcessEnv = {}): ChildProcess {
  const child = spawn(process.execPath, [program, "artifacts/ambari"], {
    cwd: stackFolder,
    env: {
      ...process.env,
      ...Object.fromEntries(SECRETS.map(({ name }) => [name.toUpperCase(), valueOf(name)])),
      AWS2NCP_SERVERS: JSON.stringify({ "proxy-1": 1001, "hdp-1": 1003, "hdp-2": 1004, "hdp-3": 1005 }),
      AWS2NCP_BASTION_ADDRESS: ADDRESSES["proxy-1"],
      AWS2NCP_SSH_PORT: String(port),
      ...over,
    },
  });
  started.add(child);
  return child;
}

const run = (over?: NodeJS.ProcessEnv): Promise<HookEnd> => endOf(start(over));
const inState = (path: string): any => JSON.parse(readFileSync(join(root, "state", path), "utf8"));

it("reaches Ambari through both hosts; killed, the next run resumes; the one after that changes nothing", async () => {
  ambari.agents.register(hosts[0]!);
  const killed = start();
  let output = "";
  killed.stdout?.setEncoding("utf8").on("data", (text: string) => (output += text));
  await until("it to wait for agents", () => output.includes(`batch: waits for agents: ${hosts[1]}, ${hosts[2]}`));
  const second = await run();
  expect(second.stderr).toMatch(
    /another process is at work on this stack\n {2}holder: pid \d+ .*, ambari batch-cluster\n/,
  );
  killed.kill("SIGKILL");
  await endOf(killed);

  ambari.hosts = [...hosts];
  ambari.agents.register(...hosts);
  const resumed = await run();
  expect(resumed.stderr).toBe("");
  expect(resumed.code).toBe(0);
  expect(resumed.stdout).toMatch(new RegExp(`^batch-cluster: resumes after process ${killed.pid}, which died at work`));
  expect(resumed.stdout).toMatch(/\nbatch: 47 components on 3 hosts, 23 running, [\d.]+ s\n$/);
  expect(Object.keys(inState("pins/batch-cluster.json"))).toEqual(["hdp-1"]);
  expect(Object.keys(inState("pins/transfer.json"))).toEqual(["proxy-1"]);
  expect(inState("results/batch-cluster-ambari.json")).toMatchObject({
    cluster: "batch",
    ok: true,
    components: 47,
    started: 23,
    hosts,
    changed: true,
  });

  ambari.calls.length = 0;
  expect((await run()).code).toBe(0);
  expect(ambari.writes()).toEqual([]);
  expect(inState("results/batch-cluster-ambari.json").changed).toBe(false);
  expect(readdirSync(join(root, "state", "locks"))).toEqual([]);
});

it("says what it can't do, and leaves a result without secrets", async () => {
  ambari.store.model.state.password = "someone-elses-password";
  const { code, stdout, stderr } = await run();
  expect([code, stdout.includes("first contact")]).toEqual([1, true]);
  expect(stderr).toMatch(/^Ambari on hdp-1:\d+: refuses the password of admin\n/);
  expect(inState("results/batch-cluster-ambari.json")).toMatchObject({ ok: false, components: 0 });
  expect(`${stdout}${stderr}${JSON.stringify(inState("results/batch-cluster-ambari.json"))}`).not.toContain(
    valueOf("ambari_admin_password"),
  );
});

it("changes nothing without its secrets", async () => {
  const { code, stderr } = await run({ GRAFANA_PASSWORD: undefined, HIVE_DB_PASSWORD: "" });
  expect([code, stderr]).toEqual([
    1,
    `batch-cluster: 2 secrets are missing or wrong; nothing was changed in Ambari
  secrets.grafana_password.from: "env:GRAFANA_PASSWORD" is not set
    try: set GRAFANA_PASSWORD in the environment that runs the deploy
  secrets.hive_db_password.from: "env:HIVE_DB_PASSWORD" is empty
    allowed: a value of at least one character
  try: correct them, then run: npx cdktf deploy '*'
`,
  ]);
  expect(ambari.calls).toEqual([]);
});

it("tells wrong use", async () => {
  rmSync(join(stackFolder, "artifacts", "ambari", "template.json"));
  const broken = await run();
  expect([broken.code, broken.stderr.split("\n")[0]]).toEqual([
    2,
    "artifacts/ambari: these are not the files of this version",
  ]);
  expect(broken.stderr).toContain("template.json: ENOENT");
  expect((await run({ AWS2NCP_SERVERS: "{}" })).code).toBe(2);
  const help = await endOf(spawn(process.execPath, [program, "--help"]));
  expect([help.code, help.stdout.split("\n")[0]]).toEqual([
    0,
    "Makes a batch cluster by its blueprint, over an ssh tunnel to Ambari, or what is left of it to make; adds hosts that are new.",
  ]);
  expect(existsSync(join(root, "state", "locks", "batch-cluster.json"))).toBe(false);
});
