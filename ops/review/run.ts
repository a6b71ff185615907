/** Programs that a review runs: git, the compiler, synth. */
import { execFile } from "node:child_process";
import { Interrupted } from "../../sandbox/rehearsal";

export interface RunOptions {
  readonly cwd: string;
  readonly signal: AbortSignal;
  /** @default that of this process */
  readonly env?: NodeJS.ProcessEnv;
}

/** What a program said, once it has ended well. */
export class Failed extends Error {}

/**
 * Runs a program to its end.
 * @returns Its standard output
 * @throws {@link Failed} with what it said on standard error, where it has ended with another code than 0
 */
export function run(
  program: string,
  args: readonly string[],
  { cwd, signal, env = process.env }: RunOptions,
): Promise<string> {
  return new Promise((done, fail) => {
    execFile(program, args, { cwd, env, signal, maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      if (signal.aborted) fail(new Interrupted("interrupted: the worktrees of the review are removed"));
      else if (error === null) done(stdout);
      else
        fail(
          new Failed(
            (stderr.trim() === "" ? stdout : stderr).trim().split("\n").slice(0, 12).join("\n") || error.message,
          ),
        );
    });
  });
}
