/**
 * The secrets of a rehearsal: a CA and its certificates, ssh keys, access keys. Made once under `out/sandbox/secrets` and
 * kept while they are good; none of them opens anything outside the sandbox.
 */
import { createPrivateKey, randomInt, X509Certificate } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { PEERS } from "./network/addresses";
import { sandboxPath } from "./paths";
import { run } from "./run";

/** What the certificates of the pipeline's hosts are made out to. */
export interface SecretNames {
  readonly proxy: { readonly fqdn: string; readonly address: string };
  /** Short name of the host that shows a client certificate to port A. */
  readonly client: string;
}

const EXAMPLE: SecretNames = {
  proxy: { fqdn: "proxy-1.aws2ncp.internal", address: "10.20.0.6" },
  client: "sync-1",
};

const DAY_MS = 24 * 3600 * 1000;
const VALID_DAYS = 397;
const RENEW_WITHIN_DAYS = 30;

interface Leaf {
  /** Subject's common name. */
  readonly cn: string;
  readonly use: "serverAuth" | "clientAuth";
  /** "DNS:name" or "IP:address". */
  readonly names: readonly string[];
}

/** File in the secrets folder, or its folder. */
export const secretPath = (...parts: string[]): string => sandboxPath("secrets", ...parts);

/** Text of a secret; `makeSecrets()` must have run. */
export async function readSecret(name: string): Promise<string> {
  return (await readFile(secretPath(name), "utf8")).trim();
}

/** Makes what is missing, wrong or about to expire. */
export async function makeSecrets(names: SecretNames = EXAMPLE): Promise<void> {
  await mkdir(secretPath("tests"), { recursive: true, mode: 0o700 });
  await chmod(secretPath(), 0o700);

  await certificateAuthority("ca", "aws2ncp sandbox CA");
  const { fqdn, address } = names.proxy;
  await leaf("ca", "proxy", server([fqdn], [address]));
  await leaf("ca", names.client, client(names.client));
  await leaf("ca", "s3-aws", server([PEERS.aws.hostName, `*.${PEERS.aws.hostName}`]));
  await leaf("ca", "s3-ncp", server([PEERS.ncp.hostName, `*.${PEERS.ncp.hostName}`]));
  await leaf("ca", "unlisted", server([PEERS.unlisted.hostName], [PEERS.unlisted.address]));

  // What port A must refuse: the right name from a CA it doesn't know, and a name it doesn't know from the right CA.
  await certificateAuthority("tests/foreign-ca", "somebody else's CA");
  await leaf("tests/foreign-ca", "tests/foreign", client(names.client));
  await leaf("ca", "tests/wrong-cn", client(`not-${names.client}`));

  await sshKey("deploy");
  // The pipeline's key can read the source only; the owner's fills it with data.
  for (const account of ["aws", "aws-owner", "ncp"]) {
    await once(`${account}-access-key-id`, () => (account === "ncp" ? "NCP" : "AKIA") + random(16, UPPER));
    await once(`${account}-secret-access-key`, () => random(40, UPPER + LOWER));
  }
  // As an operator has it for states in a bucket: the profile that the pipeline file names, in the shared credentials file.
  await credentialsFile("ncp");
  await once("keystore-password", () => random(32, UPPER + LOWER));
}

const server = (hosts: readonly string[], addresses: readonly string[] = []): Leaf => ({
  cn: hosts[0] as string,
  use: "serverAuth",
  names: [...hosts.map((name) => `DNS:${name}`), ...addresses.map((address) => `IP:${address}`)],
});

const client = (cn: string): Leaf => ({ cn, use: "clientAuth", names: [`DNS:${cn}`] });

async function certificateAuthority(name: string, cn: string): Promise<void> {
  const found = await readPair(name);
  if (found !== undefined && fresh(found) && found.ca) return;
  const { crt, key } = pairPaths(name, ".new");
  const extensions = ["basicConstraints=critical,CA:true", "keyUsage=critical,keyCertSign,cRLSign"];
  await openssl([
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"],
    ...["-days", String(VALID_DAYS), "-subj", `/CN=${cn}`, "-keyout", key, "-out", crt],
    ...extensions.flatMap((extension) => ["-addext", extension]),
  ]);
  await keep(name);
}

async function leaf(ca: string, name: string, wanted: Leaf): Promise<void> {
  const issuer = await readPair(ca);
  const found = await readPair(name);
  if (found !== undefined && fresh(found) && issuer !== undefined && matches(found, issuer, wanted)) return;
  const { crt, key } = pairPaths(name, ".new");
  const request = secretPath(`${name}.csr`);
  const extensions = secretPath(`${name}.ext`);
  await writeFile(
    extensions,
    `basicConstraints=critical,CA:false\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=${wanted.use}\n` +
      `subjectAltName=${wanted.names.join(",")}\n`,
  );
  await openssl([
    ...["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"],
    ...["-subj", `/CN=${wanted.cn}`, "-keyout", key, "-out", request],
  ]);
  const issued = pairPaths(ca);
  await openssl([
    ...["x509", "-req", "-in", request, "-CA", issued.crt, "-CAkey", issued.key, "-set_serial", serialNumber()],
    ...["-days", String(VALID_DAYS), "-extfile", extensions, "-out", crt],
  ]);
  await Promise.all([rm(request), rm(extensions)]);
  await keep(name);
}

function matches(found: X509Certificate, issuer: X509Certificate, wanted: Leaf): boolean {
  const names = (found.subjectAltName ?? "").split(", ").map((name) => name.replace(/^IP Address:/, "IP:"));
  return (
    found.verify(issuer.publicKey) &&
    found.subject === `CN=${wanted.cn}` &&
    names.sort().join() === [...wanted.names].sort().join()
  );
}

const fresh = (certificate: X509Certificate): boolean =>
  Date.parse(certificate.validTo) - Date.now() > RENEW_WITHIN_DAYS * DAY_MS;

/** The certificate, if it is there with a key that fits. */
async function readPair(name: string): Promise<X509Certificate | undefined> {
  const { crt, key } = pairPaths(name);
  if (!existsSync(crt) || !existsSync(key)) return undefined;
  try {
    const certificate = new X509Certificate(await readFile(crt));
    return certificate.checkPrivateKey(createPrivateKey(await readFile(key))) ? certificate : undefined;
  } catch {
    return undefined; // cut off or overwritten: made again
  }
}

const pairPaths = (name: string, suffix = ""): { crt: string; key: string } => ({
  crt: secretPath(`${name}.crt${suffix}`),
  key: secretPath(`${name}.key${suffix}`),
});

/** Puts a finished pair in its place. */
async function keep(name: string): Promise<void> {
  const made = pairPaths(name, ".new");
  const place = pairPaths(name);
  for (const kind of ["key", "crt"] as const) {
    await chmod(made[kind], 0o600);
    await rename(made[kind], place[kind]);
  }
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

async function once(name: string, make: () => string): Promise<void> {
  const path = secretPath(name);
  if (existsSync(path)) return;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, `${make()}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const LOWER = "abcdefghijklmnopqrstuvwxyz";

const random = (length: number, alphabet: string): string =>
  Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");

const serialNumber = (): string => `0x${random(30, "0123456789abcdef")}`;

const openssl = (args: readonly string[]): Promise<unknown> => run("openssl", args);
