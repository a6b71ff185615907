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
import { fillSecrets } from "../../../pipeline/hadoop/secrets";
import type { Outcome } from "../../../sandbox/ambari/cluster";
import { AmbariModel, type AmbariAnswer } from "../../../sandbox/ambari/model";
import { cluster, KERBEROS } from "../../fixtures/cluster";

const { verdicts } = JSON.parse(
  readFileSync(join(__dirname, "../../fixtures/hadoop/ambari-verdicts.json"), "utf8"),
) as { verdicts: { name: string; status: number; blueprint: unknown }[] };

const text = (body: unknown): string => (typeof body === "string" ? body : JSON.stringify(body));

/** A server with calls as the hook makes them. */
function server(outcome?: Outcome) {
  const model = new AmbariModel(outcome);
  const call = (method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: unknown): any =>
    model.handle({ method, path, requestedBy: "test", ...(body === undefined ? {} : { body: text(body) }) });
  return { model, call };
}

const spec = cluster();
const hosts = spec.nodes.map(({ fqdn }) => fqdn);
const filled = (of: ClusterSpec = spec): any => fillSecrets(creationTemplateOf(of), (name) => `the ${name}`);

/** A server on which the cluster was asked for, with these hosts registered before. */
function provisioned(registered: readonly string[] = hosts, outcome?: Outcome) {
  const made = server(outcome);
  registered.forEach((host) => made.model.register(host));
  made.call("POST", `/blueprints/${blueprintNameOf(spec)}`, blueprintOf(spec));
  expect(made.call("POST", "/clusters/batch", filled())).toEqual({
    status: 202,
    body: { href: "/api/v1/clusters/batch/requests/1", Requests: { id: 1, status: "Accepted" } },
  });
  const status = (): string => made.call("GET", "/clusters/batch/requests/1").body.Requests.request_status;
  const states = (): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (const { HostRoles } of made.call("GET", "/clusters/batch/host_components").body.items)
      counts[HostRoles.state] = (counts[HostRoles.state] ?? 0) + 1;
    return counts;
  };
  return { ...made, status, states };
}

it.each(verdicts.map(({ name, status, blueprint }) => [name, status, blueprint] as const))(
  "answers as the real server: %s, %d",
  (_, status, blueprint) => {
    expect(server().call("POST", "/blueprints/x", blueprint).status).toBe(status);
  },
);

it("wants X-Requested-By on all but GET", () => {
  const model = new AmbariModel();
  expect(model.handle({ method: "POST", path: "/blueprints/x", body: "{}" })).toEqual({
    status: 400,
    body: { status: 400, message: "CSRF protection is turned on. X-Requested-By HTTP header is required." },
  });
  expect(model.handle({ method: "GET", path: "/hosts" }).status).toBe(200);
});

it("refuses what it does not do", () => {
  expect(server().call("GET", "/clusters/batch/alerts").body.message).toBe(
    "the stand-in does not do GET /clusters/batch/alerts",
  );
});

it("keeps host names in lower case", () => {
  const { model, call } = server();
  model.register("HDP-1.Internal");
  expect(call("GET", "/hosts").body.items).toEqual([{ Hosts: { host_name: "hdp-1.internal" } }]);
});

it("takes a version definition once, as text/xml", () => {
  const { model } = server();
  const post = (contentType: string): AmbariAnswer =>
    model.handle({
      method: "POST",
      path: "/version_definitions",
      requestedBy: "t",
      contentType,
      body: versionDefinitionOf(spec),
    });
  expect(post("application/json").status).toBe(400);
  expect(post("text/xml")).toEqual({ status: 201, body: { resources: [{ VersionDefinition: { id: 1 } }] } });
  expect(post("text/xml").status).toBe(500);
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
  late.model.register(hosts[2] as string);
  for (let step = 0; step < 9; step++) late.model.tick();
  expect(late.status()).toBe("COMPLETED");
  expect(late.call("GET", "/clusters/batch/configurations").body.items[0]).toMatchObject({
    tag: "INITIAL",
    properties: { "fs.defaultFS": "hdfs://localhost:8020" },
  });
  expect(provisioned().call("GET", "/clusters/batch/configurations").body.items[0]).toMatchObject({
    tag: "TOPOLOGY_RESOLVED",
    properties: { "fs.defaultFS": "hdfs://hdp-1.aws2ncp.internal:8020" },
  });
});

it("trap 2: says COMPLETED before anything runs; the number of components tells the truth", () => {
  const { model, status, states } = provisioned();
  const { installed, started } = componentCountsOf(spec);
  expect([status(), states()]).toEqual(["IN_PROGRESS", { INIT: installed }]);
  model.tick();
  expect([status(), states()]).toEqual(["COMPLETED", { INSTALLED: installed }]);
  model.tick();
  expect(status()).toBe("IN_PROGRESS");
  model.tick();
  expect([status(), states()]).toEqual(["COMPLETED", { INSTALLED: installed - started, STARTED: started }]);
});

it("trap 3: shows services as started before any host is there", () => {
  const { call, status } = provisioned([]);
  expect(status()).toBe("PENDING");
  expect(call("GET", "/clusters/batch/services").body.items).toContainEqual({
    ServiceInfo: { service_name: "HDFS", state: "STARTED" },
  });
});

it("trap 4: half deletes a cluster that is being made", () => {
  const { call, states } = provisioned();
  expect(call("DELETE", "/clusters/batch").status).toBe(500);
  expect(states()).toEqual({ INIT: 23 });
});

it("trap 5: masks passwords in what it shows", () => {
  const { call } = server();
  const blueprint = blueprintOf(spec);
  const configurations = [...blueprint.configurations, { "hive-env": { properties: { alert_ldap_password: "open" } } }];
  call("POST", "/blueprints/a", { ...blueprint, configurations });
  const shown = JSON.stringify(call("GET", "/blueprints/a").body);
  expect([shown.includes('open"'), shown.includes('"alert_ldap_password":"SECRET"')]).toEqual([false, true]);
});

it("fails with the task that failed, and goes on when asked to", () => {
  let broken = true;
  const outcome: Outcome = (_, component) =>
    broken && component === "HIVE_SERVER" ? { exitCode: 1, stderr: "no package hive" } : { exitCode: 0, stderr: "" };
  const { model, call, status, states } = provisioned(hosts, outcome);
  model.tick();
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
  broken = false;
  expect(call("PUT", "/clusters/batch/host_components", { HostRoles: { state: "INSTALLED" } }).status).toBe(202);
  model.tick();
  expect(states()).toEqual({ INSTALLED: 47 });
  expect(call("PUT", "/clusters/batch/services", { ServiceInfo: { state: "STARTED" } }).status).toBe(202);
  model.tick();
  expect([status(), states()]).toEqual(["COMPLETED", { INSTALLED: 24, STARTED: 23 }]);
});

it("adds a host to a group", () => {
  const { model, call, states } = provisioned();
  for (let step = 0; step < 3; step++) model.tick();
  const wish = [{ blueprint: blueprintNameOf(spec), host_group: "master3", host_name: "hdp-4.aws2ncp.internal" }];
  expect(call("POST", "/clusters/batch/hosts", wish).status).toBe(404);
  model.register("hdp-4.aws2ncp.internal");
  expect(call("POST", "/clusters/batch/hosts", wish).status).toBe(202);
  for (let step = 0; step < 3; step++) model.tick();
  expect(states()).toEqual({ INSTALLED: 32, STARTED: 27 });
});
