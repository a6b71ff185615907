/** Writes what a hook will deliver: the rendered files and their manifest. The last look before bytes leave synth. */
import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { PLACES_FILE, type Manifest, type ManifestHost } from "../../pipeline/manifest";
import type { HostPlan, Plan, SecretName, SecretRef } from "../../pipeline/plan-types";
import { proxyOf, renderHost, type RenderedFile } from "./render";
import { sortedJson } from "./render-engine";

/** From `cdktf.out/stacks/STACK/artifacts` up to the folder of the pipeline file. */
const ROOT = "../../../..";

/** Values that exist only after apply: cdktf's markers for them in texts, lists and numbers. */
const TOKENS = /\$\{TfToken|TfToken\[|TOKEN\[|-?1\.888154[0-9]*e\+?289/i;

/** What looks like a secret's value. Rendered files hold references to secrets, never one of them. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, "a private key"],
  [/\b(AKIA|ASIA)[0-9A-Z]{16}\b/, "an access key id of AWS"],
  [/^\s*(aws_)?(secret_access_key|session_token|password)\s*[=:]\s*\S+/im, "a password or secret key"],
];

const sha256 = (content: string): string => createHash("sha256").update(content).digest("hex");

/** In code, words like that stand before names and calls: a text in quotes is what gives a secret away. */
const SECRETS_IN_CODE: typeof SECRETS = [
  ...SECRETS.slice(0, 2),
  [
    /\b(secret_access_key|session_token|password|passwd)["']?\s*[=:]\s*["'][^"'{}<>\s]{6,}["']/i,
    "a password or secret key",
  ],
];

/** The first thing in a text that must not be there, with its line; undefined if all is well. */
export function foreignMatter(text: string, code = false): string | undefined {
  const secrets = code ? SECRETS_IN_CODE : SECRETS;
  for (const [pattern, what] of [[TOKENS, "a value known only after apply (token marker)"] as const, ...secrets]) {
    const match = pattern.exec(text);
    if (match !== null) return `line ${text.slice(0, match.index).split("\n").length}: ${what}`;
  }
  return undefined;
}

/** @throws Error naming what must not be in a rendered file, and where */
export function refuseForeignMatter(name: string, text: string, code = false): void {
  const found = foreignMatter(text, code);
  if (found === undefined) return;
  throw new Error(
    `${name}: ${found}\n  allowed: plain values of the plan; secrets as references in the pipeline file\n` +
      "  try: take the value from the plan, or deliver it as a secret file",
  );
}

function hostsNamed(plan: Plan, names: readonly string[]): HostPlan[] {
  const unknown = names.filter((name) => !plan.hosts.some((host) => host.name === name));
  if (unknown.length > 0)
    throw new Error(
      `artifacts: no such host: ${unknown.join(", ")}\n  allowed: ${plan.hosts.map((host) => host.name).join(", ")}\n` +
        "  try: add it under hosts: in the pipeline file",
    );
  const bastion = proxyOf(plan).name;
  const hosts = plan.hosts.filter((host) => names.includes(host.name));
  return [...hosts.filter((host) => host.name === bastion), ...hosts.filter((host) => host.name !== bastion)];
}

function manifestHost(host: HostPlan, rendered: ReturnType<typeof renderHost>): ManifestHost {
  return {
    name: host.name,
    fqdn: host.fqdn,
    role: host.role,
    address: host.address,
    family: host.image.family,
    roles: rendered.roles,
    vars: rendered.vars,
    files: rendered.files.map(({ content, code: _, ...file }) => ({ ...file, sha256: sha256(content) })),
    secretFiles: rendered.secretFiles,
  };
}

/** The stack that the bastion is a host of. */
export const BASTION_STACK = "transfer";

/** The hook's own: its key, and where alerts go, which it checks. */
const OF_THE_HOOK: readonly SecretName[] = ["deploy_ssh_key", "alert_webhook"];

/** Secrets in the files of these hosts, and the hook's. */
function secretsOf(plan: Plan, hosts: readonly ReturnType<typeof renderHost>[]): SecretRef[] {
  const parts = hosts.flatMap(({ secretFiles }) => secretFiles.flatMap((file) => file.parts));
  const needed = new Set(parts.flatMap((part) => ("secret" in part ? [part.secret] : [])));
  return plan.secrets.filter(({ name }) => needed.has(name) || OF_THE_HOOK.includes(name));
}

export interface Artifacts {
  /** Hex SHA-256 of the manifest, which holds the hash of every file. */
  readonly manifestSha256: string;
  /** Secrets that the hosts' files and the hook need. */
  readonly secrets: readonly SecretRef[];
}

/**
 * Writes `outFolder/HOST/...` and `outFolder/manifest.json` for the hosts named; what lay there before is removed.
 * @throws Error on a host that the plan does not have, and on token markers or secrets in what would be delivered.
 */
export function writeArtifacts(plan: Plan, stackName: string, hosts: readonly string[], outFolder: string): Artifacts {
  const rendered = hostsNamed(plan, hosts).map((host) => ({ host, result: renderHost(plan, host) }));
  const secrets = secretsOf(
    plan,
    rendered.map(({ result }) => result),
  );
  const manifest: Manifest = {
    version: 1,
    stack: stackName,
    root: ROOT,
    stateFolder: plan.stateFolder,
    ...(plan.alerts === undefined ? {} : { alertsHost: plan.alerts.host }),
    bastion: proxyOf(plan).name,
    bastionStack: BASTION_STACK,
    ssh: { user: plan.deployUser, key: "deploy_ssh_key" },
    ansibleCore: plan.ansibleCore,
    secrets,
    hosts: rendered.map(({ host, result }) => manifestHost(host, result)),
  };
  const text = sortedJson(manifest);
  refuseForeignMatter("manifest.json", text);
  rmSync(outFolder, { recursive: true, force: true });
  for (const { host, result } of rendered) for (const file of result.files) writeArtifact(outFolder, host.name, file);
  writeFileSync(join(outFolder, "manifest.json"), text);
  writeFileSync(join(outFolder, PLACES_FILE), sortedJson(plan.secretPlaces));
  return { manifestSha256: sha256(text), secrets };
}

function writeArtifact(outFolder: string, host: string, file: RenderedFile): void {
  refuseForeignMatter(`${host}${file.path}`, file.content, file.code);
  const path = join(outFolder, host, file.path);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, file.content);
}
