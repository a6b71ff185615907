/** Secrets of a delivery: read all of them before anything runs, and compose the files that hold them. */
import { join } from "node:path";
import { utils } from "ssh2";
import type { Problem } from "../../pipeline/errors";
import type { Manifest, ManifestHost, SecretFile } from "../../pipeline/manifest";
import type { SecretName } from "../../pipeline/plan-types";
import { readSecrets, type Secrets, type SecretSources } from "../../pipeline/secrets";
import { HookError } from "../errors";
import type { PrivateFolder } from "./private-folder";

/**
 * The secrets that this manifest's hosts and the hook itself need.
 * @param places where each one's reference stands in the pipeline file
 * @throws HookError with every one that can't be had.
 */
export async function secretsFor(
  manifest: Manifest,
  sources: SecretSources,
  again: string,
  places: Readonly<Record<string, string>> = {},
): Promise<Secrets> {
  const needed = new Set<SecretName>([manifest.ssh.key]);
  for (const host of manifest.hosts)
    for (const file of host.secretFiles) for (const part of file.parts) if ("secret" in part) needed.add(part.secret);
  const refs = manifest.secrets.filter((ref) => needed.has(ref.name));
  const { values, problems } = await readSecrets(refs, sources);
  sources.signal?.throwIfAborted(); // commands that were ended by a stop are no problems
  const all = [...problems, ...sshKeyProblems(manifest, values), ...webhookProblems(manifest, values)];
  if (all.length > 0) throw secretsMissing(manifest.stack, "nothing was delivered", all, places, again);
  return values;
}

/**
 * @param so what follows from it
 * @param places where each reference stands in the pipeline file
 */
export function secretsMissing(
  stack: string,
  so: string,
  problems: readonly Problem[],
  places: Readonly<Record<string, string>>,
  again: string,
): HookError {
  const one = problems.length === 1;
  return new HookError(
    `${stack}: ${one ? "a secret is" : `${problems.length} secrets are`} missing or wrong; ${so}`,
    problems.flatMap((problem) => linesOf(problem, places)),
    `correct ${one ? "it" : "them"}, then run: ${again}`,
  );
}

function sshKeyProblems(manifest: Manifest, values: Secrets): Problem[] {
  const value = values.get(manifest.ssh.key);
  if (value === undefined || !value.includes("PRIVATE KEY-----")) return [];
  const key = utils.parseKey(`${value}\n`);
  if (!(key instanceof Error)) return [];
  const from = manifest.secrets.find((ref) => ref.name === manifest.ssh.key)?.from;
  const message = /encrypted/i.test(key.message)
    ? "holds a key with a passphrase"
    : "holds a private key that can't be read";
  return [
    {
      path: ["secrets", manifest.ssh.key, "from"],
      message: `"${from}" ${message}`,
      allowed: "a private key without a passphrase (ssh-keygen -p removes it)",
    },
  ];
}

/** A URL at another host would be refused by port B with each alert, when it is too late. The texts never quote the URL. */
function webhookProblems({ alertsHost, secrets }: Manifest, values: Secrets): Problem[] {
  const value = values.get("alert_webhook");
  const url = value === undefined || !URL.canParse(value) ? undefined : new URL(value);
  if (alertsHost === undefined || url?.protocol !== "https:") return [];
  const place = url.username === "" && url.password === "" ? url.host : `${url.host}, with an account`;
  if (place === alertsHost) return [];
  const from = secrets.find((ref) => ref.name === "alert_webhook")?.from;
  return [
    {
      path: ["secrets", "alert_webhook", "from"],
      message: `"${from}" holds a URL at ${place}`,
      allowed: `a URL at https://${alertsHost}/, the host of alerts.host, without port or account`,
      hint: "change one of the two: the proxy admits alerts.host and no other",
    },
  ];
}

function linesOf({ path, message, allowed, hint }: Problem, places: Readonly<Record<string, string>>): string[] {
  const place = places[String(path[1])];
  return [
    `${place === undefined ? "" : `${place}  `}${path.join(".")}: ${message}`,
    ...(allowed === undefined ? [] : [`  allowed: ${allowed}`]),
    ...(hint === undefined ? [] : [`  try: ${hint}`]),
  ];
}

/** The bytes of a secret file: its parts in order, and a line end at the end. */
export function compose(file: SecretFile, secrets: Secrets): string {
  const text = file.parts.map((part) => ("text" in part ? part.text : secrets.get(part.secret)!)).join("");
  return text.endsWith("\n") ? text : `${text}\n`;
}

/** Composes a host's secret files in the private folder; each gets its place there as `src`. */
export function composeAll(
  host: ManifestHost,
  secrets: Secrets,
  folder: PrivateFolder,
): (Omit<SecretFile, "parts"> & { src: string })[] {
  return host.secretFiles.map(({ parts, ...file }) => ({
    ...file,
    src: folder.write(join("secrets", host.name, file.path), compose({ parts, ...file }, secrets)),
  }));
}
