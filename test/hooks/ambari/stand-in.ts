/** The stand-in Ambari on loopback, with agents that do at once what they are told, and the hook's steps against it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { issueLeaf, makeAuthority, type Pair } from "../../../authority/x509";
import { ambariFilesOf } from "../../../constructs/hadoop/ambari-files";
import { Ambari } from "../../../hooks/ambari/api";
import { loadFolder, type AmbariFolder } from "../../../hooks/ambari/files";
import { makeCluster, type Made, type OnServers } from "../../../hooks/ambari/make";
import { progress } from "../../../hooks/ambari/progress";
import type { AmbariPatience, Run } from "../../../hooks/ambari/run";
import { HookError } from "../../../hooks/errors";
import type { ClusterSpec } from "../../../pipeline/hadoop/cluster";
import type { SecretRef } from "../../../pipeline/plan-types";
import type { AmbariAnswer, AmbariRequest } from "../../../sandbox/ambari/model";
import { startServer, type RunningServer } from "../../../sandbox/ambari/server/http";
import { openStore, type Store } from "../../../sandbox/ambari/server/store";
import { Agents } from "../../sandbox/ambari/agents";

export const PASSWORD = "the-admins-own-0123456789";
export const SECRETS: readonly SecretRef[] = (
  [
    "ambari_admin_password",
    "grafana_password",
    "hadoop_keystore_password",
    "hadoop_truststore_password",
    "hive_db_password",
    "kerberos_admin_password",
  ] as const
).map((name) => ({ name, from: `env:${name.toUpperCase()}`, version: 1 }));

export const valueOf = (name: string): string => (name === "ambari_admin_password" ? PASSWORD : `the-value-of-${name}`);

/** Long enough for a loaded machine where a test waits for something to happen, short where it waits for nothing to. */
export const PATIENCE: AmbariPatience = {
  answerMs: 20_000,
  agentsMs: 20_000,
  statusMs: 300,
  pollMs: 10,
  graceMs: 300,
  stallMs: 20_000,
};

export class StandIn {
  readonly folder = mkdtempSync(join(tmpdir(), "aws2ncp-ambari-hook-"));
  readonly agents = new Agents(() => this.store.model);
  /** "POST /clusters/batch", without queries. */
  readonly calls: string[] = [];
  readonly lines: string[] = [];
  /** Looks at each call and its answer, before the answer is sent. */
  spy: (call: string, request: AmbariRequest, answer: AmbariAnswer) => void = () => undefined;
  /** Hosts whose agents run. */
  hosts: string[] = [];
  /** Whether the server goes on by itself. */
  stepping = true;
  /** Whether it can be reached. */
  reachable = true;
  store!: Store;
  private server!: RunningServer;
  private readonly streams = new Set<Duplex>();
  private timer: NodeJS.Timeout | undefined;

  private constructor(private readonly certificate: Pair) {}

  static async start(): Promise<StandIn> {
    const authority = await makeAuthority("ambari");
    const made = new StandIn(await issueLeaf(authority, { cn: "ambari", use: "server", names: ["DNS:ambari"] }));
    await made.startServer(0);
    made.timer = setInterval(() => {
      made.agents.work(...made.hosts);
      if (made.stepping) made.store.model.step();
    }, 15);
    return made;
  }

  get port(): number {
    return this.server.port;
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.cut();
    await this.server.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** All that was not written to disk is gone, and every connection. */
  async restart(meanwhile: () => Promise<void> = async () => undefined): Promise<void> {
    const { port } = this.server;
    await this.server.close();
    await meanwhile();
    await this.startServer(port);
  }

  private async startServer(port: number): Promise<void> {
    this.store = openStore(join(this.folder, "state.json"));
    const { model } = this.store;
    const handle = model.handle.bind(model);
    model.handle = (request) => {
      const answer = handle(request);
      const call = `${request.method} ${request.path.split("?")[0]}`;
      this.calls.push(call);
      this.spy(call, request, answer);
      return answer;
    };
    this.server = await startServer({
      store: this.store,
      address: "127.0.0.1",
      port,
      agentPort: 0,
      certificate: this.certificate,
      stepMs: 3_600_000,
    });
  }

  /** Cuts the connections that are open. */
  cut(): void {
    for (const stream of this.streams) stream.destroy();
    this.streams.clear();
  }

  /** Calls that change something. */
  writes(): string[] {
    return this.calls.filter((call) => !call.startsWith("GET "));
  }

  folderOf(spec: ClusterSpec): AmbariFolder {
    const { files } = ambariFilesOf(
      { secrets: SECRETS },
      { spec, server: "hdp-1", hive: "hdp-2", ambariRepository: "http://packages.ncp.test/ambari" },
    );
    for (const [name, content] of Object.entries(files)) writeFileSync(join(this.folder, name), content);
    return loadFolder(this.folder);
  }

  /** The hook, but for ssh, lock and secrets. */
  make(
    spec: ClusterSpec,
    change: {
      patience?: Partial<AmbariPatience>;
      signal?: AbortSignal;
      password?: string;
      servers?: OnServers;
    } = {},
  ): Promise<Made> {
    const signal = change.signal ?? new AbortController().signal;
    const say = (line: string): void => void this.lines.push(line);
    const patience = { ...PATIENCE, ...change.patience };
    const run: Run = {
      cluster: spec.name,
      patience,
      say,
      signal,
      again: "npx cdktf deploy batch-cluster",
      sshTo: (host) => `ssh deploy@${host}`,
    };
    const password = change.password ?? PASSWORD;
    const api = new Ambari({
      open: async () => {
        if (!this.reachable) throw new Error("connection refused");
        const stream = connect({ host: "127.0.0.1", port: this.port });
        this.streams.add(stream.on("close", () => this.streams.delete(stream)));
        return stream;
      },
      user: "admin",
      password,
      answerMs: patience.answerMs,
      pauseMs: patience.pollMs,
      say,
      signal,
      where: "Ambari on hdp-1:8080",
      look: "look at ambari-server.log",
    });
    const screen = progress({ write: (text: string) => this.lines.push(text.trimEnd()) });
    const secretOf = (name: string): string => (name === "ambari_admin_password" ? password : valueOf(name));
    const servers = change.servers ?? { now: {}, before: {} };
    return makeCluster(api, this.folderOf(spec), servers, secretOf, screen, run);
  }

  /** Number of components by state. */
  states(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { state } of this.store.model.state.clusters["batch"]?.components ?? [])
      counts[state] = (counts[state] ?? 0) + 1;
    return counts;
  }
}

/** Waits until it holds. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 20_000; !holds(); await new Promise((done) => setTimeout(done, 5)))
    if (Date.now() > end) throw new Error(`waited for: ${what}`);
}

/** The error of a run that must not succeed. */
export async function errorOf(run: Promise<unknown>): Promise<HookError> {
  const error = await run.then(
    () => "it succeeded",
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(HookError);
  return error as HookError;
}
