/**
 * The life of an object that has a record of its own, the same for every kind: what the platform would refuse is checked and
 * the claim is written in one step under the lock, and only then are real things made.
 */
import type { Plain, ResourceHandler } from "../provider/cloud";
import { MadeInPart, type Problem } from "../provider/diagnostics";
import type { StoredObject } from "../provider/store";
import { breakpoint } from "./breakpoint";
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
      platform.store.put<R>(kind.type, {
        ...kind.claim(wanted, platform.store.nextId(), platform),
        unfinished: "making",
      }),
    );
    try {
      if (kind.make === undefined || platform.work === undefined) await carryOut(kind, claim.id, platform);
      else await platform.work(kind.type, claim.id);
    } catch (error) {
      if (kind.keepsFailures === true) throw new MadeInPart(this.attributesOf(claim.id), error as Error);
      throw error;
    }
    await breakpoint(`${labelOf(kind, claim)}.made`);
    const made = platform.need<R>(kind.type, claim.id, kind.type);
    return { ...kind.attributes(made, platform), ...kind.atFirst?.(made) };
  }

  private attributesOf(id: string): Plain {
    const { kind, platform } = this;
    return kind.attributes(platform.need<R>(kind.type, id, kind.type), platform);
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
    await finish(kind, done, platform);
    return this.attributesOf(done.id);
  }

  private async remove(state: Plain): Promise<void> {
    const { kind, platform } = this;
    const record = await platform.store.exclusive(() => {
      const found = platform.store.get<R>(kind.type, String(state["id"]));
      if (found === undefined) return undefined;
      kind.mayGo?.(found, platform);
      platform.store.put<R>(kind.type, { ...found, unfinished: "removing" });
      return found;
    });
    if (record === undefined) return;
    try {
      await takeAway(kind, record, platform);
    } catch (error) {
      platform.store.put(kind.type, record);
      throw error;
    }
  }
}

/** "ncloud_server.sync-1" */
export const labelOf = (
  { type }: { readonly type: string },
  record: StoredObject & { readonly name?: string },
): string => `${type}.${record.name ?? record.id}`;

/** Makes what was claimed, whoever still waits for it. What fails is removed again, or kept to be looked at. */
export async function carryOut<R extends StoredObject>(kind: Kind<R>, id: string, platform: Platform): Promise<void> {
  const claim = platform.need<R>(kind.type, id, kind.type);
  try {
    await finish(kind, (await kind.make?.(claim, platform)) ?? claim, platform);
  } catch (error) {
    if (kind.keepsFailures === true) await finish(kind, claim, platform);
    else await removeFailed(kind, claim, platform, error as Error);
    throw error;
  }
}

/** The first error is the one to tell; what can't be undone stays claimed. */
async function removeFailed<R extends StoredObject>(
  kind: Kind<R>,
  claim: R,
  platform: Platform,
  first: Error,
): Promise<void> {
  try {
    await takeAway(kind, claim, platform);
  } catch (error) {
    throw new Error(`${first.message}\n  and it could not be removed again: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

async function takeAway<R extends StoredObject>(kind: Kind<R>, record: R, platform: Platform): Promise<void> {
  await kind.unmake?.(record, platform);
  await platform.store.exclusive(() => {
    kind.leave?.(record, platform);
    platform.store.delete(kind.type, record.id);
  });
  if (kind.network === true) await platform.refreshNetwork();
}

async function finish<R extends StoredObject>(kind: Kind<R>, record: R, platform: Platform): Promise<void> {
  const { unfinished: _, ...finished } = record;
  platform.store.put(kind.type, finished as R);
  if (kind.network === true) await platform.refreshNetwork();
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
