/** The programs that will read the files read them here: squid, nft, sshd, sudo, logrotate, systemd, sh. */
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { renderInitScript, type RenderedHost } from "../../../constructs/provisioning/render";
import { wholePlan, fileOf, onFamily, rendered } from "./plans";

const plan = wholePlan();
const NAMES = ["proxy-1", "sync-1", "hdp-1", "airflow-1"] as const;
const HOSTS = (["debian", "redhat"] as const).flatMap((family) => NAMES.map((name) => [family, name] as const));
const on = (family: "debian" | "redhat", name: string): RenderedHost => rendered(onFamily(plan, family), name);

const root = process.getuid?.() === 0;
const program = (name: string): string | undefined =>
  ["/usr/sbin", "/sbin", "/usr/bin", "/bin"].map((folder) => join(folder, name)).find((path) => existsSync(path));
/** A test that needs a program; it is reported as skipped where that is missing. */
const withProgram = (name: string, needsRoot = false): jest.It =>
  program(name) === undefined || (needsRoot && !root) ? it.skip : it;

const folder = mkdtempSync(join(tmpdir(), "checks-"));

/** Writes a text and runs a program on it; returns what it complains of. */
function check(name: string, text: string, command: string, args: (path: string) => string[]): string {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text, { mode: 0o600 });
  const result = spawnSync(program(command) as string, args(path), { encoding: "utf8" });
  return result.status === 0 ? "" : `${result.status}: ${result.stdout}${result.stderr}`;
}

describe("squid -k parse", () => {
  const tls = join(folder, "tls");
  beforeAll(() => {
    mkdirSync(tls);
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", join(tls, "server.key")];
    execFileSync("openssl", ["req", "-x509", ...key, "-subj", "/CN=proxy-1", "-out", join(tls, "server.crt")], {
      stdio: "ignore",
    });
    execFileSync("cp", [join(tls, "server.crt"), join(tls, "client-ca.crt")]);
  });

  withProgram("squid")("accepts both configurations", () => {
    for (const name of ["squid.conf", "inner.conf"]) {
      const host = rendered(plan, "proxy-1");
      const text = fileOf(host, `/etc/squid/${name}`).replaceAll("/etc/squid/tls", tls);
      expect(check(name, text, "squid", (path) => ["-k", "parse", "-f", path])).toBe("");
    }
  });
});

withProgram("nft", true)("nft accepts the tables", () => {
  for (const [family, name] of HOSTS)
    expect(
      check("firewall.nft", fileOf(on(family, name), "/etc/aws2ncp/firewall.nft"), "nft", (path) => ["-c", "-f", path]),
    ).toBe("");
});

withProgram("sshd", true)("sshd accepts the settings", () => {
  const key = join(folder, "host-key");
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
  mkdirSync("/run/sshd", { recursive: true });
  for (const [family, name] of HOSTS) {
    const host = on(family, name);
    const path = host.files.find(
      (file) => (file.role === "sshd" && file.path.endsWith("conf")) || file.path.endsWith("sshd_config"),
    )?.path as string;
    const text = fileOf(host, path).replaceAll(/^HostKey .*\n/gm, "");
    expect(check("sshd.conf", text, "sshd", (file) => ["-t", "-h", key, "-f", file])).toBe("");
  }
});

withProgram("visudo")("sudo accepts the operators' rights", () => {
  expect(
    check("sudoers", fileOf(on("debian", "sync-1"), "/etc/sudoers.d/aws2ncp"), "visudo", (path) => ["-cf", path]),
  ).toBe("");
});

withProgram("logrotate", true)("logrotate accepts the rotations", () => {
  const own = (text: string): string => text.replaceAll(/(create 0640|su) \S+ \S+/g, "$1 root root");
  for (const [host, path] of [
    ["proxy-1", "/etc/logrotate.d/squid"],
    ["sync-1", "/etc/logrotate.d/aws2ncp-sync"],
  ] as const)
    expect(
      check("logrotate", own(fileOf(on("debian", host), path)), "logrotate", (file) => [
        "--debug",
        "--state",
        "/dev/null",
        file,
      ]),
    ).toBe("");
});

withProgram("systemd-analyze")("systemd finds nothing wrong with the units", () => {
  for (const name of NAMES)
    for (const file of on("debian", name).files.filter(({ path }) => /\.(service|mount)$/.test(path))) {
      // Programs and paths of the host, which this machine need not have.
      const text = file.content.replaceAll(/^(Exec\w+=)\S+/gm, "$1/bin/true");
      expect(
        check(file.path.split("/").at(-1) as string, text, "systemd-analyze", (path) => ["verify", "--man=no", path]),
      ).toBe("");
    }
});

describe("scripts", () => {
  const scripts = (): [string, string][] => [
    ...new Map(
      NAMES.flatMap((name) =>
        on("debian", name)
          .files.filter((file) => file.content.startsWith("#!/bin/sh"))
          .map((file): [string, string] => [file.path.split("/").at(-1) as string, file.content]),
      ),
    ),
    ["init.sh", renderInitScript(plan)],
  ];

  it("are those we know of", () => {
    expect(scripts().map(([name]) => name)).toEqual([
      "aws2ncp-has-sni",
      "aws2ncp-port-listens",
      "aws2ncp-squid-reload",
      "aws2ncp-volume",
      "aws2ncp-ambari-schema",
      "aws2ncp-hadoop-kernel",
      "aws2ncp-key-store",
      "airflow",
      "init.sh",
    ]);
  });

  withProgram("shellcheck")("pass shellcheck", () => {
    for (const [name, text] of scripts()) expect(check(name, text, "shellcheck", (path) => [path])).toBe("");
  });

  it("the SNI helper answers line by line", () => {
    const path = join(folder, "has-sni");
    writeFileSync(path, fileOf(on("debian", "proxy-1"), "/usr/local/bin/aws2ncp-has-sni"));
    chmodSync(path, 0o755);
    expect(execFileSync(path, { input: "bucket.s3.aws.test\n-\n\nother -\n", encoding: "utf8" })).toBe(
      "OK\nERR\nERR\nOK\n",
    );
  });
});
