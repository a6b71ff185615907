import { certificates } from "../../../../ops/doctor/checks/certificates";
import type { SecretName } from "../../../../pipeline/plan-types";
import { saidBy } from "../context";
import { authority, issue, type Wish } from "../issue";

const ca = authority("our CA");
const SERVER: Wish = { cn: "proxy", use: "serverAuth", names: ["DNS:proxy-1.aws2ncp.internal", "IP:10.20.0.6"] };
const CLIENT: Wish = { cn: "sync-1", use: "clientAuth" };

const good: Partial<Record<SecretName, string>> = {
  proxy_tls_cert: issue(ca, SERVER).crt,
  sync_client_cert: issue(ca, CLIENT).crt,
  proxy_client_ca: ca.crt,
  trust_bundle: ca.crt,
};

/** What is said of all but the good. */
const wrong = async (changes: Partial<Record<SecretName, string>>) =>
  (await saidBy(certificates, { secretValues: { ...good, ...changes } })).filter(({ severity }) => severity !== "ok");

const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

it("says of each good one whose it is and how long it is good", async () => {
  expect(await saidBy(certificates, { secretValues: good })).toEqual([
    { severity: "ok", place: "secrets.proxy_tls_cert.from", found: `CN=proxy, good until ${day(100)}` },
    { severity: "ok", place: "secrets.sync_client_cert.from", found: `CN=sync-1, good until ${day(100)}` },
    { severity: "ok", place: "secrets.proxy_client_ca.from", found: `CN=our CA, good until ${day(100)}` },
    { severity: "ok", place: "secrets.trust_bundle.from", found: "1 certificates, none ended" },
  ]);
});

it("warns from 30 days before the end, and refuses after it", async () => {
  const RENEW = "make a new one, raise the secret's version, and deploy";
  expect(await wrong({ sync_client_cert: issue(ca, { ...CLIENT, days: 30 }).crt })).toEqual([
    {
      severity: "warning",
      place: "secrets.sync_client_cert.from",
      found: `CN=sync-1 ends on ${day(30)}, in 29 days`,
      try: RENEW,
    },
  ]);
  expect(await wrong({ sync_client_cert: issue(ca, { ...CLIENT, days: 31 }).crt })).toEqual([]);
  expect(await wrong({ sync_client_cert: issue(ca, { ...CLIENT, days: -1 }).crt })).toEqual([
    {
      severity: "error",
      place: "secrets.sync_client_cert.from",
      found: `CN=sync-1 ended on ${day(-1)}`,
      try: RENEW,
    },
  ]);
});

it("refuses one that has not begun", async () => {
  jest.spyOn(Date, "now").mockReturnValue(Date.now() - 86_400_000);
  try {
    expect((await wrong({})).map(({ severity, found }) => `${severity} ${found}`)).toEqual([
      `error CN=proxy begins on ${new Date().toISOString().slice(0, 10)} only`,
      `error CN=sync-1 begins on ${new Date().toISOString().slice(0, 10)} only`,
      `error CN=our CA begins on ${new Date().toISOString().slice(0, 10)} only`,
      `error CN=our CA begins on ${new Date().toISOString().slice(0, 10)} only`,
    ]);
  } finally {
    jest.restoreAllMocks();
  }
});

it("a bundle may hold others' old authorities: told, and no more", async () => {
  const old = authority("somebody's old CA", 1);
  const ended = issue(ca, { cn: "ended", ca: true, days: -1 });
  expect(await wrong({ trust_bundle: `${ca.crt}\n${old.crt}\n${ended.crt}` })).toEqual([
    {
      severity: "warning",
      place: "secrets.trust_bundle.from",
      found: `CN=ended ended on ${day(-1)}`,
      try: "take it out",
    },
  ]);
});

it("a server's must name the proxy by its name and its address; a common name does not count", async () => {
  const crt = issue(ca, { ...SERVER, cn: "proxy-1.aws2ncp.internal", names: ["DNS:other"] }).crt;
  expect(await wrong({ proxy_tls_cert: crt })).toEqual([
    {
      severity: "error",
      place: "secrets.proxy_tls_cert.from",
      found: "its names are DNS:other",
      meaning: "clients of port A refuse a certificate that does not name whom they call",
      allowed: "subjectAltName with DNS:proxy-1.aws2ncp.internal and IP:10.20.0.6",
      try: "make a new one, raise the secret's version, and deploy",
    },
  ]);
});

it("a client's must bear its host's name", async () => {
  expect(await wrong({ sync_client_cert: issue(ca, { ...CLIENT, cn: "sync-2" }).crt })).toEqual([
    {
      severity: "error",
      place: "secrets.sync_client_cert.from",
      found: "its common name is sync-2",
      meaning: "port A admits clients by that name",
      allowed: "CN=sync-1",
      try: "make a new one, raise the secret's version, and deploy",
    },
  ]);
});

it("each must be made for its use, where it says what it is made for", async () => {
  expect(await wrong({ sync_client_cert: issue(ca, { ...CLIENT, use: "serverAuth" }).crt })).toMatchObject([
    { severity: "error", found: "it is not made for clientAuth", allowed: "extendedKeyUsage clientAuth" },
  ]);
  expect(await wrong({ sync_client_cert: issue(ca, { cn: "sync-1" }).crt })).toEqual([]);
});

it("the CA that is given must have signed it: its name is not enough", async () => {
  const namesake = authority("our CA");
  expect(await wrong({ sync_client_cert: issue(namesake, CLIENT).crt })).toEqual([
    {
      severity: "error",
      place: "secrets.sync_client_cert.from",
      found: "it was issued by CN=our CA, and no chain leads from it to an authority in secrets.proxy_client_ca",
      allowed: "a certificate of CN=our CA",
      try: "correct the certificate or secrets.proxy_client_ca",
    },
  ]);
});

it("a chain may lead over a certificate between, which must be one that may sign", async () => {
  const between = issue(ca, { cn: "between", ca: true });
  const leaf = issue(between, CLIENT);
  expect(await wrong({ sync_client_cert: `${leaf.crt}\n${between.crt}` })).toEqual([]);
  expect(await wrong({ sync_client_cert: leaf.crt })).toHaveLength(1);
  const noSigner = issue(ca, { cn: "no signer" });
  expect(await wrong({ sync_client_cert: `${issue(noSigner, CLIENT).crt}\n${noSigner.crt}` })).toHaveLength(1);
});

it("what could not be read is unknown here", async () => {
  const { sync_client_cert: _, ...others } = good;
  expect((await saidBy(certificates, { secretValues: others })).filter(({ severity }) => severity !== "ok")).toEqual([
    {
      severity: "unknown",
      place: "secrets.sync_client_cert.from",
      found: "not looked at: the secret is missing or has no good shape",
      try: "npx aws2ncp doctor --only secrets",
    },
  ]);
  expect(
    await wrong({ proxy_client_ca: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----" }),
  ).toMatchObject([
    { severity: "unknown", place: "secrets.proxy_client_ca.from" },
    { severity: "unknown", place: "secrets.proxy_client_ca.from" },
  ]);
});
