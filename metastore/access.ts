/**
 * The way to the metastore, to Object Storage and to Presto: channels of ssh through the bastion, opened by this process for
 * itself. No port on this machine leads there, and everything ends with it.
 */
import { Agent as HttpsAgent, type AgentOptions } from "node:https";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { connect as connectTls } from "node:tls";
import type { S3Client } from "@aws-sdk/client-s3";
import { readResults, type DeliveryResult } from "../hooks/deliver/results";
import { HookError } from "../hooks/errors";
import { Bastion } from "../hooks/ssh/bastion";
import type { OpenStream } from "../hooks/ssh/connect";
import { Pins } from "../hooks/ssh/pins";
import type { Patience, SshHost } from "../hooks/ssh/reach";
import { PORTS } from "../pipeline/limits";
import type { Plan, SecretName } from "../pipeline/plan-types";
import { Presto } from "./presto";
import { storageClient } from "./storage/bucket";
import { MetastoreClient } from "./thrift/client";

export interface Access {
  readonly storage: S3Client;
  readonly metastore: MetastoreClient;
  /** Undefined: the pipeline has none. */
  readonly presto?: { readonly client: Presto; readonly catalog: string };
  close(): void;
}

/** Secrets that the way needs. */
export const ACCESS_SECRETS = [
  "deploy_ssh_key",
  "ncp_access_key_id",
  "ncp_secret_access_key",
  "trust_bundle",
  "presto_batch_password",
] as const satisfies readonly SecretName[];

export interface AccessOptions {
  readonly plan: Plan;
  readonly secrets: ReadonlyMap<SecretName, string>;
  /** Folder of what a deploy keeps on this machine. */
  readonly state: string;
  /** The command that runs all this again, for errors. */
  readonly again: string;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  /** Port of sshd on every host. @default 22 */
  readonly port?: number;
}

/** Presto's catalog of the metastore's tables. */
const CATALOG = "hive";
/** Presto's login of programs. */
const BATCH_USER = "batch";

/** The hosts are up since their delivery. */
const PATIENCE: Patience = { answerMs: 30_000, loginMs: 0, pauseMs: 1_000, longestPauseMs: 5_000 };

/** Opens a TLS connection over a channel for each request that finds no free one. */
class TunnelAgent extends HttpsAgent {
  constructor(
    private readonly open: OpenStream,
    private readonly serverName: string,
    private readonly signal: AbortSignal,
    options: AgentOptions,
  ) {
    super({ keepAlive: true, ...options });
  }

  override createConnection(
    _: unknown,
    done?: (error: Error | null, stream: Duplex) => void,
  ): Duplex | null | undefined {
    this.open(this.signal).then(
      (socket) => {
        const secured = connectTls({ socket, servername: this.serverName, ca: this.options.ca });
        // Cut channels end the connection that runs over them.
        socket.on("close", () => secured.destroy());
        done?.(null, secured);
      },
      (error: Error) => done?.(error, undefined as unknown as Duplex),
    );
    return undefined;
  }
}

/** @throws HookError where a host can't be reached, or was never delivered */
export async function accessThroughTunnels(o: AccessOptions): Promise<Access> {
  const { plan, secrets, signal } = o;
  const { cluster, presto } = plan;
  if (cluster === undefined)
    throw new HookError("the pipeline has no cluster", [], "add hdp hosts and cluster: to the pipeline file");
  if (cluster.spec.kerberos !== undefined)
    throw new HookError(
      "the metastore of a cluster with Kerberos answers Kerberos logins only, which this command has none of",
      ["allowed: cluster.security: none"],
      "docs/metastore.md, the part on Kerberos",
    );
  const ways = new Ways(o);
  const ca = secrets.get("trust_bundle");
  const agent = (via: string, host: string, port: number): HttpsAgent =>
    new TunnelAgent(ways.to(via, host, port), host, signal, { ...(ca === undefined ? {} : { ca }), maxSockets: 32 });
  const { host, region } = plan.objectStorage;
  const storage = storageClient({
    endpoint: `https://${host}`,
    region,
    keyId: secrets.get("ncp_access_key_id") ?? "",
    secretKey: secrets.get("ncp_secret_access_key") ?? "",
    agents: { httpsAgent: agent(cluster.server, host, PORTS.objectStorage) },
  });
  const hive = `${cluster.hive}.${plan.network.domain}`;
  try {
    const stream = await ways.to(cluster.server, hive, PORTS.metastore)(signal);
    const close = (metastore: MetastoreClient): void => {
      metastore.close();
      storage.destroy();
      ways.close();
    };
    const metastore = new MetastoreClient(stream, `${cluster.hive}:${PORTS.metastore}`);
    const access = { storage, metastore, close: () => close(metastore) };
    if (presto === undefined) return access;
    const coordinator = `${presto.coordinator}.${plan.network.domain}`;
    const client = new Presto({
      url: `https://${coordinator}:${PORTS.presto}`,
      catalog: CATALOG,
      user: BATCH_USER,
      password: secrets.get("presto_batch_password") ?? "",
      agent: agent(presto.coordinator, coordinator, PORTS.presto),
    });
    return { ...access, presto: { client, catalog: CATALOG } };
  } catch (error) {
    ways.close();
    throw error;
  }
}

/** One ssh connection to each host that tunnels start from, through the bastion. */
class Ways {
  private readonly jumps = new Map<string, Bastion>();
  private readonly bastion: Bastion;

  constructor(private readonly o: AccessOptions) {
    const { active } = o.plan.proxy;
    const { bastionAddress, server } = this.delivered(active);
    this.bastion = new Bastion(this.at(active, bastionAddress, server), this.reach("transfer"));
  }

  /** Channels to a port as a host sees it. */
  to(via: string, host: string, port: number): OpenStream {
    let jump = this.jumps.get(via);
    if (jump === undefined) {
      const { stack, address, server } = this.delivered(via);
      const there = { ...this.at(via, address, server), through: this.bastion.host.name };
      jump = new Bastion(there, this.reach(stack), this.bastion.opener(address, there.port));
      this.jumps.set(via, jump);
    }
    return jump.opener(host, port);
  }

  private at(name: string, address: string, server: string): SshHost {
    return { name, address, port: this.o.port ?? PORTS.ssh, server };
  }

  private reach(stack: string) {
    const { plan, secrets, state, again, say, signal } = this.o;
    const login = { user: plan.deployUser, privateKey: `${secrets.get("deploy_ssh_key") ?? ""}\n` };
    return { pins: Pins.load(join(state, "pins", `${stack}.json`)), login, patience: PATIENCE, again, say, signal };
  }

  /** The host as it was delivered: without that its keys are not pinned. */
  private delivered(name: string): { stack: string; address: string; server: string; bastionAddress: string } {
    const role = this.o.plan.hosts.find((host) => host.name === name)?.role;
    const stack = role === "hdp" ? "batch-cluster" : role === "presto" ? "query" : "transfer";
    const results: DeliveryResult | undefined = readResults(this.o.state, stack);
    const host = results?.hosts.find((each) => each.name === name);
    if (results === undefined || host === undefined)
      throw new HookError(
        `${name}: stack ${stack} was never delivered from this machine`,
        [`looked in: ${join(this.o.state, "results", `${stack}.json`)}`],
        `npx cdktf deploy ${stack}`,
      );
    return { stack, address: host.ip, server: host.server, bastionAddress: results.bastionAddress };
  }

  close(): void {
    for (const jump of this.jumps.values()) jump.close();
    this.bastion.close();
  }
}
