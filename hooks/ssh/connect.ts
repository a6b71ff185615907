/** One attempt to log in by ssh. */
import { connect as connectTcp } from "node:net";
import type { Duplex } from "node:stream";
import { Client, type ServerHostKeyAlgorithm } from "ssh2";
import { orAbort } from "../errors";
import type { HostKeys } from "./pins";

export interface SshLogin {
  readonly user: string;
  /** Private key, without a passphrase. */
  readonly privateKey: string;
}

/** Why an attempt failed. */
export type Refusal =
  | "no answer" // nothing listens, a timeout, a connection cut: the host may still be starting
  | "login" // the host answers and refuses the key
  | "host key" // it showed another key than the pinned ones
  | "forward"; // the bastion forbids the jump

export class SshRefused extends Error {
  constructor(
    readonly why: Refusal,
    message: string,
    /** The key shown, when it was another one. */
    readonly offered?: { readonly type: string; readonly key: string },
  ) {
    super(message);
    this.name = "SshRefused";
  }
}

/** Makes a byte stream to the ssh port: TCP, or a channel through the bastion. */
export type OpenStream = (signal: AbortSignal) => Promise<Duplex>;

export interface SshConnection {
  readonly client: Client;
  /** Keys that the host proved to hold: the one it showed, and those it announced after the login. */
  readonly keys: HostKeys;
}

const ATTEMPT_MS = 15_000;
/** OpenSSH announces all its host keys right after the login; other servers never do. */
const ANNOUNCEMENT_MS = 3_000;

/** The names under which a pinned key may be negotiated: an RSA key signs with SHA-2 only. */
function algorithmsOf(keys: HostKeys): ServerHostKeyAlgorithm[] {
  return Object.keys(keys).flatMap((type) =>
    type === "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256"] : [type],
  ) as ServerHostKeyAlgorithm[];
}

const FIRST_CONTACT: ServerHostKeyAlgorithm[] = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "rsa-sha2-512",
  "rsa-sha2-256",
];

/** Opens a TCP connection, with a limit on the wait. */
export function openTcp(address: string, port: number): OpenStream {
  return (signal) =>
    new Promise((done, fail) => {
      const socket = connectTcp({ host: address, port, signal });
      socket.setTimeout(ATTEMPT_MS, () => socket.destroy(new Error(`no answer within ${ATTEMPT_MS / 1000} s`)));
      socket.once("error", (error: NodeJS.ErrnoException) =>
        fail(signal.aborted ? (signal.reason as Error) : new SshRefused("no answer", plain(error))),
      );
      socket.once("connect", () => {
        socket.setTimeout(0);
        done(socket);
      });
    });
}

/**
 * Logs in once.
 * @param pinned accepted keys; without them any key is (a first contact), and all of the host's keys are collected.
 * @throws SshRefused
 */
export async function logIn(
  open: OpenStream,
  login: SshLogin,
  pinned: HostKeys | undefined,
  signal: AbortSignal,
): Promise<SshConnection> {
  const stream = await open(signal);
  const client = new Client();
  try {
    return await orAbort(logInOver(stream, client, login, pinned), signal);
  } catch (error) {
    client.on("error", () => undefined); // what comes after the first error adds nothing
    client.destroy();
    stream.destroy();
    throw error;
  }
}

function logInOver(
  stream: Duplex,
  client: Client,
  login: SshLogin,
  pinned: HostKeys | undefined,
): Promise<SshConnection> {
  return new Promise((done, fail) => {
    const keys: Record<string, string> = {};
    let other: { type: string; key: string } | undefined;
    client
      .on("error", (error: Error & { level?: string }) => fail(refusalOf(error, other, pinned)))
      .on("close", () => fail(new SshRefused("no answer", "the connection was cut before the login")))
      .on("ready", () => {
        const whole = (): void => done({ client, keys });
        if (pinned !== undefined) return whole();
        const timer = setTimeout(whole, ANNOUNCEMENT_MS);
        // ssh2 emits this only for keys whose possession the server proved.
        client.once("hostkeys", (announced) => {
          clearTimeout(timer);
          for (const key of announced)
            if (key.type !== "ssh-dss") keys[key.type] ??= key.getPublicSSH().toString("base64");
          whole();
        });
      })
      .connect({
        sock: stream,
        username: login.user,
        privateKey: login.privateKey,
        readyTimeout: ATTEMPT_MS,
        keepaliveInterval: 15_000,
        algorithms: { serverHostKey: pinned === undefined ? FIRST_CONTACT : algorithmsOf(pinned) },
        hostVerifier: (blob: Buffer) => {
          const type = blob.subarray(4, 4 + blob.readUInt32BE(0)).toString("latin1");
          const key = blob.toString("base64");
          if (pinned !== undefined && pinned[type] !== key) {
            other = { type, key };
            return false;
          }
          keys[type] = key;
          return true;
        },
      });
  });
}

function refusalOf(
  error: Error & { level?: string },
  other: { type: string; key: string } | undefined,
  pinned: HostKeys | undefined,
): SshRefused {
  if (other !== undefined) return new SshRefused("host key", "it shows another host key than the pinned one", other);
  if (pinned !== undefined && /no matching host key format/.test(error.message))
    return new SshRefused("host key", "it has no host key of the pinned types any more");
  if (error.level === "client-authentication") return new SshRefused("login", "it refuses the key");
  return new SshRefused("no answer", plain(error));
}

const PLAIN: Record<string, string> = {
  ECONNREFUSED: "connection refused",
  ETIMEDOUT: "no answer",
  EHOSTUNREACH: "no route to the host",
  ENETUNREACH: "no route to the network",
  ECONNRESET: "connection reset",
  ENOTFOUND: "the name is unknown",
  EPIPE: "connection closed",
};

/** An error's reason in words. */
export function plain(error: NodeJS.ErrnoException): string {
  return PLAIN[error.code ?? ""] ?? error.message;
}
