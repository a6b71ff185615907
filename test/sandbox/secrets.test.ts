import { X509Certificate } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeSecrets, secretPath } from "../../sandbox/secrets";

const home = mkdtempSync(join(tmpdir(), "aws2ncp-secrets-"));
const certificate = (name: string): X509Certificate => new X509Certificate(readFileSync(secretPath(name)));
const contents = (): Record<string, string> =>
  Object.fromEntries(
    readdirSync(secretPath(), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path, readFileSync(path, "utf8")]),
  );

beforeAll(async () => {
  process.env["AWS2NCP_SANDBOX"] = home;
  await makeSecrets();
}, 60_000); // a dozen pairs of keys, on a busy machine
afterAll(() => {
  delete process.env["AWS2NCP_SANDBOX"];
  rmSync(home, { recursive: true });
});

it("makes them for this user's eyes only", () => {
  expect(statSync(secretPath()).mode & 0o777).toBe(0o700);
  const open = Object.keys(contents()).filter((path) => (statSync(path).mode & 0o077) !== 0);
  expect(open).toEqual(["batch.pub", "deploy.pub", "presto-node.crt"].map((name) => secretPath(name)));
});

it("names the proxy by its host name and address, the client by its host", () => {
  expect(certificate("proxy.crt").subjectAltName).toBe("DNS:proxy-1.aws2ncp.internal, IP Address:10.20.0.6");
  expect(certificate("s3-aws.crt").subjectAltName).toBe("DNS:s3.aws.test, DNS:*.s3.aws.test");
  expect(certificate("sync-1.crt").subject).toBe("CN=sync-1");
  const ca = certificate("ca.crt").publicKey;
  const signed = ["proxy.crt", "s3-aws.crt", "s3-ncp.crt", "sync-1.crt", "unlisted.crt", "wrong-cn.crt"];
  expect(signed.filter((name) => !certificate(name).verify(ca))).toEqual([]);
});

it("makes what port A must refuse", () => {
  expect(certificate("tests/sync-1.crt").subject).toBe("CN=sync-1");
  expect(certificate("tests/sync-1.crt").verify(certificate("ca.crt").publicKey)).toBe(false);
  expect(certificate("wrong-cn.crt").subject).toBe("CN=not-sync-1");
});

it("keeps what is good", async () => {
  const before = contents();
  await makeSecrets();
  expect(contents()).toEqual(before);
});

it("makes again what is broken, or made out to somebody else, and that only", async () => {
  const before = contents();
  writeFileSync(secretPath("unlisted.crt"), "cut off");
  const spoilt = contents();
  await makeSecrets({
    proxy: { fqdn: "proxy-1.aws2ncp.internal", address: "10.20.0.7" },
    client: "sync-1",
    nodes: ["hdp-1", "hdp-2", "hdp-3"].map((host) => `${host}.aws2ncp.internal`),
    presto: ["presto-1", "presto-2"].map((host) => `${host}.aws2ncp.internal`),
  });
  const after = contents();
  const changed = Object.keys(after).filter((path) => after[path] !== spoilt[path]);
  expect(changed.map((path) => path.slice(secretPath().length + 1)).sort()).toEqual([
    "issued/proxy/2.crt",
    "issued/proxy/2.key",
    "proxy.crt",
    "proxy.key",
    "unlisted.crt",
  ]);
  expect(after[secretPath("unlisted.crt")]).toBe(before[secretPath("unlisted.crt")]);
  expect(certificate("proxy.crt").subjectAltName).toBe("DNS:proxy-1.aws2ncp.internal, IP Address:10.20.0.7");
});
