/**
 * Ambari's database is lost, with the nodes and their data as they were; the hook that makes the cluster again is killed
 * half-way. The next one makes what is left: every process is there once, and HDFS has what it had.
 */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { sandboxEnv } from "../../../sandbox/env";
import { hostExec } from "../../../sandbox/hosts";
import { outputPath, sandboxPath } from "../../../sandbox/paths";
import { lookAtCluster } from "../../../sandbox/rehearsal/cluster";
import { ambariChanged, deploy, deployLog } from "../../../sandbox/rehearsal/deploy";
import type { Summary } from "../../../sandbox/rehearsal/summary";
import { run } from "../../../sandbox/run";
import { ambari } from "./ambari";
import { hdfs, sha256, sha256InHdfs } from "./hdfs";
import { DeployProcess } from "./killed/deploy-process";
import { rehearsedPlan, until } from "./support";

jest.setTimeout(600_000);

const plan = rehearsedPlan();
const summary = JSON.parse(readFileSync(sandboxPath("summary.json"), "utf8")) as Summary;
const CLUSTER = { stack: "batch-cluster" } as const;
const HOOK = "hooks/ambari/main.js";
/** The node whose agent is silent while the hook is killed: its components are what is left. */
const SILENT = "hdp-3";
const FILE = "/user/batch/e2e-ambari";

const systemctl = (host: string, verb: string, unit: string) => hostExec(host, ["systemctl", verb, unit]);

/** The next deploy runs the hook, though nothing in the plan has changed. */
const askForCluster = () =>
  run("terraform", ["taint", "terraform_data.ambari"], { cwd: outputPath(CLUSTER.stack), env: sandboxEnv() });

/** States of the components of a node, sorted: "DATANODE STARTED". */
async function components(host: string): Promise<string[]> {
  const { status, body } = await ambari(
    "/clusters/batch/host_components?fields=HostRoles/component_name,HostRoles/state",
  );
  expect(status).toBe(200);
  return (body.items as { HostRoles: Record<string, string> }[])
    .filter(({ HostRoles }) => HostRoles["host_name"]?.startsWith(`${host}.`))
    .map(({ HostRoles }) => `${HostRoles["component_name"]} ${HostRoles["state"]}`)
    .sort();
}

const names = async (path: string, kind: string, name: string): Promise<unknown[]> =>
  (await ambari(path)).body.items.map((item: any) => item[kind][name]);

it("is killed half-way, and the next one makes what is left", async () => {
  const content = randomBytes(2_000_000);
  await hdfs("hdp-3", ["-put", "-f", "-", FILE], content);
  const before = await components(SILENT);
  const blueprints = await names("/blueprints", "Blueprints", "blueprint_name");
  await systemctl("hdp-1", "stop", "ambari-server");
  await hostExec("hdp-1", ["rm", "/var/lib/ambari-server/state.json"]);
  await systemctl("hdp-1", "start", "ambari-server");
  await askForCluster();

  const killed = new DeployProcess(CLUSTER);
  await killed.reaches("the cluster's creation", 180, () => killed.output.includes("the cluster batch is being made"));
  await systemctl(SILENT, "stop", "ambari-agent");
  await killed.reaches("the hook at work", 60, () => killed.pids(HOOK).length > 0);
  await killed.kill();
  expect(killed.output).not.toMatch(/components on \d+ hosts, \d+ running/);
  expect((await components(SILENT)).filter((each) => before.includes(each))).not.toEqual(before);

  let said = "";
  const next = deploy((line) => void (said += `${line}\n`), deployLog("e2e-ambari-killed"), CLUSTER);
  await until("the next hook's look at the cluster", 120, async () =>
    /waits for agents: hdp-3|components are left/.test(said) ? true : undefined,
  ).finally(() => systemctl(SILENT, "start", "ambari-agent"));
  await next;
  expect(said).toMatch(/resumes after process \d+, which died at work/);
  expect(said).toMatch(/the cluster batch is there; \d+ components are left/);

  expect(await components(SILENT)).toEqual(before);
  expect(await names("/blueprints", "Blueprints", "blueprint_name")).toEqual(blueprints);
  expect(await lookAtCluster(plan, () => undefined)).toEqual(summary.cluster);
  expect(await sha256InHdfs("hdp-3", FILE)).toBe(sha256(content));
  await hdfs("hdp-3", ["-rm", "-skipTrash", FILE]);
});

it("asks for nothing when it runs once more", async () => {
  await askForCluster();
  await deploy(() => undefined, deployLog("e2e-ambari-again"), CLUSTER);
  expect(ambariChanged(plan)).toBe(false);
});
