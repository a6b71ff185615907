/** Waits for a host's ssh, and checks or pins its keys. */
import type { Client } from "ssh2";
import { HookError, sleep } from "../errors";
import { logIn, SshRefused, type OpenStream, type SshLogin } from "./connect";
import { fingerprint, type HostKeys, type Pins } from "./pins";

export interface SshHost {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  /** Instance number on the platform. */
  readonly server: string;
  /** Name of the host through which it is reached. */
  readonly through?: string;
}

export interface Patience {
  /** How long a host may take until its ssh answers. */
  readonly answerMs: number;
  /**
   * How long a host that was never logged in to may refuse the key: its ssh answers before its init script has made the user.
   * One that let us in before is not waited for.
   */
  readonly loginMs: number;
  /** First pause between attempts; doubles up to `longestPauseMs`. */
  readonly pauseMs: number;
  readonly longestPauseMs: number;
}

export const PATIENCE: Patience = { answerMs: 600_000, loginMs: 180_000, pauseMs: 1_000, longestPauseMs: 15_000 };

export interface Reach {
  readonly pins: Pins;
  readonly login: SshLogin;
  readonly patience: Patience;
  /** The command that runs all this again, for the next step of errors. */
  readonly again: string;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Logs in, waiting as long as the host may still be starting.
 * @throws HookError that names the host, the reason and the next step.
 */
export async function reach(host: SshHost, open: OpenStream, o: Reach): Promise<Client> {
  const pinned = o.pins.keysOf(host.name, host.server);
  const began = Date.now();
  let pause = o.patience.pauseMs;
  for (let attempts = 1; ; attempts++) {
    const refused = await logIn(open, o.login, pinned, o.signal).then(
      ({ client, keys }) => welcome(host, client, keys, pinned, o),
      (error: Error) => (error instanceof SshRefused ? error : Promise.reject(error)),
    );
    if (!(refused instanceof SshRefused)) return refused;
    const waited = Date.now() - began;
    const limit =
      refused.why === "no answer"
        ? o.patience.answerMs
        : refused.why === "login" && pinned === undefined
          ? o.patience.loginMs
          : 0;
    if (waited + pause > limit) throw explain(refused, host, pinned, attempts, waited, o);
    o.say(
      `waits for ssh on ${host.address}:${host.port}: ${refused.message} (${seconds(waited)} of ${seconds(limit)} at most)`,
    );
    await sleep(pause, o.signal);
    pause = Math.min(pause * 2, o.patience.longestPauseMs);
  }
}

/** Pins after the login, not before: a pinned host is one that let us in. */
function welcome(host: SshHost, client: Client, keys: HostKeys, pinned: HostKeys | undefined, o: Reach): Client {
  if (pinned === undefined) {
    o.pins.pin(host.name, host.server, keys);
    const shown = Object.entries(keys).map(([type, key]) => fingerprint(type, key));
    o.say(`first contact with server ${host.server}, its host keys are pinned: ${shown.join(", ")}`);
  }
  return client;
}

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`;

function explain(
  refused: SshRefused,
  host: SshHost,
  pinned: HostKeys | undefined,
  attempts: number,
  waited: number,
  o: Reach,
): HookError {
  const through = host.through === undefined ? "" : `, through ${host.through}`;
  const where = `${host.name} (${host.address}:${host.port}, server ${host.server}${through})`;
  switch (refused.why) {
    case "host key":
      return new HookError(
        `${where}: another host key than the one pinned for this server: someone may be in between, or its keys were made anew`,
        [
          ...Object.entries(pinned ?? {})
            .filter(([type]) => refused.offered === undefined || type === refused.offered.type)
            .map(([type, key]) => `pinned:  ${fingerprint(type, key)}`),
          `offered: ${refused.offered === undefined ? "no key of a pinned type" : fingerprint(refused.offered.type, refused.offered.key)}`,
          `pins:    ${o.pins.file}`,
        ],
        `compare on the server's console: ssh-keygen -lf /etc/ssh/${fileOf(refused.offered?.type)}; only if it shows the offered key, remove "${host.name}" from the pins and run: ${o.again}`,
      );
    case "login":
      return new HookError(
        `${where}: ssh answers and refuses the key of ${o.login.user} (${attempts} attempts in ${seconds(waited)})`,
        [`allowed: the private key whose public key is in /home/${o.login.user}/.ssh/authorized_keys on ${host.name}`],
        `compare secrets.deploy_ssh_key with the operators' public keys in the pipeline file; look at the init script's log on the server's console; then run: ${o.again}`,
      );
    case "forward":
      return new HookError(
        `${where}: ${host.through} does not pass the connection on: ${refused.message}`,
        [`allowed: AllowTcpForwarding yes (or local) for ${o.login.user} in sshd_config of ${host.through}`],
        `correct it there, then run: ${o.again}`,
      );
    case "no answer":
      return new HookError(
        `${where}: ssh did not answer within ${seconds(waited)}: ${refused.message}`,
        [`attempts: ${attempts}`],
        host.through === undefined
          ? `see that the server runs, and that this machine's address is in network.admin_cidrs of the pipeline file; then run: ${o.again}`
          : `see on the platform's console that the server runs, and that ${host.through} may reach its port ${host.port}; then run: ${o.again}`,
      );
  }
}

/** sshd's default file for a key of that type. */
function fileOf(type: string | undefined): string {
  const kind = type === "ssh-rsa" ? "rsa" : type?.startsWith("ecdsa") === true ? "ecdsa" : "ed25519";
  return `ssh_host_${kind}_key.pub`;
}
