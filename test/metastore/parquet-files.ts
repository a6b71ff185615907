/** Small Parquet files for tests. */
import type { BasicType, ColumnSource } from "hyparquet-writer";

/** Columns by name: type and values. */
export type Columns = Readonly<Record<string, readonly [type: BasicType, values: unknown[]]>>;

export async function parquetFile(columns: Columns): Promise<Buffer> {
  const { parquetWriteBuffer } = await import("hyparquet-writer");
  const columnData = Object.entries(columns).map(([name, [type, data]]): ColumnSource => ({ name, type, data }));
  return Buffer.from(parquetWriteBuffer({ columnData }));
}

/** A file of one column of ints, with so many rows. */
export const intsFile = (rows: number): Promise<Buffer> =>
  parquetFile({ id: ["INT32", Array.from({ length: rows }, (_, row) => row)] });
