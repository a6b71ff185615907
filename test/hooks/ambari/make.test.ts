/** The hook's steps against the stand-in Ambari: each trap of the real one, what breaks half-way, what is resumed. */
import { blueprintNameOf, blueprintOf, creationTemplateOf } from "../../../pipeline/hadoop/render";
import { fillSecrets } from "../../../pipeline/hadoop/secrets";
import { Stopped } from "../../../hooks/errors";
import { cluster } from "../../fixtures/cluster";
import { errorOf, PASSWORD, StandIn, until, valueOf } from "./stand-in";

jest.setTimeout(60_000);

const spec = cluster();
const hosts = spec.nodes.map(({ fqdn }) => fqdn);
const [first, second, third] = hosts as [string, string, string];
const DONE = { INSTALLED: 24, STARTED: 23 };
const CREATION = [
  "PUT /users/admin",
  "POST /version_definitions",
  `POST /blueprints/${blueprintNameOf(spec)}`,
  "POST /clusters/batch",
];

let ambari: StandIn;

beforeEach(async () => {
  ambari = await StandIn.start();
  ambari.hosts = [...hosts];
  ambari.agents.register(...hosts);
});

afterEach(() => ambari.stop());

/** What an earlier run of someone left: the cluster asked for with these hosts registered. */
function askedFor(of = spec): void {
  const { model } = ambari.store;
  const authorization = `Basic ${Buffer.from(`admin:${model.state.password}`).toString("base64")}`;
  const post = (path: string, body: unknown): void => {
    const answer = model.handle({
      method: "POST",
      path,
      authorization,
      requestedBy: "test",
      body: JSON.stringify(body),
    });
    expect(answer.status).toBeLessThan(300);
  };
  post(`/blueprints/${blueprintNameOf(of)}`, blueprintOf(of));
  post(`/clusters/${of.name}`, fillSecrets(creationTemplateOf(of), valueOf));
  ambari.calls.length = 0;
}

it("makes the cluster, and says how far each host is", async () => {
  expect(await ambari.make(spec)).toEqual({ changed: true });
  expect([ambari.states(), ambari.writes()]).toEqual([DONE, CREATION]);
  expect(ambari.lines).toContain("the password of admin is the secret's now");
  expect(ambari.lines).toContain("registered the packages of HDP 3.1, 3.1.0.0-78");
  expect(ambari.lines).toContain(`${second}: 17 of 17 installed, 9 of 9 running`);
  expect(ambari.store.model.state.password).toBe(PASSWORD);
});

it("writes nothing the second time", async () => {
  await ambari.make(spec);
  ambari.calls.length = 0;
  expect(await ambari.make(spec)).toEqual({ changed: false });
  expect(ambari.writes()).toEqual([]);
});

it("puts secrets into bodies only", async () => {
  const seen: string[] = [];
  ambari.spy = (_, { path, body }) => {
    expect(path).not.toMatch(/the-value-of|the-admins/);
    seen.push(body ?? "");
  };
  await ambari.make(spec);
  expect(seen.join("\n")).toContain("the-value-of-hive_db_password");
  expect(ambari.lines.join("\n")).not.toMatch(/the-value-of|the-admins/);
});

describe("trap: an unregistered host", () => {
  it("waits for all agents before it asks for the cluster", async () => {
    ambari.hosts = [first, second];
    await ambari.restart();
    ambari.store.model.state.hosts.splice(0);
    ambari.agents.register(first, second);
    const made = ambari.make(spec);
    await until("it to wait", () => ambari.lines.includes(`waits for agents: ${third}`));
    expect(ambari.writes()).toEqual(CREATION.slice(0, 2));
    ambari.hosts.push(third);
    ambari.agents.register(third.toUpperCase());
    await made;
    expect(ambari.states()).toEqual(DONE);
  });

  it("names the hosts that do not come, and those that came under another name", async () => {
    ambari.hosts = [first];
    await ambari.restart();
    ambari.store.model.state.hosts.splice(0);
    ambari.agents.register(first, "hdp-2");
    ambari.store.model.register(third);
    ambari.store.model.lost(third);
    const error = await errorOf(ambari.make(spec, { patience: { agentsMs: 100 } }));
    expect(error.headline).toMatch(/^batch: 2 of 3 agents did not register within \d+ s; nothing was changed$/);
    expect(error.details.slice(0, 3)).toEqual([
      `${second}: never registered`,
      `${third}: registered, and silent since`,
      "registered under other names: hdp-2",
    ]);
    expect(error.next).toBe("correct it, then run: npx cdktf deploy batch-cluster");
    expect(ambari.writes()).toEqual(CREATION.slice(0, 2));
  });

  it("sees a cluster that was made without one, though Ambari calls it complete", async () => {
    ambari.hosts = [];
    await ambari.restart();
    ambari.store.model.state.hosts.splice(0);
    ambari.agents.register(first, second);
    askedFor();
    ambari.store.model.state.versions.push({ id: 1, xml: ambari.folderOf(spec).versionDefinition });
    ambari.agents.register(third);
    ambari.hosts = [...hosts];
    const { headline, details, next } = await errorOf(ambari.make(spec));
    expect(headline).toBe("batch: its configuration was not resolved to its hosts");
    expect(details).toContain("core-site: no version with the tag TOPOLOGY_RESOLVED; found: INITIAL");
    expect(details).toContain("core-site/fs.defaultFS: hdfs://localhost:8020");
    expect(next).toContain("delete it in Ambari, then run: npx cdktf deploy batch-cluster");
  });
});

it("trap: early COMPLETED: goes on until every component is in its state", async () => {
  ambari.stepping = false;
  const made = ambari.make(spec, { patience: { graceMs: 20_000 } });
  await until("all to be installed", () => ambari.states()["INSTALLED"] === 47);
  const looks = ambari.calls.length;
  await until("it to look some more", () => ambari.calls.length > looks + 20);
  const { model } = ambari.store;
  const authorization = `Basic ${Buffer.from(`admin:${PASSWORD}`).toString("base64")}`;
  const { body } = model.handle({ method: "GET", path: "/clusters/batch/requests/1", authorization });
  expect((body as any).Requests.request_status).toBe("COMPLETED");
  ambari.stepping = true;
  await made;
  expect([ambari.states(), ambari.writes()]).toEqual([DONE, CREATION]);
});

it("trap: nobody starts what is installed: asks for it itself", async () => {
  ambari.stepping = false;
  await ambari.make(spec);
  expect([ambari.states(), ambari.writes()]).toEqual([DONE, [...CREATION, "PUT /clusters/batch/services"]]);
  expect(ambari.lines).toContain("resumes (1): starts 23 components");
});

it("trap: a blueprint that is there: its name has the hash of its content, so it is the same", async () => {
  const name = blueprintNameOf(spec);
  ambari.store.model.state.blueprints[name] = blueprintOf(spec);
  await ambari.make(spec);
  expect(ambari.writes()).toEqual(CREATION.filter((call) => !call.includes("/blueprints/")));
  // Posted by someone else between the look and the wish.
  const again = await StandIn.start();
  again.hosts = [...hosts];
  again.agents.register(...hosts);
  again.spy = (call) => {
    if (call === `GET /blueprints/${name}`) again.store.model.state.blueprints[name] ??= blueprintOf(spec);
  };
  await again.make(spec);
  expect([again.states(), again.writes()]).toEqual([DONE, CREATION]);
  await again.stop();
});

it("trap: a cluster that is there is resumed, never asked for again", async () => {
  ambari.hosts = [];
  askedFor();
  ambari.hosts = [...hosts];
  ambari.store.model.state.versions.push({ id: 1, xml: ambari.folderOf(spec).versionDefinition });
  await ambari.make(spec);
  expect([ambari.states(), ambari.writes()]).toEqual([DONE, ["PUT /users/admin"]]);
});

describe("trap: a failed task", () => {
  it("is told with its role, command, host, exit code and last words; the next run resumes", async () => {
    ambari.agents.outcome = (_, component, command) =>
      component === "HIVE_SERVER" && command === "INSTALL"
        ? { exitCode: 1, stderr: `${"noise\n".repeat(50)}E: Unable to locate package hive\n` }
        : undefined;
    const { headline, details, next } = await errorOf(ambari.make(spec));
    expect(headline).toBe("batch: 9 components are not as they should be: asked for once more");
    expect(details.slice(0, 7)).toEqual([
      `${second} HIVE_SERVER: INSTALL failed, exit code 1`,
      ...Array.from({ length: 5 }, () => "  | noise"),
      "  | E: Unable to locate package hive",
    ]);
    expect(details.slice(7)).toEqual([
      `${second}: SECONDARY_NAMENODE, RESOURCEMANAGER, TIMELINE_READER, HIVE_METASTORE, ZOOKEEPER_SERVER, DATANODE, NODEMANAGER, METRICS_MONITOR: INSTALLED instead of STARTED`,
    ]);
    expect(next).toBe(
      `look on the host: ssh deploy@${second}, and in Ambari > Background Operations; correct it, then run: npx cdktf deploy batch-cluster (it resumes)`,
    );
    ambari.agents.outcome = () => undefined;
    ambari.calls.length = 0;
    await ambari.make(spec);
    expect([ambari.states(), ambari.writes()]).toEqual([
      DONE,
      ["PUT /clusters/batch/host_components", "PUT /clusters/batch/services"],
    ]);
  });

  it("that failed by chance is tried again in the same run", async () => {
    let failures = 2;
    ambari.agents.outcome = (_, component, command) =>
      component === "NAMENODE" && command === "START" && failures-- > 0
        ? { exitCode: 255, stderr: "port in use" }
        : undefined;
    // A second failure leaves as much to do as the first did, so that only one is borne.
    failures = 1;
    await ambari.make(spec);
    expect(ambari.states()).toEqual(DONE);
    expect(ambari.lines).toContain(`${first} NAMENODE: START failed, exit code 255`);
  });
});

it("trap: a restart of the server: waits, and goes on where it was", async () => {
  ambari.stepping = false;
  const made = ambari.make(spec, { patience: { graceMs: 20_000 } });
  await until("all to be installed", () => ambari.states()["INSTALLED"] === 47);
  await ambari.restart(() =>
    until("it to wait", () => ambari.lines.some((line) => line.startsWith("waits for Ambari"))),
  );
  ambari.stepping = true;
  await made;
  expect([ambari.states(), ambari.writes()]).toEqual([DONE, CREATION]);
});

describe("trap: a connection lost half-way", () => {
  it.each(CREATION)("with the answer to %s", async (wish) => {
    let lost = 0;
    ambari.spy = (call) => {
      if (call === wish && lost++ === 0) ambari.cut();
    };
    await ambari.make(spec);
    expect([lost, ambari.states(), ambari.writes()]).toEqual([1, DONE, CREATION]);
  });

  it("with every third answer", async () => {
    let count = 0;
    ambari.spy = () => {
      if (count++ % 3 === 2) ambari.cut();
    };
    await ambari.make(spec);
    expect(ambari.states()).toEqual(DONE);
  });

  it("for longer than it waits", async () => {
    ambari.reachable = false;
    const { message } = await errorOf(ambari.make(spec, { patience: { answerMs: 100 } }));
    expect(message).toMatch(/^Ambari on hdp-1:8080: no answer within 0 s: connection refused\n {2}try: look at/);
  });
});

describe("trap: a wrong password", () => {
  it("is told, and tried once", async () => {
    ambari.store.model.state.password = "someone-elses-password";
    const { message } = await errorOf(ambari.make(spec));
    expect(message).toBe(`Ambari on hdp-1:8080: refuses the password of admin
  answer: 403 Unable to sign in. Invalid username/password combination.
  allowed: the secret ambari_admin_password
  try: change it in Ambari to the secret's value (or the secret to its), then run again`);
    expect(ambari.calls).toEqual(["GET /users/admin", "GET /users/admin"]);
  });

  it("is told when it is changed meanwhile", async () => {
    ambari.spy = (call) => {
      if (call === "POST /version_definitions") ambari.store.model.state.password = "someone-elses-password";
    };
    expect((await errorOf(ambari.make(spec))).headline).toBe("Ambari on hdp-1:8080: refuses the password of admin");
  });
});

describe("stopped half-way", () => {
  it.each([...CREATION, "GET /clusters/batch/host_components"])("after %s: the next run resumes", async (call) => {
    const stop = new AbortController();
    ambari.spy = (each) => {
      if (each === call) stop.abort(new Stopped("got SIGTERM", 143));
    };
    await expect(ambari.make(spec, { signal: stop.signal })).rejects.toThrow("stopped: got SIGTERM");
    ambari.spy = () => undefined;
    await ambari.make(spec);
    expect([ambari.states(), ambari.writes()]).toEqual([DONE, CREATION]);
  });
});

it("refuses a version whose base URL another one has", async () => {
  const xml = ambari.folderOf(spec).versionDefinition.replace("<build>78</build>", "<build>77</build>");
  ambari.store.model.state.versions.push({ id: 1, xml });
  const { headline } = await errorOf(ambari.make(spec));
  expect(headline).toBe(
    "batch: Ambari does not take the version definition of HDP 3.1.0.0-78: 500 Base url is already defined for another repository version",
  );
});

it("waits no longer than something may be under way without a change", async () => {
  ambari.hosts = [];
  const { headline, details } = await errorOf(ambari.make(spec, { patience: { stallMs: 200 } }));
  expect(headline).toBe("batch: 47 components are not as they should be: nothing has changed for 0 minutes");
  expect(details[0]).toMatch(new RegExp(`^${first}: NAMENODE, .*: INIT instead of STARTED$`));
});
