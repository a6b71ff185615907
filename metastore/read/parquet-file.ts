/** A Parquet file's footer, by range requests: 16 KiB from its end, and the rest of a footer that is larger. */
import { columnsOfParquet } from "../schema/parquet";
import { isObjectsOwn, type Bucket, type StoredObject } from "../storage/bucket";
import { UnreadableFile, type ReadFile } from "./file";

/** Holds the footers of most files; measured in one request each. */
const TAIL_BYTES = 16 * 1024;
/** Magic, an empty footer, its length, magic. */
const SMALLEST = 12;

/** @throws UnreadableFile where the file itself is at fault; what the service says otherwise */
export async function readParquet(
  bucket: Bucket,
  object: StoredObject,
  timestamps: "bigint" | undefined,
): Promise<ReadFile> {
  if (object.bytes < SMALLEST) throw new UnreadableFile(`${object.bytes} bytes: too short for a Parquet file`);
  // An ES module, which a CommonJS one can only load late.
  const { parquetMetadataAsync } = await import("hyparquet");
  let asked: Error | undefined;
  const slice = async (from: number, to = object.bytes): Promise<ArrayBuffer> => {
    try {
      return new Uint8Array(await bucket.range(object, from, to)).buffer;
    } catch (error) {
      throw (asked = error as Error);
    }
  };
  try {
    const footer = await parquetMetadataAsync(
      { byteLength: object.bytes, slice },
      { initialFetchSize: TAIL_BYTES, geoparquet: false },
    );
    return { rows: Number(footer.num_rows), columns: columnsOfParquet(footer.schema, timestamps) };
  } catch (error) {
    if (asked !== undefined && !isObjectsOwn(asked)) throw asked;
    throw new UnreadableFile(
      asked === undefined ? (error as Error).message : "it changed or went since it was listed; the next run sees it",
    );
  }
}
