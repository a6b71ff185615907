import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CertificateStore, endOf, type Wanted } from "../../authority/store";
import { DAY_MS } from "../../authority/x509";

const PROXY: Wanted = {
  name: "proxy",
  cn: "proxy-1.example.test",
  use: "server",
  names: ["DNS:proxy-1.example.test", "IP:10.20.0.6"],
};
const SYNC: Wanted = { name: "sync-1", cn: "sync-1", use: "client", names: ["DNS:sync-1"] };

let folder: string;
let today: Date;
let store: CertificateStore;
const inDays = (days: number): void => void (today = new Date(today.getTime() + days * DAY_MS));
const text = (...parts: string[]): string => readFileSync(join(folder, ...parts), "utf8");
const openssl = (...args: string[]): string => execFileSync("openssl", args, { cwd: folder, encoding: "utf8" });

/** openssl's verdict about a certificate as of the test's day, revocation lists included. */
function verdict(file: string): string {
  const time = String(Math.floor(today.getTime() / 1000));
  try {
    const args = ["verify", "-attime", time, "-crl_check", "-CAfile", "ca.crt", "-CRLfile", "crl.pem", file];
    return execFileSync("openssl", args, { cwd: folder, encoding: "utf8", stdio: "pipe" }).trim();
  } catch (error) {
    return /error \d+ at \d+ depth lookup: (.*)/.exec((error as { stderr: string }).stderr)?.[1] ?? String(error);
  }
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "certificates-"));
  today = new Date();
  store = new CertificateStore(folder, () => today);
  await store.addAuthority("example CA");
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("what is issued", () => {
  beforeEach(() => store.issue([PROXY, SYNC], "missing"));

  it("is what openssl calls good, made out to its host", () => {
    expect([verdict("proxy.crt"), verdict("sync-1.crt")]).toEqual(["proxy.crt: OK", "sync-1.crt: OK"]);
    const lines = openssl("x509", "-in", "proxy.crt", "-noout", "-text");
    expect(lines).toContain("DNS:proxy-1.example.test, IP Address:10.20.0.6");
    expect(lines).toContain("TLS Web Server Authentication");
    expect(lines).toMatch(/X509v3 Key Usage: critical\s+Digital Signature\n/);
    expect(lines).toContain("NIST CURVE: P-256");
    expect(openssl("x509", "-in", "sync-1.crt", "-noout", "-text")).toContain("TLS Web Client Authentication");
    expect(openssl("x509", "-in", "ca.crt", "-noout", "-text")).toMatch(
      /CA:TRUE, pathlen:0[\s\S]*Certificate Sign, CRL Sign/,
    );
  });

  it("lives 397 days, its CA five years", () => {
    const days = (file: string): number => store.daysLeft(endOf(new X509Certificate(text(file))));
    expect([days("proxy.crt"), days("ca.crt")]).toEqual([396, 1825]);
  });

  it("has a random serial of 127 bits", () => {
    const serials = store.issued().map(({ x509 }) => x509.serialNumber);
    expect(serials).toEqual([
      expect.stringMatching(/^[4-7][0-9A-F]{31}$/),
      expect.stringMatching(/^[4-7][0-9A-F]{31}$/),
    ]);
    expect(new Set(serials).size).toBe(2);
  });

  it("is for its owner's eyes only", () => {
    const all = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name));
    expect(all.filter((path) => (statSync(path).mode & 0o077) !== 0)).toEqual([]);
  });

  it("is not issued again while it is good and fits", async () => {
    expect(await store.issue([PROXY, SYNC], "missing")).toEqual({ issued: [], revoked: [], files: [] });
    expect(await store.issue([PROXY, SYNC], "ending")).toEqual({ issued: [], revoked: [], files: [] });
  });

  it("is issued again for one more name", async () => {
    const two = { ...PROXY, names: [...PROXY.names, "DNS:proxy-2.example.test", "IP:10.20.0.7"] };
    expect(await store.issue([two, SYNC], "missing")).toEqual({
      issued: ["proxy number 2"],
      revoked: [],
      files: ["proxy.crt", "proxy.key"],
    });
  });
});

describe("renewal", () => {
  it("takes what ends within 30 days, keeps the old pair good, and never loses a key", async () => {
    await store.issue([SYNC], "missing");
    const [oldKey, oldCertificate] = [text("sync-1.key"), text("sync-1.crt")];
    inDays(366);
    expect((await store.issue([SYNC], "ending")).issued).toEqual([]);
    inDays(1);
    expect(await store.issue([SYNC], "ending")).toEqual({
      issued: ["sync-1 number 2"],
      revoked: [],
      files: ["crl.pem", "sync-1.crt", "sync-1.key"],
    });
    expect([text("issued/sync-1/1.key"), text("issued/sync-1/1.crt")]).toEqual([oldKey, oldCertificate]);
    expect(text("sync-1.key")).not.toBe(oldKey);
    expect([verdict("issued/sync-1/1.crt"), verdict("sync-1.crt")]).toEqual([
      "issued/sync-1/1.crt: OK",
      "sync-1.crt: OK",
    ]);
  });

  it("signs a revocation list again before it ends, with all that was in it", async () => {
    await store.issue([SYNC], "missing");
    await store.issue([SYNC], "all");
    await store.revoke(store.good("sync-1").slice(0, 1), true);
    inDays(380);
    await store.issue([SYNC], "ending");
    inDays(30);
    expect(verdict("issued/sync-1/1.crt")).toBe("certificate revoked");
    expect(verdict("sync-1.crt")).toBe("sync-1.crt: OK");
  });

  it("ends a certificate with its CA", async () => {
    inDays(1600);
    await store.issue([SYNC], "all");
    expect(text("sync-1.crt")).toBe(text("issued/sync-1/1.crt"));
    expect(new X509Certificate(text("sync-1.crt")).validTo).toBe(new X509Certificate(text("ca.crt")).validTo);
  });
});

describe("revocation", () => {
  it("refuses one certificate and no other", async () => {
    await store.issue([SYNC], "missing");
    await store.issue([SYNC], "all");
    const [first] = store.good("sync-1");
    expect(await store.revoke([first!], true)).toEqual({
      issued: [],
      revoked: ["sync-1 number 1"],
      files: ["crl.pem"],
    });
    expect([verdict("issued/sync-1/1.crt"), verdict("sync-1.crt")]).toEqual(["certificate revoked", "sync-1.crt: OK"]);
    expect(store.good("sync-1").map(({ number }) => number)).toEqual([2]);
    expect(openssl("crl", "-in", "crl.pem", "-noout", "-text")).toMatch(
      /X509v3 CRL Number: \s+\d{10}[\s\S]*Superseded/,
    );
  });

  it("of all that a name has gives it a new one at the next issue", async () => {
    await store.issue([SYNC], "missing");
    await store.revoke(store.good("sync-1"), false);
    expect((await store.issue([SYNC], "missing")).issued).toEqual(["sync-1 number 2"]);
  });

  it("holds until its list ends, and then lets nobody in", async () => {
    await store.issue([SYNC], "missing");
    inDays(360);
    await store.issue([SYNC], "all");
    inDays(36);
    expect(verdict("sync-1.crt")).toBe("sync-1.crt: OK");
    inDays(2);
    expect(verdict("sync-1.crt")).toBe("CRL has expired");
    await store.issue([SYNC], "ending");
    expect(verdict("sync-1.crt")).toBe("sync-1.crt: OK");
  });
});

describe("a second CA", () => {
  it("is trusted beside the first until nothing good of the first is left", async () => {
    await store.issue([PROXY, SYNC], "missing");
    const files = (await store.addAuthority("example CA", true)).files;
    expect(files).toEqual(["ca.crt", "crl.pem"]);
    expect(text("ca.crt").match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
    expect(text("crl.pem").match(/BEGIN X509 CRL/g)).toHaveLength(2);
    await store.issue([PROXY, SYNC], "all");
    expect([1, 2].map((number) => verdict(`issued/sync-1/${number}.crt`))).toEqual([
      "issued/sync-1/1.crt: OK",
      "issued/sync-1/2.crt: OK",
    ]);
    const old = store.issued().filter(({ authority }) => authority === 1);
    expect((await store.revoke(old, true)).files).toEqual(["ca.crt", "crl.pem"]);
    expect(text("ca.crt")).toBe(text("authorities/2.crt"));
    expect(verdict("sync-1.crt")).toBe("sync-1.crt: OK");
  });

  it("is made on request only", async () => {
    await expect(store.addAuthority("example CA")).rejects.toThrow(
      `${folder}: there is a CA already, number 1\n  try: aws2ncp certs status`,
    );
  });
});

describe("a command that was killed", () => {
  it("loses no pair: what it issued is put in its place by the next one", async () => {
    await store.issue([SYNC], "missing");
    const [key, certificate] = [text("sync-1.key"), text("sync-1.crt")];
    rmSync(join(folder, "sync-1.crt")); // killed between the two
    writeFileSync(join(folder, "sync-1.key.new"), "half a k");
    expect((await store.issue([SYNC], "missing")).files).toEqual(["sync-1.crt"]);
    expect([text("sync-1.key"), text("sync-1.crt")]).toEqual([key, certificate]);
  });

  it("leaves a key without a certificate, whose number is not given again", async () => {
    mkdirSync(join(folder, "issued/sync-1"), { recursive: true });
    writeFileSync(join(folder, "issued/sync-1/1.key"), "half");
    expect((await store.issue([SYNC], "missing")).issued).toEqual(["sync-1 number 2"]);
  });

  it("leaves a lock that the next one takes over; a living one's is respected", async () => {
    writeFileSync(join(folder, ".lock"), "999999999\n");
    await store.issue([SYNC], "missing");
    writeFileSync(join(folder, ".lock"), `${process.ppid}\n`);
    await expect(store.issue([PROXY], "missing")).rejects.toThrow(`process ${process.ppid} is working on it`);
    expect(existsSync(join(folder, "proxy.crt"))).toBe(false);
  });

  it("makes no empty revocation list in the place of a lost one", async () => {
    await store.issue([SYNC], "missing");
    rmSync(join(folder, "authorities/1.crl"));
    await expect(store.issue([SYNC], "all")).rejects.toThrow(
      "1.crl: is missing: what CA number 1 revoked stands in it",
    );
  });
});

it("moves a key aside that was put there by hand", async () => {
  writeFileSync(join(folder, "sync-1.key"), "somebody's own");
  await store.issue([SYNC], "missing");
  expect(text("sync-1.key.kept-1")).toBe("somebody's own");
  expect(text("sync-1.key")).toBe(text("issued/sync-1/1.key"));
});

it("says which key it needs when the CA's is kept elsewhere", async () => {
  rmSync(join(folder, "private/1.key"));
  await expect(store.issue([SYNC], "missing")).rejects.toThrow(
    "private/1.key: is missing: CA number 1 signs with it\n  try:",
  );
});
