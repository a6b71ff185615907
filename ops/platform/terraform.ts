/** Terraform as a program that answers: started in a folder, ended by a signal. */
import { execFile } from "node:child_process";

export interface TerraformOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
}

export interface TerraformResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Answers of a large account: every server image with all that is known of it. */
const MOST_OUTPUT = 256 * 2 ** 20;

/** What a person's shell may say about other configurations, and must not lead this one elsewhere. */
const NOT_OURS = /^TF_(WORKSPACE|DATA_DIR|CLI_ARGS|CLI_ARGS_(plan|show)|VAR_.*)$/;

export function terraformEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !NOT_OURS.test(name));
  return { ...Object.fromEntries(kept), TF_IN_AUTOMATION: "1", CHECKPOINT_DISABLE: "1" };
}

/** Runs it to its end, whatever its exit code. @throws PlatformError when it can't be started */
export function terraform(args: readonly string[], { cwd, env, signal }: TerraformOptions): Promise<TerraformResult> {
  return new Promise((done, fail) => {
    execFile(
      "terraform",
      args,
      { cwd, env: terraformEnv(env), maxBuffer: MOST_OUTPUT, ...(signal === undefined ? {} : { signal }) },
      (error, stdout, stderr) => {
        if (signal?.aborted === true) return fail(signal.reason as Error);
        if (error === null) return done({ code: 0, stdout, stderr });
        if (error.code === "ENOENT")
          return fail(
            new PlatformError(
              "terraform is not on the PATH",
              "install Terraform 1.9 or newer from HashiCorp's packages",
            ),
          );
        done({ code: typeof error.code === "number" ? error.code : 1, stdout, stderr });
      },
    );
  });
}

/** The platform could not be asked at all. */
export class PlatformError extends Error {
  constructor(
    readonly found: string,
    readonly next: string,
  ) {
    super(`${found}\n  try: ${next}`);
    this.name = "PlatformError";
  }
}
