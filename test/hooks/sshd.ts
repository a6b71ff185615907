/** Real sshd processes on loopback, each with keys of its own, for tests. */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

export const LOGIN_USER = userInfo().username;

export interface Sshd {
  readonly address: string;
  readonly port: number;
  readonly folder: string;
  /** "ssh-ed25519 SHA256:…" of its key of that kind. */
  fingerprint(kind: KeyKind): string;
  /** Public blob in base64. */
  publicKey(kind: KeyKind): string;
  stop(): Promise<void>;
}

export type KeyKind = "ed25519" | "ecdsa" | "rsa";

export interface SshdOptions {
  readonly address: string;
  readonly port: number;
  /** Public key that may log in. */
  readonly authorizedKey: string;
  /** @default all three */
  readonly keys?: readonly KeyKind[];
  /** @default true */
  readonly forwarding?: boolean;
}

/** A key pair without a passphrase. */
export function makeKey(
  folder: string,
  name: string,
  kind: KeyKind = "ed25519",
): { readonly file: string; readonly privateKey: string; readonly publicKey: string } {
  const file = join(folder, name);
  execFileSync("ssh-keygen", [
    "-q",
    "-t",
    kind,
    ...(kind === "rsa" ? ["-b", "2048"] : []),
    "-N",
    "",
    "-C",
    name,
    "-f",
    file,
  ]);
  return { file, privateKey: readFileSync(file, "utf8"), publicKey: readFileSync(`${file}.pub`, "utf8").trim() };
}

/** A port that is free on all the addresses now. */
export async function freePort(...addresses: string[]): Promise<number> {
  for (;;) {
    const servers = addresses.map(() => createServer());
    try {
      let port = 0;
      for (const [index, server] of servers.entries()) {
        await new Promise<void>((done, fail) => server.once("error", fail).listen(port, addresses[index], done));
        port = (server.address() as AddressInfo).port;
      }
      return port;
    } catch {
      // Taken on one of them.
    } finally {
      for (const server of servers) server.close();
    }
  }
}

export async function startSshd(o: SshdOptions): Promise<Sshd> {
  const folder = mkdtempSync(join(tmpdir(), "aws2ncp-sshd-"));
  const kinds = o.keys ?? ["ed25519", "ecdsa", "rsa"];
  for (const kind of kinds) makeKey(folder, `host_${kind}`, kind);
  writeFileSync(join(folder, "authorized_keys"), `${o.authorizedKey}\n`);
  const config = `
ListenAddress ${o.address}
Port ${o.port}
${kinds.map((kind) => `HostKey ${folder}/host_${kind}`).join("\n")}
AuthorizedKeysFile ${folder}/authorized_keys
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
AllowTcpForwarding ${o.forwarding === false ? "no" : "yes"}
LogLevel VERBOSE
`;
  writeFileSync(join(folder, "config"), config);
  if (userInfo().uid === 0) mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
  const child = spawn("/usr/sbin/sshd", ["-D", "-e", "-f", join(folder, "config")], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (log += text));
  await answers(o.address, o.port, child, () => log);
  const show = (kind: KeyKind): string[] => readFileSync(join(folder, `host_${kind}.pub`), "utf8").split(" ");
  return {
    address: o.address,
    port: o.port,
    folder,
    fingerprint: (kind) => {
      const shown = execFileSync("ssh-keygen", ["-lf", join(folder, `host_${kind}.pub`)], { encoding: "utf8" });
      return `${show(kind)[0]} ${shown.split(" ")[1]}`;
    },
    publicKey: (kind) => show(kind)[1]!,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        const exit = once(child, "exit");
        child.kill("SIGTERM");
        await exit;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answers(address: string, port: number, child: ChildProcess, log: () => string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (child.exitCode !== null) throw new Error(`sshd ended with exit code ${child.exitCode}: ${log()}`);
    const up = await new Promise<boolean>((done) => {
      const socket = connect({ host: address, port })
        .once("connect", () => done(true))
        .once("error", () => done(false))
        .once("close", () => undefined);
      socket.once("connect", () => socket.destroy());
    });
    if (up) return;
    await new Promise((done) => setTimeout(done, 25));
  }
  throw new Error(`sshd on ${address}:${port} does not answer: ${log()}`);
}
