/**
 * Whether a lock can be trusted. Terraform's `use_lockfile` puts an object with `If-None-Match: *`: a service that ignores that
 * header, or looks first and writes then, locks nothing, and nobody is told. So it is tried.
 */
import { randomUUID } from "node:crypto";
import { proofPrefix } from "../pipeline/state-keys";
import { answerOf, StateBucket, statusOf, type ClientOptions, type StatePlace } from "./bucket";
import { heldTogether, isBodyOf, type HeldBody, type Holding } from "./held";

export interface LockProof {
  /** Whether everything that a lock needs was seen. */
  readonly holds: boolean;
  /** What was seen, in a few words. */
  readonly found: string;
}

/**
 * How many races are run. One is enough for a service that looks when a request begins, since all requests have begun before any may
 * end; one that looks when the body has come, and writes then, meets all of them at the same moment, and several times.
 */
export const RACES = { thorough: 6, quick: 2 } as const;

/** Writers in a race. */
const WRITERS = 4;

/** Milliseconds that every request of a race is given to reach the service; as many times of its slowest answer before. */
const MOMENT = { least: 250, most: 2_000, answers: 3 } as const;
/** Milliseconds after which a race is let go although some of its requests could not be sent. */
const LONGEST = 10_000;

/**
 * Puts an object twice, removes it and puts it again; then lets several writers put the same new object at once, race after
 * race: none gets to the end of its body before all have begun. Leaves nothing behind.
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
  const take: Take = (key, body) => {
    used.add(key);
    return bucket.putIfAbsent(key, body);
  };
  const timed = stopwatch(take);
  try {
    const failed =
      (await oneAfterTheOther(timed.take, bucket, `${run}-0`)) ??
      (await atOnce(take, bucket, run, races, { moment: momentAfter(timed.slowest()), longest: LONGEST }));
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

type Take = (key: string, body: string | HeldBody) => Promise<boolean>;

/** The same, and the milliseconds of the slowest. */
function stopwatch(take: Take): { readonly take: Take; readonly slowest: () => number } {
  let slowest = 0;
  const timed: Take = async (key, body) => {
    const start = performance.now();
    try {
      return await take(key, body);
    } finally {
      slowest = Math.max(slowest, performance.now() - start);
    }
  };
  return { take: timed, slowest: () => slowest };
}

const momentAfter = (slowest: number): number =>
  Math.min(MOMENT.most, Math.max(MOMENT.least, MOMENT.answers * slowest));

async function oneAfterTheOther(take: Take, bucket: StateBucket, key: string): Promise<string | undefined> {
  if (!(await take(key, "first"))) return "a put with If-None-Match was refused where there was no object";
  if (await take(key, "second")) return "a second put with If-None-Match succeeded: the service ignores the header";
  await bucket.remove(key);
  if (!(await take(key, "third"))) return "a put with If-None-Match was refused after the object had been removed";
  return undefined;
}

async function atOnce(
  take: Take,
  bucket: StateBucket,
  run: string,
  races: number,
  holding: Holding,
): Promise<string | undefined> {
  for (let race = 1; race <= races; race++) {
    const key = `${run}-${race}`;
    const won = await winners((body) => take(key, body), holding);
    const where = `race ${race} of ${races}`;
    if (won.length !== 1) return `${won.length} of ${WRITERS} puts at the same time succeeded (${where})`;
    if (!isBodyOf(won[0] as string, await bucket.get(key))) return `a refused put was written (${where})`;
  }
  return undefined;
}

/** Who of the writers of a race was told that it wrote. @throws what the service answers beside yes and no */
async function winners(take: (body: HeldBody) => Promise<boolean>, holding: Holding): Promise<string[]> {
  const writers = Array.from({ length: WRITERS }, (_, writer) => `writer ${writer}`);
  const bodies = heldTogether(writers, holding);
  const ended = await Promise.allSettled(bodies.map((body) => take(body).finally(body.done)));
  const won = writers.filter((_, writer) => {
    const end = ended[writer];
    return end?.status === "fulfilled" && end.value;
  });
  const errors = ended.flatMap((end) => (end.status === "rejected" ? [end.reason as Error] : []));
  // A service that refuses before it has the whole body may close the connection, and its answer can be lost on the way: such a
  // writer took nothing, if another did.
  const bad = errors.find((error) => won.length === 0 || statusOf(error) !== undefined);
  if (bad !== undefined) throw bad;
  return won;
}
