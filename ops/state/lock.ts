/** What a proof of locking says about the pipeline file's claim. */
import type { LockProof } from "../../states/proof";
import type { RemoteStatePlan } from "../../pipeline/plan-types";
import type { Said } from "../doctor/types";

/** Lines for `state.remote` that the proof allows. */
export function toWrite({ holds }: LockProof, machine: string): readonly string[] {
  return holds ? ["locking: lockfile"] : ["locking: single-runner", `runner: ${machine}`];
}

/** @param machine this one, which runs the proof and probably deploys */
export function lockVerdict(remote: RemoteStatePlan, proof: LockProof, machine: string): Said {
  const place = "state.remote.locking";
  const claim = remote.locking;
  if (claim === "lockfile" && !proof.holds)
    return {
      severity: "error",
      place,
      found: `"lockfile", but ${proof.found}`,
      meaning: "two deploys at once would overwrite each other's state, and nobody would be told",
      allowed: "single-runner: deploys from one named machine only",
      try: `write ${toWrite(proof, machine).join(", ")}`,
    };
  if (claim === "single-runner" && proof.holds)
    return {
      severity: "warning",
      place,
      found: `"single-runner", and a lock would hold: ${proof.found}`,
      try: "write locking: lockfile and remove runner:, and any operator's machine may deploy",
    };
  if (claim === "single-runner" && remote.runner !== machine)
    return {
      severity: "warning",
      place: "state.remote.runner",
      found: `this machine is ${machine}, and ${remote.runner ?? "none"} is the one that deploys`,
      try: `deploy from ${remote.runner ?? "the machine that it names"}`,
    };
  return { severity: "ok", place, found: `"${claim}": ${proof.found}` };
}
