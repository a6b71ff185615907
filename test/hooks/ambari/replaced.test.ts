/** Nodes on another server than the one on which Ambari installed, against the stand-in Ambari. */
import { cluster } from "../../fixtures/cluster";
import { StandIn, until } from "./stand-in";

jest.setTimeout(60_000);

const spec = cluster();
const hosts = spec.nodes.map(({ fqdn }) => fqdn);
const [, second, third] = hosts as [string, string, string];
const numbers = (...of: string[]): Record<string, string> =>
  Object.fromEntries(hosts.map((host, at) => [host, of[at]!]));
const MADE = numbers("1003", "1004", "1005");
const AFTER = numbers("1003", "1004", "2005");
const DONE = { INSTALLED: 24, STARTED: 23 };

let ambari: StandIn;

beforeEach(async () => {
  ambari = await StandIn.start();
  ambari.hosts = [...hosts];
  ambari.agents.register(...hosts);
  await ambari.make(spec, { servers: { now: MADE } });
  ambari.calls.length = 0;
  ambari.lines.length = 0;
  ambari.agents.done.length = 0;
});

afterEach(() => ambari.stop());

const components = () => ambari.store.model.state.clusters["batch"]?.components ?? [];
const daemonsOf = (host: string): string[] =>
  components().flatMap((each) => (each.host === host && !each.client ? [each.component] : []));

/** As on a server that is new: what is not installed can't be started, and nothing runs. */
function replace(host: string): void {
  const installed = new Set<string>();
  ambari.agents.outcome = (on, component, command) => {
    if (on !== host) return undefined;
    if (command === "INSTALL") installed.add(component);
    return installed.has(component) ? undefined : { exitCode: 1, stderr: `${component}: no such package` };
  };
  tell(host, false);
}

/** The host's agent tells whether its daemons run. */
function tell(host: string, runs: boolean): void {
  for (const each of components()) if (each.host === host && !each.client) each.state = runs ? "STARTED" : "INSTALLED";
}

it("installs everything on it again, and starts it; nothing is asked of the others", async () => {
  replace(third);
  expect(await ambari.make(spec, { servers: { now: AFTER, before: MADE } })).toEqual({ changed: true });
  expect(ambari.states()).toEqual(DONE);
  expect(ambari.lines).toContain(`${third} is on another server: installs 12 components again`);
  expect(ambari.writes()).toEqual(["PUT /clusters/batch/host_components", "PUT /clusters/batch/services"]);
  expect(ambari.agents.done.filter((each) => !each.endsWith(third))).toEqual([]);
  const own = components().filter(({ host }) => host === third);
  const wanted = [
    ...own.map(({ component }) => `INSTALL ${component} ${third}`),
    ...daemonsOf(third).map((component) => `START ${component} ${third}`),
  ];
  expect([...ambari.agents.done].sort()).toEqual(wanted.sort());
});

it("waits until the new agent has told that nothing runs", async () => {
  replace(third);
  tell(third, true);
  const made = ambari.make(spec, { servers: { now: AFTER, before: MADE }, patience: { statusMs: 20_000 } });
  setTimeout(() => tell(third, false), 200);
  expect(await made).toEqual({ changed: true });
  expect(ambari.agents.done).toContain(`INSTALL DATANODE ${third}`);
  expect(ambari.states()).toEqual(DONE);
});

it("leaves alone what runs on the new server: an earlier run came so far", async () => {
  expect(await ambari.make(spec, { servers: { now: AFTER, before: MADE } })).toEqual({ changed: false });
  expect(ambari.writes()).toEqual([]);
});

describe("when nobody knows on which servers it was made", () => {
  it("does so where something does not run, and nowhere else", async () => {
    replace(third);
    await ambari.make(spec, { servers: { now: AFTER } });
    expect(ambari.states()).toEqual(DONE);
    expect(ambari.agents.done.filter((each) => !each.endsWith(third))).toEqual([]);
  });

  it("but not while Ambari is at work: it may be starting them", async () => {
    tell(second, false);
    ambari.hosts = []; // no agent does anything yet
    const { model } = ambari.store;
    const asked = model.handle({
      method: "PUT",
      path: "/clusters/batch/services",
      authorization: `Basic ${Buffer.from(`admin:${model.state.password}`).toString("base64")}`,
      requestedBy: "test",
      body: JSON.stringify({ ServiceInfo: { state: "STARTED" } }),
    });
    expect(asked.status).toBe(202);
    const made = ambari.make(spec, { servers: { now: MADE } });
    await until("a look at what is under way", () => ambari.calls.includes("GET /clusters/batch/requests"));
    ambari.hosts = [...hosts];
    expect(await made).toEqual({ changed: true });
    expect(ambari.agents.done.filter((each) => each.startsWith("INSTALL"))).toEqual([]);
    expect(ambari.states()).toEqual(DONE);
  });

  it("asks for nothing where all is well", async () => {
    expect(await ambari.make(spec, { servers: { now: MADE } })).toEqual({ changed: false });
    expect(ambari.writes()).toEqual([]);
  });
});
