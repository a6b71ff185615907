/**
 * Whether a lock can be trusted. Terraform's `use_lockfile` puts an object with `If-None-Match: *`: a service that ignores that
 * header, or looks first and writes then, locks nothing, and nobody is told. So it is tried.
 */
import { randomUUID } from "node:crypto";
import { proofPrefix } from "../pipeline/state-keys";
import { answerOf, StateBucket, statusOf, type ClientOptions, type StatePlace } from "./bucket";

export interface LockProof {
  /** Whether everything that a lock needs was seen. */
  readonly holds: boolean;
  /** What was seen, in a few words. */
  readonly found: string;
}

/** How many races are run: a service that looks first and writes then loses most of them, not all. */
export const RACES = { thorough: 12, quick: 3 } as const;

/** Writers in a race. */
const WRITERS = 4;

/**
 * Puts an object twice, removes it and puts it again; then lets several writers put the same new object at once, race after
 * race. Leaves nothing behind.
 * @throws when the bucket can't be reached or written: then nothing is proved either way.
 */
export async function proveLocking(
  place: StatePlace,
  pipeline: string,
  races: number = RACES.thorough,
  options: ClientOptions = {},
): Promise<LockProof> {
  // One try each: a request that is sent again after its answer was lost would find its own object.
  const bucket = new StateBucket(place, { ...options, attempts: 1 });
  const run = `${proofPrefix(pipeline)}${randomUUID()}`;
  const used = new Set<string>();
  const take = (key: string, body: string): Promise<boolean> => {
    used.add(key);
    return bucket.putIfAbsent(key, body);
  };
  try {
    const failed = (await oneAfterTheOther(take, bucket, `${run}-0`)) ?? (await atOnce(take, bucket, run, races));
    return failed === undefined
      ? { holds: true, found: `a second put was refused, and ${races} races of ${WRITERS} had one winner each` }
      : { holds: false, found: failed };
  } catch (error) {
    const status = statusOf(error);
    if (status !== 400 && status !== 501) throw error;
    return { holds: false, found: `the service refuses a put with If-None-Match: ${answerOf(error)}` };
  } finally {
    await Promise.allSettled([...used].map((key) => bucket.remove(key)));
    bucket.destroy();
  }
}

type Take = (key: string, body: string) => Promise<boolean>;

async function oneAfterTheOther(take: Take, bucket: StateBucket, key: string): Promise<string | undefined> {
  if (!(await take(key, "first"))) return "a put with If-None-Match was refused where there was no object";
  if (await take(key, "second")) return "a second put with If-None-Match succeeded: the service ignores the header";
  await bucket.remove(key);
  if (!(await take(key, "third"))) return "a put with If-None-Match was refused after the object had been removed";
  return undefined;
}

async function atOnce(take: Take, bucket: StateBucket, run: string, races: number): Promise<string | undefined> {
  for (let race = 1; race <= races; race++) {
    const key = `${run}-${race}`;
    const writers = Array.from({ length: WRITERS }, (_, writer) => `writer ${writer}`);
    const won = await Promise.all(writers.map(async (writer) => ((await take(key, writer)) ? writer : undefined)));
    const winners = won.filter((writer) => writer !== undefined);
    const where = `race ${race} of ${races}`;
    if (winners.length !== 1) return `${winners.length} of ${WRITERS} puts at the same time succeeded (${where})`;
    if ((await bucket.get(key))?.toString() !== winners[0]) return `a refused put was written (${where})`;
  }
  return undefined;
}
