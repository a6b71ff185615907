/** Certificates as an operator's CA would make them, by openssl. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { scratch } from "../programs";

export interface Pair {
  readonly crt: string;
  readonly key: string;
}

const openssl = (args: readonly string[], cwd: string): void =>
  void execFileSync("openssl", args, { cwd, stdio: ["ignore", "ignore", "pipe"] });

const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

const read = (folder: string): Pair => ({
  crt: readFileSync(join(folder, "crt"), "utf8"),
  key: readFileSync(join(folder, "key"), "utf8"),
});

export function authority(cn: string, days = 100): Pair {
  const folder = scratch();
  const uses = ["basicConstraints=critical,CA:true", "keyUsage=critical,keyCertSign,cRLSign"];
  openssl(
    ["req", "-x509", ...NEW_KEY, "-days", String(days), "-subj", `/CN=${cn}`, "-keyout", "key", "-out", "crt"].concat(
      uses.flatMap((use) => ["-addext", use]),
    ),
    folder,
  );
  return read(folder);
}

export interface Wish {
  readonly cn: string;
  readonly use?: "serverAuth" | "clientAuth";
  /** "DNS:proxy-1", "IP:10.0.0.1" */
  readonly names?: readonly string[];
  /** May sign others. */
  readonly ca?: true;
  /** Negative: ended already. @default 100 */
  readonly days?: number;
}

export function issue(by: Pair, { cn, use, names = [], ca, days = 100 }: Wish): Pair {
  const folder = scratch();
  writeFileSync(join(folder, "ca.crt"), by.crt);
  writeFileSync(join(folder, "ca.key"), by.key);
  writeFileSync(
    join(folder, "ext"),
    [
      `basicConstraints=critical,CA:${ca === true}`,
      ...(use === undefined ? [] : [`extendedKeyUsage=${use}`]),
      ...(names.length === 0 ? [] : [`subjectAltName=${names.join(",")}`]),
    ].join("\n"),
  );
  openssl(["req", "-new", ...NEW_KEY, "-subj", `/CN=${cn}`, "-keyout", "key", "-out", "csr"], folder);
  const signed = ["-CA", "ca.crt", "-CAkey", "ca.key", "-set_serial", "1", "-days", String(days), "-extfile", "ext"];
  openssl(["x509", "-req", "-in", "csr", ...signed, "-out", "crt"], folder);
  return read(folder);
}
