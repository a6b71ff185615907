/** Certificates and revocation lists as PEM, made and read in this process: no key passes through a file or an argument on the way. */
import {
  createPrivateKey,
  generateKeyPairSync,
  randomBytes,
  webcrypto,
  type X509Certificate as NodeCertificate,
} from "node:crypto";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  type GeneralNameType,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
  X509Crl,
  X509CrlGenerator,
  X509CrlReason,
} from "@peculiar/x509";

/** Days for which each is good. A leaf lives as long as public CAs may let theirs; a CA outlives several of them. */
export const VALID_DAYS = { authority: 1826, leaf: 397, crl: 397 } as const;

export const DAY_MS = 24 * 3600 * 1000;

/** Clocks of hosts may be behind the one that issues. */
const BACKDATED_MS = 5 * 60_000;

const KEY = { name: "ECDSA", namedCurve: "P-256" } as const;
const SIGNATURE = { name: "ECDSA", hash: "SHA-256" } as const;

const CRL_LABEL = "X509 CRL";

/** A certificate and its private key (PKCS 8), both PEM. */
export interface Pair {
  readonly certificate: string;
  readonly key: string;
}

export interface LeafSpec {
  /** Subject's common name. */
  readonly cn: string;
  /** `self`: of either end of a connection between equals that know each other by this one certificate, which no CA signs. */
  readonly use: "server" | "client" | "self";
  /** "DNS:name" or "IP:address", in the order in which they stand in the certificate; none of one signed by itself. */
  readonly names: readonly string[];
}

export interface Revocation {
  /** Hexadecimal, upper case. */
  readonly serial: string;
  readonly at: Date;
  readonly superseded: boolean;
}

export interface Crl {
  readonly nextUpdate: Date;
  readonly revoked: readonly Revocation[];
}

/** Makes a CA that signs leaves and its revocation list, and no other CA. */
export async function makeAuthority(cn: string, now = new Date()): Promise<Pair> {
  const { key, signing, publicKey } = await newKey();
  const certificate = await X509CertificateGenerator.create({
    serialNumber: randomSerial(),
    subject: [{ CN: [cn] }],
    issuer: [{ CN: [cn] }],
    ...validity(now, VALID_DAYS.authority),
    publicKey,
    signingKey: signing,
    signingAlgorithm: SIGNATURE,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(publicKey),
    ],
  });
  return { certificate: pem(certificate), key };
}

/** Issues a certificate with a new key. It ends no later than its CA. */
export async function issueLeaf(authority: Pair, spec: LeafSpec, now = new Date()): Promise<Pair> {
  const issuer = new X509Certificate(authority.certificate);
  const { key, publicKey } = await newKey();
  const { notBefore, notAfter } = validity(now, VALID_DAYS.leaf);
  const certificate = await X509CertificateGenerator.create({
    serialNumber: randomSerial(),
    subject: [{ CN: [spec.cn] }],
    issuer: issuer.subjectName,
    notBefore,
    notAfter: notAfter < issuer.notAfter ? notAfter : issuer.notAfter,
    publicKey,
    signingKey: await signingKeyOf(authority.key),
    signingAlgorithm: SIGNATURE,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([
        spec.use === "server" ? ExtendedKeyUsage.serverAuth : ExtendedKeyUsage.clientAuth,
      ]),
      new SubjectAlternativeNameExtension(
        spec.names.map((name): { type: GeneralNameType; value: string } => {
          const [, kind, value = ""] = /^(DNS|IP):(.+)$/.exec(name) ?? [];
          return { type: kind === "IP" ? "ip" : "dns", value };
        }),
      ),
      await SubjectKeyIdentifierExtension.create(publicKey),
      await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  return { certificate: pem(certificate), key };
}

/** A certificate that is its own issuer, as `openssl req -x509` makes it: Java trusts no other kind without a CA. */
export async function issueSelfSigned({ cn }: Pick<LeafSpec, "cn">, now = new Date()): Promise<Pair> {
  const { key, signing, publicKey } = await newKey();
  const certificate = await X509CertificateGenerator.create({
    serialNumber: randomSerial(),
    subject: [{ CN: [cn] }],
    issuer: [{ CN: [cn] }],
    ...validity(now, VALID_DAYS.leaf),
    publicKey,
    signingKey: signing,
    signingAlgorithm: SIGNATURE,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      await SubjectKeyIdentifierExtension.create(publicKey),
      await AuthorityKeyIdentifierExtension.create(publicKey),
    ],
  });
  return { certificate: pem(certificate), key };
}

/** Signs a CA's revocation list. Its number is the time, so that a later list always has a higher one. */
export async function makeCrl(authority: Pair, revoked: readonly Revocation[], now = new Date()): Promise<string> {
  const issuer = new X509Certificate(authority.certificate);
  const { notBefore, notAfter } = validity(now, VALID_DAYS.crl);
  const crl = await X509CrlGenerator.create({
    issuer: issuer.subjectName,
    thisUpdate: notBefore,
    nextUpdate: notAfter,
    signingKey: await signingKeyOf(authority.key),
    signingAlgorithm: SIGNATURE,
    entries: revoked.map(({ serial, at, superseded }) => ({
      serialNumber: serial,
      revocationDate: at,
      reason: superseded ? X509CrlReason.superseded : X509CrlReason.keyCompromise,
    })),
    extensions: [
      await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      new Extension("2.5.29.20", false, derInteger(Math.floor(now.getTime() / 1000))),
    ],
  });
  // The library's own label, "CRL", is none that OpenSSL reads.
  return `${PemConverter.encode(crl.rawData, CRL_LABEL)}\n`;
}

/** @throws Error when the text is no revocation list */
export function readCrl(text: string): Crl {
  const crl = new X509Crl(PemConverter.decodeFirst(text));
  return {
    nextUpdate: crl.nextUpdate ?? new Date(0),
    revoked: crl.entries.map((entry) => ({
      serial: entry.serialNumber.toUpperCase(),
      at: entry.revocationDate,
      superseded: entry.reason === X509CrlReason.superseded,
    })),
  };
}

/** Whether a certificate is made out as the specification says. */
export function fits(certificate: NodeCertificate, spec: LeafSpec): boolean {
  if (spec.use === "self") return certificate.subject === `CN=${spec.cn}` && certificate.verify(certificate.publicKey);
  const names = (certificate.subjectAltName ?? "").split(", ").map((name) => name.replace(/^IP Address:/, "IP:"));
  const use = spec.use === "server" ? ExtendedKeyUsage.serverAuth : ExtendedKeyUsage.clientAuth;
  return (
    certificate.subject === `CN=${spec.cn}` &&
    certificate.keyUsage.join() === (use as string) &&
    [...names].sort().join() === [...spec.names].sort().join()
  );
}

/** Whether a PEM key belongs to a certificate. */
export function isKeyOf(certificate: NodeCertificate, key: string): boolean {
  return certificate.checkPrivateKey(createPrivateKey(key));
}

async function newKey(): Promise<{ key: string; signing: webcrypto.CryptoKey; publicKey: webcrypto.CryptoKey }> {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: KEY.namedCurve });
  const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const spki = publicKey.export({ type: "spki", format: "der" });
  return {
    key,
    signing: await signingKeyOf(key),
    publicKey: await webcrypto.subtle.importKey("spki", spki, KEY, true, ["verify"]),
  };
}

async function signingKeyOf(key: string): Promise<webcrypto.CryptoKey> {
  const der = createPrivateKey(key).export({ type: "pkcs8", format: "der" });
  return webcrypto.subtle.importKey("pkcs8", der, KEY, false, ["sign"]);
}

function validity(now: Date, days: number): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(now.getTime() - BACKDATED_MS), notAfter: new Date(now.getTime() + days * DAY_MS) };
}

/** 127 random bits, positive and without a leading zero byte. */
function randomSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] as number) & 0x7f) | 0x40;
  return bytes.toString("hex");
}

/** A positive number in ASN.1. */
function derInteger(value: number): Uint8Array<ArrayBuffer> {
  const hex = value.toString(16);
  const bytes = [...Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex")];
  const positive = (bytes[0] as number) >= 0x80 ? [0, ...bytes] : bytes;
  return Uint8Array.from([2, positive.length, ...positive]);
}

const pem = (certificate: X509Certificate): string => `${certificate.toString("pem")}\n`;
