/**
 * The way to the metastore, to Object Storage and to Presto: channels of ssh through the bastion, opened by this process for
 * itself. No port on this machine leads there, and everything ends with it.
 */
import type { S3Client } from "@aws-sdk/client-s3";
import { HookError } from "../hooks/errors";
import { PORTS } from "../pipeline/limits";
import type { Plan, SecretName } from "../pipeline/plan-types";
import { Presto } from "./presto";
import { storageClient } from "./storage/bucket";
import { MetastoreClient } from "./thrift/client";
import { TunnelAgent } from "./tunnel-agent";
import { Ways, type WaysOptions } from "./ways";

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

export interface AccessOptions extends Omit<WaysOptions, "plan" | "key"> {
  readonly plan: Plan;
  readonly secrets: ReadonlyMap<SecretName, string>;
}

/** Presto's catalog of the metastore's tables. */
const CATALOG = "hive";
/** Presto's login of programs. */
const BATCH_USER = "batch";

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
  const ways = new Ways({ ...o, key: secrets.get("deploy_ssh_key") ?? "" });
  const ca = secrets.get("trust_bundle");
  const agent = (via: string, host: string, port: number): TunnelAgent =>
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
    storage.destroy();
    ways.close();
    throw error;
  }
}
