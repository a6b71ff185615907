/**
 * The secrets of a rehearsal: a CA and its certificates, ssh keys, access keys. Made once under `out/sandbox/secrets`, which is
 * a folder as `aws2ncp certs` makes it, and kept while they are good; none of them opens anything outside the sandbox.
 */
import { randomBytes, randomInt } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { hash } from "bcryptjs";
import { CertificateStore, type Wanted } from "../authority/store";
import { PEERS } from "./network/addresses";
import { sandboxPath } from "./paths";
import { run } from "./run";

/** What the certificates of the pipeline's hosts are made out to. */
export interface SecretNames {
  readonly proxy: { readonly fqdn: string; readonly address: string };
  /** Short name of the host that shows a client certificate to port A. */
  readonly client: string;
  /** Names of the cluster's nodes, and of the hosts of Presto. */
  readonly nodes: readonly string[];
  readonly presto: readonly string[];
}

const EXAMPLE: SecretNames = {
  proxy: { fqdn: "proxy-1.aws2ncp.internal", address: "10.20.0.6" },
  client: "sync-1",
  nodes: [1, 2, 3].map((number) => `hdp-${number}.aws2ncp.internal`),
  presto: [1, 2].map((number) => `presto-${number}.aws2ncp.internal`),
};

/** Passwords that are words of their own. */
const WORDS = [
  "keystore-password",
  "hadoop-keystore-password",
  "hadoop-truststore-password",
  "ambari-admin-password",
  "ambari-db-password",
  "hive-db-password",
  "grafana-password",
  "presto-internal-secret",
  "presto-batch-password",
  "presto-reader-password",
  "airflow-web-secret",
  "airflow-admin-password",
];

/** Users of Presto: `batch` writes, `reader` may not. */
const PRESTO_USERS = ["batch", "reader"];
/** The cheapest that Presto 0.287 admits is 8. */
const BCRYPT_COST = 8;

/** File in the secrets folder, or its folder. */
export const secretPath = (...parts: string[]): string => sandboxPath("secrets", ...parts);

/** Text of a secret; `makeSecrets()` must have run. */
export async function readSecret(name: string): Promise<string> {
  return (await readFile(secretPath(name), "utf8")).trim();
}

/** Makes what is missing, wrong or about to expire. */
export async function makeSecrets(names: SecretNames = EXAMPLE): Promise<void> {
  await mkdir(secretPath(), { recursive: true, mode: 0o700 });
  await chmod(secretPath(), 0o700);

  const { fqdn, address } = names.proxy;
  await certificates(secretPath(), "aws2ncp sandbox CA", [
    server("proxy", [fqdn], [address]),
    client(names.client, names.client),
    server("hdp", names.nodes),
    server("presto", names.presto),
    server("s3-aws", [PEERS.aws.hostName, `*.${PEERS.aws.hostName}`]),
    server("s3-ncp", [PEERS.ncp.hostName, `*.${PEERS.ncp.hostName}`]),
    server("alerts", [PEERS.alerts.hostName]),
    server("unlisted", [PEERS.unlisted.hostName], [PEERS.unlisted.address]),
    // What port A must refuse: a name that it doesn't know from the right CA, and the right name from a CA it doesn't know.
    client("wrong-cn", `not-${names.client}`),
  ]);
  await certificates(secretPath("tests"), "somebody else's CA", [client(names.client, names.client)]);

  for (const name of ["deploy", "batch"]) await sshKey(name);
  await nodeCertificate("presto-node");
  // The pipeline's key can read the source only; the owner's fills it with data. The next ones are there to rotate to.
  for (const account of ["aws", "aws-next", "aws-owner", "ncp", "ncp-next"]) {
    await once(`${account}-access-key-id`, () => (account.startsWith("ncp") ? "NCP" : "AKIA") + random(16, UPPER));
    await once(`${account}-secret-access-key`, () => random(40, UPPER + LOWER));
  }
  // Whoever knows the path may post: as with the webhooks of real services.
  await once("alert-webhook", () => `https://${PEERS.alerts.hostName}/hooks/${random(32, UPPER + LOWER)}`);
  // As an operator has it for states in a bucket: the profile that the pipeline file names, in the shared credentials file.
  await credentialsFile("ncp");
  for (const word of WORDS) await once(word, () => random(32, UPPER + LOWER));
  await once("presto-users", prestoUsers);
  // Fernet's own form: 32 bytes in URL-safe base64.
  await once(
    "airflow-fernet-key",
    () => `${randomBytes(32).toString("base64").replace(/\+/g, "-").replace(/\//g, "_")}`,
  );
}

const server = (name: string, hosts: readonly string[], addresses: readonly string[] = []): Wanted => ({
  name,
  cn: hosts[0] as string,
  use: "server",
  names: [...hosts.map((host) => `DNS:${host}`), ...addresses.map((each) => `IP:${each}`)],
});

const client = (name: string, cn: string): Wanted => ({ name, cn, use: "client", names: [`DNS:${cn}`] });

/** A CA in a folder, and what it issues; both only where they are missing, wrong or about to end. */
async function certificates(folder: string, cn: string, wanted: readonly Wanted[]): Promise<void> {
  const store = new CertificateStore(folder);
  if (store.authorities().length === 0) await store.addAuthority(cn);
  await store.issue(wanted, "ending");
}

async function credentialsFile(account: string): Promise<void> {
  const [id, key] = [await readSecret(`${account}-access-key-id`), await readSecret(`${account}-secret-access-key`)];
  const text = `[${account}]\naws_access_key_id = ${id}\naws_secret_access_key = ${key}\nrequest_checksum_calculation = when_required\n`;
  await writeFile(secretPath("credentials"), text, { mode: 0o600 });
}

async function sshKey(name: string): Promise<void> {
  const path = secretPath(name);
  if (existsSync(path) && existsSync(`${path}.pub`)) return;
  await Promise.all([rm(path, { force: true }), rm(`${path}.pub`, { force: true })]);
  await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", path]);
}

/** By which the nodes of Presto know each other: signed by itself, so that nothing else is trusted along with it. */
async function nodeCertificate(name: string): Promise<void> {
  const [certificate, key] = [secretPath(`${name}.crt`), secretPath(`${name}.key`)];
  if (existsSync(certificate) && existsSync(key)) return;
  const made = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", certificate];
  await run("openssl", ["req", "-x509", "-days", "397", "-subj", "/CN=presto nodes", ...made]);
}

/** Lines of USER:BCRYPT. */
async function prestoUsers(): Promise<string> {
  const lines = PRESTO_USERS.map(async (user) => {
    const hashed = await hash(await readSecret(`presto-${user}-password`), BCRYPT_COST);
    // Presto 0.287 knows the prefix of 2014's htpasswd only; the two mean the same for such passwords.
    return `${user}:${hashed.replace(/^\$2b\$/, "$2y$")}`;
  });
  return (await Promise.all(lines)).join("\n");
}

async function once(name: string, make: () => string | Promise<string>): Promise<void> {
  const path = secretPath(name);
  if (existsSync(path)) return;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, `${await make()}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const LOWER = "abcdefghijklmnopqrstuvwxyz";

const random = (length: number, alphabet: string): string =>
  Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
