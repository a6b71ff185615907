/** The way to private hosts as the deliveries left it: addresses and server numbers of their results, keys that they pinned. */
import { join } from "node:path";
import { readResults, type DeliveryResult } from "../hooks/deliver/results";
import { DEPLOY_ALL, HookError } from "../hooks/errors";
import { Bastion } from "../hooks/ssh/bastion";
import { runCommand, type Ran } from "../hooks/ssh/command";
import { SshRefused, type OpenStream } from "../hooks/ssh/connect";
import { Pins } from "../hooks/ssh/pins";
import type { Patience, SshHost } from "../hooks/ssh/reach";
import { PORTS } from "../pipeline/limits";
import type { Plan } from "../pipeline/plan-types";
import { ROLES } from "../pipeline/roles";

export interface WaysOptions {
  readonly plan: Pick<Plan, "deployUser" | "hosts"> & { readonly proxy: Pick<Plan["proxy"], "active"> };
  /** The deploying operator's private key. */
  readonly key: string;
  /** Folder of what a deploy keeps on this machine. */
  readonly state: string;
  /** The command that runs all this again, for errors. */
  readonly again: string;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  /** Port of sshd on every host. @default 22 */
  readonly port?: number;
}

/** The hosts are up since their delivery. */
const PATIENCE: Patience = { answerMs: 30_000, loginMs: 0, pauseMs: 1_000, longestPauseMs: 5_000 };

/** One ssh connection to each host that tunnels start from, through the bastion. */
export class Ways {
  private readonly jumps = new Map<string, Bastion>();
  private readonly bastion: Bastion;

  constructor(private readonly o: WaysOptions) {
    const { active } = o.plan.proxy;
    const { bastionAddress, server } = this.delivered(active);
    this.bastion = new Bastion(this.at(active, bastionAddress, server), this.reach("transfer"));
  }

  /** Runs a command of the shell on a host, as the deploying operator. @throws HookError where the host can't be reached */
  async run(host: string, command: string): Promise<Ran> {
    const client = await this.jumpTo(host).connect();
    return runCommand(client, command, this.o.signal);
  }

  /** Channels to a port as a host sees it. */
  to(via: string, host: string, port: number): OpenStream {
    const open = this.jumpTo(via).opener(host, port);
    return (signal) =>
      open(signal).catch((error: unknown) => {
        throw error instanceof SshRefused ? explained(error, `${host}:${port}, through ${via}`, this.o.again) : error;
      });
  }

  /** The connection to a host behind the bastion. */
  private jumpTo(via: string): Bastion {
    let jump = this.jumps.get(via);
    if (jump === undefined) {
      const { stack, address, server } = this.delivered(via);
      const there = { ...this.at(via, address, server), through: this.bastion.host.name };
      jump = new Bastion(there, this.reach(stack), this.bastion.opener(address, there.port));
      this.jumps.set(via, jump);
    }
    return jump;
  }

  private at(name: string, address: string, server: string): SshHost {
    return { name, address, port: this.o.port ?? PORTS.ssh, server };
  }

  private reach(stack: string) {
    const { plan, key, state, again, say, signal } = this.o;
    const login = { user: plan.deployUser, privateKey: `${key}\n` };
    return { pins: Pins.load(join(state, "pins", `${stack}.json`)), login, patience: PATIENCE, again, say, signal };
  }

  /** The host as it was delivered: without that its keys are not pinned. */
  private delivered(name: string): { stack: string; address: string; server: string; bastionAddress: string } {
    const role = this.o.plan.hosts.find((host) => host.name === name)?.role ?? "proxy";
    const { stack } = ROLES[role];
    const results: DeliveryResult | undefined = readResults(this.o.state, stack);
    const host = results?.hosts.find((each) => each.name === name);
    if (results === undefined || host === undefined)
      throw new HookError(
        `${name}: stack ${stack} was never delivered from this machine`,
        [`looked in: ${join(this.o.state, "results", `${stack}.json`)}`],
        DEPLOY_ALL,
      );
    return { stack, address: host.ip, server: host.server, bastionAddress: results.bastionAddress };
  }

  close(): void {
    for (const jump of this.jumps.values()) jump.close();
    this.bastion.close();
  }
}

function explained({ why, message }: SshRefused, where: string, again: string): HookError {
  const next =
    why === "forward"
      ? "the delivery of that host lists where its sshd may lead: npx cdktf deploy of its stack"
      : "see that the service there is started";
  return new HookError(`${where}: ${message}`, [], `${next}; then run: ${again}`);
}
