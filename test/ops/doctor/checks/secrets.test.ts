import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deployKey, secrets } from "../../../../ops/doctor/checks/secrets";
import { readSecrets } from "../../../../pipeline/secrets";
import { examplePlan } from "../../../fixtures/plan";
import { scratch } from "../../programs";
import { saidBy } from "../context";

function keyPair(passphrase = ""): { key: string; line: string } {
  const file = join(scratch(), "key");
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", passphrase, "-C", "me", "-f", file]);
  return { key: readFileSync(file, "utf8").trim(), line: readFileSync(`${file}.pub`, "utf8").trim() };
}

const { key, line } = keyPair();
const plan = { ...examplePlan(), operators: [{ name: "deploy", publicKey: line }] };

it("tells each secret that can't be had by its place, and never a value", async () => {
  const refs = [
    { name: "aws_access_key_id", from: "env:THE_ID", version: 1 },
    { name: "aws_secret_access_key", from: "env:THE_KEY", version: 1 },
    { name: "ncp_access_key_id", from: "file:missing", version: 1 },
  ] as const;
  const root = scratch();
  const said = await saidBy(secrets, {
    plan: { ...plan, secrets: refs },
    secrets: () => readSecrets(refs, { root, env: { THE_ID: "AKIASECRET", THE_KEY: "two words" } }),
  });
  expect(said).toEqual([
    {
      severity: "error",
      place: "secrets.ncp_access_key_id.from",
      found: `"file:missing" does not exist (${join(root, "missing")})`,
      try: "put the secret there, or correct the reference",
    },
    {
      severity: "error",
      place: "secrets.aws_secret_access_key.from",
      found: '"env:THE_KEY" holds spaces, line ends or characters outside ASCII',
      allowed: "one line without spaces",
    },
    { severity: "ok", place: "secrets.aws_access_key_id.from", found: "can be read, and has its shape" },
  ]);
});

it("the deploy's key must be the first operator's", async () => {
  expect(await saidBy(deployKey, { plan, secretValues: { deploy_ssh_key: key } })).toEqual([
    { severity: "ok", place: "secrets.deploy_ssh_key.from", found: "is the private half of operator deploy's key" },
  ]);
  const other = keyPair();
  const blob = line.split(" ")[1] as string;
  const said = await saidBy(deployKey, { plan, secretValues: { deploy_ssh_key: other.key } });
  expect(said).toEqual([
    {
      severity: "error",
      place: "secrets.deploy_ssh_key.from",
      found: "is not the private half of the public key of operator deploy, the first one",
      meaning: "hosts would be made that the deploy can't log in to",
      allowed: `the private key of ssh-ed25519 ${blob.slice(0, 16)}…${blob.slice(-8)}`,
      try: "correct operators.0.public_key_file or the secret; ssh-keygen -y -f FILE tells a private key's public half",
    },
  ]);
  for (const secretLine of other.key.split("\n").slice(1, -1)) expect(JSON.stringify(said)).not.toContain(secretLine);
});

it.each([
  ["a passphrase", keyPair("secret").key, "holds a key with a passphrase"],
  [
    "no sense",
    "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----",
    "holds a private key that can't be read",
  ],
])("a key with %s is told", async (_, value, found) => {
  expect(await saidBy(deployKey, { plan, secretValues: { deploy_ssh_key: value } })).toMatchObject([
    { severity: "error", place: "secrets.deploy_ssh_key.from", found },
  ]);
});

it("without the secret it is unknown", async () => {
  expect(await saidBy(deployKey, { plan })).toMatchObject([
    { severity: "unknown", place: "secrets.deploy_ssh_key.from" },
  ]);
});
