/**
 * What a review says, as plain values: made by {@link ./review}, drawn by the renderers (markdown, JSON, HTML, picture). Nothing in it is secret:
 * sensitive values are masked before they come here. Every list has a fixed order, so the same two synths give the same bytes.
 */
import type { PlanDocument } from "../pipeline/plan-document";
import type { FindingKind } from "./findings/kinds";

/** From the gravest down. */
export const SEVERITIES = ["critical", "high", "medium", "low", "info"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** A value as JSON knows it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Where a finding comes from: what is known of it. */
export interface Place {
  /** Absolute path on the host, "/etc/squid/squid.conf", or a file of the output, "plan.json". */
  readonly file?: string;
  /** One host, or several joined by ", ". */
  readonly host?: string;
  /** Path of the construct, "transfer/proxy-1/server"; it begins with the stack. */
  readonly construct?: string;
}

/** One thing that a reviewer must know. */
export interface Finding {
  /** A narrowing change is always "info". */
  readonly severity: Severity;
  readonly kind: FindingKind;
  readonly place: Place;
  /** What changes, with the values: a sentence without a full stop. */
  readonly reason: string;
  /** What follows from it once it is deployed. */
  readonly consequence: string;
}

/** One attribute, or one member of a set, whose value is another by its meaning. */
export interface AttributeChange {
  /** "size", "lifecycle.prevent_destroy"; a member of a set "inbound[]"; a key with a dot in it "tags.[\"a.b\"]". */
  readonly path: string;
  /** Missing: it was not there. */
  readonly before?: Json;
  /** Missing: it is not there any more. */
  readonly after?: Json;
  /** The provider replaces the resource because of it. */
  readonly replaces?: true;
  /** `lifecycle.ignore_changes` names it: what exists keeps its own value. */
  readonly ignored?: true;
}

export type Action = "added" | "changed" | "replaced" | "removed" | "moved";

/** What else of a stack than a resource changes: an output, the provider's configuration, the backend. */
export type BlockKind = "resource" | "data" | "output" | "provider" | "terraform" | "other";

export interface ResourceChange {
  readonly action: Action;
  readonly block: BlockKind;
  /** Address in its stack after the change (before it, where it is removed): "ncloud_server.proxy-1_server", "data.ncloud_vpc.vpc". */
  readonly address: string;
  /** `moved`: its address before; with the stack in front where that is another: "network: ncloud_subnet.a". */
  readonly movedFrom?: string;
  /** "transfer/proxy-1/server/Default" */
  readonly construct?: string;
  /** `added`: all attributes; `removed`: none. Sorted by path. */
  readonly attributes: readonly AttributeChange[];
  /** `replaced`: why, one sentence each, "server_image_number: the provider replaces a server for it". */
  readonly replacedBecause: readonly string[];
  /** The work of the project's own that follows every change (a copy of the state): worth a line, not a look. */
  readonly routine?: true;
}

/** What `terraform show -json` adds. */
export interface DriftChange {
  readonly address: string;
  readonly attributes: readonly AttributeChange[];
}

export interface StackReport {
  /** "transfer" */
  readonly name: string;
  readonly action: "added" | "changed" | "removed";
  /** In the order of their addresses. */
  readonly resources: readonly ResourceChange[];
  /** What of the delivery changes beside the files: hosts, roles, variables, versions of secrets. */
  readonly delivery: readonly AttributeChange[];
  /** Changes made outside Terraform; only with a plan. */
  readonly drift: readonly DriftChange[];
  /** What a real plan does and synth does not show, one sentence each; only with a plan. */
  readonly planned: readonly string[];
}

/** How a file was compared. */
export type FileKind = "json" | "yaml" | "xml" | "ini" | "cron" | "lines" | "text" | "secret";

export interface FileChange {
  /** Absolute path on the host. For what lies in a stack's artifacts and goes to no host: its path below the output folder. */
  readonly path: string;
  /** Sorted; empty where it goes to no host. The same change on many hosts stands here once. */
  readonly hosts: readonly string[];
  readonly stacks: readonly string[];
  readonly action: "added" | "changed" | "removed";
  readonly kind: FileKind;
  /** Changes by meaning; empty where only order, comments or white space change. */
  readonly meaning: readonly AttributeChange[];
  /** Owner, group, mode and role, where they change. */
  readonly attributes: readonly AttributeChange[];
  /** Unified diff, without the two header lines; "" where the bytes are the same. */
  readonly text: string;
  /** Handlers that run because of it, "Reload squid". */
  readonly restarts: readonly string[];
}

/** Before and after, for the picture. Missing where a synth wrote no plan.json. */
export interface Plans {
  readonly before?: PlanDocument;
  readonly after?: PlanDocument;
}

export interface Report {
  /** One line. */
  readonly verdict: string;
  /** By severity, then kind, then place. */
  readonly findings: readonly Finding[];
  /** Those that change, by name. */
  readonly stacks: readonly StackReport[];
  /** Those that change, by path and host. */
  readonly files: readonly FileChange[];
  readonly plans: Plans;
}

/** Whether the review found no difference at all. */
export function isEmpty({ findings, stacks, files }: Report): boolean {
  return findings.length + stacks.length + files.length === 0;
}

/** Whether the first is at least as grave as the second. */
export function atLeast(severity: Severity, threshold: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(threshold);
}
