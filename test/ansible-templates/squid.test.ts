/** The rendered configuration in two real squids, in a network namespace of its own, with all that it must refuse. */
import { X509Certificate } from "node:crypto";
import { execFileSync, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Pair, issueLeaf, makeAuthority, makeCrl, type Revocation } from "../../authority/x509";
import { examplePlan, fileOf, rendered } from "../constructs/provisioning/plans";

const NETNS = `squid-test-${process.pid}`;
const BUCKET = "company-event-log.s3.aws.test";
const SECOND = "company-api-log.s3.aws.test";
const [PROXY, SYNC, STRANGER, S3] = ["10.20.0.6", "10.20.1.6", "10.20.1.9", "198.51.100.10"];
const able = process.getuid?.() === 0 && existsSync("/usr/sbin/squid");

const folder = mkdtempSync(join(tmpdir(), "squid-"));
const files = join(__dirname, "../../ansible-templates/roles/squid/files");
const inside = (...argv: string[]): string[] => ["netns", "exec", NETNS, ...argv];
const ip = (...argv: string[]): void => void execFileSync("ip", argv);
const started: ChildProcess[] = [];
const start = (...argv: string[]): void => void started.push(spawn("ip", inside(...argv), { stdio: "ignore" }));
const listening = (port: number): void => void execFileSync("ip", inside(join(files, "aws2ncp-port-listens"), String(port)));

let authority: Pair;
const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
const serialOf = (name: string): string => new X509Certificate(readFileSync(join(folder, `${name}.crt`))).serialNumber;

async function certificates(): Promise<void> {
  const leaf = async (ca: Pair, name: string, cn: string, use: "server" | "client", san: string): Promise<void> => {
    const { certificate, key } = await issueLeaf(ca, { cn, use, names: [san] });
    write(`${name}.crt`, certificate);
    write(`${name}.key`, key);
  };
  authority = await makeAuthority("ca");
  write("ca.crt", authority.certificate);
  await leaf(authority, "server", "proxy-1", "server", `IP:${PROXY}`);
  await leaf(authority, "sync-1", "sync-1", "client", "DNS:sync-1");
  await leaf(authority, "sync-1-new", "sync-1", "client", "DNS:sync-1");
  await leaf(authority, "other-1", "other-1", "client", "DNS:other-1");
  await leaf(await makeAuthority("foreign ca"), "foreign", "sync-1", "client", "DNS:sync-1");
  await leaf(authority, "s3", "s3", "server", "DNS:*.s3.aws.test");
  await revokes([]);
}

/** Puts a revocation list where squid reads it. */
async function revokes(names: readonly string[], issuedAt = new Date()): Promise<void> {
  const revoked = names.map((name): Revocation => ({ serial: serialOf(name), at: new Date(), superseded: true }));
  write("client.crl", await makeCrl(authority, revoked, issuedAt));
}

/** As the handler of the role does. */
const reloadOuter = (): void =>
  void execFileSync(join(files, "aws2ncp-squid-reload"), [String(started[2]?.pid), join(folder, "log", "cache.log")]);

/** The rendered bytes; only where things lie differs. */
function configuration(name: string): string {
  const base = examplePlan();
  const plan = { ...base, proxy: { ...base.proxy, bucketHosts: [SECOND, BUCKET] } };
  const text = fileOf(rendered(plan, "proxy-1"), `/etc/squid/${name}`)
    .replaceAll("/etc/squid/tls/client-ca.crt", join(folder, "ca.crt"))
    .replaceAll("/etc/squid/tls", folder)
    .replaceAll("/var/log/squid", join(folder, "log"))
    .replaceAll("/run/squid-inner", join(folder, "inner"))
    .replaceAll("/usr/local/bin", files);
  const path = join(folder, name);
  writeFileSync(path, `${text}hosts_file ${join(folder, "hosts")}\n${name === "squid.conf" ? `pid_filename ${join(folder, "outer.pid")}\n` : ""}`);
  return path;
}

const startInner = (): void => {
  start("squid", "--foreground", "-YC", "-n", "inner", "-f", join(folder, "inner.conf"));
  listening(3130);
};
const startOuter = (): void => {
  start("squid", "--foreground", "-YC", "-f", join(folder, "squid.conf"));
  listening(3129);
};

interface Attempt {
  readonly cert: string | null;
  readonly source: string;
  readonly connect: string;
  readonly sni: string | null;
  readonly host: string;
  readonly plain?: boolean;
  readonly old?: boolean;
}

const GOOD: Attempt = { cert: "sync-1", source: SYNC, connect: `${BUCKET}:443`, sni: BUCKET, host: BUCKET };

function attempts(list: readonly Partial<Attempt>[]): string[] {
  const input = list.map((each) => `${JSON.stringify({ ...GOOD, ...each })}\n`).join("");
  const result = spawnSync("ip", inside("python3", "-B", "-W", "ignore", join(__dirname, "squid/client.py"), PROXY, "3129", folder), { input, encoding: "utf8" });
  if (result.status !== 0) throw new Error(result.stderr);
  return result.stdout.trim().split("\n").map((line) => JSON.parse(line) as string);
}

const through = (source: string, ...argv: string[]): string =>
  spawnSync("ip", inside("curl", "-sS", "-m", "10", "-o", "/dev/null", "-w", "%{http_connect}/%{http_code}", "--interface", source, "--cacert", join(folder, "ca.crt"), "-x", `http://${PROXY}:3128`, ...argv), { encoding: "utf8" }).stdout;

(able ? describe : describe.skip)("the proxy", () => {
  beforeAll(async () => {
    ip("netns", "add", NETNS);
    ip("-n", NETNS, "link", "set", "lo", "up");
    for (const address of [PROXY, SYNC, STRANGER, S3]) ip("-n", NETNS, "addr", "add", `${address}/32`, "dev", "lo");
    await certificates();
    mkdirSync(join(folder, "log"));
    execFileSync("chmod", ["755", folder]);
    execFileSync("chown", ["proxy", join(folder, "log")]);
    writeFileSync(join(folder, "hosts"), `${S3} s3.aws.test ${BUCKET} ${SECOND} other-bucket.s3.aws.test packages.ncp.test alerts.ncp.test unlisted.test\n`);
    ["squid.conf", "inner.conf"].forEach(configuration);
    start("python3", "-B", join(__dirname, "squid/server.py"), S3, join(folder, "s3.crt"), join(folder, "s3.key"));
    listening(443);
    startInner();
    startOuter();
  }, 60_000);

  afterAll(async () => {
    const running = started.filter((child) => child.exitCode === null && child.signalCode === null);
    const ended = running.map((child) => new Promise((done) => child.once("exit", done)));
    running.forEach((child) => child.kill());
    await Promise.all(ended);
    if (able) ip("netns", "del", NETNS);
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  it("port A serves its buckets from the first request on", () => {
    expect(attempts([{}, { connect: `${SECOND}:443`, sni: SECOND, host: SECOND }])).toEqual([`200 hello from ${BUCKET}`, `200 hello from ${SECOND}`]);
  });

  it.each<[string, Partial<Attempt>, string]>([
    ["no certificate", { cert: null }, "refused"],
    ["the right name from a foreign CA", { cert: "foreign" }, "refused"],
    ["TLS 1.1", { old: true }, "refused"],
    ["another name in the certificate", { cert: "other-1" }, "403"],
    ["another source address", { source: STRANGER }, "403"],
    ["another bucket", { connect: "other-bucket.s3.aws.test:443", sni: "other-bucket.s3.aws.test" }, "403"],
    ["the endpoint without a bucket", { connect: "s3.aws.test:443", sni: "s3.aws.test" }, "403"],
    ["another port", { connect: `${BUCKET}:80` }, "403"],
    ["an address", { connect: `${S3}:443` }, "403"],
    ["an unlisted host", { connect: "unlisted.test:443", sni: "unlisted.test" }, "403"],
    ["an SNI other than the host", { sni: "other-bucket.s3.aws.test" }, "200 closed"],
    ["the SNI of another listed bucket", { sni: SECOND }, "200 closed"],
    ["no SNI", { sni: null }, "200 closed"],
    ["no TLS inside the tunnel", { plain: true }, "200 closed"],
  ])("port A refuses %s", (_, change, result) => {
    expect(attempts([change])).toEqual([result]);
  });

  it("port A can't see a Host header that lies inside TLS: that is the key's and the bucket policy's part", () => {
    expect(attempts([{ host: "other-bucket.s3.aws.test" }])).toEqual(["200 hello from other-bucket.s3.aws.test"]);
  });

  it("port B fetches packages for private hosts, and nothing else for nobody else", () => {
    expect(through(SYNC, "http://packages.ncp.test/")).toBe("000/200");
    expect(through(SYNC, "-k", "https://packages.ncp.test/")).toBe("200/200");
    expect(through(SYNC, "-X", "POST", "http://packages.ncp.test/")).toBe("000/403");
    expect(through(SYNC, "http://unlisted.test/")).toBe("000/403");
    expect(through(SYNC, `http://${S3}/`)).toBe("000/403");
    expect(through(SYNC, `https://${BUCKET}/`)).toBe("403/000");
    expect(through(STRANGER, "http://packages.ncp.test/")).toBe("000/403");
  });

  it("port B leads sync hosts to the webhook over TLS, and nobody else", () => {
    expect(through(SYNC, "-k", "-X", "POST", "https://alerts.ncp.test/")).toMatch(/^200\/[1-5]/);
    expect(through(SYNC, "-X", "POST", "http://alerts.ncp.test/")).toBe("000/403");
    expect(through(SYNC, "-k", "https://alerts.ncp.test:8443/")).toBe("403/000");
    expect(through(STRANGER, "-k", "https://alerts.ncp.test/")).toBe("403/000");
  });

  it("logs host, certificate and SNI, joined by the port between the two", () => {
    const outer = readFileSync(join(folder, "log/access.log"), "utf8").split("\n");
    const line = outer.find((each) => each.includes(`CONNECT ${BUCKET}:443 `)) as string;
    expect(line).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z \d+ 10\.20\.1\.6 3129 TCP_TUNNEL\/200 rx=\d+ tx=\d+ CONNECT \S+:443 cn="\/CN=sync-1" via=\d+ FIRSTUP_PARENT\/127\.0\.0\.1$/);
    const inner = readFileSync(join(folder, "log/inner.log"), "utf8").split("\n").filter((each) => each.includes(` ${/via=\d+/.exec(line)?.[0]} `));
    expect(inner.at(-1)).toContain(`sni=${BUCKET} splice HIER_DIRECT/${S3}`);
  });

  it("refuses a revoked certificate from the next reload on, and no other of the same name", async () => {
    const both = [{}, { cert: "sync-1-new" }];
    expect(attempts(both)).toEqual([`200 hello from ${BUCKET}`, `200 hello from ${BUCKET}`]);
    await revokes(["sync-1"]);
    expect(attempts(both)).toEqual([`200 hello from ${BUCKET}`, `200 hello from ${BUCKET}`]);
    reloadOuter();
    expect(attempts(both)).toEqual(["refused", `200 hello from ${BUCKET}`]);
  });

  it("refuses everybody when its revocation list has ended, until the next one is loaded", async () => {
    await revokes([], new Date(Date.now() - 400 * 24 * 3600 * 1000));
    reloadOuter();
    expect(attempts([{}, { cert: "sync-1-new" }])).toEqual(["refused", "refused"]);
    // squid 5.7 does not say why: `certs status` is what warns.
    expect(readFileSync(join(folder, "log/cache.log"), "utf8")).toContain("failure while accepting a TLS connection");
    await revokes([]);
    reloadOuter();
    expect(attempts([{}])).toEqual([`200 hello from ${BUCKET}`]);
  });

  it("takes up a renewed server certificate at a reload", async () => {
    const served = (): string =>
      new X509Certificate(
        execFileSync("ip", inside("sh", "-c", `openssl s_client -connect ${PROXY}:3129 </dev/null 2>/dev/null | openssl x509`)),
      ).serialNumber;
    expect(served()).toBe(serialOf("server"));
    const { certificate, key } = await issueLeaf(authority, { cn: "proxy-1", use: "server", names: [`IP:${PROXY}`] });
    write("server.key", key);
    write("server.crt", certificate);
    reloadOuter();
    expect(served()).toBe(serialOf("server"));
    expect(attempts([{}])).toEqual([`200 hello from ${BUCKET}`]);
  });

  it("serves the first request each time that both configurations were loaded again, in a row", () => {
    const [, inner, outer] = started;
    const reload = (squid: ChildProcess | undefined, log: string): void =>
      void execFileSync(join(files, "aws2ncp-squid-reload"), [String(squid?.pid), join(folder, "log", log)]);
    for (let round = 1; round <= 5; round += 1) {
      reload(inner, "inner-cache.log");
      reload(outer, "cache.log");
      expect(attempts([{}, {}])).toEqual([`200 hello from ${BUCKET}`, `200 hello from ${BUCKET}`]);
    }
  }, 60_000);

  it("serves the first request after the inner squid came back alone", async () => {
    execFileSync("ip", inside("squid", "-k", "interrupt", "-n", "inner", "-f", join(folder, "inner.conf")));
    await new Promise((done) => started[1]?.once("exit", done));
    const down = attempts(Array.from({ length: 12 }, () => ({})));
    expect(new Set(down)).toEqual(new Set(["503"]));
    startInner();
    expect(attempts([{}])).toEqual([`200 hello from ${BUCKET}`]);
  }, 60_000);
});
