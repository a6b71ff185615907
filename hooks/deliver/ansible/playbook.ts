/** Runs the playbook for one host. */
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import type { PrivateFolder } from "../private-folder";
import { ANSIBLE_FILES } from "./environment";
import { parseEvent, type HostRun } from "./events";

export interface PlaybookOptions {
  /** Python of the environment. */
  readonly python: string;
  /** Folder of the playbook deliver.yml and its roles. */
  readonly templates: string;
  readonly folder: PrivateFolder;
  readonly env: NodeJS.ProcessEnv;
  /** Counts what happens. */
  readonly run: HostRun;
  /** Hears of each change. */
  readonly say: (line: string) => void;
  /** Keeps every line that Ansible writes. */
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

/** How ssh leads to a host. */
export interface Way {
  /** Port on 127.0.0.1 of the tunnel. */
  readonly port: number;
  readonly user: string;
}

/** What Ansible must know of a host. */
export interface Target {
  readonly name: string;
  readonly way: Way;
  readonly vars: Readonly<Record<string, unknown>>;
}

/** Time for a module to end on its host after an interrupt. */
const GRACE_MS = 5_000;

/**
 * Folder of mitogen's strategy in an environment. It keeps one Python running on the host for all tasks instead of starting
 * one for each: the same modules, a quarter of the time.
 */
function strategyFolder(python: string): string {
  const libraries = join(dirname(dirname(python)), "lib");
  const [version = "python3"] = readdirSync(libraries).filter((name) => name.startsWith("python3."));
  return join(libraries, version, "site-packages", "ansible_mitogen", "plugins", "strategy");
}

/** Settings of Ansible, from nothing else than this file: no user's configuration, keys, agent or known hosts. */
export function ansibleConfig(folder: PrivateFolder, templates: string, python: string): string {
  const ssh = [
    "-F /dev/null",
    "-o ControlMaster=auto -o ControlPersist=60s",
    "-o StrictHostKeyChecking=yes",
    `-o UserKnownHostsFile=${join(folder.path, "known_hosts")} -o GlobalKnownHostsFile=/dev/null`,
    "-o IdentitiesOnly=yes -o IdentityAgent=none -o PasswordAuthentication=no -o BatchMode=yes",
    "-o ServerAliveInterval=15 -o ServerAliveCountMax=4",
  ];
  return `[defaults]
stdout_callback = aws2ncp_events
callback_plugins = ${join(ANSIBLE_FILES, "callback_plugins")}
roles_path = ${join(templates, "roles")}
home = ${folder.folder("ansible")}
local_tmp = ${folder.folder("ansible/tmp")}
private_key_file = ${join(folder.path, "ssh-key")}
host_key_checking = True
interpreter_python = auto_silent
strategy_plugins = ${strategyFolder(python)}
strategy = mitogen_linear
retry_files_enabled = False
nocows = True
timeout = 30
[diff]
always = False
[ssh_connection]
pipelining = True
transfer_method = piped
retries = 2
control_path_dir = ${folder.folder("cp")}
control_path = %(directory)s/%%h-%%p
ssh_args = ${ssh.join(" ")}
`;
}

/** A JSON inventory is read by Ansible's YAML plugin. The host key is looked up by the host's name, not by the tunnel's port. */
export function inventoryOf(target: Target): string {
  const host = {
    ...target.vars,
    ansible_host: "127.0.0.1",
    ansible_port: target.way.port,
    ansible_user: target.way.user,
    ansible_ssh_common_args: `-o HostKeyAlias=${target.name}`,
  };
  return JSON.stringify({ all: { hosts: { [target.name]: host } } });
}

/** Runs it to its end. An abort ends it with all it started. */
export async function runPlaybook(
  target: Target,
  o: PlaybookOptions,
): Promise<{ readonly code: number | null; readonly stderr: string }> {
  o.signal.throwIfAborted();
  const inventory = o.folder.write(`inventory/${target.name}.json`, inventoryOf(target));
  const config = o.folder.write("ansible.cfg", ansibleConfig(o.folder, o.templates, o.python)); // the same for each host
  const args = [
    "-m",
    "ansible",
    "playbook",
    "--inventory",
    inventory,
    "--limit",
    target.name,
    join(o.templates, "deliver.yml"),
  ];
  const child = spawn(o.python, args, {
    cwd: o.folder.path,
    env: environmentOf(o.env, config),
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const group = child.pid;
  if (group !== undefined) o.folder.began(group);
  const kill = (signal: NodeJS.Signals): void => {
    try {
      if (group !== undefined) process.kill(-group, signal);
    } catch {
      // The group has ended.
    }
  };
  let hard: NodeJS.Timeout | undefined;
  const stop = (): void => {
    kill("SIGTERM");
    hard = setTimeout(() => kill("SIGKILL"), GRACE_MS);
  };
  o.signal.addEventListener("abort", stop, { once: true });

  let stderr = "";
  createInterface({ input: child.stdout }).on("line", (line) => {
    o.log(line);
    const event = parseEvent(line);
    const said = event === undefined ? undefined : o.run.take(event);
    if (said !== undefined) o.say(said);
  });
  createInterface({ input: child.stderr }).on("line", (line) => {
    stderr = `${stderr}${line}\n`.slice(-4000);
    o.log(line);
  });
  const code = await new Promise<number | null>((done) => {
    child.on("error", (error) => {
      stderr += error.message;
      done(1);
    });
    child.on("close", done);
  });
  clearTimeout(hard);
  o.signal.removeEventListener("abort", stop);
  if (o.signal.aborted) kill("SIGKILL");
  if (group !== undefined) o.folder.ended(group);
  o.signal.throwIfAborted();
  return { code, stderr };
}

/** Only what Ansible and ssh need: the hook's own environment may hold secrets. */
function environmentOf(env: NodeJS.ProcessEnv, config: string): NodeJS.ProcessEnv {
  return {
    PATH: env["PATH"],
    HOME: env["HOME"],
    LANG: "C.UTF-8",
    LC_ALL: "C.UTF-8",
    ANSIBLE_CONFIG: config,
    ANSIBLE_NOCOLOR: "1",
    PYTHONDONTWRITEBYTECODE: "1",
  };
}
