/** What one file says of its columns. */
import type { HiveColumn } from "../../pipeline/hive-type";

/** A column for which there is no type that all engines read alike: its table is reported. */
export interface Untyped {
  readonly column: string;
  /** As the file says it: "INT64 TIMESTAMP(MICROS)". */
  readonly type: string;
  readonly why: string;
}

export interface FileColumns {
  readonly columns: readonly HiveColumn[];
  readonly untyped: readonly Untyped[];
  /** JSON: columns of nulls alone; text, unless another file knows better. */
  readonly empty?: readonly string[];
}
