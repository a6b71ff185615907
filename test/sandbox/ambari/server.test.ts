/** The server on loopback with real agents: commands, their configuration, retries, restarts, recovery. */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { issueLeaf, makeAuthority, type Pair } from "../../../authority/x509";
import { blueprintNameOf, blueprintOf, creationTemplateOf } from "../../../pipeline/hadoop/render";
import { fillSecrets } from "../../../pipeline/hadoop/secrets";
import { startServer, type RunningServer } from "../../../sandbox/ambari/server/http";
import { openStore } from "../../../sandbox/ambari/server/store";
import { cluster } from "../../fixtures/cluster";
import { until } from "../../hooks/hook-program";

jest.setTimeout(60_000);

const spec = cluster();
const hosts = spec.nodes.map(({ fqdn }) => fqdn);
const AGENT = join(__dirname, "../../../sandbox/ambari/agent/agent.py");

let folder: string;
let certificate: Pair;
let server: RunningServer;
const agents = new Map<string, ChildProcess>();
const logs = new Map<string, string>();

beforeAll(async () => {
  certificate = await issueLeaf(await makeAuthority("ambari"), { cn: "ambari", use: "server", names: ["DNS:ambari"] });
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "aws2ncp-ambari-"));
  mkdirSync(join(folder, "components"));
  server = await start();
});

afterEach(async () => {
  await Promise.all(hosts.map(endAgent));
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

function start(ports = { port: 0, agentPort: 0 }): Promise<RunningServer> {
  const store = openStore(join(folder, "server", "state.json"));
  return startServer({ store, address: "127.0.0.1", ...ports, certificate, stepMs: 50 });
}

function startAgent(host: string): void {
  const conf = join(folder, "agent.ini");
  writeFileSync(conf, `[server]\nhostname=127.0.0.1\nsecured_url_port=${server.agentPort}\n`);
  const state = join(folder, host);
  const child = spawn(
    "python3",
    ["-B", AGENT, "--conf", conf, "--state", state, "--components", join(__dirname, "agent")].concat([
      "--name",
      host.toUpperCase(),
      "--poll",
      "0.05",
      "--look",
      "0.1",
    ]),
    { env: { ...process.env, TEST_COMPONENTS: join(folder, "components") }, stdio: ["ignore", "pipe", "pipe"] },
  );
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => logs.set(host, (logs.get(host) ?? "") + text));
  agents.set(host, child);
}

async function endAgent(host: string): Promise<void> {
  const child = agents.get(host);
  agents.delete(host);
  if (child === undefined || child.exitCode !== null) return;
  const ended = new Promise((done) => child.once("close", done));
  child.kill("SIGKILL");
  await ended;
}

function call(method: string, path: string, body?: unknown): Promise<{ status: number; body: any }> {
  const text = body === undefined ? "" : JSON.stringify(body);
  return new Promise((done, fail) =>
    request(
      {
        host: "127.0.0.1",
        port: server.port,
        path: `/api/v1${path}`,
        method,
        auth: "admin:admin",
        headers: { "X-Requested-By": "test" },
      },
      (answer) => {
        let got = "";
        answer.setEncoding("utf8").on("data", (part: string) => (got += part));
        answer.on("end", () => done({ status: answer.statusCode!, body: got === "" ? undefined : JSON.parse(got) }));
      },
    )
      .on("error", fail)
      .end(text),
  );
}

async function provision(): Promise<void> {
  hosts.forEach(startAgent);
  await waitFor("agents", async () => (await call("GET", "/hosts")).body.items.length === hosts.length);
  const name = blueprintNameOf(spec);
  expect((await call("POST", `/blueprints/${name}`, blueprintOf(spec))).status).toBe(201);
  const template = fillSecrets(creationTemplateOf(spec), (secret) => `the ${secret}`);
  expect((await call("POST", "/clusters/batch", template)).status).toBe(202);
}

async function waitFor(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 30_000; !(await holds()); await new Promise((done) => setTimeout(done, 50)))
    if (Date.now() > end) throw new Error(`waited for ${what}: ${[...logs].map((each) => each.join("\n")).join("\n")}`);
}

const file = (host: string, component: string, what: string): string =>
  join(folder, "components", `${host}.${component}.${what}`);

async function states(): Promise<Record<string, number>> {
  const { items } = (await call("GET", "/clusters/batch/host_components?fields=HostRoles/state")).body;
  const counts: Record<string, number> = {};
  for (const { HostRoles } of items) counts[HostRoles.state] = (counts[HostRoles.state] ?? 0) + 1;
  return counts;
}
const running = (count: number) => async () => (await states())["STARTED"] === count;

it("runs what the blueprint says, through a restart of the server and of an agent, and starts again what dies", async () => {
  await provision();
  await waitFor("a first install", async () => existsSync(file(hosts[0]!, "NAMENODE", "installed")));
  const { port, agentPort } = server;
  await server.close();
  await endAgent(hosts[1]!);
  server = await start({ port, agentPort });
  startAgent(hosts[1]!);
  await waitFor("all to run", running(23));
  expect(await states()).toEqual({ INSTALLED: 24, STARTED: 23 });
  const { configuration, host } = JSON.parse(readFileSync(file(hosts[1]!, "HIVE_SERVER", "installed"), "utf8"));
  expect(configuration["hive-site"]["javax.jdo.option.ConnectionPassword"]).toBe("the hive_db_password");
  expect(host).toMatchObject({ name: hosts[1], cluster: "batch", stack: "HDP-3.1", hosts: { NAMENODE: [hosts[0]] } });
  expect(host.components).toContain("HIVE_CLIENT");

  rmSync(file(hosts[2]!, "DATANODE", "started"));
  await until("the DataNode to be started again", () => existsSync(file(hosts[2]!, "DATANODE", "started")));
  await waitFor("it to be told", running(23));
  for (const secret of [join(folder, "server", "state.json"), join(folder, hosts[0]!, "definition.json")])
    expect((statSync(secret).mode & 0o777).toString(8)).toBe("600");
});

it("tries a failed command again, and says in the end why it failed", async () => {
  writeFileSync(join(folder, "components", "broken"), "HIVE_SERVER start\n");
  await provision();
  await until("a second try", () => /again in 1 s: cannot start HIVE_SERVER/.test(logs.get(hosts[1]!) ?? ""));
  rmSync(join(folder, "components", "broken"));
  await waitFor("all to run", running(23));
});

it("pins the server's certificate, and talks to no other", async () => {
  startAgent(hosts[0]!);
  await waitFor("the agent", async () => (await call("GET", "/hosts")).body.items.length === 1);
  const ports = { port: server.port, agentPort: server.agentPort };
  await server.close();
  const own = certificate;
  certificate = await issueLeaf(await makeAuthority("other"), { cn: "ambari", use: "server", names: ["DNS:ambari"] });
  server = await start(ports);
  certificate = own;
  logs.clear();
  await until("it to be refused", () => /certificate verify failed/.test(logs.get(hosts[0]!) ?? ""));
});
