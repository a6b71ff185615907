/** Brings one host to what the manifest says: reaches it, opens the tunnel, runs Ansible. */
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { ManifestHost } from "../../pipeline/manifest";
import type { Secrets } from "../../pipeline/secrets";
import { HookError } from "../errors";
import type { Bastion } from "../ssh/bastion";
import { openTcp } from "../ssh/connect";
import { knownHostsOf } from "../ssh/pins";
import { reach, type Reach, type SshHost } from "../ssh/reach";
import { openTunnel } from "../ssh/tunnel";
import { HostRun } from "./ansible/events";
import { runPlaybook } from "./ansible/playbook";
import type { LoadedManifest } from "./manifest";
import type { PrivateFolder } from "./private-folder";
import type { HostResult } from "./results";
import { composeAll } from "./secrets";

export interface Delivery {
  readonly manifest: LoadedManifest;
  readonly secrets: Secrets;
  readonly folder: PrivateFolder;
  readonly bastion: Bastion;
  readonly ssh: Omit<Reach, "say">;
  /** Python with Ansible. */
  readonly python: string;
  readonly env: NodeJS.ProcessEnv;
  /** Prints a line about a host; secrets in it are blackened. */
  readonly say: (host: string, line: string) => void;
  readonly redact: (text: string) => string;
}

/** A host that is silent for so long says where it is. */
const HEARTBEAT_MS = 10_000;

/** Never throws for what befalls the host alone: that is its result. Only a stop ends everything. */
export async function converge(host: ManifestHost, at: SshHost, d: Delivery): Promise<HostResult> {
  const began = Date.now();
  const run = new HostRun();
  let reason: string | undefined;
  try {
    await deliverTo(host, at, run, d);
  } catch (error) {
    d.ssh.signal.throwIfAborted();
    reason = d.redact(error instanceof Error ? error.message : String(error));
    for (const line of `failed: ${reason}`.split("\n")) d.say(host.name, line);
  }
  const seconds = Math.round((Date.now() - began) / 100) / 10;
  if (reason === undefined) d.say(host.name, `done: ${run.tasks} tasks, ${run.changed} changed, ${seconds} s`);
  const { changedTasks, tasks, changed, failed } = run;
  return {
    name: host.name,
    ip: host.address,
    server: at.server,
    ok: reason === undefined,
    tasks,
    changed,
    failed: reason === undefined ? failed : Math.max(1, failed),
    changedTasks,
    seconds,
    ...(reason === undefined ? {} : { reason }),
  };
}

async function deliverTo(host: ManifestHost, at: SshHost, run: HostRun, d: Delivery): Promise<void> {
  const say = (line: string): void => d.say(host.name, line);
  const isBastion = host.name === d.manifest.bastion;
  const open = isBastion ? openTcp(at.address, at.port) : d.bastion.opener(at.address, at.port);
  if (isBastion) await d.bastion.connect();
  else (await reach(at, open, { ...d.ssh, say })).end();
  d.folder.write("known_hosts", d.ssh.pins.knownHosts());

  const tunnel = await openTunnel(open, d.ssh.signal, say);
  let quietSince = Date.now();
  const heartbeat = setInterval(() => {
    if (Date.now() - quietSince < HEARTBEAT_MS) return;
    quietSince = Date.now();
    say(`at work: ${run.tasks} tasks, ${run.changed} changed; now: ${run.current || "connects"}`);
  }, 1_000);
  const log = openLog(join(d.manifest.state, "logs", `${d.manifest.stack}-${host.name}.log`), d.redact);
  try {
    const { code, stderr } = await runPlaybook(
      {
        name: host.name,
        way: { port: tunnel.port, user: d.manifest.ssh.user },
        vars: {
          ...host.vars,
          artifacts: join(d.manifest.artifacts, host.name),
          host_roles: host.roles,
          host_files: host.files,
          // For hosts that log in to others themselves, which may be another stack's.
          host_known: knownHostsOf(d.manifest.state),
          host_secret_files: composeAll(host, d.secrets, d.folder),
        },
      },
      {
        python: d.python,
        templates: join(d.manifest.rootFolder, "ansible-templates"),
        folder: d.folder,
        env: d.env,
        run,
        say: (line) => {
          quietSince = Date.now();
          say(line);
        },
        log: log.line,
        signal: d.ssh.signal,
      },
    );
    if (code !== 0 || !run.finished || run.failed > 0) throw failureOf(at, run, code, stderr, log.file, d);
  } finally {
    clearInterval(heartbeat);
    await tunnel.close();
  }
}

function failureOf(
  at: SshHost,
  run: HostRun,
  code: number | null,
  stderr: string,
  log: string,
  d: Delivery,
): HookError {
  const { user } = d.manifest.ssh;
  const task = run.failure?.task || run.current;
  const reason = run.failure?.reason ?? tailOf(stderr, code);
  const jump = at.through === undefined ? "" : `-J ${user}@${d.bastion.host.address} `;
  return new HookError(
    `${task === "" ? "" : `task "${task}": `}${reason.split("\n")[0]}`,
    [...reason.split("\n").slice(1), `log: ${relative(d.manifest.rootFolder, log)}`],
    `look on the host: ssh ${jump}${user}@${at.address}; then run: ${d.ssh.again}`,
  );
}

/** Ansible's own last words, when no task failed. */
function tailOf(stderr: string, code: number | null): string {
  const lines = stderr
    .trim()
    .split("\n")
    .filter((line) => line.trim() !== "");
  const error = lines.findIndex((line) => /ERROR/.test(line));
  const told = error === -1 ? lines.slice(-8) : lines.slice(error, error + 8);
  return [`Ansible ended with ${code === null ? "a signal" : `exit code ${code}`}`, ...told].join("\n");
}

/** Everything Ansible wrote about a host in its last run, without secrets. */
function openLog(file: string, redact: (text: string) => string): { file: string; line: (text: string) => void } {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, "", { mode: 0o600 });
  return { file, line: (text) => appendFileSync(file, `${redact(text)}\n`) };
}
