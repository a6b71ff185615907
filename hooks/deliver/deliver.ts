/** Delivers a stack's rendered files: the steps, in order. */
import { relative } from "node:path";
import { DEPLOY_ALL } from "../errors";
import { Bastion } from "../ssh/bastion";
import { PATIENCE, type Patience, type SshHost } from "../ssh/reach";
import { addressesOf, pinsOf, type Whereabouts } from "./addresses";
import { ansiblePython } from "./ansible/environment";
import { converge, type Delivery } from "./converge";
import { loadManifest, secretPlaces, type LoadedManifest } from "./manifest";
import { PrivateFolder } from "./private-folder";
import { redactor } from "./redact";
import { resultsFile, writeResults, type DeliveryResult, type HostResult } from "./results";
import { secretsFor } from "./secrets";
import { lockStack } from "./stack-lock";

export interface DeliverOptions extends Whereabouts {
  /** Path of the manifest. */
  readonly manifest: string;
  readonly cache: string;
  readonly env: NodeJS.ProcessEnv;
  /** Prints a line. */
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
  /** @default PATIENCE */
  readonly patience?: Patience;
}

/** Enough for the wires, not too much for a small machine. */
const HOSTS_AT_ONCE = 8;

/**
 * Delivers; a second run with nothing to do changes nothing.
 * @throws HookError when nothing could be begun, Stopped when told to stop. What befell hosts is in the result.
 */
export async function deliver(o: DeliverOptions): Promise<DeliveryResult> {
  const started = new Date();
  const manifest = loadManifest(o.manifest);
  const hosts = addressesOf(manifest, o);
  const lock = lockStack(manifest, "deliver", o.print);
  let folder: PrivateFolder | undefined;
  let bastion: Bastion | undefined;
  try {
    const sources = { root: manifest.rootFolder, env: o.env, signal: o.signal };
    const secrets = await secretsFor(manifest, sources, DEPLOY_ALL, secretPlaces(manifest));
    o.signal.throwIfAborted();
    const redact = redactor(secrets.values());
    const say = (host: string, line: string): void => o.print(redact(`${host}: ${line}`));
    const key = secrets.get(manifest.ssh.key)!;
    folder = PrivateFolder.create(o.env);
    lock.noteFolder(folder.path);
    folder.write("ssh-key", `${key}\n`);
    const python = await ansiblePython(manifest.ansibleCore, {
      cache: o.cache,
      env: o.env,
      guard: folder,
      say: (line) => o.print(line),
      again: DEPLOY_ALL,
      signal: o.signal,
    });
    const ssh = {
      pins: pinsOf(manifest, manifest.stack),
      login: { user: manifest.ssh.user, privateKey: `${key}\n` },
      patience: o.patience ?? PATIENCE,
      again: DEPLOY_ALL,
      signal: o.signal,
    };
    bastion = new Bastion(hosts.get(manifest.bastion)!, {
      ...ssh,
      pins: pinsOf(manifest, manifest.bastionStack, ssh.pins),
      say: (line) => say(manifest.bastion, line),
    });
    const results = await convergeAll(hosts, {
      manifest,
      secrets,
      folder,
      bastion,
      ssh,
      python,
      env: o.env,
      say,
      redact,
    });
    return finish(manifest, results, started, o);
  } finally {
    bastion?.close();
    await folder?.remove();
    lock.release();
  }
}

/**
 * The bastion first, where it is one of the hosts: the others are reached through it, by the rules that it then has. The
 * others side by side.
 */
async function convergeAll(hosts: ReadonlyMap<string, SshHost>, d: Delivery): Promise<HostResult[]> {
  const queue = d.manifest.hosts.filter(({ name }) => name !== d.manifest.bastion);
  const first = d.manifest.hosts.find(({ name }) => name === d.manifest.bastion);
  const bastion = first === undefined ? undefined : await converge(first, hosts.get(first.name)!, d);
  const results: HostResult[] = bastion === undefined ? [] : [bastion];
  const work = async (): Promise<void> => {
    for (let host = queue.shift(); host !== undefined; host = queue.shift()) {
      const at = hosts.get(host.name)!;
      if (bastion === undefined || bastion.ok) results.push(await converge(host, at, d));
      else {
        const reason = `not tried, because ${bastion.name} failed`;
        d.say(host.name, reason);
        results.push({
          name: host.name,
          ip: host.address,
          server: at.server,
          ok: false,
          tasks: 0,
          changed: 0,
          failed: 1,
          changedTasks: [],
          seconds: 0,
          reason,
        });
      }
    }
  };
  await Promise.all(Array.from({ length: HOSTS_AT_ONCE }, work));
  const order = d.manifest.hosts.map((host) => host.name);
  return results.sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
}

function finish(manifest: LoadedManifest, hosts: HostResult[], started: Date, o: DeliverOptions): DeliveryResult {
  const result: DeliveryResult = {
    stack: manifest.stack,
    manifest: manifest.sha256,
    ok: hosts.every((host) => host.ok),
    started: started.toISOString(),
    seconds: Math.round((Date.now() - started.getTime()) / 100) / 10,
    bastionAddress: o.bastionAddress,
    hosts,
  };
  writeResults(manifest.state, result);
  const failed = hosts.filter((host) => !host.ok).map((host) => host.name);
  const changed = hosts.reduce((sum, host) => sum + host.changed, 0);
  o.print(
    result.ok
      ? `${manifest.stack}: delivered to ${hosts.length} hosts, ${changed} changes, ${result.seconds} s`
      : `${manifest.stack}: failed on ${failed.join(", ")}; results: ${relative(manifest.rootFolder, resultsFile(manifest.state, manifest.stack))}; try: correct it, then run: ${DEPLOY_ALL} (it resumes)`,
  );
  return result;
}
