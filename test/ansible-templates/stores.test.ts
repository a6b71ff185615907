/** Java's key stores and Hadoop's credential store, made by the programs of the roles, and read by Java's own keytool. */
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { issueLeaf, makeAuthority, type Pair } from "../../authority/x509";

const ROLES = join(__dirname, "../../ansible-templates/roles");
const KEYTOOL = "/usr/bin/keytool";
const able = process.getuid?.() === 0 && existsSync(KEYTOOL);
const folder = mkdtempSync(join(tmpdir(), "stores-"));
const at = (name: string): string => join(folder, name);
const write = (name: string, text: string): void => writeFileSync(at(name), text, { mode: 0o600 });
const modeOf = (name: string): string => (statSync(at(name)).mode & 0o7777).toString(8).padStart(4, "0");

interface Result {
  readonly code: number | null;
  readonly out: string[];
  readonly error: string;
}

function run(program: string, argv: readonly string[], env: NodeJS.ProcessEnv = {}): Result {
  const { status, stdout, stderr } = spawnSync(program, argv, { encoding: "utf8", env: { ...process.env, ...env } });
  return { code: status, out: stdout.split("\n").filter((line) => line !== ""), error: stderr };
}

jest.setTimeout(60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("Java's trust store", () => {
  const keep = (): Result => run("/usr/bin/python3", ["-B", join(ROLES, "java/files/trust_store.py"), at("trust.pem"), at("truststore.password"), at("truststore.jks")]);
  const PRESENT = { code: 0, out: [`present ${at("truststore.jks")}`], error: "" };
  const made = (count: number): Result => ({ code: 0, out: [`made ${at("truststore.jks")}: ${count} certificates`], error: "" });
  let authorities: string[];

  beforeAll(async () => {
    authorities = [];
    for (const name of ["one", "two", "three"]) authorities.push((await makeAuthority(name)).certificate);
    write("truststore.password", "not a secret 1\n");
  });

  it("is made once, and again when certificates or password are others or the file is damaged", () => {
    write("trust.pem", authorities.join("\nwhose that is\n"));
    expect(keep()).toEqual(made(3));
    expect(modeOf("truststore.jks")).toBe("0644");
    expect(keep()).toEqual(PRESENT);
    write("trust.pem", [authorities[1], authorities[0], authorities[1]].join("\r\n"));
    expect(keep()).toEqual(made(2));
    write("trust.pem", [authorities[0], authorities[1]].join("\n"));
    expect(keep()).toEqual(PRESENT);
    write("truststore.password", "not a secret 2\n");
    expect(keep()).toEqual(made(2));
    for (const damage of [readFileSync(at("truststore.jks")).subarray(0, 300), Buffer.alloc(0)]) {
      writeFileSync(at("truststore.jks"), damage);
      expect(keep()).toEqual(made(2));
    }
  });

  (able ? it : it.skip)("opens for Java, with the certificates in it", () => {
    const listed = execFileSync(KEYTOOL, ["-list", "-v", "-keystore", at("truststore.jks"), "-storepass:file", at("truststore.password")], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    expect(listed.match(/^(Entry type|Owner): .*$/gm)?.sort()).toEqual(["Entry type: trustedCertEntry", "Entry type: trustedCertEntry", "Owner: CN=one", "Owner: CN=two"]);
  });

  it("stays as it was when a bundle holds nothing that can be read", () => {
    const before = readFileSync(at("truststore.jks"));
    write("trust.pem", "none\n");
    expect(keep()).toEqual({ code: 1, out: [], error: `trust_store.py: ${at("trust.pem")}: no certificate in it\n` });
    write("trust.pem", (authorities[0] as string).replace("\nMII", "\n!II"));
    expect([keep().code, readFileSync(at("truststore.jks")).equals(before)]).toEqual([1, true]);
  });
});

(able ? describe : describe.skip)("Java's key store", () => {
  const make = (group = "root"): Result => run(join(ROLES, "java/files/aws2ncp-key-store"), [group], { AWS2NCP_TLS: folder, AWS2NCP_KEYTOOL: KEYTOOL });
  const [MADE, PRESENT] = ["made", "present"].map((word) => ({ code: 0, out: [`${word} ${at("keystore.jks")}`], error: "" }));
  let authority: Pair;

  async function leaf(): Promise<void> {
    const { certificate, key } = await issueLeaf(authority, { cn: "hdp-1", use: "server", names: ["DNS:hdp-1.test"] });
    write("host.crt", certificate);
    write("host.key", key);
  }

  beforeAll(async () => {
    authority = await makeAuthority("one");
    write("keystore.password", "not a secret 2\n");
    await leaf();
  });

  it("is made once, and again when the certificate or the password is another", async () => {
    expect(make()).toEqual(MADE);
    expect(modeOf("keystore.jks")).toBe("0640");
    expect(make()).toEqual(PRESENT);
    await leaf();
    expect(make()).toEqual(MADE);
    write("keystore.password", "not a secret 3\n");
    expect(make()).toEqual(MADE);
    const listed = execFileSync(KEYTOOL, ["-list", "-v", "-keystore", at("keystore.jks"), "-storepass:file", at("keystore.password")], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    expect(listed.match(/^(Alias name|Entry type): .*$/gm)).toEqual(["Alias name: host", "Entry type: PrivateKeyEntry"]);
  });

  it("stays as it was when something is wrong, and it is said", () => {
    const before = readFileSync(at("keystore.jks"));
    write("keystore.password", "short\n");
    const result = make();
    expect([result.code, result.out]).toEqual([1, []]);
    expect(result.error).toContain("must be at least 6 characters");
    expect(readFileSync(at("keystore.jks"))).toEqual(before);
    expect(execFileSync("ls", ["-A", folder], { encoding: "utf8" })).not.toContain(".work");
  });
});

describe("Hadoop's credential store", () => {
  const PROGRAM = join(ROLES, "s3a/files/credential_store.py");
  const keep = (): Result => run("/usr/bin/python3", ["-B", PROGRAM, at("values"), at("s3a.jceks"), "root"]);
  const values = (id: string, key: string): void => write("values", `fs.s3a.access.key=${id}\nfs.s3a.secret.key=${key}\n`);
  const MADE = `made ${at("s3a.jceks")}: fs.s3a.access.key, fs.s3a.secret.key`;
  const PRESENT = `present ${at("s3a.jceks")}`;

  it("is written once, and again when a key is another or the file is damaged", () => {
    values("NCPID", "a/b+c=d==");
    expect(keep()).toEqual({ code: 0, out: [MADE], error: "" });
    expect(modeOf("s3a.jceks")).toBe("0640");
    expect(keep().out).toEqual([PRESENT]);
    values("NCPID", "a/b+c=d=e");
    expect(keep().out).toEqual([MADE]);
    for (const damage of [Buffer.concat([readFileSync(at("s3a.jceks")), Buffer.from("x")]), Buffer.alloc(0), Buffer.from("none of it")]) {
      writeFileSync(at("s3a.jceks"), damage);
      expect(keep().out).toEqual([MADE]);
    }
    expect(keep().out).toEqual([PRESENT]);
  });

  it("shows no value to who reads its bytes, and none in an error", () => {
    values("NCPID", "veryunusualkey");
    keep();
    expect(readFileSync(at("s3a.jceks"), "latin1")).not.toMatch(/NCPID|veryunusualkey/);
    write("values", "fs.s3a.access.key=veryunusualkey\nveryunusualkey\n");
    expect(keep()).toEqual({ code: 1, out: [], error: `credential_store.py: ${at("values")}: allowed: a line ALIAS=VALUE for each credential\n` });
  });

  (able ? it : it.skip)("opens for Java, each key in it", () => {
    values("NCPID", "a/b+c=d==");
    keep();
    write("other.password", "another one\n");
    chmodSync(at("s3a.jceks"), 0o600);
    const from = ["-srckeystore", at("s3a.jceks"), "-srcstoretype", "JCEKS", "-srcstorepass", "none"];
    const to = ["-destkeystore", at("copy.jceks"), "-deststoretype", "JCEKS", "-deststorepass:file", at("other.password")];
    expect(run(KEYTOOL, ["-importkeystore", "-noprompt", ...from, ...to]).error).toContain("2 entries successfully imported");
  });
});
