/** From what happened to a table to its verdict and the words about it. Pure. */
import type { TableSetPlan } from "../pipeline/plan-types";
import { nameOf, type FoundTable } from "./layout";
import type { Proof } from "./prove";
import type { ReadTable } from "./read/table";
import type { TableResult, Verdict, Written } from "./result";
import type { Wanted } from "./wanted";
import type { Changes } from "./write";

export interface Outcome {
  readonly read: ReadTable;
  /** Undefined: no one schema fits the files. */
  readonly wanted?: Wanted;
  readonly changes?: Changes;
  /** Of a dry run. */
  readonly ddl: readonly string[];
  /** The metastore's refusal of a call. */
  readonly refused?: string;
  /** Undefined: nobody asked Presto. */
  readonly proof?: Proof;
  /** Vanished partitions that were removed; undefined: nothing was written. */
  readonly removed?: number;
}

/** Things that a result names; their number is told beside. */
const NAMED = 5;

const NOTHING = { merged: [], conflicts: [], untyped: [], unreadable: [], differences: [], vanished: [] };

/** A set under whose prefix there is no table. */
export function emptySet(set: TableSetPlan, outside: readonly string[], started: Date): TableResult {
  const where = `${set.bucket}/${set.prefix}`;
  const beside = outside.length === 0 ? "" : `; ${outside.length} objects fit no table, the first is ${outside[0]}`;
  return {
    table: set.name,
    set: set.name,
    at: started.toISOString(),
    verdict: "empty",
    files: 0,
    bytes: 0,
    partitions: 0,
    rows: 0,
    problems: [
      `no table under ${where}${beside}`,
      `try: compare bucket, prefix, database and layout of tables.${set.name} with: rclone lsf ncp:${where}`,
    ],
    ...NOTHING,
    strays: outside.slice(0, NAMED),
    strayFiles: outside.length,
  };
}

function verdictOf(outcome: Outcome): Verdict {
  const { read, wanted, changes, refused, proof } = outcome;
  if (read.untyped.length > 0 || read.schema.conflicts.length > 0) return "conflicting";
  if (wanted === undefined) return "unreadable";
  if (refused !== undefined || changes?.table.kind === "refuse") return "refused";
  if (proof !== undefined && (proof.refused !== undefined || proof.different > 0)) return "drifted";
  if (read.unreadable.length > 0) return "unreadable";
  return proof === undefined || read.files.some(({ rows }) => rows === undefined) ? "unproven" : "exact";
}

function problemsOf(set: TableSetPlan, { read, changes, refused, proof, removed }: Outcome): string[] {
  const said: string[] = [];
  for (const { column, types } of read.schema.conflicts) {
    said.push(`column ${column} can't be one type; nothing was written`);
    said.push(...types.map(({ type, files, count }) => `  ${type} in ${count} files: ${files.join(", ")}`));
    said.push(
      "try: write the smaller group of files again with the type of the larger one, or move it out of the folder",
    );
  }
  for (const { column, type, why, files, file } of read.untyped)
    said.push(`column ${column} is ${type} in ${files} files, the first is ${file}: ${why}; nothing was written`);
  for (const { file, why } of read.unreadable.slice(0, NAMED)) said.push(`can't be read: ${file}: ${why}`);
  if (read.unreadable.length > 0)
    said.push(
      `try: copy the ${read.unreadable.length} unreadable files again (sudo -u aws2ncp aws2ncp-sync on sync-1), or move them out of the folder`,
    );
  if (changes?.table.kind === "refuse") said.push(changes.table.why, `try: ${changes.table.hint}`);
  if (refused !== undefined)
    said.push(
      refused,
      /incompatible/i.test(refused)
        ? "try: DROP TABLE (no file goes with it), then rebuild again"
        : "try: correct what it says, then rebuild again: it goes on where it was",
    );
  if (proof?.refused !== undefined) said.push(`Presto can't count it: ${proof.refused}`);
  for (const { file, expected, got } of proof?.differences ?? [])
    said.push(`${file}: ${expected ?? "no such file, listed"} rows by the file, ${got ?? "none"} by Presto`);
  const vanished = changes?.partitions.vanished.length ?? 0;
  if (vanished > 0 && (removed ?? 0) === 0) {
    const first = changes!.partitions.vanished.slice(0, NAMED).map(({ name }) => name);
    said.push(
      `${vanished} partitions in the metastore have no file any more: ${first.join(", ")}`,
      `try: npx aws2ncp metastore rebuild ${set.name} --remove-vanished`,
    );
  }
  return said;
}

function writtenOf({ changes, refused, removed }: Outcome): Written | undefined {
  if (changes === undefined || refused !== undefined || removed === undefined) return undefined;
  const { table, partitions } = changes;
  return {
    created: table.kind === "create",
    changed: table.kind === "alter" ? table.what : [],
    partitionsAdded: partitions.add.length,
    partitionsChanged: partitions.alter.length,
    partitionsRemoved: removed,
  };
}

/** @param started when the run began that looked at it */
export function resultOf(set: TableSetPlan, found: FoundTable, outcome: Outcome, started: Date): TableResult {
  const { read, changes, proof } = outcome;
  const written = writtenOf(outcome);
  return {
    table: nameOf(found),
    set: set.name,
    at: started.toISOString(),
    verdict: verdictOf(outcome),
    files: read.files.length + read.unreadable.length,
    bytes: found.partitions.reduce((sum, { files }) => sum + files.reduce((all, { bytes }) => all + bytes, 0), 0),
    partitions: found.partitionColumns.length === 0 ? 0 : found.partitions.length,
    rows: read.files.reduce((sum, { rows = 0 }) => sum + rows, 0),
    ...(proof === undefined || proof.refused !== undefined ? {} : { counted: proof.rows }),
    ...(written === undefined ? {} : { written }),
    problems: problemsOf(set, outcome),
    merged: read.schema.merged,
    conflicts: read.schema.conflicts,
    untyped: read.untyped,
    unreadable: read.unreadable,
    differences: proof?.differences ?? [],
    vanished: (outcome.removed ?? 0) > 0 ? [] : (changes?.partitions.vanished ?? []).map(({ name }) => name),
    strays: found.strays.slice(0, NAMED),
    strayFiles: found.strays.length,
  };
}
