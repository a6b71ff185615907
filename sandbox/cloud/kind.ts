/**
 * The life of an object that has a record of its own, the same for every kind: what the platform would refuse is checked and
 * the claim is written in one step under the lock, and only then are real things made.
 */
import type { Plain, ResourceHandler } from "../provider/cloud";
import { MadeInPart, type Problem } from "../provider/diagnostics";
import type { StoredObject } from "../provider/store";
import type { Platform } from "./platform";

/** What is special about one kind. Functions that return no promise run under the lock of the store. */
export interface Kind<R extends StoredObject> {
  /** Terraform's type, and the folder of the records. */
  readonly type: string;
  /** Whether its changes are changes of the network. */
  readonly network?: true;
  attributes(record: R, platform: Platform): Plain;
  /** What is told differently right after it was made, and never again. */
  atFirst?(record: R): Plain;
  /** Checks a wish and returns the record that is going to be made. Other records that come with it may be put. */
  claim(wanted: Plain, id: string, platform: Platform): R;
  make?(record: R, platform: Platform): Promise<R>;
  /** Something half-made is kept, as tainted, to be looked at. @default it is removed again */
  readonly keepsFailures?: true;
  change?(record: R, wanted: Plain, platform: Platform): R;
  apply?(before: R, after: R, platform: Platform): Promise<R>;
  /** Throws what keeps it from being destroyed. */
  mayGo?(record: R, platform: Platform): void;
  unmake?(record: R, platform: Platform): Promise<void>;
  /** Records that go with it. */
  leave?(record: R, platform: Platform): void;
  /** Whether it still stands, where something else than its record says that. */
  stands?(record: R, platform: Platform): Promise<boolean>;
  /** Null where there is no import. @default the import id is the id */
  readonly importId?: null;
  problems?(wanted: Plain, state: Plain | undefined): readonly Problem[];
}

export function handlerOf<R extends StoredObject>(kind: Kind<R>, platform: Platform): ResourceHandler {
  return new RecordHandler(kind, platform).handler();
}

class RecordHandler<R extends StoredObject> {
  constructor(
    private readonly kind: Kind<R>,
    private readonly platform: Platform,
  ) {}

  handler(): ResourceHandler {
    const { kind } = this;
    const find = (id: string): Promise<Plain | undefined> => this.read({ id });
    return {
      create: (wanted) => this.create(wanted),
      read: (state) => this.read(state),
      update: (state, wanted) => this.update(state, wanted),
      remove: (state) => this.remove(state),
      ...(kind.importId === null ? {} : { find }),
      ...(kind.problems === undefined ? {} : { problems: (wanted, state) => kind.problems?.(wanted, state) ?? [] }),
    };
  }

  private async create(wanted: Plain): Promise<Plain> {
    const { kind, platform } = this;
    const claim = await platform.store.exclusive(() =>
      this.put({ ...kind.claim(wanted, platform.store.nextId(), platform), unfinished: "making" }),
    );
    try {
      const made = (await kind.make?.(claim, platform)) ?? claim;
      return { ...(await this.finish(made)), ...kind.atFirst?.(made) };
    } catch (error) {
      if (kind.keepsFailures === true) throw new MadeInPart(await this.finish(claim), error as Error);
      await this.removeFailed(claim, error as Error);
      throw error;
    }
  }

  /** The first error is the one to tell; what can't be undone stays claimed. */
  private async removeFailed(claim: R, first: Error): Promise<void> {
    try {
      await this.takeAway(claim);
    } catch (error) {
      throw new Error(`${first.message}\n  and it could not be removed again: ${(error as Error).message}`, {
        cause: error,
      });
    }
  }

  private async read(state: Plain): Promise<Plain | undefined> {
    const { kind, platform } = this;
    const record = platform.store.get<R>(kind.type, String(state["id"]));
    if (record === undefined) return undefined;
    if (kind.stands !== undefined && !(await kind.stands(record, platform))) return undefined;
    return kind.attributes(record, platform);
  }

  private async update(state: Plain, wanted: Plain): Promise<Plain> {
    const { kind, platform } = this;
    // Nothing is written before it is so: a change that fails leaves the record as it was.
    const [before, after] = await platform.store.exclusive((): [R, R] => {
      const found = platform.need<R>(kind.type, String(state["id"]), kind.type);
      return [found, kind.change?.(found, wanted, platform) ?? found];
    });
    const done = (await kind.apply?.(before, after, platform)) ?? after;
    return this.finish(done);
  }

  private async remove(state: Plain): Promise<void> {
    const { kind, platform } = this;
    const record = await platform.store.exclusive(() => {
      const found = platform.store.get<R>(kind.type, String(state["id"]));
      if (found === undefined) return undefined;
      kind.mayGo?.(found, platform);
      this.put({ ...found, unfinished: "removing" });
      return found;
    });
    if (record === undefined) return;
    try {
      await this.takeAway(record);
    } catch (error) {
      this.put(record);
      throw error;
    }
  }

  private async takeAway(record: R): Promise<void> {
    const { kind, platform } = this;
    await kind.unmake?.(record, platform);
    await platform.store.exclusive(() => {
      kind.leave?.(record, platform);
      platform.store.delete(kind.type, record.id);
    });
    if (kind.network === true) await platform.refreshNetwork();
  }

  private async finish(record: R): Promise<Plain> {
    const { unfinished: _, ...finished } = record;
    this.put(finished as R);
    if (this.kind.network === true) await this.platform.refreshNetwork();
    return this.kind.attributes(finished as R, this.platform);
  }

  private put(record: R): R {
    return this.platform.store.put(this.kind.type, record);
  }
}

/** An attribute that holds a text; empty ones count as not written. */
export function text(wanted: Plain, name: string): string | undefined {
  const value = wanted[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** An attribute that the schema requires. */
export const required = (wanted: Plain, name: string): string => String(wanted[name]);

export const flag = (wanted: Plain, name: string): boolean => wanted[name] === true;

/** The name that the platform gives where none is written; it says where it comes from. */
export const nameOf = (wanted: Plain, id: string): string => text(wanted, "name") ?? `sandbox-${id}`;
