/** One run of the hook: inputs, lock, secrets, the way to Ambari, the steps, the result. */
import { dirname, join, resolve } from "node:path";
import { readSecrets } from "../../pipeline/secrets";
import type { SecretRef } from "../../pipeline/plan-types";
import { addressesOf, pinsOf, type Whereabouts } from "../deliver/addresses";
import { loadManifest, secretPlaces, type LoadedManifest } from "../deliver/manifest";
import { redactor } from "../deliver/redact";
import { secretsMissing } from "../deliver/secrets";
import { lockStack } from "../deliver/stack-lock";
import { DEPLOY_ALL, HookError } from "../errors";
import { Bastion } from "../ssh/bastion";
import type { OpenStream } from "../ssh/connect";
import { PATIENCE, type Patience } from "../ssh/reach";
import { Ambari } from "./api";
import { loadFolder, type AmbariFolder } from "./files";
import { makeCluster } from "./make";
import { progress, type Screen } from "./progress";
import { readAmbariResult, writeAmbariResult, type AmbariResult } from "./results";
import { AMBARI_PATIENCE, type AmbariPatience, type Run } from "./run";

export interface AmbariOptions extends Whereabouts {
  /** Folder with cluster.json and its neighbours; the manifest is beside it. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly screen: Screen;
  readonly signal: AbortSignal;
  /** @default AMBARI_PATIENCE */
  readonly patience?: AmbariPatience;
  /** @default PATIENCE */
  readonly ssh?: Patience;
}

/** @throws HookError, Stopped */
export async function runAmbari(o: AmbariOptions): Promise<AmbariResult> {
  const started = Date.now();
  const folder = loadFolder(o.folder);
  const manifest = loadManifest(join(dirname(resolve(o.folder)), "manifest.json"));
  const again = DEPLOY_ALL;
  const screen = progress(o.screen);
  const lock = lockStack(manifest, "ambari", screen.say);
  let way: Way | undefined;
  try {
    const secrets = await secretsOf(manifest, folder, o, again);
    const redact = redactor(secrets.values());
    const say = (line: string): void => screen.say(redact(`${folder.cluster.name}: ${line}`));
    way = wayTo(manifest, folder, o, secrets.get(manifest.ssh.key)!, again, say);
    const run: Run = {
      cluster: folder.cluster.name,
      patience: o.patience ?? AMBARI_PATIENCE,
      say,
      signal: o.signal,
      again,
      sshTo: (host) => sshTo(manifest, host, o),
    };
    const { server, port, admin } = folder.cluster;
    const api = new Ambari({
      open: way.open,
      user: admin.user,
      password: secrets.get(admin.password)!,
      answerMs: run.patience.answerMs,
      pauseMs: run.patience.pollMs,
      say,
      signal: o.signal,
      where: `Ambari on ${server}:${port}`,
      look: `look on the host: ${sshTo(manifest, fqdnOf(manifest, server), o)}, systemctl status ambari-server, /var/log/ambari-server/ambari-server.log; then run: ${again}`,
    });
    const before = readAmbariResult(manifest.state, manifest.stack)?.servers;
    const now = Object.fromEntries(manifest.hosts.map(({ fqdn, name }) => [fqdn.toLowerCase(), o.servers[name] ?? ""]));
    const result = (ok: boolean, changed: boolean, reason?: string): AmbariResult => ({
      cluster: folder.cluster.name,
      blueprint: folder.cluster.blueprint,
      ok,
      components: ok ? folder.cluster.components.installed : 0,
      started: ok ? folder.cluster.components.started : 0,
      hosts: folder.hosts.map(({ fqdn }) => fqdn),
      servers: ok ? now : (before ?? {}),
      changed,
      seconds: Math.round((Date.now() - started) / 100) / 10,
      ...(reason === undefined ? {} : { reason }),
    });
    try {
      const { changed } = await makeCluster(
        api,
        folder,
        { now, ...(before === undefined ? {} : { before }) },
        (name) => secrets.get(name) ?? "",
        screen,
        run,
      );
      const made = result(true, changed);
      writeAmbariResult(manifest.state, manifest.stack, made);
      say(`${made.components} components on ${made.hosts.length} hosts, ${made.started} running, ${made.seconds} s`);
      return made;
    } catch (error) {
      o.signal.throwIfAborted();
      const clean = redacted(error, redact);
      writeAmbariResult(manifest.state, manifest.stack, result(false, false, clean.message));
      throw clean;
    }
  } finally {
    screen.clear();
    way?.close();
    lock.release();
  }
}

/** Ambari's words may quote what was sent to it. */
function redacted(error: unknown, redact: (text: string) => string): Error {
  if (!(error instanceof HookError)) return error instanceof Error ? error : new Error(String(error));
  const { headline, details, next, exitCode } = error;
  return new HookError(redact(headline), details.map(redact), next, exitCode);
}

async function secretsOf(
  manifest: LoadedManifest,
  { cluster }: AmbariFolder,
  { env, signal }: AmbariOptions,
  again: string,
): Promise<ReadonlyMap<string, string>> {
  const key = manifest.secrets.filter(({ name }) => name === manifest.ssh.key);
  const refs: readonly SecretRef[] = [...key, ...cluster.secrets];
  const { values, problems } = await readSecrets(refs, { root: manifest.rootFolder, env, signal });
  signal.throwIfAborted(); // commands that were ended by a stop are no problems
  if (problems.length > 0)
    throw secretsMissing(manifest.stack, "nothing was changed in Ambari", problems, secretPlaces(manifest), again);
  return values;
}

interface Way {
  readonly open: OpenStream;
  close(): void;
}

/** By ssh to the bastion, from there by ssh to Ambari's host, and there to its loopback. */
function wayTo(
  manifest: LoadedManifest,
  { cluster }: AmbariFolder,
  o: AmbariOptions,
  key: string,
  again: string,
  say: (line: string) => void,
): Way {
  const hosts = addressesOf(manifest, o);
  const server = hosts.get(cluster.server);
  if (server === undefined)
    throw new HookError(`cluster.json: ${cluster.server} is no host of the manifest`, [], "npx cdktf synth", 2);
  const own = pinsOf(manifest, manifest.stack);
  const reach = {
    login: { user: manifest.ssh.user, privateKey: `${key}\n` },
    patience: o.ssh ?? PATIENCE,
    again,
    say,
    signal: o.signal,
  };
  const pins = pinsOf(manifest, manifest.bastionStack, own);
  const bastion = new Bastion(hosts.get(manifest.bastion)!, { ...reach, pins });
  const through = bastion.opener(server.address, server.port);
  const host = new Bastion(server, { ...reach, pins: own }, through);
  return {
    // sshd compares the name as it is written here with what it permits.
    open: host.opener("localhost", cluster.port),
    close: () => {
      host.close();
      bastion.close();
    },
  };
}

const fqdnOf = (manifest: LoadedManifest, name: string): string =>
  manifest.hosts.find((host) => host.name === name)?.fqdn ?? name;

function sshTo(manifest: LoadedManifest, fqdn: string, { bastionAddress }: Whereabouts): string {
  const { user } = manifest.ssh;
  const address = manifest.hosts.find((host) => host.fqdn === fqdn)?.address ?? fqdn;
  return `ssh -J ${user}@${bastionAddress} ${user}@${address}`;
}
