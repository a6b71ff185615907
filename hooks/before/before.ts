/** What must hold and be done before a deploy changes anything: the right machine, a lock that locks, a copy of the state. */
import { hostname } from "node:os";
import { z } from "zod";
import { HookError } from "../errors";
import { answerOf, StateBucket } from "../../states/bucket";
import { copyState, localStore, remoteStore, type Copied } from "./copy";
import { proveLocking, RACES } from "../../states/proof";

const remote = z.strictObject({
  bucket: z.string().min(1),
  host: z.string().min(1),
  region: z.string().min(1),
  profile: z.string().min(1),
  locking: z.enum(["lockfile", "single-runner"]),
  runner: z.string().min(1).optional(),
});

/** As the stack's own resources pass it on, in AWS2NCP_STATE. It names places; keys come from the profile. */
const schema = z.union([
  z.strictObject({ pipeline: z.string().min(1), stack: z.string().min(1), remote }),
  z.strictObject({ pipeline: z.string().min(1), stack: z.string().min(1), folder: z.string().min(1) }),
]);

export type BeforeInput = z.output<typeof schema>;

/** @throws HookError with exit code 2 */
export function inputOf(text = ""): BeforeInput {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new HookError(
      "before: wrong use",
      [`AWS2NCP_STATE: ${JSON.stringify(text)}; allowed: JSON as in the provisioners of cdk.tf.json`],
      "node dist/hooks/before/main.js --help",
      2,
    );
  }
}

export interface BeforeOptions {
  readonly machine?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Everything, in order. @returns what to tell, in a line. @throws HookError when the deploy must not go on */
export async function before(input: BeforeInput, options: BeforeOptions = {}): Promise<string> {
  const { pipeline, stack } = input;
  if (!("remote" in input)) return told(stack, await copyState(localStore(input.folder, stack)));
  const env = options.env ?? process.env;
  refuseOtherMachine(input, options.machine ?? hostname());
  const bucket = new StateBucket(input.remote, { env });
  try {
    await refuseFalseLock(input, env);
    return told(stack, await copyState(remoteStore(bucket, pipeline, stack)));
  } catch (error) {
    if (error instanceof HookError) throw error;
    throw new HookError(
      `${stack}: the bucket of the states, ${input.remote.bucket} on ${input.remote.host}, can't be used`,
      [`found: ${answerOf(error)}`],
      "npx aws2ncp doctor --only state",
    );
  } finally {
    bucket.destroy();
  }
}

type Remote = Extract<BeforeInput, { readonly remote: unknown }>;

function refuseOtherMachine({ stack, remote: { locking, runner } }: Remote, machine: string): void {
  if (locking !== "single-runner" || machine === runner) return;
  throw new HookError(
    `${stack}: nothing locks the states, so only one machine deploys`,
    [`this machine: ${machine}`, `allowed: ${runner ?? "none"} (state.remote.runner)`],
    `deploy from ${runner ?? "a machine that state.remote.runner names"}; when that one is gone for good, change state.remote.runner`,
  );
}

async function refuseFalseLock({ stack, pipeline, remote: place }: Remote, env: NodeJS.ProcessEnv): Promise<void> {
  if (place.locking !== "lockfile") return;
  const { holds, found } = await proveLocking(place, pipeline, RACES.quick, { env });
  if (holds) return;
  throw new HookError(
    `${stack}: the states' lock locks nothing`,
    [`found: ${found}`],
    "npx aws2ncp bootstrap, which says what to write for state.remote.locking",
  );
}

function told(stack: string, copied: Copied): string {
  if (copied === undefined) return `${stack}: no state yet, nothing to copy`;
  return `${stack}: the state ${copied.is === "new" ? "is kept as" : "is already kept as"} ${copied.as}`;
}
