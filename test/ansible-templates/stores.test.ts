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

(able ? describe : describe.skip)("Java's key stores", () => {
  const make = (group = "root"): Result => run(join(ROLES, "java/files/aws2ncp-key-stores"), [group], { AWS2NCP_TLS: folder, AWS2NCP_KEYTOOL: KEYTOOL });
  const lines = (trust: string, key: string): string[] => [`${trust} ${at("truststore.jks")}`, `${key} ${at("keystore.jks")}`];
  const listed = (store: string): string => execFileSync(KEYTOOL, ["-list", "-v", "-keystore", at(`${store}.jks`), "-storepass:file", at(`${store}.password`)], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  let authorities: Pair[];

  async function leaf(): Promise<void> {
    const { certificate, key } = await issueLeaf(authorities[0] as Pair, { cn: "hdp-1", use: "server", names: ["DNS:hdp-1.test"] });
    write("host.crt", certificate);
    write("host.key", key);
  }

  beforeAll(async () => {
    authorities = [await makeAuthority("one"), await makeAuthority("two")];
    write("trust.pem", authorities.map(({ certificate }) => certificate).join("\n"));
    write("truststore.password", "not a secret 1\n");
    write("keystore.password", "not a secret 2\n");
    await leaf();
  });

  it("are made once, and again when their certificates or passwords are others", async () => {
    expect(make()).toEqual({ code: 0, out: lines("made", "made"), error: "" });
    expect(make().out).toEqual(lines("present", "present"));
    await leaf();
    expect(make().out).toEqual(lines("present", "made"));
    write("trust.pem", authorities[1]?.certificate as string);
    expect(make().out).toEqual(lines("made", "present"));
    write("keystore.password", "not a secret 3\n");
    expect(make().out).toEqual(lines("present", "made"));
  });

  it("hold the key for its readers, and the trust for all", () => {
    expect([modeOf("keystore.jks"), modeOf("truststore.jks")]).toEqual(["0640", "0644"]);
    expect(/^Your keystore contains 1 entry\n\nAlias name: host\n.*\nEntry type: PrivateKeyEntry$/ms.exec(listed("keystore"))?.[0].split("\n").at(-1)).toBe("Entry type: PrivateKeyEntry");
    expect(listed("truststore").match(/^(Entry type|Owner): .*$/gm)).toEqual(["Entry type: trustedCertEntry", "Owner: CN=two"]);
  });

  it("stay as they were when something is wrong, and it is said", () => {
    const before = readFileSync(at("keystore.jks"));
    write("keystore.password", "short\n");
    const result = make();
    expect([result.code, result.out]).toEqual([1, [`present ${at("truststore.jks")}`]]);
    expect(result.error).toContain("must be at least 6 characters");
    expect(readFileSync(at("keystore.jks"))).toEqual(before);
    expect(execFileSync("ls", ["-A", folder], { encoding: "utf8" })).not.toContain(".work");
  });

  it("a host without a pair has trust alone", () => {
    for (const name of ["host.crt", "host.key", "keystore.jks"]) rmSync(at(name));
    expect(make().out).toEqual([`present ${at("truststore.jks")}`]);
  });
});

describe("Hadoop's credential store", () => {
  const PROGRAM = join(ROLES, "s3a/files/credential_store.py");
  const keep = (): Result => run("python3", ["-B", PROGRAM, at("values"), at("s3a.jceks"), "root"]);
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
