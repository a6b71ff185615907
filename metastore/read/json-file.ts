/** JSON lines, gzipped or not: the columns of their first lines, and the number of all where that is asked for. */
import { createGunzip } from "node:zlib";
import { pipeline } from "node:stream";
import { JsonColumns, NotJsonLines } from "../schema/json";
import { isObjectsOwn, type Bucket, type StoredObject } from "../storage/bucket";
import { UnreadableFile, type ReadFile } from "./file";

/** Lines of a file whose columns are looked at. */
const SAMPLE_LINES = 1_000;
const LINE_END = 0x0a;
const GZIP = Buffer.from([0x1f, 0x8b]);

/**
 * Reads a file, to its end only with `count`.
 * @param look whether its columns are wanted
 * @throws UnreadableFile where the file itself is at fault; what the service says otherwise
 */
export async function readJson(
  bucket: Bucket,
  object: StoredObject,
  { look, count }: { readonly look: boolean; readonly count: boolean },
): Promise<ReadFile> {
  if (object.bytes === 0) return { rows: 0, columns: { columns: [], untyped: [] } };
  const lines = new Lines(look ? SAMPLE_LINES : 0);
  const stream = await bucket.stream(object).catch((error: unknown) => {
    throw isObjectsOwn(error) ? new UnreadableFile("it changed or went since it was listed") : error;
  });
  const zipped = object.key.endsWith(".gz");
  // Engines go by the name alone.
  const text = zipped ? pipeline(stream, createGunzip(), () => undefined) : stream;
  let whole = true;
  try {
    for await (const chunk of text as AsyncIterable<Buffer>) {
      if (!zipped && lines.bytes === 0 && chunk.subarray(0, 2).equals(GZIP))
        throw new UnreadableFile("gzip without .gz at the end of its name: engines would read it as text");
      lines.add(chunk);
      if (!count && lines.sampled) {
        whole = false;
        break;
      }
    }
    return {
      ...(whole ? { rows: lines.count } : {}),
      ...(look ? { columns: lines.columns } : {}),
    };
  } catch (error) {
    throw reasonOf(error as NodeJS.ErrnoException);
  } finally {
    stream.destroy();
  }
}

function reasonOf(error: NodeJS.ErrnoException): Error {
  return error.code?.startsWith("Z_") === true ? new UnreadableFile(`gzip: ${error.message}`) : error;
}

/** Counts lines as Hadoop's reader does: an end at the last one is no line of its own. */
class Lines {
  bytes = 0;
  private ends = 0;
  private last = LINE_END;
  private rest: Buffer = Buffer.alloc(0);
  private looked = 0;
  private readonly found = new JsonColumns();

  constructor(private readonly sample: number) {}

  get sampled(): boolean {
    return this.looked >= this.sample;
  }

  get count(): number {
    return this.ends + (this.last === LINE_END ? 0 : 1);
  }

  get columns() {
    if (!this.sampled && this.rest.length > 0) this.look(this.rest);
    return this.found.found;
  }

  add(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.bytes += chunk.length;
    this.last = chunk[chunk.length - 1]!;
    for (let at = chunk.indexOf(LINE_END); at >= 0; at = chunk.indexOf(LINE_END, at + 1)) this.ends++;
    if (this.sampled) return;
    const held = Buffer.concat([this.rest, chunk]);
    let start = 0;
    for (let end = held.indexOf(LINE_END); end >= 0 && !this.sampled; end = held.indexOf(LINE_END, start)) {
      this.look(held.subarray(start, end));
      start = end + 1;
    }
    this.rest = held.subarray(start);
  }

  private look(line: Buffer): void {
    this.looked++;
    try {
      this.found.add(line.toString("utf8"));
    } catch (error) {
      throw error instanceof NotJsonLines ? new UnreadableFile(`line ${this.looked} ${error.message}`) : error;
    }
  }
}
