/** The two S3 servers: s3proxy over folders of the sandbox, one plays AWS S3, the other NCP's Object Storage. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PEERS, waitUntilListening } from "../network";
import { projectRoot, sandboxPath } from "../paths";
import { run, startDetached, stopDetached } from "../run";
import { readSecret, secretPath } from "../secrets";
import { findJava } from "./java";
import { type Artifact, fetchArtifact } from "./maven";

export type Which = "aws" | "ncp";

export const S3PROXY: Artifact = {
  coordinates: "org.gaul:s3proxy:3.2.0:jar:jar-with-dependencies",
  sha256: "965c8688ea7f0f7bdf2685a589837d66a3c441e4f8e79afbbbd40215b81471fd",
  why: "plays both object storages (100 MB, once)",
};

/** Who may do what on a server: names of secrets, without "-access-key-id". */
export const ACCOUNTS: Readonly<Record<Which, readonly { readonly name: string; readonly readOnly: boolean }[]>> = {
  aws: [
    { name: "aws-owner", readOnly: false },
    { name: "aws", readOnly: true },
    { name: "aws-next", readOnly: true },
  ],
  ncp: [
    { name: "ncp", readOnly: false },
    { name: "ncp-next", readOnly: false },
  ],
};

const SERVERS = ["aws", "ncp"] as const;
/** Together with what Java needs beside it about 200 MB a server. */
const HEAP = "192m";
/** For minutes of life: the compiler that takes its time took a third of the processor time that a server used. */
const BRIEF = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData"];

/**
 * Starts both servers and waits until they answer. Needs `makeSecrets()` and `networkUp()` before.
 * @param without accounts that the servers don't know, as if their keys had been deleted
 */
export async function storageUp(without: readonly string[] = []): Promise<void> {
  const [java, jar] = await Promise.all([findJava(), fetchArtifact(S3PROXY)]);
  for (const which of SERVERS) {
    await mkdir(sandboxPath("s3", which), { recursive: true });
    const files = await writeConfiguration(which, without);
    const logging = `-Dlogback.configurationFile=${join(projectRoot(), "sandbox", "object-storage", "logback.xml")}`;
    const options = [`-Xmx${HEAP}`, "-Xss512k", ...BRIEF, logging];
    startDetached(`s3-${which}`, java, [...options, "-jar", jar, ...files.flatMap((file) => ["--properties", file])], {
      netns: PEERS[which].netns,
    });
  }
  for (const which of SERVERS) await waitUntilListening(`s3-${which}`, PEERS[which].netns, 443, 60);
}

/** Stops both servers; the objects stay in their folders. */
export async function storageDown(): Promise<void> {
  for (const which of SERVERS) await stopDetached(`s3-${which}`);
}

/** One file per account; s3proxy tells accounts apart by their key and gives each its own view of the same folder. */
async function writeConfiguration(which: Which, without: readonly string[]): Promise<string[]> {
  const password = await readSecret("keystore-password");
  const keystore = secretPath(`s3-${which}.p12`);
  await run("openssl", [
    ...[
      "pkcs12",
      "-export",
      "-name",
      "s3",
      "-in",
      secretPath(`s3-${which}.crt`),
      "-inkey",
      secretPath(`s3-${which}.key`),
    ],
    ...["-certfile", secretPath("ca.crt"), "-passout", `file:${secretPath("keystore-password")}`, "-out", keystore],
  ]);
  return Promise.all(
    ACCOUNTS[which]
      .filter(({ name }) => !without.includes(name))
      .map(async ({ name, readOnly }) => {
        const file = secretPath(`s3-${name}.properties`);
        const text = s3proxyProperties({
          hostName: PEERS[which].hostName,
          keystore,
          password,
          identity: await readSecret(`${name}-access-key-id`),
          credential: await readSecret(`${name}-secret-access-key`),
          folder: sandboxPath("s3", which),
          readOnly,
        });
        await writeFile(file, text, { mode: 0o600 });
        return file;
      }),
  );
}

export interface S3ProxyOptions {
  readonly hostName: string;
  readonly keystore: string;
  readonly password: string;
  readonly identity: string;
  readonly credential: string;
  readonly folder: string;
  readonly readOnly: boolean;
}

/** Virtual-host style over TLS, signature version 4 only, as both real services. */
export function s3proxyProperties(o: S3ProxyOptions): string {
  const properties: Record<string, string> = {
    "s3proxy.secure-endpoint": "https://0.0.0.0:443",
    "s3proxy.virtual-host": o.hostName,
    "s3proxy.keystore-path": o.keystore,
    "s3proxy.keystore-password": o.password,
    "s3proxy.authorization": "aws-v4",
    "s3proxy.identity": o.identity,
    "s3proxy.credential": o.credential,
    "s3proxy.read-only-blobstore": String(o.readOnly),
    "jclouds.provider": "filesystem-nio2",
    "jclouds.filesystem.basedir": o.folder,
  };
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}
