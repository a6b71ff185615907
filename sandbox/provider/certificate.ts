/** A certificate for the connection between Terraform and this process: Node makes keys, but no certificates. */
import { generateKeyPairSync, randomBytes, sign, X509Certificate } from "node:crypto";

export interface KeyAndCertificate {
  /** PKCS #8, PEM. */
  readonly key: string;
  /** DER, the form in which the handshake line carries it. */
  readonly der: Buffer;
  readonly pem: string;
}

const OID = {
  ecdsaWithSha256: "06082a8648ce3d040302",
  commonName: "0603550403",
  subjectAltName: "0603551d11",
} as const;

const TAG = { sequence: 0x30, set: 0x31, integer: 0x02, bitString: 0x03, octetString: 0x04, utf8: 0x0c, time: 0x18 };
/** "[0]" and "[3]" of a certificate, "[2]" (a DNS name) of a subject alternative name. */
const CONTEXT = { version: 0xa0, extensions: 0xa3, dnsName: 0x82 };

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const { length } = body;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
}

const oid = (hex: string): Buffer => Buffer.from(hex, "hex");

/** GeneralizedTime: YYYYMMDDhhmmssZ. */
const time = (date: Date): Buffer =>
  der(TAG.time, Buffer.from(`${date.toISOString().replace(/[-:T]/g, "").slice(0, 14)}Z`));

/** A self-signed P-256 certificate for "localhost", which is what Terraform expects of a plugin. */
export function selfSigned(now = new Date()): KeyAndCertificate {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = der(TAG.sequence, oid(OID.ecdsaWithSha256));
  const name = der(
    TAG.sequence,
    der(TAG.set, der(TAG.sequence, oid(OID.commonName), der(TAG.utf8, Buffer.from("localhost")))),
  );
  const serial = randomBytes(16);
  serial[0] = ((serial[0] as number) & 0x7f) | 0x40; // positive, and no leading zero to leave out
  const [from, to] = [new Date(now.getTime() - 3600_000), new Date(now.getTime() + 30 * 24 * 3600_000)];
  const alternativeName = der(TAG.sequence, der(CONTEXT.dnsName, Buffer.from("localhost")));
  const extension = der(TAG.sequence, oid(OID.subjectAltName), der(TAG.octetString, alternativeName));
  const body = der(
    TAG.sequence,
    der(CONTEXT.version, der(TAG.integer, Buffer.of(2))),
    der(TAG.integer, serial),
    algorithm,
    name,
    der(TAG.sequence, time(from), time(to)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(CONTEXT.extensions, der(TAG.sequence, extension)),
  );
  const signature = der(TAG.bitString, Buffer.of(0), sign("sha256", body, privateKey));
  const certificate = der(TAG.sequence, body, algorithm, signature);
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    der: certificate,
    pem: new X509Certificate(certificate).toString(),
  };
}
