/** Reads the manifest that synth wrote, and proves that the files beside it are the ones it names. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { z } from "zod";
import { PLACES_FILE, type Manifest, type ManifestHost } from "../../pipeline/manifest";
import { SECRET_NAMES, type Role } from "../../pipeline/plan-types";
import { ROLE_NAMES } from "../../pipeline/roles";
import { HookError } from "../errors";

/** A manifest that holds, and where it lies. */
export interface LoadedManifest extends Manifest {
  /** Absolute path of the manifest. */
  readonly file: string;
  /** Hex SHA-256 of its bytes. */
  readonly sha256: string;
  /** Absolute folder with one folder per host. */
  readonly artifacts: string;
  /** Absolute folder of the pipeline file. */
  readonly rootFolder: string;
  /** Absolute folder of pins, locks and results. */
  readonly state: string;
}

const name = z.string().regex(/^[a-z][a-z0-9-]*$/, "is no name of lower-case letters, digits and -");
const path = z
  .string()
  .regex(/^(\/[\w@%+=:,.-]+)+$/, "is no absolute path of plain characters")
  .refine((value) => !value.split("/").includes(".."), "holds ..");
const account = z.string().regex(/^[a-z_][a-z0-9_-]*$/, "is no account name");
const secret = z.enum(SECRET_NAMES);
const delivered = { path, owner: account, group: account, role: z.string().min(1), notify: z.array(z.string()) };

const schema = z.strictObject({
  version: z.literal(1),
  stack: name,
  root: z.string().min(1),
  stateFolder: z.string().min(1),
  alertsHost: z.string().min(1).exactOptional(),
  bastion: name,
  bastionStack: name,
  ssh: z.strictObject({ user: account, key: secret }),
  ansibleCore: z.string().regex(/^\d+\.\d+\.\d+$/),
  secrets: z.array(z.strictObject({ name: secret, from: z.string().min(1), version: z.int().min(1) })),
  hosts: z
    .array(
      z.strictObject({
        name,
        fqdn: z.string().min(1),
        role: z.enum(ROLE_NAMES as [Role, ...Role[]]),
        address: z.ipv4(),
        family: z.enum(["debian", "redhat"]),
        roles: z.array(z.string().min(1)).min(1),
        vars: z.record(z.string(), z.unknown()),
        files: z.array(
          z.strictObject({
            ...delivered,
            mode: z.string().regex(/^0[0-7]{3}$/),
            sha256: z.string().regex(/^[0-9a-f]{64}$/),
          }),
        ),
        secretFiles: z.array(
          z.strictObject({
            ...delivered,
            mode: z.string().regex(/^0[0-7]{2}0$/, "lets others in"),
            parts: z.array(z.union([z.strictObject({ text: z.string() }), z.strictObject({ secret })])).min(1),
          }),
        ),
      }),
    )
    .min(1),
});

/** Where each secret's reference stands in the pipeline file. None is known where the file is missing: an older synth wrote none. */
export function secretPlaces({ artifacts }: LoadedManifest): Readonly<Record<string, string>> {
  const file = join(artifacts, PLACES_FILE);
  return existsSync(file) ? z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(file, "utf8"))) : {};
}

/**
 * Reads and checks it, as a whole.
 * @throws HookError with everything that is wrong.
 */
export function loadManifest(given: string): LoadedManifest {
  const file = resolve(given);
  const shown = relative(process.cwd(), file) || file;
  const again = "make the files anew with: npx cdktf synth";
  let bytes: Buffer;
  let raw: unknown;
  try {
    bytes = readFileSync(file);
    raw = JSON.parse(bytes.toString("utf8"));
  } catch (error) {
    throw new HookError(`${shown}: the manifest can't be read: ${(error as Error).message}`, [], again, 2);
  }
  const parsed = schema.safeParse(raw);
  if (!parsed.success) {
    const details = parsed.error.issues.map((issue) => `${issue.path.join(".") || "whole file"}: ${issue.message}`);
    throw new HookError(`${shown}: this is not a manifest of this version`, details, again, 2);
  }
  const manifest = parsed.data satisfies Manifest;
  const artifacts = dirname(file);
  const wrong = [...contradictions(manifest), ...manifest.hosts.flatMap((host) => changedFiles(host, artifacts))];
  if (wrong.length > 0) throw new HookError(`${shown}: the manifest does not hold`, wrong, again, 2);
  const rootFolder = resolve(artifacts, manifest.root);
  return {
    ...manifest,
    file,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    artifacts,
    rootFolder,
    state: resolve(rootFolder, manifest.stateFolder),
  };
}

function contradictions(manifest: Manifest): string[] {
  const wrong: string[] = [];
  const references = new Set(manifest.secrets.map((ref) => ref.name));
  if (manifest.stack === manifest.bastionStack && manifest.hosts[0]?.name !== manifest.bastion)
    wrong.push(`hosts: the first is ${manifest.hosts[0]?.name}, not the bastion ${manifest.bastion}`);
  if (!references.has(manifest.ssh.key)) wrong.push(`ssh.key: ${manifest.ssh.key} has no reference in secrets`);
  for (const repeated of repeats(manifest.hosts.map((host) => host.name)))
    wrong.push(`hosts: ${repeated} appears twice`);
  for (const host of manifest.hosts) {
    const all = [...host.files, ...host.secretFiles];
    for (const repeated of repeats(all.map((each) => each.path))) wrong.push(`${host.name}${repeated}: appears twice`);
    for (const each of all)
      if (!host.roles.includes(each.role))
        wrong.push(
          `${host.name}${each.path}: its role ${each.role} does not run on the host (${host.roles.join(", ")})`,
        );
    for (const each of host.secretFiles)
      for (const part of each.parts)
        if ("secret" in part && !references.has(part.secret))
          wrong.push(`${host.name}${each.path}: ${part.secret} has no reference in secrets`);
  }
  return wrong;
}

function repeats(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}

function changedFiles(host: ManifestHost, artifacts: string): string[] {
  return host.files.flatMap((each) => {
    const full = join(artifacts, host.name, each.path);
    if (!existsSync(full)) return [`${host.name}${each.path}: is not beside the manifest`];
    const found = createHash("sha256").update(readFileSync(full)).digest("hex");
    return found === each.sha256
      ? []
      : [`${host.name}${each.path}: sha256 is ${found}, the manifest says ${each.sha256}`];
  });
}
