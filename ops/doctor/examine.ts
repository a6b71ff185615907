/** Runs checks side by side: none hides another, each ends in time, and what could not be looked at is told as unknown. */
import { WrongUse } from "../errors";
import type { Check, DoctorContext, Finding, Said } from "./types";

/** Told of every check as it goes; the command line draws progress with it. */
export interface DoctorWatcher {
  begin(check: string): void;
  note(check: string, text: string): void;
  end(check: string, findings: readonly Finding[]): void;
}

export interface ExamineOptions {
  /** What every check knows; each gets its own signal, notes and answers. */
  readonly context: Omit<DoctorContext, "signal" | "note" | "platform">;
  /** Answers of the platform to one check's questions. */
  readonly platform: (check: Check) => ReturnType<DoctorContext["platform"]>;
  readonly watcher?: DoctorWatcher;
  /** Ends all. */
  readonly signal?: AbortSignal;
  /** How many run at once. @default 4 */
  readonly limit?: number;
}

const DEADLINE_MS = 60_000;

/**
 * The named checks and those that they need, in the table's order; a name that is no check's may be the beginning of a family.
 * @throws WrongUse for a name that is neither
 */
export function selected(checks: readonly Check[], only: readonly string[]): readonly Check[] {
  if (only.length === 0) return checks;
  const byName = (name: string): readonly Check[] =>
    checks.filter((check) => check.name === name || check.name.startsWith(`${name}-`));
  const unknown = only.filter((name) => byName(name).length === 0);
  if (unknown.length > 0)
    throw new WrongUse(
      `doctor has no check ${unknown.join(", ")}\n  allowed: ${checks.map(({ name }) => name).join(", ")}\n` +
        "  try: npx aws2ncp doctor --help",
    );
  const wanted = new Set(only.flatMap((name) => byName(name).map((check) => check.name)));
  // A set grows while it is walked: what the needed ones need is added too.
  for (const name of wanted) for (const needed of need(checks, name).needs) wanted.add(needed);
  return checks.filter(({ name }) => wanted.has(name));
}

function need(checks: readonly Check[], name: string): Check {
  const found = checks.find((check) => check.name === name);
  if (found === undefined) throw new Error(`a check needs ${name}, which is none`);
  return found;
}

/** Runs checks and returns what they found, in their order. */
export async function examine(checks: readonly Check[], options: ExamineOptions): Promise<Finding[]> {
  const { limit = 4, watcher } = options;
  const turn = turns(limit);
  const done = new Map<string, Promise<readonly Finding[]>>();
  const start = (check: Check): Promise<readonly Finding[]> => {
    const begun = done.get(check.name);
    if (begun !== undefined) return begun;
    const findings = (async () => {
      const failed = await failedNeeds(check);
      return turn(async () => {
        watcher?.begin(check.name);
        const found = failed.length > 0 ? [notLookedAt(failed)] : await runOne(check, options);
        const named = found.map((said): Finding => ({ check: check.name, ...said }));
        watcher?.end(check.name, named);
        return named;
      });
    })();
    done.set(check.name, findings);
    return findings;
  };
  const failedNeeds = async (check: Check): Promise<string[]> => {
    const all = await Promise.all(check.needs.map((name) => start(need(checks, name))));
    return check.needs.filter((_, index) => all[index]?.some(({ severity }) => severity === "error"));
  };
  return (await Promise.all(checks.map(start))).flat();
}

const notLookedAt = (failed: readonly string[]): Said => ({
  severity: "unknown",
  place: "this check",
  found: `not looked at: ${failed.join(" and ")} must be without errors first`,
});

/** One check, whatever it does: what it throws is its finding, and so is a deadline that it does not meet. */
async function runOne(check: Check, { context, platform, watcher, signal }: ExamineOptions): Promise<readonly Said[]> {
  if (check.concerns?.(context.plan) === false) return [];
  const deadline = check.deadlineMs ?? DEADLINE_MS;
  const timer = new AbortController();
  const timeout = setTimeout(() => timer.abort(), deadline);
  const ended = signal === undefined ? timer.signal : AbortSignal.any([timer.signal, signal]);
  const late = new Promise<never>((_, fail) =>
    ended.addEventListener("abort", () => fail(new Error("ended")), { once: true }),
  );
  try {
    const run = check.run({
      ...context,
      signal: ended,
      note: (text) => watcher?.note(check.name, text),
      platform: () => platform(check),
    });
    return await Promise.race([run, late]);
  } catch (error) {
    signal?.throwIfAborted();
    if (ended.aborted)
      return [
        {
          severity: "unknown",
          place: "this check",
          found: `not finished within ${deadline / 1000} s`,
          try: `npx aws2ncp doctor --only ${check.name}`,
        },
      ];
    return [failure(error as Error)];
  } finally {
    clearTimeout(timeout);
  }
}

/** An error's own lines in the fields that they are for. */
export function failure({ message }: Error): Said {
  const [found = "", ...rest] = message.split("\n").map((line) => line.trim());
  const told = (label: string): string | undefined =>
    rest.find((line) => line.startsWith(`${label}: `))?.slice(label.length + 2);
  const [allowed, next] = [told("allowed"), told("try")];
  const meaning = rest.filter((line) => !/^(allowed|try): /.test(line)).join("; ");
  return {
    severity: "error",
    place: "this check",
    found,
    ...(meaning === "" ? {} : { meaning }),
    ...(allowed === undefined ? {} : { allowed }),
    ...(next === undefined ? {} : { try: next }),
  };
}

/** Lets so many run at once; the others wait for their turn. */
function turns(limit: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= limit) await new Promise<void>((go) => waiting.push(go));
    else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
