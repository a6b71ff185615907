/** What is read of one file. */
import type { FileColumns } from "../schema/file-columns";

export interface ReadFile {
  /** Undefined where nobody has counted: JSON lines that were only sampled. */
  readonly rows?: number;
  /** Undefined where they were not asked for: JSON lines outside the sample. */
  readonly columns?: FileColumns;
}

/** The file itself is at fault; the others of its table are well. */
export class UnreadableFile extends Error {}
