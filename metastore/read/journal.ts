/**
 * What was read of files, kept beside the state: a run that follows a killed one, or a later one, reads nothing again that is
 * the same object. A line of JSON per file, appended as it is read; a torn last line is dropped.
 */
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { writeWhole } from "../../hooks/files";
import type { FileColumns } from "../schema/file-columns";
import type { StoredObject } from "../storage/bucket";
import type { ReadFile } from "./file";

const VERSION = 1;
/** Files between two appends: as much is read again after a kill. */
const FILES_AT_ONCE = 64;

type Line =
  | { readonly version: number; readonly how: string }
  | { readonly schema: string; readonly columns: FileColumns }
  | {
      readonly key: string;
      readonly etag: string;
      readonly bytes: number;
      readonly rows?: number;
      readonly of?: string;
    };

interface Known {
  readonly etag: string;
  readonly bytes: number;
  readonly rows?: number;
  /** Hash of its columns. */
  readonly of?: string;
}

export class Journal {
  private readonly files = new Map<string, Known>();
  private readonly schemas = new Map<string, FileColumns>();
  private waiting: string[] = [];

  private constructor(
    private readonly path: string,
    private readonly how: string,
  ) {}

  /** @param how what the reading depends on beside the files; a journal of another way of reading is begun anew */
  static open(path: string, how: string): Journal {
    const journal = new Journal(path, how);
    const head = JSON.stringify({ version: VERSION, how } satisfies Line);
    const text = existsSync(path) ? readFileSync(path, "utf8") : "";
    const [first, ...lines] = text.split("\n");
    if (first !== head) writeWhole(path, `${head}\n`);
    else for (const line of lines) journal.load(line);
    if (first === head && !text.endsWith("\n")) appendFileSync(path, "\n"); // what a kill tore stays alone
    return journal;
  }

  private load(text: string): void {
    let line: Line;
    try {
      line = JSON.parse(text) as Line;
    } catch {
      return; // torn by a kill, or the end
    }
    if ("schema" in line) this.schemas.set(line.schema, line.columns);
    else if ("key" in line) this.files.set(line.key, line);
  }

  /** What an earlier run read of this very object. */
  get(object: StoredObject): ReadFile | undefined {
    const known = this.files.get(object.key);
    if (known === undefined || known.etag !== object.etag || known.bytes !== object.bytes) return undefined;
    const columns = known.of === undefined ? undefined : this.schemas.get(known.of);
    if (known.of !== undefined && columns === undefined) return undefined;
    return {
      ...(known.rows === undefined ? {} : { rows: known.rows }),
      ...(columns === undefined ? {} : { columns }),
    };
  }

  put(object: StoredObject, { rows, columns }: ReadFile): void {
    const of = columns === undefined ? undefined : this.schemaOf(columns);
    const known: Known = {
      etag: object.etag,
      bytes: object.bytes,
      ...(rows === undefined ? {} : { rows }),
      ...(of === undefined ? {} : { of }),
    };
    this.files.set(object.key, known);
    this.waiting.push(JSON.stringify({ key: object.key, ...known } satisfies Line));
    if (this.waiting.length >= FILES_AT_ONCE) this.flush();
  }

  /** Thousands of files have the same columns: they are kept once. */
  private schemaOf(columns: FileColumns): string {
    const text = JSON.stringify(columns);
    const hash = createHash("sha256").update(text).digest("hex").slice(0, 16);
    if (!this.schemas.has(hash)) {
      this.schemas.set(hash, columns);
      this.waiting.push(JSON.stringify({ schema: hash, columns } satisfies Line));
    }
    return hash;
  }

  flush(): void {
    if (this.waiting.length === 0) return;
    mkdirSync(dirname(this.path), { recursive: true });
    appendFileSync(this.path, `${this.waiting.join("\n")}\n`);
    this.waiting = [];
  }

  /** Forgets files that are no more, once they are many: the journal would grow for ever. */
  keepOnly(objects: readonly StoredObject[]): void {
    this.flush();
    const keys = new Set(objects.map(({ key }) => key));
    const gone = [...this.files.keys()].filter((key) => !keys.has(key));
    if (gone.length <= keys.size) return;
    for (const key of gone) this.files.delete(key);
    const used = new Set([...this.files.values()].map(({ of }) => of));
    const lines: Line[] = [
      { version: VERSION, how: this.how },
      ...[...this.schemas].filter(([hash]) => used.has(hash)).map(([schema, columns]) => ({ schema, columns })),
      ...[...this.files].map(([key, known]) => ({ key, ...known })),
    ];
    writeWhole(this.path, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  }
}
