/** Delivers a stack's rendered files: the steps, in order. */
import { join, relative } from "node:path";
import { HookError } from "../errors";
import { takeLock, type LockHolder } from "../lock";
import { Bastion } from "../ssh/bastion";
import { Pins } from "../ssh/pins";
import { PATIENCE, type Patience, type SshHost } from "../ssh/reach";
import { ansiblePython } from "./ansible/environment";
import { converge, type Delivery } from "./converge";
import { loadManifest, secretPlaces, type LoadedManifest } from "./manifest";
import { PrivateFolder } from "./private-folder";
import { redactor } from "./redact";
import { resultsFile, writeResults, type DeliveryResult, type HostResult } from "./results";
import { secretsFor } from "./secrets";

export interface DeliverOptions {
  /** Path of the manifest. */
  readonly manifest: string;
  /** Instance numbers of the platform by host name. */
  readonly servers: Readonly<Record<string, string>>;
  /** Public address of the bastion. */
  readonly bastionAddress: string;
  /** Port of sshd on every host. @default 22 */
  readonly port?: number;
  readonly cache: string;
  readonly env: NodeJS.ProcessEnv;
  /** Prints a line. */
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
  /** @default PATIENCE */
  readonly patience?: Patience;
}

/** One stack alone is refused by cdktf unless those that it depends on are named as well; where nothing changed nothing is done. */
const DEPLOY_ALL = "npx cdktf deploy '*'";

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
  const lock = takeLock(join(manifest.state, "locks", `${manifest.stack}.json`), `deliver ${manifest.stack}`);
  if (lock.takenFrom !== undefined) resumeAfter(lock.takenFrom, manifest.stack, o);
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
      pins: Pins.load(join(manifest.state, "pins", `${manifest.stack}.json`)),
      login: { user: manifest.ssh.user, privateKey: `${key}\n` },
      patience: o.patience ?? PATIENCE,
      again: DEPLOY_ALL,
      signal: o.signal,
    };
    bastion = new Bastion(hosts.get(manifest.bastion)!, { ...ssh, say: (line) => say(manifest.bastion, line) });
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

function resumeAfter({ pid, since, privateFolder }: LockHolder, stack: string, o: DeliverOptions): void {
  o.print(`${stack}: resumes after process ${pid}, which died at work (since ${since})`);
  if (privateFolder !== undefined && PrivateFolder.removeLeft(privateFolder))
    o.print(`${stack}: removed ${privateFolder}, where it had secrets`);
}

/** The bastion first: the others are reached through it, by the rules that it then has. The others side by side. */
async function convergeAll(hosts: ReadonlyMap<string, SshHost>, d: Delivery): Promise<HostResult[]> {
  const [first, ...others] = d.manifest.hosts;
  const bastion = await converge(first!, hosts.get(first!.name)!, d);
  const results: HostResult[] = [bastion];
  const queue = [...others];
  const work = async (): Promise<void> => {
    for (let host = queue.shift(); host !== undefined; host = queue.shift()) {
      const at = hosts.get(host.name)!;
      if (bastion.ok) results.push(await converge(host, at, d));
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

/** Where each host's ssh is. Host names come from the manifest, numbers from apply: they must fit. */
function addressesOf(manifest: LoadedManifest, o: DeliverOptions): Map<string, SshHost> {
  const missing = manifest.hosts.filter((host) => o.servers[host.name] === undefined).map((host) => host.name);
  if (missing.length > 0)
    throw new HookError(
      `AWS2NCP_SERVERS: no server number for ${missing.join(", ")}`,
      [
        `found: ${Object.keys(o.servers).join(", ") || "none"}`,
        `allowed: a number for each host of the manifest: ${manifest.hosts.map((host) => host.name).join(", ")}`,
      ],
      "this variable is set by the stack; run the hook by: " + DEPLOY_ALL,
      2,
    );
  const port = o.port ?? 22;
  return new Map(
    manifest.hosts.map((host) => {
      const server = o.servers[host.name]!;
      return [
        host.name,
        host.name === manifest.bastion
          ? { name: host.name, address: o.bastionAddress, port, server }
          : { name: host.name, address: host.address, port, server, through: manifest.bastion },
      ];
    }),
  );
}

function finish(manifest: LoadedManifest, hosts: HostResult[], started: Date, o: DeliverOptions): DeliveryResult {
  const result: DeliveryResult = {
    stack: manifest.stack,
    manifest: manifest.sha256,
    ok: hosts.every((host) => host.ok),
    started: started.toISOString(),
    seconds: Math.round((Date.now() - started.getTime()) / 100) / 10,
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
