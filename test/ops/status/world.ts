/** A migration of which every step is done, to be changed by tests; its hosts are played. */
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { readResults, writeResults, type HostResult } from "../../../hooks/deliver/results";
import { writeAmbariResult, type AmbariResult } from "../../../hooks/ambari/results";
import { HookError } from "../../../hooks/errors";
import { writeWhole } from "../../../hooks/files";
import type { Ran } from "../../../hooks/ssh/command";
import { keepEvidence, type TableResult } from "../../../metastore/result";
import { once } from "../../../ops/doctor/facts";
import type { States } from "../../../ops/doctor/states";
import { GATE_FILE, READ_DAGS } from "../../../ops/status/gate";
import { healthOf, HEALTH_COMMAND, type DatasetHealth } from "../../../ops/status/health";
import type { StatusContext } from "../../../ops/status/types";
import type { Plan } from "../../../pipeline/plan-types";
import { ROLES } from "../../../pipeline/roles";
import { scratch } from "../programs";

export const NOW = "2026-11-24T16:00:00Z";
const REBUILT = "2026-11-24T10:00:00.000Z";

export const good = (dataset: string, change: Partial<DatasetHealth> = {}): DatasetHealth => ({
  dataset,
  state: "ok",
  since: NOW,
  reason: "the last run was good",
  lastGood: "2026-11-24T09:00:00Z",
  coveredUntil: dataset === "hive" ? null : "2026-11-24T09:00:00Z",
  runningSince: null,
  ...change,
});

export const table = (name: string, set: string, change: Partial<TableResult> = {}): TableResult => ({
  table: name,
  set,
  at: REBUILT,
  verdict: "exact",
  files: 1,
  bytes: 1,
  partitions: 0,
  rows: 1000,
  written: { created: false, changed: [], partitionsAdded: 0, partitionsChanged: 0, partitionsRemoved: 0 },
  problems: [],
  merged: [],
  conflicts: [],
  untyped: [],
  unreadable: [],
  differences: [],
  vanished: [],
  strays: [],
  strayFiles: 0,
  ...change,
});

const TABLES = [
  table("logs.api_log", "api_log"),
  table("logs.event_log", "event_log"),
  table("company.flights", "hive"),
  table("company.planes", "hive", { at: "2026-11-24T12:00:00.000Z" }),
];

export class World {
  readonly state = join(scratch(), "state");
  /** Resources that synth names, by stack. */
  wanted: Record<string, readonly string[]>;
  /** What the states hold of them. */
  there: Map<string, Map<string, "whole" | "tainted">>;
  statesUnknown: string | undefined;
  synthFails: string | undefined;
  healths: DatasetHealth[];
  /** Text of the gate's file; undefined: there is none. */
  gate: string | undefined;
  /** Airflow can't read its DAGs now. */
  dagsUnread = false;
  /** Commands in the order in which hosts got them, "airflow-1: cat …". */
  readonly asked: string[] = [];
  /** Instead of a host's own answer. */
  readonly answers: Record<string, () => Ran> = {};

  constructor(readonly plan: Plan) {
    const stacks = [...new Set(plan.hosts.map(({ role }) => ROLES[role].stack))];
    this.wanted = Object.fromEntries(
      ["network", "storage", "source", ...stacks].map((stack) => [stack, [`ncloud_vpc.${stack}`, "ncloud_server.a"]]),
    );
    this.there = new Map(
      Object.entries(this.wanted).map(([stack, all]) => [stack, new Map(all.map((each) => [each, "whole" as const]))]),
    );
    this.healths = plan.datasets.map(({ name }) => good(name));
    this.gate = JSON.stringify({ open: true, because: "of this test", since: NOW });
    for (const stack of stacks) this.deliver(stack);
    if (plan.cluster === undefined) return;
    this.ambari();
    this.rebuilt(TABLES);
  }

  deliver(stack: string, change: (host: HostResult) => HostResult | undefined = (host) => host): void {
    const hosts = this.plan.hosts
      .filter(({ role }) => ROLES[role].stack === stack)
      .map(({ name, address }, index) => ({
        ...{ name, ip: address, server: `${stack}-${index + 1}`, ok: true },
        ...{ tasks: 1, changed: 0, failed: 0, changedTasks: [], seconds: 1 },
      }));
    const result = { stack, manifest: "m", ok: true, started: NOW, seconds: 1, bastionAddress: "198.51.100.9" };
    writeResults(this.state, { ...result, hosts: hosts.flatMap((host) => change(host) ?? []) });
  }

  ambari(change: Partial<AmbariResult> = {}): void {
    const { spec } = this.plan.cluster!;
    writeAmbariResult(this.state, ROLES.hdp.stack, {
      cluster: spec.name,
      blueprint: "b",
      ok: true,
      components: 37,
      started: 21,
      hosts: spec.nodes.map(({ fqdn }) => fqdn),
      servers: {},
      changed: false,
      seconds: 1,
      ...change,
    });
  }

  rebuilt(results: readonly TableResult[], server = "batch-cluster-1"): void {
    const sums = { at: REBUILT, seconds: 1, tables: 4, partitions: 0, rows: 4000, exact: true };
    keepEvidence(this.state, { ...sums, results, outside: [], vanishedTables: [] }, { whole: true, server });
  }

  /** One table of the rebuild is otherwise. */
  rebuiltBut(name: string, change: Partial<TableResult>): void {
    this.rebuilt(TABLES.map((each) => (each.table === name ? { ...each, ...change } : each)));
  }

  /** A file of the folder of the state. */
  put(path: string, text: string): void {
    const file = join(this.state, path);
    mkdirSync(dirname(file), { recursive: true });
    writeWhole(file, text);
  }

  /** Somebody, this process, holds a lock. */
  lock(name: string, doing: string): void {
    const holder = { pid: process.pid, machine: "another", user: "deploy", since: NOW, doing };
    this.put(`locks/${name}.json`, JSON.stringify(holder));
  }

  unreachable(host: string): void {
    this.answers[host] = () => {
      throw new HookError(`${host} (10.20.1.6:22): ssh did not answer within 30 s: no route to the host`, [], "look");
    };
  }

  private run(host: string, command: string): Ran {
    this.asked.push(`${host}: ${command}`);
    const said = (stdout: string, code = 0): Ran => ({ code, stdout, stderr: "" });
    const other = this.answers[host];
    if (other !== undefined) return other();
    if (command === HEALTH_COMMAND)
      return said(JSON.stringify(this.healths), this.healths.every(({ state }) => state === "ok") ? 0 : 1);
    if (command.startsWith("sudo sh -c ")) {
      this.gate = / gate \S+ '(.*)'$/.exec(command)?.[1];
      return said("");
    }
    if (command === READ_DAGS) return said("", this.dagsUnread ? 1 : 0);
    if (command.endsWith(`cat ${GATE_FILE}`)) return said(this.gate ?? "");
    throw new Error(`${host} knows no ${command}`);
  }

  get context(): StatusContext {
    const run: StatusContext["run"] = async (host, command) => this.run(host, command);
    const states = async (): Promise<States> =>
      this.statesUnknown === undefined
        ? { known: true, ids: new Set(), counts: new Map(), outputs: new Map(), stacks: this.there }
        : { known: false, why: this.statesUnknown };
    return {
      plan: this.plan,
      state: this.state,
      synth: async () => {
        if (this.synthFails !== undefined) throw new Error(this.synthFails);
        return Object.entries(this.wanted).flatMap(([stack, all]) =>
          ["terraform_data.deliver", ...all].map((each) => {
            const [type = "", name = ""] = each.split(".");
            return { stack, type, name, attributes: {} };
          }),
        );
      },
      states,
      run,
      health: once(async () => healthOf(await run("sync-1", HEALTH_COMMAND))),
      sshTo: (host) => `ssh deploy@${host}`,
      again: "npx aws2ncp status",
      jobsOn: "npx aws2ncp jobs on",
      delivered: (name) => {
        const role = this.plan.hosts.find((host) => host.name === name)!.role;
        const result = readResults(this.state, ROLES[role].stack);
        const host = result?.hosts.find((each) => each.name === name);
        return host === undefined ? undefined : { ...host, started: result!.started, bastionAddress: "198.51.100.9" };
      },
    };
  }
}
