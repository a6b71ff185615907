/** The rendered settings in a real PostgreSQL on loopback, with the databases that the role's program makes there. */
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { issueLeaf, makeAuthority } from "../../authority/x509";
import { wholePlan, fileOf, rendered } from "../constructs/provisioning/plans";

const PROGRAM = join(__dirname, "../../ansible-templates/roles/postgresql/files");
const versions = "/usr/lib/postgresql";
const bin = existsSync(versions) ? join(versions, readdirSync(versions).sort().at(-1) as string, "bin") : "";
const able = process.getuid?.() === 0 && existsSync(join(bin, "postgres")) && spawnSync("id", ["postgres"]).status === 0;

const folder = mkdtempSync(join(tmpdir(), "postgresql-"));
const at = (name: string): string => join(folder, name);
const asPostgres = (...argv: string[]): string => execFileSync("runuser", ["-u", "postgres", "--", ...argv], { encoding: "utf8", cwd: "/", stdio: ["ignore", "pipe", "ignore"] });
let port = 0;
let owner: [number, number];

/** A file that the server reads. */
function write(name: string, text: string): void {
  writeFileSync(at(name), text, { mode: 0o600 });
  chownSync(at(name), ...owner);
}

const freePort = (): Promise<number> =>
  new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port: free } = server.address() as AddressInfo;
      server.close(() => done(free));
    });
  });

/** The rendered bytes; only where things lie and who is where differs: the metastore's node is this one, Ambari's is not. */
function settingsFor(host: string): void {
  const of = (name: string): string => fileOf(rendered(wholePlan(), host), `/etc/aws2ncp/postgresql/${name}`);
  write(
    "aws2ncp.conf",
    of("postgresql.conf")
      .replaceAll("/etc/aws2ncp/postgresql", folder)
      .replace("/var/run/postgresql", folder)
      .replace(/10\.20\.1\.20/, "127.0.0.2")
      .replace("port = 5432", `port = ${port}`),
  );
  write("pg_hba.conf", of("pg_hba.conf").replaceAll("10.20.1.20/", "127.0.0.9/").replaceAll("10.20.1.21/", "127.0.0.1/"));
}

interface Result {
  readonly code: number | null;
  readonly out: string[];
  readonly error: string;
}

function result({ status, stdout, stderr }: { status: number | null; stdout: string; stderr: string }): Result {
  return { code: status, out: stdout.split("\n").filter((line) => line !== ""), error: stderr.trim() };
}

/** Runs the program as the role does, against this server. */
function make(...databases: readonly { name: string; schema: string | null; password_file: string | null }[]): Result {
  write("databases.json", JSON.stringify(databases));
  const psql = ["runuser", "-u", "postgres", "--", join(bin, "psql"), "-h", folder, "-p", String(port)];
  const code = `
import sys; sys.path.insert(0, ${JSON.stringify(PROGRAM)}); import databases
try: databases.main(${JSON.stringify(at("databases.json"))}, databases.Server(${JSON.stringify(psql)}))
except databases.Refused as error: sys.exit(f"refused: {error}")`;
  return result(spawnSync("/usr/bin/python3", ["-B", "-c", code], { encoding: "utf8" }));
}

/** A question over TCP, as Java's driver asks it. */
function ask(user: string, password: string, database: string, tls = "verify-full"): Result {
  const connection = `host=localhost hostaddr=127.0.0.1 port=${port} user=${user} dbname=${database} sslmode=${tls} sslrootcert=${at("ca.crt")}`;
  const argv = ["-X", "-A", "-t", "-d", connection, "-c", "SHOW search_path"];
  return result(spawnSync(join(bin, "psql"), argv, { encoding: "utf8", env: { PATH: process.env["PATH"], PGPASSWORD: password } }));
}

const AMBARI = { name: "ambari", schema: "ambari", password_file: at("ambari.password") };
const HIVE = { name: "hive", schema: null, password_file: at("hive.password") };

(able ? describe : describe.skip)("PostgreSQL as it is rendered", () => {
  beforeAll(async () => {
    const id = (flag: string): number => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
    owner = [id("-u"), id("-g")];
    chmodSync(folder, 0o700);
    chownSync(folder, ...owner);
    const authority = await makeAuthority("ca");
    const { certificate, key } = await issueLeaf(authority, { cn: "localhost", use: "server", names: ["DNS:localhost"] });
    write("ca.crt", authority.certificate);
    write("server.crt", certificate);
    write("server.key", key);
    write("ambari.password", "first-of-ambari\n");
    write("hive.password", "first-of-hive\n");
    port = await freePort();
    settingsFor("hdp-1");
    asPostgres(join(bin, "initdb"), "-D", at("data"), "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8", "--auth-local=peer", "--auth-host=scram-sha-256");
    write("data/postgresql.conf", `fsync = off\ninclude '${at("aws2ncp.conf")}'\n`);
    asPostgres(join(bin, "pg_ctl"), "-D", at("data"), "-l", at("server.log"), "-w", "start");
  }, 60_000);

  afterAll(() => {
    if (existsSync(at("data/postmaster.pid"))) asPostgres(join(bin, "pg_ctl"), "-D", at("data"), "-m", "immediate", "-w", "stop");
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  it("gets its databases once", () => {
    expect(make(AMBARI, HIVE)).toEqual({
      code: 0,
      out: ["role ambari: made", "role ambari: password set", "database ambari: made", "schema ambari.ambari: made", "role hive: made", "role hive: password set", "database hive: made"],
      error: "",
    });
    expect(make(AMBARI, HIVE)).toEqual({ code: 0, out: [], error: "" });
  }, 60_000);

  it("admits who is named, from where it is, over TLS, and nobody else", () => {
    expect(ask("hive", "first-of-hive", "hive")).toEqual({ code: 0, out: ['"$user", public'], error: "" });
    expect(ask("hive", "wrong", "hive").error).toContain('password authentication failed for user "hive"');
    expect(ask("hive", "first-of-hive", "hive", "disable").error).toContain("no pg_hba.conf entry");
    expect(ask("hive", "first-of-hive", "ambari").error).toContain("no pg_hba.conf entry");
    expect(ask("ambari", "first-of-ambari", "ambari").error).toContain("no pg_hba.conf entry");
    expect(ask("postgres", "", "hive").error).toContain("no pg_hba.conf entry");
  }, 60_000);

  it("takes another password, of the one role whose password it is", () => {
    write("hive.password", "second-of-hive\n");
    expect(make(AMBARI, HIVE).out).toEqual(["role hive: password set"]);
    expect(ask("hive", "second-of-hive", "hive").code).toBe(0);
    expect(ask("hive", "first-of-hive", "hive").code).toBe(2);
  }, 60_000);

  it("goes on where an earlier run was killed", () => {
    const sql = (database: string, statement: string): string => asPostgres(join(bin, "psql"), "-X", "-h", folder, "-p", String(port), "-d", database, "-c", statement);
    sql("postgres", "ALTER ROLE ambari PASSWORD NULL");
    sql("ambari", "DROP SCHEMA ambari");
    expect(make(AMBARI, HIVE).out).toEqual(["role ambari: password set", "schema ambari.ambari: made"]);
  }, 60_000);

  it("a role that comes over the socket has no password", () => {
    expect(make({ ...HIVE, password_file: null }).out).toEqual(["role hive: password removed"]);
    expect(make({ ...HIVE, password_file: null }).out).toEqual([]);
  }, 60_000);

  it("a password that SCRAM would write otherwise is refused before anything is done", () => {
    write("hive.password", "grüße\n");
    expect(make(HIVE)).toEqual({ code: 1, out: [], error: `refused: ${at("hive.password")}: allowed: a line of printable ASCII characters` });
  }, 60_000);

  it("no password is in its log", () => {
    const log = readFileSync(at("server.log"), "utf8");
    expect(log.split("\n").filter((line) => /authorized: user=hive database=hive .*SSL enabled/.test(line)).length).toBe(2);
    expect(log.match(/(first|second)-of-\w*/)).toBeNull();
  });
});
