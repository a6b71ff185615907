/**
 * A network of the sandbox's own kind beside the one that may be up: in namespaces of its own for networks and mounts, where
 * names and addresses are free again.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { projectRoot } from "../../../sandbox/paths";
import { run, type RunResult } from "../../../sandbox/run";

const PROBE = join(projectRoot(), "test", "sandbox", "network", "probe.py");

export class Stage {
  private readonly servers: ChildProcess[] = [];

  private constructor(
    private readonly holder: ChildProcess,
    private readonly home: string,
  ) {}

  static async open(): Promise<Stage> {
    const home = mkdtempSync(join(tmpdir(), "aws2ncp-network-"));
    const script =
      "mkdir -p /run/netns && mount -t tmpfs none /run/netns && ip link set lo up && echo ready && exec sleep infinity";
    const holder = spawn("unshare", ["--net", "--mount", "sh", "-c", script], { stdio: ["ignore", "pipe", "inherit"] });
    await once(holder.stdout, "data");
    return new Stage(holder, home);
  }

  /** Runs a program as if on a machine of its own, or in one of its namespaces. */
  run(
    argv: readonly string[],
    { netns, allowFail = false }: { netns?: string; allowFail?: boolean } = {},
  ): Promise<RunResult> {
    const [program, ...args] = this.argv(argv, netns);
    return run(program as string, args, { env: { AWS2NCP_SANDBOX: this.home }, allowFail });
  }

  /** Calls a function of a compiled module of the sandbox there; answers what it returns. */
  async call<T>(module: string, name: string, ...args: readonly unknown[]): Promise<T> {
    const path = join(projectRoot(), "dist", "sandbox", module);
    const code =
      `require(${JSON.stringify(path)}).${name}(...${JSON.stringify(args)})` +
      ".then((result) => console.log(JSON.stringify(result ?? null)))";
    return JSON.parse((await this.run([process.execPath, "-e", code])).stdout) as T;
  }

  /** Starts answering on these ports. */
  async serve(netns: string | undefined, tcp: readonly number[], udp: readonly number[] = []): Promise<void> {
    const [program, ...args] = this.argv(["python3", PROBE, JSON.stringify({ kind: "serve", tcp, udp })], netns);
    const server = spawn(program as string, args, { stdio: ["ignore", "pipe", "inherit"] });
    this.servers.push(server);
    await once(server.stdout, "data");
  }

  /** The address that the other end saw, or "dropped" when nothing came back. */
  async attempt(netns: string | undefined, options: Record<string, unknown>): Promise<unknown> {
    const { stdout } = await this.run(
      ["python3", PROBE, JSON.stringify(options)],
      netns === undefined ? {} : { netns },
    );
    return JSON.parse(stdout);
  }

  tcp(netns: string | undefined, address: string, port: number, source?: string): Promise<unknown> {
    return this.attempt(netns, { kind: "tcp", address, port, ...(source === undefined ? {} : { source }) });
  }

  udp(netns: string | undefined, address: string, port: number): Promise<unknown> {
    return this.attempt(netns, { kind: "udp", address, port });
  }

  ping(netns: string, address: string): Promise<unknown> {
    return this.attempt(netns, { kind: "ping", address });
  }

  async close(): Promise<void> {
    for (const server of this.servers) server.kill();
    await this.call("network", "networkDown").catch(() => undefined);
    this.holder.kill();
    await sleep(50);
    rmSync(this.home, { recursive: true, force: true });
  }

  private argv(argv: readonly string[], netns?: string): string[] {
    const inside = netns === undefined ? argv : ["ip", "netns", "exec", netns, ...argv];
    return ["nsenter", `--target=${this.holder.pid}`, "--net", "--mount", ...inside];
  }
}
