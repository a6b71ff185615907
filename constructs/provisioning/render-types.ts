/** The shapes of rendering: what a role's job on a host delivers. */
import type { DeliveredFile, SecretFile } from "../../pipeline/manifest";
import type { HostPlan, Plan } from "../../pipeline/plan-types";
import type { Platform } from "./render-platform";

/** A file with its bytes; its hash is made when it is written. */
export type RenderedFile = Omit<DeliveredFile, "sha256"> & { readonly content: string; readonly code: boolean };

/** A folder that a role makes before its files. */
export interface DeliveredFolder {
  readonly path: string;
  readonly owner: string;
  readonly group: string;
  readonly mode: string;
  readonly role: string;
}

/** Files of this pattern that the manifest does not name are removed: leftovers of an earlier pipeline file. */
export interface Prune {
  readonly folder: string;
  /** Shell pattern of the file's name. */
  readonly pattern: string;
}

export interface RenderedHost {
  /** Ansible roles in the order in which they run. */
  readonly roles: readonly string[];
  /** Variables of those roles, each prefixed with its role's name. */
  readonly vars: Readonly<Record<string, unknown>>;
  /** Sorted by path. */
  readonly files: readonly RenderedFile[];
  /** Sorted by path. */
  readonly secretFiles: readonly SecretFile[];
}

/** What a job knows: the plan, the host it stands on, that host's platform, the proxy. */
export interface Scope {
  readonly plan: Plan;
  readonly host: HostPlan;
  readonly platform: Platform;
  readonly proxy: HostPlan;
}

/** A file of a job. Owner and group are root, the mode 0644, unless said otherwise. */
export interface FileSpec {
  readonly path: string;
  /** Name below roles/ROLE/templates. */
  readonly template?: string;
  /** Variables of the template besides those of {@link Scope}. */
  readonly context?: object;
  /** Name below roles/ROLE/files, delivered as it is. */
  readonly source?: string;
  /** The content itself, where neither of the two fits. */
  readonly content?: string;
  readonly owner?: string;
  readonly group?: string;
  readonly mode?: string;
  readonly notify?: readonly string[];
  /** Code, in which a word such as password = may stand before anything. @default whether `source` is a program in Python */
  readonly code?: boolean;
}

/** A file with secrets in it. Owner and group are root, the mode 0600, unless said otherwise. */
export type SecretSpec = Pick<SecretFile, "path" | "parts"> &
  Partial<Pick<SecretFile, "owner" | "group" | "mode" | "notify">>;

/** One job of a host, done by the Ansible role of the same name. */
export interface Job {
  readonly files?: readonly FileSpec[];
  readonly secretFiles?: readonly SecretSpec[];
  readonly folders?: readonly (Pick<DeliveredFolder, "path"> & Partial<DeliveredFolder>)[];
  readonly prune?: readonly Prune[];
  readonly vars?: Readonly<Record<string, unknown>>;
}
