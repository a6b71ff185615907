/** What is compared, and what comes of it. */
import type { Verdict } from "./table";

/** Attributes as Terraform's JSON has them. */
export type Attributes = Readonly<Record<string, unknown>>;

/** A resource that the configuration of a stack wants. */
export interface Wanted {
  /** "ncloud_server.sync-1_server" */
  readonly address: string;
  readonly type: string;
  readonly attributes: Attributes;
  /** Attributes of which a difference is ignored once it stands. */
  readonly ignored: readonly string[];
}

/** A stack as synth left it, and as its state has it. */
export interface StackView {
  readonly name: string;
  /** Folder with its cdk.tf.json. */
  readonly folder: string;
  readonly wanted: readonly Wanted[];
  /** Data sources of the configuration by address: "data.ncloud_vpc.vpc". */
  readonly data: ReadonlyMap<string, Attributes>;
  /** What the state has by address, data sources included. */
  readonly state: ReadonlyMap<string, Attributes>;
}

/**
 * Something that is wanted and not in the state. `orphan`: it stands on the platform. `refused`: something stands there that may not
 * be ours, or is not one. `unseen`: what it belongs to stands there, and whether it does the platform does not show.
 */
export interface Finding {
  readonly kind: "orphan" | "refused" | "unseen";
  readonly stack: string;
  readonly address: string;
  readonly type: string;
  /** Its name, or what it is known by. */
  readonly name: string;
  /** Numbers on the platform; several when it is not clear which. */
  readonly ids: readonly string[];
  readonly verdict: Verdict;
  readonly importId?: string;
  /** Why it is refused; what to know. */
  readonly note?: string;
}
