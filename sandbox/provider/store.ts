/** The platform's objects as files, one each: what a cloud knows, whatever Terraform's state says. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exclusive } from "./lock";

/** What every object has. Ids come from a counter and are never given twice. */
export interface StoredObject {
  readonly id: string;
  /**
   * Set while it is being made or destroyed. Found later, its provider was killed at that: nothing adopts such an object, and
   * its name stays taken.
   */
  readonly unfinished?: "making" | "removing";
}

/** Ids look like the platform's: eight digits. */
const FIRST_ID = 10_000_001;

export class ObjectStore {
  constructor(private readonly folder: string) {}

  /** Runs while no other process or call changes the store. What `change` reads stays true until it has written. */
  exclusive<T>(change: () => T | Promise<T>): Promise<T> {
    return exclusive(this.folder, change);
  }

  /** All objects of a kind, in the order in which they were made. */
  list<T extends StoredObject>(kind: string): T[] {
    const folder = join(this.folder, kind);
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .filter((file) => file.endsWith(".json"))
      .sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
      .flatMap((file) => this.readFile<T>(join(folder, file)) ?? []);
  }

  get<T extends StoredObject>(kind: string, id: string): T | undefined {
    return this.readFile<T>(this.file(kind, id));
  }

  put<T extends StoredObject>(kind: string, object: T): T {
    mkdirSync(join(this.folder, kind), { recursive: true });
    writeWhole(this.file(kind, object.id), `${JSON.stringify(object, null, 2)}\n`);
    return object;
  }

  delete(kind: string, id: string): void {
    rmSync(this.file(kind, id), { force: true });
  }

  /** To be called in {@link exclusive}. */
  nextId(): string {
    const file = join(this.folder, "last-id");
    const last = existsSync(file) ? Number(readFileSync(file, "utf8")) : FIRST_ID - 1;
    mkdirSync(this.folder, { recursive: true });
    writeWhole(file, `${last + 1}\n`);
    return String(last + 1);
  }

  /** Ids may hold what a file name can't: "TABLE:10.0.0.0/8". */
  private file(kind: string, id: string): string {
    return join(this.folder, kind, `${encodeURIComponent(id)}.json`);
  }

  private readFile<T>(file: string): T | undefined {
    try {
      return JSON.parse(readFileSync(file, "utf8")) as T;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined; // deleted meanwhile
      throw error;
    }
  }
}

/** A reader sees the old text or the new one, never a part. */
function writeWhole(file: string, text: string): void {
  const next = `${file}.${process.pid}.new`;
  writeFileSync(next, text);
  renameSync(next, file);
}
