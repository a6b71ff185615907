import { execFileSync } from "node:child_process";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CertificateStore } from "../../../authority/store";
import { DAY_MS } from "../../../authority/x509";
import { statusInWords, statusOf } from "../../../ops/certs/status";
import { wantedOf } from "../../../ops/certs/wanted";
import { exitCodeFor, program } from "../../../ops/main";
import { planOf } from "../../../pipeline/plan";
import { examplePipeline, pipelineFile, wholePipelineFile } from "../../fixtures/pipeline";

const SECRETS = "out/sandbox/secrets/";
const SECOND_PROXY = [
  "  sync-1:\n",
  "  proxy-2: { image: ubuntu-22.04-base, spec: s2-g3, reason: standby }\n  sync-1:\n",
] as const;

let folder: string;
let printed: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "certs-"));
  printed = "";
  jest.spyOn(process.stdout, "write").mockImplementation((text) => ((printed += String(text)), true));
});
afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = undefined;
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a command; gives its exit code and what it printed or threw. */
async function certs(...args: string[]): Promise<{ code: number; text: string }> {
  [printed, process.exitCode] = ["", undefined];
  try {
    await program().parseAsync(["certs", ...args], { from: "user" });
    return { code: Number(process.exitCode ?? 0), text: printed.replaceAll(folder, "F") };
  } catch (error) {
    return { code: exitCodeFor(error), text: (error as Error).message.replaceAll(folder, "F") };
  }
}

it("names all proxies in the server certificate, and each sync host in its own", () => {
  expect(wantedOf(planOf(examplePipeline(SECOND_PROXY)))).toEqual([
    {
      name: "proxy",
      cn: "proxy-1.aws2ncp.internal",
      use: "server",
      names: ["DNS:proxy-1.aws2ncp.internal", "IP:10.20.0.6", "DNS:proxy-2.aws2ncp.internal", "IP:10.20.0.7"],
    },
    { name: "sync-1", cn: "sync-1", use: "client", names: ["DNS:sync-1"] },
  ]);
});

describe("the pair of Presto's nodes", () => {
  const issue = async (): Promise<{ file: string; at: string[]; own: string }> => {
    const file = wholePipelineFile();
    const own = join(dirname(file), SECRETS);
    return { file, at: ["--folder", own], own };
  };

  it("is signed by itself, for no login's name, and good to Java's eyes as to openssl's", async () => {
    const { file, at, own } = await issue();
    expect((await certs("init", file, ...at)).text).toContain("issued presto-node number 1\n");
    const certificate = new X509Certificate(readFileSync(join(own, "presto-node.crt")));
    expect([certificate.subject, certificate.issuer]).toEqual(["CN=presto nodes", "CN=presto nodes"]);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.checkPrivateKey(createPrivateKey(readFileSync(join(own, "presto-node.key"))))).toBe(true);
    const text = execFileSync(
      "openssl",
      [
        "x509",
        "-in",
        join(own, "presto-node.crt"),
        "-noout",
        "-ext",
        "basicConstraints,subjectAltName,keyUsage,extendedKeyUsage",
      ],
      {
        encoding: "utf8",
      },
    );
    expect(text.replace(/\s+/g, " ").trim()).toBe("X509v3 Basic Constraints: critical CA:TRUE");
    const verified = execFileSync(
      "openssl",
      ["verify", "-CAfile", join(own, "presto-node.crt"), join(own, "presto-node.crt")],
      {
        encoding: "utf8",
      },
    );
    expect(verified.trim().endsWith(": OK")).toBe(true);
    expect(wantedOf(planOf(examplePipeline())).map(({ name }) => name)).not.toContain("presto-node");
  });

  it("is issued once, raises its own secrets' versions, and is in the status", async () => {
    const { file, at } = await issue();
    const first = await certs("init", file, ...at, "--json");
    const raised = JSON.parse(first.text).raise.map(({ name }: { name: string }) => name);
    expect(raised).toEqual(expect.arrayContaining(["presto_node_cert", "presto_node_key"]));
    expect((await certs("issue", file, ...at)).text).toMatch(/^nothing to do/);
    expect((await certs("renew", file, ...at, "--all")).text).toContain("issued presto-node number 2\n");
    const { code, text } = await certs("status", file, ...at);
    expect(code).toBe(0);
    expect(text).toMatch(/\n +self-signed +presto-node +2 +\S+ +39[67] +current +[0-9A-F]{32}\n/);
  });

  it("can be revoked by no list", async () => {
    const { file, at } = await issue();
    await certs("init", file, ...at);
    const { code, text } = await certs("revoke", "presto-node", file, ...at);
    expect(code).toBe(2);
    expect(text).toMatch(
      /^presto-node number 1: no CA of this folder has issued it, so no list can revoke it\n {2}try: aws2ncp certs renew --all/,
    );
  });
});

it("goes the whole way: init, renew, revoke, and says each time which versions to raise", async () => {
  const file = pipelineFile();
  const own = join(dirname(file), SECRETS);
  const at = ["--folder", own];
  const files = (text: string): string =>
    text.replaceAll(/\S*out\/sandbox\/secrets/g, "F").replaceAll(/\S*pipeline\.yaml/g, "P");
  const first = await certs("init", file, ...at);
  expect([first.code, files(first.text)]).toEqual([
    0,
    [
      "issued CA number 1",
      "issued proxy number 1",
      "issued sync-1 number 1",
      "changed in F: ca.crt, crl.pem, proxy.crt, proxy.key, sync-1.crt, sync-1.key",
      "raise the versions in P: proxy_tls_cert 1 -> 2, proxy_tls_key 1 -> 2, proxy_client_ca 1 -> 2, sync_client_cert 1 -> 2, sync_client_key 1 -> 2, trust_bundle 1 -> 2, proxy_client_crl 1 -> 2; then: npx cdktf deploy '*'",
      "",
    ].join("\n"),
  ]);
  expect(await certs("issue", file, ...at)).toEqual({
    code: 0,
    text: "nothing to do: everything is good and made out to the right hosts\n",
  });
  expect((await certs("renew", file, ...at, "--all")).text).toContain("issued sync-1 number 2\n");
  const ambiguous = await certs("revoke", "sync-1", file, ...at);
  expect(ambiguous.code).toBe(2);
  expect(ambiguous.text).toMatch(
    /^sync-1: 2 certificates of this name are good\n {2}allowed: a serial: [0-9A-F]{32} \(number 1\), [0-9A-F]{32} \(number 2\)\n {2}try: aws2ncp certs revoke sync-1 --old/,
  );
  const revoked = await certs("revoke", "sync-1", "--old", file, ...at);
  expect(files(revoked.text)).toBe(
    "revoked sync-1 number 1\nchanged in F: crl.pem\nraise the versions in P: proxy_client_crl 1 -> 2; then: npx cdktf deploy '*'\n",
  );
  const { code, text } = await certs("status", file, ...at, "--json");
  expect(code).toBe(0);
  const rows = (JSON.parse(text) as { rows: { name: string; number: number; state: string }[] }).rows;
  expect(rows.filter(({ name }) => name === "sync-1").map(({ number, state }) => [number, state])).toEqual([
    [1, "revoked"],
    [2, "current"],
  ]);
});

it("takes a serial, as openssl writes it too", async () => {
  const file = pipelineFile();
  await certs("init", file, "--folder", folder);
  const { serialNumber } = new CertificateStore(folder).good("sync-1")[0]!.x509;
  const written = serialNumber.toLowerCase().replaceAll(/(..)(?=.)/g, "$1:");
  expect((await certs("revoke", written, file, "--folder", folder)).text).toContain("revoked sync-1 number 1\n");
  const { code, text } = await certs("status", file, "--folder", folder);
  expect(code).toBe(1);
  expect(text).toContain("! sync-1 has no certificate that is good; try: aws2ncp certs issue");
});

it("says where to put what is kept elsewhere", async () => {
  const file = pipelineFile(["file:out/sandbox/secrets/sync-1.key", "command:vault read sync-key"]);
  const { text } = await certs("init", file, "--folder", folder);
  expect(text).toMatch(
    /^put \S+sync-1\.key to where secrets\.sync_client_key is read from: command:vault read sync-key$/m,
  );
});

it("prints no key", async () => {
  const file = pipelineFile();
  const { text } = await certs("init", file, "--folder", folder, "--json");
  const key = readFileSync(join(folder, "sync-1.key"), "utf8").split("\n")[1]!;
  expect(text).not.toContain(key);
  expect(JSON.parse(text)).toMatchObject({ issued: ["CA number 1", "proxy number 1", "sync-1 number 1"], revoked: [] });
});

it.each([
  [
    ["revoke", "sync-9"],
    2,
    "sync-9: no good certificate has this name or serial\n  allowed: proxy, sync-1\n  try: aws2ncp certs status",
  ],
  [["init"], 1, "there is a CA already, number 1"],
  [["revoke"], 2, "missing required argument"],
  [["sell"], 2, "unknown command 'sell'"],
])("refuses %j with exit code %d", async (args, code, message) => {
  jest.spyOn(process.stderr, "write").mockImplementation(() => true);
  const file = pipelineFile();
  await certs("init", file, "--folder", folder);
  const got = await certs(...args, ...(args.length > 1 || args[0] === "init" ? [file, "--folder", folder] : []));
  expect([got.code, got.text]).toEqual([code, expect.stringContaining(message)]);
});

it("revokes nothing while the pipeline delivers no revocation list", async () => {
  const file = pipelineFile(['  proxy_client_crl: { from: "file:out/sandbox/secrets/crl.pem", version: 1 }\n', ""]);
  await certs("init", file, "--folder", folder);
  const { code, text } = await certs("revoke", "sync-1", file, "--folder", folder);
  expect(code).toBe(1);
  expect(text).toContain(
    "secrets.proxy_client_crl is missing: without a revocation list port A would go on admitting sync-1\n  try: add proxy_client_crl: { from:",
  );
  expect(new CertificateStore(folder).good("sync-1")).toHaveLength(1);
});

describe("status", () => {
  const wanted = wantedOf(planOf(examplePipeline()));
  let now: Date;
  let store: CertificateStore;
  const problems = (): readonly string[] => statusOf(store, wanted).problems;
  const inDays = (days: number): void => void (now = new Date(now.getTime() + days * DAY_MS));

  beforeEach(async () => {
    now = new Date("2026-05-01T12:00:00Z");
    store = new CertificateStore(folder, () => now);
    await store.addAuthority("example CA");
    await store.issue(wanted, "missing");
  });

  it("is a table of all there is", () => {
    const lines = statusInWords(statusOf(store, wanted))
      .split("\n")
      .map((line) => line.trim().split(/ {2,}/).slice(0, 6));
    expect(lines.slice(1)).toEqual([
      ["what", "name", "no.", "ends", "days", "state"],
      ["CA", "ca", "1", "2031-05-01", "1826", "current"],
      ["revocation list", "ca", "1", "2027-06-02", "397", "current"],
      ["server", "proxy", "1", "2027-06-02", "397", "current"],
      ["client", "sync-1", "1", "2027-06-02", "397", "current"],
    ]);
  });

  it("has nothing to say 31 days before an end, and each thing that ends 29 days before", () => {
    inDays(366);
    expect(problems()).toEqual([]);
    inDays(2);
    expect(problems()).toEqual([
      "the revocation list of CA number 1 ends in 29 days: from then on port A refuses everybody; try: aws2ncp certs renew",
      "proxy number 1 ends in 29 days; try: aws2ncp certs renew",
      "sync-1 number 1 ends in 29 days; try: aws2ncp certs renew",
    ]);
  });

  it("asks for the next CA while what this one issues can still live its whole life", async () => {
    inDays(1398);
    await store.issue(wanted, "ending");
    expect(problems()).toEqual([]);
    inDays(2);
    expect(problems()).toEqual([
      "CA number 1 ends in 426 days, before a certificate issued today would; try: aws2ncp certs init --next",
    ]);
  });

  it("misses the names of a new proxy", () => {
    const two = wantedOf(planOf(examplePipeline(SECOND_PROXY)));
    expect(statusOf(store, two).problems).toEqual([
      "proxy number 1 is made out to DNS:proxy-1.aws2ncp.internal, IP Address:10.20.0.6, not to DNS:proxy-1.aws2ncp.internal, IP:10.20.0.6, DNS:proxy-2.aws2ncp.internal, IP:10.20.0.7; try: aws2ncp certs issue",
    ]);
  });

  it("needs no key of a CA", async () => {
    rmSync(join(folder, "private"), { recursive: true });
    expect(problems()).toEqual([]);
  });

  it("says that there is nothing", () => {
    rmSync(folder, { recursive: true });
    expect(problems()).toEqual(["there is no CA yet; try: aws2ncp certs init"]);
    expect(existsSync(folder)).toBe(false);
  });
});

const command = program().commands.find((each) => each.name() === "certs")!;

it.each(command.commands.map((each) => [each.name(), each] as const))(
  "%s has --json, and help with an example",
  (name, each) => {
    let help = "";
    each.configureOutput({ writeOut: (text) => (help += text) });
    each.outputHelp();
    expect(help).toContain("--json");
    expect(help).toContain(`\nExample:\n  $ npx aws2ncp certs ${name}`);
  },
);
