/** The stand-in Ambari: the measured verdicts, and each trap of the real one. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ClusterSpec } from "../../../pipeline/hadoop/cluster";
import {
  blueprintNameOf,
  blueprintOf,
  componentCountsOf,
  creationTemplateOf,
  versionDefinitionOf,
} from "../../../pipeline/hadoop/render";
import { answerAgent } from "../../../sandbox/ambari/agents";
import { fillSecrets } from "../../../pipeline/hadoop/secrets";
import { AmbariModel, type AmbariAnswer } from "../../../sandbox/ambari/model";
import { cluster, KERBEROS } from "../../fixtures/cluster";
import { Agents, type Outcome } from "./agents";

jest.setTimeout(60_000);

const { verdicts } = JSON.parse(
  readFileSync(join(__dirname, "../../fixtures/hadoop/ambari-verdicts.json"), "utf8"),
) as { verdicts: { name: string; status: number; blueprint: unknown }[] };

const text = (body: unknown): string => (typeof body === "string" ? body : JSON.stringify(body));

const AUTHORIZATION = `Basic ${Buffer.from("admin:admin").toString("base64")}`;

/** A server with calls as the hook makes them. */
function server(outcome?: Outcome) {
  const model = new AmbariModel();
  const agents = new Agents(() => model, outcome);
  const call = (method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: unknown): any =>
    model.handle({
      method,
      path,
      authorization: AUTHORIZATION,
      requestedBy: "test",
      ...(body === undefined ? {} : { body: text(body) }),
    });
  return { model, agents, call };
}

const spec = cluster();
const hosts = spec.nodes.map(({ fqdn }) => fqdn);
const filled = (of: ClusterSpec = spec): any => fillSecrets(creationTemplateOf(of), (name) => `the ${name}`);

/** A server on which the cluster was asked for, with these hosts registered before. */
function provisioned(registered: readonly string[] = hosts, outcome?: Outcome) {
  const made = server(outcome);
  made.agents.register(...registered);
  made.call("POST", `/blueprints/${blueprintNameOf(spec)}`, blueprintOf(spec));
  expect(made.call("POST", "/clusters/batch", filled())).toEqual({
    status: 202,
    body: { href: "/api/v1/clusters/batch/requests/1", Requests: { id: 1, status: "Accepted" } },
  });
  const status = (): string => made.call("GET", "/clusters/batch/requests/1").body.Requests.request_status;
  const states = (): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (const { HostRoles } of made.call("GET", "/clusters/batch/host_components?fields=HostRoles/state").body.items)
      counts[HostRoles.state] = (counts[HostRoles.state] ?? 0) + 1;
    return counts;
  };
  const coreSite = (tag: string): any =>
    made.call("GET", `/clusters/batch/configurations?(type=core-site&tag=${tag})`).body.items[0];
  /** What agents have is done, then the server goes on by a step. */
  const work = (...also: string[]): number => made.agents.work(...hosts, ...also);
  return { ...made, status, states, coreSite, work };
}

it.each(verdicts.map(({ name, status, blueprint }) => [name, status, blueprint] as const))(
  "answers as the real server: %s, %d",
  (_, status, blueprint) => {
    expect(server().call("POST", "/blueprints/x", blueprint).status).toBe(status);
  },
);

it("wants X-Requested-By on all but GET", () => {
  const model = new AmbariModel();
  const authorization = AUTHORIZATION;
  expect(model.handle({ method: "POST", path: "/blueprints/x", authorization, body: "{}" })).toEqual({
    status: 400,
    body: { status: 400, message: "CSRF protection is turned on. X-Requested-By HTTP header is required." },
  });
  expect(model.handle({ method: "GET", path: "/hosts", authorization }).status).toBe(200);
});

it("lets in the user admin, whose password can be changed by who knows the old one", () => {
  const { model, call } = server();
  expect(model.handle({ method: "GET", path: "/hosts" })).toEqual({
    status: 403,
    body: { status: 403, message: "Missing authentication token" },
  });
  const change = (old_password: string): number =>
    call("PUT", "/users/admin", { Users: { user_name: "admin", old_password, password: "new" } }).status;
  expect([change("wrong"), change("admin")]).toEqual([400, 200]);
  expect(call("GET", "/hosts")).toEqual({
    status: 403,
    body: { status: 403, message: "Unable to sign in. Invalid username/password combination." },
  });
});

it("refuses what it does not do", () => {
  const { call } = provisioned();
  const message = (...of: Parameters<typeof call>): string => call(...of).body.message;
  expect(message("GET", "/clusters/batch/alerts")).toBe("the stand-in does not do GET /clusters/batch/alerts");
  expect(message("GET", "/hosts?Hosts/host_name=x")).toBe("the stand-in does not do GET /hosts?Hosts/host_name=x");
  expect(message("PUT", "/clusters/batch/host_components", { HostRoles: { state: "INSTALLED" } })).toBe(
    "the stand-in does not do HostRoles/state INSTALLED for ",
  );
  expect(message("PUT", "/clusters/batch/services", { ServiceInfo: { state: "INSTALLED" } })).toBe(
    "the stand-in does not do ServiceInfo/state INSTALLED for ",
  );
});

it("gives of an item its key, and what is asked for", () => {
  const { call } = provisioned(hosts.slice(0, 1));
  expect(call("GET", "/hosts").body.items).toEqual([{ Hosts: { host_name: hosts[0] } }]);
  expect(call("GET", "/hosts?fields=Hosts/host_state").body.items).toEqual([
    { Hosts: { host_name: hosts[0], host_state: "HEALTHY" } },
  ]);
  expect(call("GET", "/clusters/batch/host_components").body.items[0]).toEqual({
    HostRoles: { host_name: hosts[0], component_name: "NAMENODE" },
  });
});

it("keeps host names in lower case", () => {
  const { model, call } = server();
  model.register("HDP-1.Internal");
  expect(call("GET", "/hosts").body.items).toEqual([{ Hosts: { host_name: "hdp-1.internal" } }]);
});

it("takes a version definition once, as text/xml", () => {
  const { model, call } = server();
  const post = (contentType: string): AmbariAnswer =>
    model.handle({
      method: "POST",
      path: "/version_definitions",
      authorization: AUTHORIZATION,
      requestedBy: "t",
      contentType,
      body: versionDefinitionOf(spec),
    });
  expect(post("application/json").status).toBe(400);
  expect(post("text/xml")).toEqual({ status: 201, body: { resources: [{ VersionDefinition: { id: 1 } }] } });
  expect(post("text/xml").status).toBe(500);
  expect(call("GET", "/version_definitions?fields=VersionDefinition/*").body.items).toEqual([
    { VersionDefinition: { id: 1, stack_name: "HDP", stack_version: "3.1", repository_version: "3.1.0.0-78" } },
  ]);
});

it("takes a blueprint's name once, and the body's before the URL's", () => {
  const { call } = server();
  expect(call("POST", "/blueprints/a", blueprintOf(spec))).toEqual({ status: 201 });
  expect(call("POST", "/blueprints/a", blueprintOf(spec)).status).toBe(409);
  const named = { ...blueprintOf(spec), Blueprints: { ...blueprintOf(spec).Blueprints, blueprint_name: "b" } };
  expect(call("POST", "/blueprints/c", named)).toEqual({ status: 201 });
  expect([call("GET", "/blueprints/b").status, call("GET", "/blueprints/c").status]).toEqual([200, 404]);
});

it("never takes a placeholder for a password", () => {
  const { call } = server();
  call("POST", `/blueprints/${blueprintNameOf(spec)}`, blueprintOf(spec));
  const { status, body } = call("POST", "/clusters/batch", creationTemplateOf(spec));
  expect([status, body.message]).toEqual([
    400,
    "secrets were not filled in: grafana_password, hadoop_keystore_password, hadoop_truststore_password, hive_db_password",
  ]);
});

it.each<[string, (template: any) => void, number, string]>([
  ["an unknown host group", (t) => (t.host_groups[2].name = "edge"), 500, "is no host group of the blueprint"],
  ["a missing password", (t) => (t.configurations = []), 400, "hive-site/javax.jdo.option.ConnectionPassword"],
  ["an unknown blueprint", (t) => (t.blueprint = "none"), 400, "The specified blueprint doesn't exist: none"],
])("refuses a cluster with %s", (_, breaks, status, message) => {
  const { call } = server();
  call("POST", `/blueprints/${blueprintNameOf(spec)}`, blueprintOf(spec));
  const template = filled();
  breaks(template);
  const answer = call("POST", "/clusters/batch", template);
  expect([answer.status, answer.body.message]).toEqual([status, expect.stringContaining(message)]);
  expect(call("GET", "/clusters/batch/services").status).toBe(404);
});

it("refuses Kerberos without its administrator", () => {
  const kerberos = cluster("hdp-3.1", { kerberos: KERBEROS });
  const { call } = server();
  call("POST", `/blueprints/${blueprintNameOf(kerberos)}`, blueprintOf(kerberos));
  const { credentials: _, ...template } = filled(kerberos);
  expect(call("POST", "/clusters/batch", template).body.message).toContain("kdc.admin.credential is missing");
});

it("refuses a second cluster of the same name, and keeps a blueprint in use", () => {
  const { call } = provisioned();
  expect(call("POST", "/clusters/batch", filled()).status).toBe(500);
  expect(call("DELETE", `/blueprints/${blueprintNameOf(spec)}`).status).toBe(500);
});

it("trap 1: completes with HDFS on localhost when a host was not registered", () => {
  const late = provisioned(hosts.slice(0, 2));
  late.agents.register(hosts[2] as string);
  for (let step = 0; step < 9; step++) {
    late.work();
    late.model.step();
  }
  expect(late.status()).toBe("COMPLETED");
  expect(late.coreSite("TOPOLOGY_RESOLVED")).toBeUndefined();
  expect(late.coreSite("INITIAL").properties["fs.defaultFS"]).toBe("hdfs://localhost:8020");
  const intime = provisioned();
  expect(intime.coreSite("INITIAL")).toBeUndefined();
  expect(intime.coreSite("TOPOLOGY_RESOLVED").properties["fs.defaultFS"]).toBe("hdfs://hdp-1.aws2ncp.internal:8020");
  expect(intime.call("GET", "/clusters/batch").body.Clusters.desired_configs["core-site"]).toEqual({
    tag: "TOPOLOGY_RESOLVED",
  });
});

it("trap 2: says COMPLETED before anything runs; the number of components tells the truth", () => {
  const { model, status, states, work } = provisioned();
  const { installed, started } = componentCountsOf(spec);
  expect([status(), states()]).toEqual(["IN_PROGRESS", { INIT: installed }]);
  work();
  expect([status(), states()]).toEqual(["COMPLETED", { INSTALLED: installed }]);
  model.step();
  expect(status()).toBe("IN_PROGRESS");
  work();
  expect([status(), states()]).toEqual(["COMPLETED", { INSTALLED: installed - started, STARTED: started }]);
});

it("trap 3: shows services as started before any host is there", () => {
  const { call, status } = provisioned([]);
  expect(status()).toBe("PENDING");
  expect(call("GET", "/clusters/batch/services?fields=ServiceInfo/state").body.items).toContainEqual({
    ServiceInfo: { service_name: "HDFS", state: "STARTED" },
  });
});

it("trap 4: half deletes a cluster that is being made", () => {
  const { call, states } = provisioned();
  expect(call("DELETE", "/clusters/batch").status).toBe(500);
  expect(states()).toEqual({ INIT: 23 });
});

it("trap 5: masks passwords in what it shows, and keeps them in plain text", () => {
  const { model, call } = provisioned();
  const blueprint = blueprintOf(spec);
  const configurations = [...blueprint.configurations, { "hive-env": { properties: { alert_ldap_password: "open" } } }];
  call("POST", "/blueprints/a", { ...blueprint, configurations });
  const shown = JSON.stringify(call("GET", "/blueprints/a").body);
  expect([shown.includes('open"'), shown.includes('"alert_ldap_password":"SECRET"')]).toEqual([false, true]);
  expect(
    call("GET", "/clusters/batch/configurations?(type=hive-site&tag=TOPOLOGY_RESOLVED)").body.items[0].properties[
      "javax.jdo.option.ConnectionPassword"
    ],
  ).toBe("SECRET");
  expect(JSON.stringify(model.state)).toContain("the hive_db_password");
});

it("fails with the task that failed, and goes on when asked to", () => {
  let broken = true;
  const outcome: Outcome = (_, component) =>
    broken && component === "HIVE_SERVER" ? { exitCode: 1, stderr: "no package hive" } : undefined;
  const { model, call, status, states, work } = provisioned(hosts, outcome);
  work();
  expect([status(), states()]).toEqual(["FAILED", { INSTALLED: 46, INSTALL_FAILED: 1 }]);
  const { tasks } = call("GET", "/clusters/batch/requests/1").body;
  expect(tasks.filter(({ Tasks }: any) => Tasks.status === "FAILED")).toEqual([
    {
      Tasks: expect.objectContaining({
        host_name: hosts[1],
        role: "HIVE_SERVER",
        command: "INSTALL",
        exit_code: 1,
        stderr: "no package hive",
      }),
    },
  ]);
  // The other hosts are started; the one that failed stays as it is.
  model.step();
  work();
  model.step();
  expect([work(), states()]).toEqual([0, { INSTALLED: 32, STARTED: 14, INSTALL_FAILED: 1 }]);
  broken = false;
  const install = (): any =>
    call("PUT", "/clusters/batch/host_components?HostRoles/state.in(INSTALL_FAILED,INIT,UNKNOWN)", {
      Body: { HostRoles: { state: "INSTALLED" } },
    });
  const start = (): any => call("PUT", "/clusters/batch/services", { Body: { ServiceInfo: { state: "STARTED" } } });
  expect(install()).toMatchObject({ status: 202, body: { Requests: { status: "Accepted" } } });
  work();
  expect(install()).toEqual({ status: 200 });
  const { id } = start().body.Requests;
  expect(call("GET", `/clusters/batch/requests/${id}`).body.Requests.request_status).toBe("IN_PROGRESS");
  work();
  expect([call("GET", `/clusters/batch/requests/${id}`).body.Requests.request_status, states()]).toEqual([
    "COMPLETED",
    { INSTALLED: 24, STARTED: 23 },
  ]);
  expect([start(), status()]).toEqual([{ status: 200 }, "FAILED"]);
});

it("lists the requests of single hosts, and not the one that provisions", () => {
  const { call } = provisioned();
  const { items } = call("GET", "/clusters/batch/requests?fields=Requests/request_context").body;
  expect(items.map(({ Requests }: any) => Requests)).toEqual(
    hosts.map((host, index) => ({ id: index + 2, request_context: `Logical Request: install ${host}` })),
  );
});

it("adds a host to a group of the cluster's own blueprint", () => {
  const { agents, model, call, states, work } = provisioned();
  for (let step = 0; step < 3; step++) {
    work();
    model.step();
  }
  const host = "hdp-4.aws2ncp.internal";
  const wish = [{ blueprint: blueprintNameOf(spec), host_group: "workers", host_name: host }];
  const post = (body: unknown): number => call("POST", "/clusters/batch/hosts", body).status;
  expect(post(wish)).toBe(404);
  agents.register(host);
  expect([post([{ ...wish[0], blueprint: "other" }]), post([{ ...wish[0], host_group: "edge" }])]).toEqual([400, 500]);
  expect([post(wish), post(wish)]).toEqual([202, 409]);
  for (let step = 0; step < 3; step++) {
    work(host);
    model.step();
  }
  expect(states()).toEqual({ INSTALLED: 32, STARTED: 26 });
  expect(agents.definitionOf(host)?.hosts["DATANODE"]).toEqual([...hosts, host]);
});

describe("agents", () => {
  it("get the merged configuration of their host, with passwords and hosts filled in", () => {
    const { agents, work } = provisioned();
    work();
    const definition = agents.definitionOf(hosts[1] as string);
    expect(definition).toMatchObject({ cluster: "batch", stack: "HDP-3.1", recovery: true });
    const { configuration, components } = definition!;
    expect(configuration["core-site"]).toMatchObject({
      "fs.defaultFS": "hdfs://hdp-1.aws2ncp.internal:8020",
      "fs.s3a.path.style.access": "true",
    });
    expect(configuration["hive-site"]).toMatchObject({
      "javax.jdo.option.ConnectionPassword": "the hive_db_password",
      "hive.metastore.uris": "thrift://hdp-2.aws2ncp.internal:9083",
      "hive.zookeeper.quorum": hosts.map((host) => `${host}:2181`).join(","),
    });
    const memory = (host: string): string | undefined =>
      agents.definitionOf(host)?.configuration["yarn-site"]?.["yarn.nodemanager.resource.memory-mb"];
    expect(Number(memory(hosts[2] as string))).toBeGreaterThan(Number(memory(hosts[0] as string)));
    expect([components["HIVE_SERVER"], components["HIVE_CLIENT"]]).toEqual(["INSTALLED", "INSTALLED"]);
  });

  it("start a host's components in their order", () => {
    const { agents, model, work } = provisioned();
    work();
    model.step();
    agents.done.length = 0;
    work();
    expect(agents.done.filter((line) => line.endsWith(hosts[1] as string))).toEqual(
      `ZOOKEEPER_SERVER DATANODE SECONDARY_NAMENODE TIMELINE_READER RESOURCEMANAGER NODEMANAGER HIVE_METASTORE HIVE_SERVER METRICS_MONITOR`
        .split(" ")
        .map((component) => `START ${component} ${hosts[1]}`),
    );
  });

  const beat = (model: AmbariModel, change: object = {}): any =>
    answerAgent(model, "/agent/heartbeat", {
      host: hosts[0],
      definition: "",
      working: [],
      reports: [],
      alive: {},
      ...change,
    });

  it("get a command again that they have lost, and a report that comes twice counts once", () => {
    const { model, states } = provisioned();
    const tasks = beat(model).commands.map(({ task }: any) => task);
    expect(tasks).toHaveLength(18);
    expect(beat(model, { working: tasks }).commands).toEqual([]);
    expect(beat(model, { working: tasks.slice(1) }).commands.map(({ task }: any) => task)).toEqual([tasks[0]]);
    const report = { task: tasks[0], exit_code: 0, stdout: "", stderr: "" };
    beat(model, { working: tasks, reports: [report] });
    beat(model, { working: tasks, reports: [{ ...report, exit_code: 1 }] });
    expect(states()).toEqual({ INSTALLED: 1, INSTALLING: 17, INIT: 29 });
  });

  it("register again after the server's restart, which has lost nothing", () => {
    const { model, agents, work } = provisioned();
    work();
    const restarted = new AmbariModel(JSON.parse(JSON.stringify(model.state)));
    expect(beat(restarted)).toEqual({ registered: false, commands: [] });
    const again = new Agents(() => restarted);
    restarted.step();
    expect(again.work(...hosts)).toBe(23);
    expect(restarted.state.clusters["batch"]?.components.filter(({ state }) => state === "STARTED")).toHaveLength(23);
    expect(agents.done).toHaveLength(47);
  });

  it("tell what does not run any more; a silent one's components are unknown", () => {
    const { model, states, work } = provisioned();
    work();
    model.step();
    work();
    beat(model, { alive: { NAMENODE: false, DATANODE: true } });
    expect(states()).toEqual({ INSTALLED: 25, STARTED: 22 });
    model.lost(hosts[0] as string);
    expect(states()).toEqual({ INSTALLED: 25, STARTED: 13, UNKNOWN: 9 });
    model.register(hosts[0] as string);
    beat(model, { alive: { DATANODE: true } });
    expect(states()).toEqual({ INSTALLED: 25, STARTED: 14, UNKNOWN: 8 });
  });

  it("try again for as long as cluster-env says", () => {
    expect(beat(provisioned().model).commands[0].retry_seconds).toBe(600);
  });

  it("say nothing else", () => {
    const { model } = provisioned();
    expect(() => answerAgent(model, "/agent/heartbeat", { host: "x" })).toThrow("expected");
    expect(answerAgent(model, "/agent/other", {})).toBeUndefined();
  });
});
