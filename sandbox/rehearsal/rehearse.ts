/**
 * The whole way on this machine: clouds from nothing, the example deployed as in production, cron's first runs, a run on
 * demand, proof that the data arrived, the cluster, SQL on the data, attempts to get past the proxy, a second deploy that
 * changes nothing, and a run of Airflow's.
 */
import { relative } from "node:path";
import type { HostPlan, Plan } from "../../pipeline/plan-types";
import { hostExec } from "../hosts";
import { ScheduledRuns } from "./airflow";
import { airflowStep, clusterSteps } from "./cluster-steps";
import { waitForCoveringRun } from "./cron";
import {
  appliedResources,
  deliverAgain,
  deliveredHosts,
  deploy,
  deployLog,
  plannedChanges,
  synth,
  ambariChanged,
} from "./deploy";
import { downSteps } from "./down";
import { asOperator } from "./operator";
import { probeBypass } from "./probe";
import { squidCounts } from "./squid-log";
import { runSteps, type Note, type Step, type Watcher } from "./steps";
import { emptySummary, writeSummary, type Summary } from "./summary";
import { examplePlan, upSteps } from "./up";
import { sourceOldest, verifyDataset, type Comparison } from "./verify";

const shell = (host: string): string => `npx aws2ncp sandbox shell ${host}`;
const inClone = (file: string): string => relative(process.cwd(), file);

/** The one host of a role; the example has one of each. */
function hostOf(plan: Plan, role: HostPlan["role"]): HostPlan {
  const host = plan.hosts.find((candidate) => candidate.role === role);
  if (host === undefined) throw new Error(`pipeline.yaml: hosts: none has the role ${role}`);
  return host;
}

/** Many steps as one: what a part says is prefixed with its name. */
async function inOne(steps: readonly Step[], note: Note): Promise<void> {
  const quiet: Watcher = { begin: note, note: (name, text) => note(`${name}: ${text}`), end: () => undefined };
  await runSteps(steps, quiet);
}

/** What squid wrote about ports A and B from its first start on. */
async function squidLog(host: string): Promise<string> {
  const { stdout } = await hostExec(host, ["sh", "-c", "zcat -f $(ls -tr /var/log/squid/access.log*)"]);
  return stdout;
}

/** What docs/operate.md says to type. */
async function runOnDemand(plan: Plan, host: HostPlan, dataset: string): Promise<void> {
  const command = `sudo -u aws2ncp aws2ncp-sync ${dataset}`;
  const { code, stdout, stderr } = await asOperator(plan, host, command);
  if (code !== 0) throw new Error(`${command} on ${host.name}: exit ${code}\n  ${(stderr || stdout).trim()}`);
}

/** Why a dataset is not identical, in words; nothing when it is. */
function differences(name: string, { identical, missing, different, foreign }: Comparison): string[] {
  if (identical) return [];
  const some = (what: string, keys: readonly string[]): string[] =>
    keys.length === 0 ? [] : [`${keys.length} ${what}: ${keys.slice(0, 3).join(", ")}`];
  const found = [...some("missing", missing), ...some("different", different), ...some("never at the source", foreign)];
  return [`${name}: ${found.join("; ") || "no object at the source"}`];
}

/** The steps of a rehearsal, which fill in the summary as they measure. */
export function rehearsalSteps(summary: Summary, runs: ScheduledRuns): Step[] {
  let plan: Plan;
  const runStarted = new Map<string, string>();

  return [
    { name: "clean", run: (note) => inOne(downSteps(), note) },
    { name: "up", run: (note) => inOne(upSteps(), note) },
    {
      name: "synth",
      run: async () => {
        plan = examplePlan();
        await synth();
      },
      look: inClone(deployLog("synth")),
    },
    {
      name: "deploy",
      run: async (note) => {
        await deploy(note);
        summary.resources.applied = appliedResources(plan);
        const hosts = deliveredHosts(plan);
        summary.hosts = hosts.map(({ name, ip, changed, failed }) => ({ name, ip, changed, failed }));
        const bad = hosts.filter(({ ok }) => !ok).map(({ name, reason }) => `${name}: ${reason ?? "no reason given"}`);
        if (bad.length > 0) throw new Error(`not delivered:\n  ${bad.join("\n  ")}`);
      },
      look: `less ${inClone(deployLog())}; a host: ${shell("sync-1")}`,
    },
    {
      name: "cron",
      run: async (note) => {
        const host = hostOf(plan, "sync").name;
        for (const dataset of plan.datasets) {
          if (dataset.layout === "tree") continue;
          const { run } = await waitForCoveringRun(host, dataset.name, await sourceOldest(dataset), note);
          runStarted.set(dataset.name, run.started);
        }
      },
      look: shell("sync-1"),
    },
    {
      name: "on_demand",
      run: async (note) => {
        for (const dataset of plan.datasets) {
          if (dataset.layout !== "tree") continue;
          note(`${dataset.name}, by an operator's ssh through the proxy`);
          runStarted.set(dataset.name, new Date().toISOString());
          await runOnDemand(plan, hostOf(plan, "sync"), dataset.name);
        }
      },
      look: shell("sync-1"),
    },
    {
      name: "verify",
      run: async () => {
        const compared = await Promise.all(
          plan.datasets.map((dataset) => verifyDataset(dataset, runStarted.get(dataset.name) as string)),
        );
        const problems: string[] = [];
        for (const [index, { name }] of plan.datasets.entries()) {
          const comparison = compared[index] as Comparison;
          const { source, target, identical } = comparison;
          summary.datasets[name] = { source, target, identical };
          problems.push(...differences(name, comparison));
        }
        if (problems.length > 0) throw new Error(problems.join("\n  "));
      },
      look: shell("sync-1"),
    },
    ...clusterSteps(summary, () => plan, runs),
    {
      name: "probe",
      run: async (note) => {
        const { bypasses, failedControls } = await probeBypass(plan, note);
        const counts = squidCounts(await squidLog(hostOf(plan, "proxy").name));
        // Without its control an attempt that failed says nothing: then nothing was measured.
        summary.proxy = {
          ...counts,
          bypass_possible: failedControls.length === 0 || bypasses.length > 0 ? bypasses.length > 0 : null,
        };
        if (bypasses.length > 0) throw new Error(`got past the proxy:\n  ${bypasses.join("\n  ")}`);
        if (failedControls.length > 0)
          throw new Error(`attempts that must work did not:\n  ${failedControls.join("\n  ")}`);
      },
      look: `${shell("proxy-1")}, then tail /var/log/squid/access.log and nft list ruleset`,
    },
    {
      name: "second_deploy",
      run: async (note) => {
        await deploy(note, deployLog("second-deploy"));
        const changes = await plannedChanges(note);
        summary.second_deploy.plan_changes = changes.length;
        if (changes.length > 0) throw new Error(`the second plan is not empty:\n  ${changes.join("\n  ")}`);
        await deliverAgain(note);
        if (ambariChanged(plan)) throw new Error("Ambari was asked to change something again");
        const changed = deliveredHosts(plan).flatMap(({ name, changedTasks }) =>
          changedTasks.map(({ task }) => `${name}: ${task}`),
        );
        summary.second_deploy.ansible_changed = deliveredHosts(plan).reduce((sum, host) => sum + host.changed, 0);
        if (summary.second_deploy.ansible_changed > 0)
          throw new Error(`Ansible changed again:\n  ${changed.join("\n  ")}`);
      },
      look: `less ${inClone(deployLog("second-deploy"))} ${inClone(deployLog("deliver-again-transfer"))}`,
    },
    airflowStep(summary, runs),
  ];
}

/** Rehearses, and writes the summary whatever happens. @throws StepFailed when a step fails, after that */
export async function rehearse(watcher: Watcher, told: (summary: Summary) => void): Promise<Summary> {
  const summary = emptySummary();
  const runs = new ScheduledRuns();
  try {
    await runSteps(rehearsalSteps(summary, runs), watcher, summary.steps);
    summary.ok = true;
  } finally {
    runs.stop();
    writeSummary(summary);
    told(summary);
  }
  return summary;
}
