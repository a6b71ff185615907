/** Errors of hooks: what happened and where, what was found, and the next thing to do. */

/**
 * What runs a hook again. One stack alone is refused by cdktf unless those that it depends on are named as well; where nothing
 * changed nothing is done.
 */
export const DEPLOY_ALL = "npx cdktf deploy '*'";

/** An error with its details and its next step on lines of their own. */
export class HookError extends Error {
  constructor(
    /** What is wrong and where, in one line: "sync-1 (10.20.1.6): …". */
    readonly headline: string,
    /** What was found and what is allowed, a line each: "pinned: ssh-ed25519 SHA256:…". */
    readonly details: readonly string[] = [],
    /** The next thing to do. */
    readonly next?: string,
    /** Exit code of the program: 1 a found problem, 2 wrong use. */
    readonly exitCode: 1 | 2 = 1,
  ) {
    super(
      [headline, ...details.map((line) => `  ${line}`), ...(next === undefined ? [] : [`  try: ${next}`])].join("\n"),
    );
    this.name = "HookError";
  }
}

/** Thrown everywhere at once when the hook is told to stop, or loses its parent. */
export class Stopped extends Error {
  constructor(
    readonly because: string,
    readonly exitCode: number,
  ) {
    super(`stopped: ${because}`);
    this.name = "Stopped";
  }
}

/** What the promise gives, unless the signal aborts before: then its reason. */
export async function orAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let stop: () => void = () => undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([promise, stopped]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** Waits; an abort ends the wait with its reason. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((done, fail) => {
    const stop = (): void => {
      clearTimeout(timer);
      fail(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      done();
    }, ms);
    signal.addEventListener("abort", stop, { once: true });
  });
}
