/**
 * What a hook delivers: written at synth to `cdktf.out/stacks/STACK/artifacts/manifest.json`, beside the files it names.
 * It holds no secret, only references to secrets. Keys are written sorted.
 */
import type { OsFamily, Role, SecretName, SecretRef } from "./plan-types";

/**
 * Beside the manifest: where in the pipeline file each secret's reference stands, for errors. Not in the manifest, by whose hash a
 * delivery is asked for: a comment in the pipeline file moves lines and changes nothing.
 */
export const PLACES_FILE = "secret-places.json";

/** A file that lies beside the manifest and is delivered byte for byte. */
export interface DeliveredFile {
  /** Absolute path on the host, "/etc/squid/squid.conf"; beside the manifest it is HOST + path. */
  readonly path: string;
  /** Owner and group by name: "root", "root". */
  readonly owner: string;
  readonly group: string;
  /** "0644" */
  readonly mode: string;
  /** Hex SHA-256 of the bytes. */
  readonly sha256: string;
  /** Ansible role that delivers it. */
  readonly role: string;
  /** Handlers of that role that run when the file changes, for example ["restart squid"]. */
  readonly notify: readonly string[];
}

/** A file that the hook composes at delivery: literal text and values of secrets, in order. */
export interface SecretFile {
  readonly path: string;
  readonly owner: string;
  readonly group: string;
  /** Never readable by others: "0600" or "0640". */
  readonly mode: string;
  readonly parts: readonly ({ readonly text: string } | { readonly secret: SecretName })[];
  readonly role: string;
  readonly notify: readonly string[];
}

export interface ManifestHost {
  readonly name: string;
  readonly fqdn: string;
  readonly role: Role;
  readonly address: string;
  readonly family: OsFamily;
  /** Ansible roles in the order in which they run. */
  readonly roles: readonly string[];
  /** Plain variables of those roles, each prefixed with its role's name. */
  readonly vars: Readonly<Record<string, unknown>>;
  /** Sorted by path. */
  readonly files: readonly DeliveredFile[];
  /** Sorted by path. */
  readonly secretFiles: readonly SecretFile[];
}

export interface Manifest {
  readonly version: 1;
  readonly stack: string;
  /** Pipeline file's folder, relative to the folder of the manifest: where `file:` references start. */
  readonly root: string;
  /** Folder beside the state for pins, locks and results, relative to the pipeline file's folder. */
  readonly stateFolder: string;
  /** Host at which the secret `alert_webhook` must be; port B admits no other. */
  readonly alertsHost?: string;
  /** Name of the host through whose public address the others are reached. Where it is among the hosts, it converges first. */
  readonly bastion: string;
  /** The stack that the bastion belongs to: the keys pinned for it are that stack's. */
  readonly bastionStack: string;
  readonly ssh: { readonly user: string; readonly key: SecretName };
  readonly ansibleCore: string;
  /** References to the secrets that these hosts and the hook need. */
  readonly secrets: readonly SecretRef[];
  /** The bastion first if it is one of them, then by name. */
  readonly hosts: readonly ManifestHost[];
}
