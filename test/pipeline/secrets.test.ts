import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SecretName, SecretRef } from "../../pipeline/plan-types";
import { readSecrets } from "../../pipeline/secrets";
import { makeAuthority, makeCrl } from "../../authority/x509";

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "aws2ncp-secrets-"));
  for (const name of ["proxy", "other"]) {
    const files = ["-keyout", join(root, `${name}.key`), "-out", join(root, `${name}.crt`)];
    execFileSync(
      "openssl",
      [
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-subj",
        `/CN=${name}`,
        "-days",
        "2",
        ...files,
      ],
      { stdio: "ignore" },
    );
  }
});
afterAll(() => rmSync(root, { recursive: true }));

const ref = (name: SecretName, from: string): SecretRef => ({ name, from, version: 1 });

async function read(
  refs: SecretRef[],
  env: NodeJS.ProcessEnv = {},
  commandTimeoutMs = 5_000,
): Promise<{ values: object; problems: readonly object[] }> {
  const { values, problems } = await readSecrets(refs, {
    root,
    env: { PATH: process.env["PATH"], ...env },
    commandTimeoutMs,
  });
  return { values: Object.fromEntries(values), problems };
}

it("reads from the environment, a file and a command, and drops line ends at the end", async () => {
  writeFileSync(join(root, "id"), "AKIA1\r\n\n");
  expect(
    await read(
      [
        ref("aws_secret_access_key", "env:KEY"),
        ref("aws_access_key_id", "file:id"),
        ref("ncp_access_key_id", "command:printf 'NCP%s\\n' 1; pwd >&2"),
      ],
      { KEY: "abc/+=" },
    ),
  ).toEqual({
    values: { aws_secret_access_key: "abc/+=", aws_access_key_id: "AKIA1", ncp_access_key_id: "NCP1" },
    problems: [],
  });
});

it("collects everything that is missing, and says what to do", async () => {
  writeFileSync(join(root, "empty"), "\n");
  const refs = [
    ref("aws_access_key_id", "env:NOT_SET"),
    ref("aws_secret_access_key", "file:nowhere"),
    ref("ncp_access_key_id", "file:empty"),
    ref("ncp_secret_access_key", "command:echo half; echo 'vault is sealed' >&2; exit 2"),
    ref("proxy_tls_cert", "vault:proxy"),
  ];
  expect((await read(refs)).problems).toEqual([
    {
      path: ["secrets", "aws_access_key_id", "from"],
      message: '"env:NOT_SET" is not set',
      hint: "set NOT_SET in the environment that runs the deploy",
    },
    {
      path: ["secrets", "aws_secret_access_key", "from"],
      message: `"file:nowhere" does not exist (${join(root, "nowhere")})`,
      hint: "put the secret there, or correct the reference",
    },
    {
      path: ["secrets", "ncp_access_key_id", "from"],
      message: '"file:empty" is empty',
      allowed: "a value of at least one character",
    },
    {
      path: ["secrets", "ncp_secret_access_key", "from"],
      message: `"command:echo half; echo 'vault is sealed' >&2; exit 2" ended with exit code 2: vault is sealed`,
      hint: `run it by hand in ${root}`,
    },
    {
      path: ["secrets", "proxy_tls_cert", "from"],
      message: '"vault:proxy" names no source of secrets',
      allowed: "env:NAME, file:PATH (from the pipeline file's folder) or command:SHELL COMMAND",
    },
  ]);
});

it("ends a command that takes too long, and what it started", async () => {
  const { problems } = await read([ref("aws_access_key_id", "command:sleep 60 | cat")], {}, 200);
  expect(problems).toMatchObject([{ message: '"command:sleep 60 | cat" did not end within 0.2 s' }]);
});

describe("a value of the wrong kind is told before anything runs", () => {
  const messagesOf = async (refs: SecretRef[], env: NodeJS.ProcessEnv): Promise<string[]> =>
    (await read(refs, env)).problems.map((problem) => (problem as { message: string }).message);

  it.each([
    ["aws_access_key_id", "two words", "holds spaces, line ends or characters outside ASCII"],
    ["ncp_secret_access_key", "a\nb", "holds spaces, line ends or characters outside ASCII"],
    ["proxy_client_ca", "none", "holds no certificate"],
    [
      "trust_bundle",
      "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
      "holds a certificate that can't be read (number 1)",
    ],
    ["proxy_tls_key", "none", "holds no private key that can be read"],
    [
      "proxy_tls_key",
      "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA\n-----END ENCRYPTED PRIVATE KEY-----",
      "holds a key with a passphrase",
    ],
    ["deploy_ssh_key", "ssh-ed25519 AAAA", "holds no private key"],
    ["proxy_client_crl", "none", "holds no revocation list"],
    [
      "proxy_client_crl",
      "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----",
      "holds a revocation list that can't be read, or never ends (number 1)",
    ],
  ] as const)("%s: %j", async (name, value, what) => {
    expect(await messagesOf([ref(name, "env:VALUE")], { VALUE: value })).toEqual([`"env:VALUE" ${what}`]);
  });

  it("a revocation list that has ended, which would let nobody in", async () => {
    const authority = await makeAuthority("ca");
    const good = await makeCrl(authority, []);
    expect(await messagesOf([ref("proxy_client_crl", "env:VALUE")], { VALUE: good + good })).toEqual([]);
    const stale = await makeCrl(authority, [], new Date("2020-01-01T00:00:00Z"));
    expect(await messagesOf([ref("proxy_client_crl", "env:VALUE")], { VALUE: good + stale })).toEqual([
      '"env:VALUE" holds a revocation list that ended 2021-02-01T00:00:00.000Z: port A would refuse everybody',
    ]);
  });

  it("a key of another certificate", async () => {
    expect(
      await messagesOf([ref("proxy_tls_cert", "file:proxy.crt"), ref("proxy_tls_key", "file:other.key")], {}),
    ).toEqual(['"file:other.key" is not the key of the certificate in secrets.proxy_tls_cert']);
    expect(
      await messagesOf([ref("proxy_tls_cert", "file:proxy.crt"), ref("proxy_tls_key", "file:proxy.key")], {}),
    ).toEqual([]);
  });

  it("and the text never shows it", async () => {
    const value = readFileSync(join(root, "other.key"), "utf8").replace("PRIVATE", "PUBLIC");
    expect(JSON.stringify(await messagesOf([ref("proxy_tls_key", "env:VALUE")], { VALUE: value }))).not.toContain(
      value.split("\n")[1],
    );
  });
});
