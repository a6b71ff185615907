/** Where things of the states lie in their bucket, and below the local folder of states. */

/** A stack's state: what the backend is told. A lock lies beside it, with LOCK_SUFFIX. */
export const stateKey = (pipeline: string, stack: string): string => `${pipeline}/${stack}.tfstate`;

/** Terraform's own, for `use_lockfile`. */
export const LOCK_SUFFIX = ".tflock";

/** Copies of a stack's state, one for each deploy that changed it. */
export const historyPrefix = (pipeline: string, stack: string): string => `${pipeline}/history/${stack}/`;

/** What a proof of locking writes and removes. */
export const proofPrefix = (pipeline: string): string => `${pipeline}/proof/`;

/** `2026-11-24T20-09-00.123Z.tfstate`: sorted by name is sorted by time, and it is a file's name everywhere. */
export const copyName = (time: Date): string => `${time.toISOString().replaceAll(":", "-")}.tfstate`;

const STACK = "[a-z][a-z0-9-]*";
const COPY = "\\d{4}-\\d{2}-\\d{2}T\\d{2}-\\d{2}-\\d{2}\\.\\d{3}Z\\.tfstate";

/** Whether this project put it there: a state, its lock, a copy, or what a killed proof left. */
export function isOwnKey(pipeline: string, key: string): boolean {
  if (!key.startsWith(`${pipeline}/`)) return false;
  const rest = key.slice(pipeline.length + 1);
  return new RegExp(`^(${STACK}\\.tfstate(\\${LOCK_SUFFIX})?|history/${STACK}/${COPY}|proof/[a-z0-9-]+)$`).test(rest);
}
