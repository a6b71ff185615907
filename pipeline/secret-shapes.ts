/** What each secret must look like, so that a wrong one is told before anything runs and not by a service that won't start. */
import { createPrivateKey, X509Certificate, type KeyObject } from "node:crypto";
import { PemConverter, X509Crl } from "@peculiar/x509";
import type { Problem } from "./errors";
import type { SecretName } from "./plan-types";

type Shape =
  "line" | "word" | "certificates" | "crl" | "key" | "pgp key" | "ssh key" | "ssh public key" | "url" | "users";

const SHAPES: Record<SecretName, Shape> = {
  aws_access_key_id: "line",
  aws_secret_access_key: "line",
  ncp_access_key_id: "line",
  ncp_secret_access_key: "line",
  deploy_ssh_key: "ssh key",
  proxy_tls_cert: "certificates",
  proxy_tls_key: "key",
  proxy_client_ca: "certificates",
  sync_client_cert: "certificates",
  sync_client_key: "key",
  trust_bundle: "certificates",
  proxy_client_crl: "crl",
  alert_webhook: "url",
  repository_user: "line",
  repository_password: "line",
  repository_key: "pgp key",
  hdp_tls_cert: "certificates",
  hdp_tls_key: "key",
  hadoop_keystore_password: "line",
  hadoop_truststore_password: "line",
  ambari_admin_password: "line",
  ambari_db_password: "line",
  hive_db_password: "line",
  grafana_password: "line",
  kerberos_admin_password: "line",
  presto_tls_cert: "certificates",
  presto_tls_key: "key",
  presto_node_cert: "certificates",
  presto_node_key: "key",
  presto_internal_secret: "word",
  presto_users: "users",
  presto_batch_password: "word",
  airflow_fernet_key: "word",
  airflow_web_secret: "line",
  airflow_admin_password: "line",
  batch_ssh_key: "ssh key",
  batch_ssh_public_key: "ssh public key",
};

/** A certificate and the key that must belong to it. */
const PAIRS: readonly (readonly [certificate: SecretName, key: SecretName])[] = [
  ["proxy_tls_cert", "proxy_tls_key"],
  ["sync_client_cert", "sync_client_key"],
  ["hdp_tls_cert", "hdp_tls_key"],
  ["presto_tls_cert", "presto_tls_key"],
  ["presto_node_cert", "presto_node_key"],
];

const ALLOWED: Record<Shape, string> = {
  line: "one line without spaces",
  // Stands in JSON and in Java's properties as it is.
  word: "one line without spaces, quotes and backslashes",
  certificates: "one or more certificates in PEM (-----BEGIN CERTIFICATE-----)",
  crl: "certificate revocation lists in PEM (-----BEGIN X509 CRL-----), one for each CA, good today",
  url: "an https:// URL",
  users: "lines of USER:HASH with bcrypt hashes, as htpasswd -B -C 10 writes them; one of them is batch",
  key: "one private key in PEM, without a passphrase",
  "pgp key": "public keys in ASCII armor (-----BEGIN PGP PUBLIC KEY BLOCK-----), as gpg --export --armor writes them",
  "ssh key": "one private key in OpenSSH's or PEM format, without a passphrase",
  "ssh public key": "one public key as ssh-keygen writes it, such as ssh-ed25519 AAAA…",
};

/** What is wrong with values that were read. The texts name the reference, never the value. */
export function checkShapes(values: ReadonlyMap<SecretName, string>, from: ReadonlyMap<SecretName, string>): Problem[] {
  const problems: Problem[] = [];
  const wrong = (name: SecretName, what: string, allowed: string): void => {
    problems.push({ path: ["secrets", name, "from"], message: `"${from.get(name) ?? "?"}" ${what}`, allowed });
  };
  for (const [name, value] of values) {
    const shape = SHAPES[name];
    const what = CHECKS[shape](value);
    if (what !== undefined) wrong(name, what, ALLOWED[shape]);
  }
  for (const [certificateName, keyName] of PAIRS) {
    const certificate = first(() => new X509Certificate(values.get(certificateName) ?? ""));
    const key = privateKeyOf(values.get(keyName) ?? "");
    if (certificate !== undefined && key !== undefined && !certificate.checkPrivateKey(key))
      wrong(
        keyName,
        `is not the key of the certificate in secrets.${certificateName}`,
        `the private key of "${from.get(certificateName)}"`,
      );
  }
  return problems;
}

const CHECKS: Record<Shape, (value: string) => string | undefined> = {
  line: (value) => (/^[\x21-\x7e]+$/.test(value) ? undefined : "holds spaces, line ends or characters outside ASCII"),
  word: (value) =>
    /^[\x21-\x7e]+$/.test(value) && !/["'\\]/.test(value)
      ? undefined
      : "holds spaces, line ends, quotes, backslashes or characters outside ASCII",
  certificates: (value) => {
    const blocks = value.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
    if (blocks.length === 0) return "holds no certificate";
    const bad = blocks.findIndex((block) => first(() => new X509Certificate(block)) === undefined);
    return bad === -1 ? undefined : `holds a certificate that can't be read (number ${bad + 1})`;
  },
  crl: (value) => {
    const blocks = value.match(/-----BEGIN X509 CRL-----[\s\S]*?-----END X509 CRL-----/g) ?? [];
    if (blocks.length === 0) return "holds no revocation list";
    for (const [index, block] of blocks.entries()) {
      const ends = first(() => new X509Crl(PemConverter.decodeFirst(block)).nextUpdate);
      if (ends === undefined) return `holds a revocation list that can't be read, or never ends (number ${index + 1})`;
      if (ends < new Date())
        return `holds a revocation list that ended ${ends.toISOString()}: port A would refuse everybody`;
    }
    return undefined;
  },
  users: (value) => {
    const lines = value.split("\n").filter((line) => line !== "");
    const bad = lines.findIndex((line) => !/^[A-Za-z0-9._-]+:\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/.test(line));
    if (bad !== -1) return `holds a line that is no USER:HASH (number ${bad + 1})`;
    return lines.some((line) => line.startsWith("batch:")) ? undefined : "holds no user batch";
  },
  url: (value) => (first(() => new URL(value))?.protocol === "https:" ? undefined : "is no https:// URL"),
  key: (value) => {
    if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED/.test(value))
      return "holds a key with a passphrase";
    return privateKeyOf(value) === undefined ? "holds no private key that can be read" : undefined;
  },
  "ssh public key": (value) =>
    /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp\d+) [A-Za-z0-9+/]+=*( [^\n]*)?$/.test(value)
      ? undefined
      : "is no public key",
  "pgp key": (value) =>
    value.startsWith("-----BEGIN PGP PUBLIC KEY BLOCK-----") && value.endsWith("-----END PGP PUBLIC KEY BLOCK-----")
      ? undefined
      : "holds no public key in ASCII armor",
  "ssh key": (value) => (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(value) ? undefined : "holds no private key"),
};

function privateKeyOf(value: string): KeyObject | undefined {
  return first(() => createPrivateKey(value));
}

function first<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
