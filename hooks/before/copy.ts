/** A copy of a stack's state under a dated name, before a deploy writes another one. Copies are never removed here. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { copyName, historyPrefix, stateKey } from "../../pipeline/state-keys";
import { HookError } from "../errors";
import type { StateBucket } from "../../states/bucket";

/** Where one stack's state and its copies are. Names are keys of objects, or paths of files. */
export interface StateStore {
  /** Name of the state. */
  readonly state: string;
  /** What stands before a copy's name. */
  readonly history: string;
  read(name: string): Promise<Buffer | undefined>;
  write(name: string, body: Buffer): Promise<void>;
  /** Names of all copies, sorted. */
  copies(): Promise<string[]>;
}

export type Copied =
  | { readonly as: string; readonly is: "new" | "there already" }
  /** Before the first deploy. */
  | undefined;

/**
 * Copies the state, unless its newest copy is the same. The copy is read back. One apply may ask twice: a state that Terraform has
 * written meanwhile, which it does at once on this machine and every 20 s in a bucket, is then copied twice.
 * @throws HookError when the state is no state of Terraform's, or the copy can't be read back as it was written.
 */
export async function copyState(store: StateStore, now: Date = new Date()): Promise<Copied> {
  const state = await readState(store);
  if (state === undefined) return undefined;
  if (!isState(state))
    throw new HookError(
      `${store.state}: this is no state of Terraform's, so there is nothing to go back to`,
      [`found: ${state.length} bytes`, "allowed: JSON with lineage and serial"],
      `see its copies under ${store.history}, and put the newest good one in its place`,
    );
  const newest = (await store.copies()).at(-1);
  if (newest !== undefined && (await store.read(newest))?.equals(state)) return { as: newest, is: "there already" };
  const copy = `${store.history}${copyName(now)}`;
  await store.write(copy, state);
  if (!(await store.read(copy))?.equals(state))
    throw new HookError(`${copy}: the copy of the state can't be read back as it was written`, [], "run it again");
  return { as: copy, is: "new" };
}

const TRIES = 5;

/**
 * A local state that is just being written is no state for a moment, and Terraform makes an empty file where there is none, to
 * lock it.
 */
async function readState(store: StateStore): Promise<Buffer | undefined> {
  for (let tried = 1; ; tried++) {
    const state = await store.read(store.state);
    if (state === undefined || isState(state)) return state;
    if (tried === TRIES) return state.length === 0 ? undefined : state;
    await sleep(100);
  }
}

function isState(bytes: Buffer): boolean {
  try {
    const { lineage, serial } = JSON.parse(bytes.toString("utf8")) as Record<string, unknown>;
    return typeof lineage === "string" && typeof serial === "number";
  } catch {
    return false;
  }
}

export function remoteStore(bucket: StateBucket, pipeline: string, stack: string): StateStore {
  const history = historyPrefix(pipeline, stack);
  return {
    state: stateKey(pipeline, stack),
    history,
    read: (key) => bucket.get(key),
    write: (key, body) => bucket.put(key, body),
    copies: () => bucket.keys(history),
  };
}

/** In a folder of states: `FOLDER/STACK.tfstate`, `FOLDER/history/STACK/…`. */
export function localStore(folder: string, stack: string): StateStore {
  const history = join(folder, "history", stack);
  return {
    state: join(folder, `${stack}.tfstate`),
    history: `${history}/`,
    read: (path) => Promise.resolve(existsSync(path) ? readFileSync(path) : undefined),
    write: (path, body) => {
      mkdirSync(history, { recursive: true, mode: 0o700 });
      writeFileSync(path, body, { mode: 0o600, flag: "wx" });
      return Promise.resolve();
    },
    copies: () =>
      Promise.resolve(
        existsSync(history)
          ? readdirSync(history)
              .sort()
              .map((name) => join(history, name))
          : [],
      ),
  };
}
