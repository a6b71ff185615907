/** Whether SQL sees every row: Presto's count of each file against what the file itself says. */
import type { Presto } from "./presto";
import { PrestoRefused } from "./presto";
import type { StoredObject } from "./storage/bucket";

export interface CountedFile {
  readonly object: StoredObject;
  /** Undefined: nobody counted. */
  readonly rows?: number;
}

/** A file with another number of rows than it says itself; null: of a side that does not know the file. */
export interface Difference {
  readonly file: string;
  readonly expected: number | null;
  readonly got: number | null;
}

export interface Proof {
  /** By Presto, of the files that were listed. */
  readonly rows: number;
  /** First ones, by file; their number is `different`. */
  readonly differences: readonly Difference[];
  readonly different: number;
  /** Files that came since the listing: not part of this proof. */
  readonly arrived: number;
  /** Why Presto could not count. */
  readonly refused?: string;
}

/** As many are told by name. */
const NAMED_DIFFERENCES = 5;
/** Files that a statement can leave out by name; beyond that it would fail on them, and be told as it is. */
const MOST_EXCLUDED = 500;

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Rows of each file of a table, by its key. */
async function countFiles(
  presto: Presto,
  catalog: string,
  table: { readonly database: string; readonly name: string },
  bucket: string,
  exclude: readonly string[],
): Promise<Map<string, number>> {
  const from = [catalog, table.database, table.name].map(quoted).join(".");
  const paths = exclude.slice(0, MOST_EXCLUDED).map((key) => literal(`s3a://${bucket}/${key}`));
  const where = paths.length === 0 ? "" : ` WHERE "$path" NOT IN (${paths.join(", ")})`;
  const counts = new Map<string, number>();
  for await (const [path, count] of presto.rows(`SELECT "$path", count(*) FROM ${from}${where} GROUP BY 1`))
    counts.set(String(path).replace(/^[a-z0-9]+:\/\/[^/]+\//, ""), Number(count));
  return counts;
}

/**
 * Compares file by file, so that a log that grows meanwhile is no drift.
 * @param unreadable keys that Presto can't read either
 * @param listAgain the table's files now; asked only when Presto knows one that the listing has not
 */
export async function prove(
  presto: Presto,
  catalog: string,
  table: { readonly database: string; readonly name: string },
  bucket: string,
  files: readonly CountedFile[],
  unreadable: readonly string[],
  listAgain: () => Promise<readonly StoredObject[]>,
): Promise<Proof> {
  let counts: Map<string, number>;
  try {
    counts = await countFiles(presto, catalog, table, bucket, unreadable);
  } catch (error) {
    if (!(error instanceof PrestoRefused)) throw error;
    return { rows: 0, differences: [], different: 0, arrived: 0, refused: error.message };
  }
  const differences: Difference[] = [];
  let rows = 0;
  for (const { object, rows: expected } of files) {
    const got = counts.get(object.key);
    counts.delete(object.key);
    rows += got ?? 0;
    // Presto tells nothing of a file without rows.
    if (expected !== undefined && expected !== (got ?? 0))
      differences.push({ file: object.key, expected, got: got ?? null });
  }
  const now = counts.size === 0 ? new Set<string>() : new Set((await listAgain()).map(({ key }) => key));
  const strange = [...counts].filter(([key]) => !now.has(key));
  for (const [file, got] of strange) differences.push({ file, expected: null, got });
  return {
    rows,
    differences: differences.slice(0, NAMED_DIFFERENCES),
    different: differences.length,
    arrived: counts.size - strange.length,
  };
}
