/** Certificates: when they end, whom they name, what they are for, and who signed them. */
import { X509Certificate } from "node:crypto";
import type { HostPlan, Plan, SecretName } from "../../../pipeline/plan-types";
import type { Secrets } from "../../../pipeline/secrets";
import type { Check, Said } from "../types";
import { secretPlace, unreadable } from "./secrets";

const DAY_MS = 86_400_000;

/** Days before its end from which a certificate is warned of. */
const WARN_DAYS = 30;

const EXTENDED_USE = {
  server: { oid: "1.3.6.1.5.5.7.3.1", name: "serverAuth" },
  client: { oid: "1.3.6.1.5.5.7.3.2", name: "clientAuth" },
} as const;

/** Makes new ones and delivers them. */
const RENEW = "make a new one, raise the secret's version, and deploy";

interface Certificate {
  readonly secret: SecretName;
  /** What it is used as; authorities sign others, a bundle is a list of authorities, some of them others' own. */
  readonly use: "server" | "client" | "authority" | "bundle";
  /** Secret with the authorities that must have signed it. */
  readonly signedBy?: SecretName;
}

const CERTIFICATES: readonly Certificate[] = [
  { secret: "proxy_tls_cert", use: "server", signedBy: "trust_bundle" },
  { secret: "sync_client_cert", use: "client", signedBy: "proxy_client_ca" },
  { secret: "proxy_client_ca", use: "authority" },
  { secret: "trust_bundle", use: "bundle" },
];

/** All certificates of a PEM text, in its order; nothing where one can't be read, which the check of secrets tells. */
function certificatesIn(pem: string | undefined): X509Certificate[] {
  const blocks = pem?.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    return [];
  }
}

const dateOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** "CN=sync-1" of a subject with many lines; the whole where there is none. */
const nameOf = ({ subject }: X509Certificate): string =>
  /^CN=.*$/m.exec(subject)?.[0] ?? subject.replaceAll("\n", ", ");

function lifetime(certificate: X509Certificate, place: string, now: number, bundle: boolean): Said[] {
  const [from, to] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)];
  const who = nameOf(certificate);
  if (now < from)
    return [
      { severity: "error", place, found: `${who} begins on ${dateOf(from)} only`, try: "see that the clock is right" },
    ];
  if (now >= to) {
    const found = `${who} ended on ${dateOf(to)}`;
    // A list of public authorities has old ones too; which of them counts, the connections tell.
    return bundle
      ? [{ severity: "warning", place, found, try: "take it out" }]
      : [{ severity: "error", place, found, try: RENEW }];
  }
  const days = Math.floor((to - now) / DAY_MS);
  if (days < WARN_DAYS && !bundle)
    return [{ severity: "warning", place, found: `${who} ends on ${dateOf(to)}, in ${days} days`, try: RENEW }];
  return [];
}

/** Names that a host's certificate must hold; `checkHost` alone would also take a common name. */
function namesOfServer(certificate: X509Certificate, place: string, hosts: readonly HostPlan[]): Said[] {
  const missing = hosts.flatMap(({ fqdn, address }) => [
    ...(certificate.checkHost(fqdn, { subject: "never" }) === undefined ? [`DNS:${fqdn}`] : []),
    ...(certificate.checkIP(address) === undefined ? [`IP:${address}`] : []),
  ]);
  if (missing.length === 0) return [];
  return [
    {
      severity: "error",
      place,
      found: `its names are ${certificate.subjectAltName ?? "none"}`,
      meaning: "clients of port A refuse a certificate that does not name whom they call",
      allowed: `subjectAltName with ${missing.join(" and ")}`,
      try: RENEW,
    },
  ];
}

function nameOfClient(certificate: X509Certificate, place: string, hosts: readonly HostPlan[]): Said[] {
  const cn = /^CN=(.*)$/m.exec(certificate.subject)?.[1];
  const names = hosts.map(({ name }) => name);
  if (cn !== undefined && names.includes(cn)) return [];
  return [
    {
      severity: "error",
      place,
      found: `its common name is ${cn ?? "missing"}`,
      meaning: "port A admits clients by that name",
      allowed: `CN=${names.join(" or CN=")}`,
      try: RENEW,
    },
  ];
}

function purpose(certificate: X509Certificate, place: string, use: "server" | "client"): Said[] {
  const uses = certificate.keyUsage as string[] | undefined;
  const { oid, name } = EXTENDED_USE[use];
  if (uses === undefined || uses.includes(oid)) return [];
  return [
    { severity: "error", place, found: `it is not made for ${name}`, allowed: `extendedKeyUsage ${name}`, try: RENEW },
  ];
}

const issued = (certificate: X509Certificate, issuer: X509Certificate): boolean =>
  issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);

/** Whether a chain leads from a certificate to one of the authorities, over those that came with it. */
function leadsTo(
  certificate: X509Certificate,
  between: readonly X509Certificate[],
  authorities: readonly X509Certificate[],
): boolean {
  if (authorities.some((authority) => issued(certificate, authority))) return true;
  return between.some(
    (next, index) =>
      issued(certificate, next) &&
      leadsTo(
        next,
        between.filter((_, other) => other !== index),
        authorities,
      ),
  );
}

function signature(pem: readonly X509Certificate[], place: string, by: SecretName, secrets: Secrets): Said[] {
  const authorities = certificatesIn(secrets.get(by));
  if (authorities.length === 0) return [unreadable(by)];
  const [leaf, ...between] = pem as [X509Certificate, ...X509Certificate[]];
  if (leadsTo(leaf, between, authorities)) return [];
  return [
    {
      severity: "error",
      place,
      found: `it was issued by ${leaf.issuer.replaceAll("\n", ", ")}, and no chain leads from it to an authority in secrets.${by}`,
      allowed: `a certificate of ${authorities.slice(0, 3).map(nameOf).join(" or ")}`,
      try: `correct the certificate or secrets.${by}`,
    },
  ];
}

function examined({ secret, use, signedBy }: Certificate, plan: Plan, secrets: Secrets, now: number): Said[] {
  const place = secretPlace(secret);
  const pem = certificatesIn(secrets.get(secret));
  const [leaf] = pem;
  if (leaf === undefined) return [unreadable(secret)];
  const hosts = (role: HostPlan["role"]): HostPlan[] => plan.hosts.filter((host) => host.role === role);
  const wrong = [
    ...pem.flatMap((certificate) => lifetime(certificate, place, now, use === "bundle")),
    ...(use === "server" ? namesOfServer(leaf, place, hosts("proxy")) : []),
    ...(use === "client" ? nameOfClient(leaf, place, hosts("sync")) : []),
    ...(use === "server" || use === "client" ? purpose(leaf, place, use) : []),
    ...(signedBy === undefined ? [] : signature(pem, place, signedBy, secrets)),
  ];
  if (wrong.length > 0) return wrong;
  if (use === "bundle") return [{ severity: "ok", place, found: `${pem.length} certificates, none ended` }];
  return [{ severity: "ok", place, found: `${nameOf(leaf)}, good until ${dateOf(Date.parse(leaf.validTo))}` }];
}

export const certificates: Check = {
  name: "certificates",
  about: "none has ended or ends within 30 days; they name the plan's hosts; the CA that is given has signed them",
  needs: [],
  deadlineMs: 90_000,
  run: async ({ plan, secrets }) => {
    const { values } = await secrets();
    return CERTIFICATES.flatMap((certificate) => examined(certificate, plan, values, Date.now()));
  },
};
