/** What a rebuild found, did and proved: the evidence that `aws2ncp status` reads, and what `--json` prints. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readResults } from "../hooks/deliver/results";
import { writeJson } from "../hooks/files";
import type { Plan } from "../pipeline/plan-types";
import { ROLES } from "../pipeline/roles";
import type { Difference } from "./prove";
import type { Untyped } from "./schema/file-columns";
import type { Conflict, Merged } from "./schema/merge";

/**
 * exact: Presto counts what the files say. unproven: written, and nobody has counted its files (JSON lines, or no Presto).
 * drifted: Presto counts otherwise, or can't. unreadable: some files are no Parquet or no JSON lines. conflicting: no one
 * schema fits its files; not written. refused: the metastore has something else there, or refused a call; not written.
 * empty: nothing was found under the set's prefix.
 */
export type Verdict = "exact" | "unproven" | "drifted" | "unreadable" | "conflicting" | "refused" | "empty";

/** With these a table is there and nothing is known against it. */
export const GOOD: readonly Verdict[] = ["exact", "unproven"];

export interface Written {
  readonly created: boolean;
  /** What of the table itself changed, in words. */
  readonly changed: readonly string[];
  readonly partitionsAdded: number;
  readonly partitionsChanged: number;
  readonly partitionsRemoved: number;
}

export interface TableResult {
  /** "logs.event_log"; the set's name where nothing was found. */
  readonly table: string;
  readonly set: string;
  /** When the run began that looked at it: ISO 8601, UTC. Files that came later are not part of this. */
  readonly at: string;
  readonly verdict: Verdict;
  readonly files: number;
  readonly bytes: number;
  readonly partitions: number;
  /** By the files; of those that were counted. */
  readonly rows: number;
  /** By Presto. */
  readonly counted?: number;
  readonly written?: Written;
  /** Why it is not well, and what to do: one per line. */
  readonly problems: readonly string[];
  readonly merged: readonly Merged[];
  readonly conflicts: readonly Conflict[];
  readonly untyped: readonly (Untyped & { readonly files: number; readonly file: string })[];
  readonly unreadable: readonly { readonly file: string; readonly why: string }[];
  readonly differences: readonly Difference[];
  /** Partitions in the metastore whose folders hold no file. */
  readonly vanished: readonly string[];
  /** Data that no partition of the table holds: first ones, and their number. */
  readonly strays: readonly string[];
  readonly strayFiles: number;
}

export interface RebuildResult {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly seconds: number;
  /** Tables that the metastore holds after this. */
  readonly tables: number;
  readonly partitions: number;
  readonly rows: number;
  /** Whether every table is proved, or not provable without counting lines, and none was found wrong. */
  readonly exact: boolean;
  readonly results: readonly TableResult[];
  /** Data under a set's prefix that lies in no table's folder. */
  readonly outside: readonly { readonly set: string; readonly files: number; readonly first: string }[];
  /** Tables of these sets in the metastore whose folders are gone. */
  readonly vanishedTables: readonly string[];
}

export function summarize(
  results: readonly TableResult[],
  { outside, vanishedTables }: Pick<RebuildResult, "outside" | "vanishedTables">,
  started: Date,
): RebuildResult {
  const there = results.filter(({ written }) => written !== undefined);
  const sum = (of: (each: TableResult) => number): number => there.reduce((all, each) => all + of(each), 0);
  return {
    at: started.toISOString(),
    seconds: Math.round((Date.now() - started.getTime()) / 100) / 10,
    tables: there.length,
    partitions: sum(({ partitions }) => partitions),
    rows: sum(({ rows }) => rows),
    exact: results.length > 0 && results.every(({ verdict }) => GOOD.includes(verdict)),
    results: [...results].sort((a, b) => (a.table < b.table ? -1 : 1)),
    outside,
    vanishedTables,
  };
}

/** What the last runs came to, and of which metastore that is true. */
export interface Evidence extends RebuildResult {
  /** Instance number of the server whose database the metastore is in: another one has to be proved anew. */
  readonly server: string;
}

/** That number now, as the deliveries left it; undefined: that host was never delivered. */
export function metastoreServer(plan: Pick<Plan, "cluster">, state: string): string | undefined {
  const hosts = readResults(state, ROLES.hdp.stack)?.hosts;
  return hosts?.find(({ name }) => name === plan.cluster?.server)?.server;
}

/** Held by a rebuild from its beginning to its end. */
export const rebuildLock = (state: string): string => join(state, "locks", "metastore.json");

export const evidenceFile = (state: string): string => join(state, "metastore.json");

/** Keeps the evidence. A run of some tables replaces only what it looked at, as long as the metastore is the same. */
export function keepEvidence(
  state: string,
  result: RebuildResult,
  { whole, server }: { readonly whole: boolean; readonly server: string },
): Evidence {
  const before = whole ? undefined : readEvidence(state);
  const looked = new Set(result.results.map(({ table }) => table));
  const kept =
    before?.server !== server
      ? result
      : {
          ...summarize(
            [...before.results.filter(({ table }) => !looked.has(table)), ...result.results],
            before,
            new Date(result.at),
          ),
          seconds: result.seconds,
        };
  const evidence = { ...kept, server };
  writeJson(evidenceFile(state), evidence);
  return evidence;
}

/** Undefined: there is none, or nobody can read it. */
export function readEvidence(state: string): Evidence | undefined {
  try {
    return JSON.parse(readFileSync(evidenceFile(state), "utf8")) as Evidence;
  } catch {
    return undefined;
  }
}
