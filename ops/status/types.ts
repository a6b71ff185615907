/** What `aws2ncp status` is made of: steps of the migration, the parts of each, and what may be asked to judge them. */
import type { DeliveryResult, HostResult } from "../../hooks/deliver/results";
import type { Ran } from "../../hooks/ssh/command";
import type { Plan } from "../../pipeline/plan-types";
import type { States } from "../doctor/states";
import type { SynthResource } from "../doctor/synth";
import type { DatasetHealth } from "./health";

/**
 * Worst first. `failed`: tried, and it did not work. `unknown`: nobody could look. `under way`: somebody is at it now. `waiting`:
 * nobody has begun. `done`: looked at, and it is so.
 */
export const STEP_STATES = ["failed", "unknown", "under way", "waiting", "done"] as const;
export type StepState = (typeof STEP_STATES)[number];

/** One thing of a step: a stack, a host, a dataset, a set of tables. */
export interface Part {
  readonly name: string;
  readonly state: StepState;
  /** What was found, in a few words. */
  readonly found: string;
  /** The next command; undefined: nothing is to be done. */
  readonly try?: string;
}

export interface StepRule {
  /** "sync"; what `blockedBy` names. */
  readonly name: string;
  /** "log sync current" */
  readonly title: string;
  /** What its parts are, "dataset". */
  readonly noun: string;
  /** Whether the pipeline has such a step. */
  readonly concerns: (plan: Plan) => boolean;
  readonly look: (context: StatusContext) => Promise<readonly Part[]>;
}

export interface StepStatus {
  readonly name: string;
  readonly title: string;
  readonly state: StepState;
  readonly parts: readonly Part[];
  /** Names of steps that come before it and are not done; empty where this one is. */
  readonly blockedBy: readonly string[];
}

export interface PipelineStatus {
  /** Its name. */
  readonly pipeline: string;
  /** Whether all steps are. */
  readonly done: boolean;
  /** In the order of the migration. */
  readonly steps: readonly StepStatus[];
  /** The first step that is not done, and the command for it; null: all are. */
  readonly next: { readonly step: string; readonly try: string } | null;
}

export type Delivered = HostResult & Pick<DeliveryResult, "started" | "bastionAddress">;

/** How a step finds out. What several steps need is asked for once. */
export interface StatusContext {
  readonly plan: Plan;
  /** Folder of what a deploy keeps on this machine, absolute. */
  readonly state: string;
  /** Every resource that the stacks would make. @throws when synth fails */
  readonly synth: () => Promise<readonly SynthResource[]>;
  readonly states: () => Promise<States>;
  /** Runs a command of the shell on a host. @throws where the host can't be reached */
  readonly run: (host: string, command: string) => Promise<Ran>;
  /** What the sync host says of its datasets. @throws HostSilent */
  readonly health: () => Promise<readonly DatasetHealth[]>;
  /** How to get onto a host from this machine: "ssh -J deploy@198.51.100.9 deploy@10.20.1.6". */
  readonly sshTo: (host: string) => string;
  /** `aws2ncp status` for this pipeline file, and what turns the jobs on. */
  readonly again: string;
  readonly jobsOn: string;
  /** What a host's last delivery came to; undefined: never delivered from this machine. @throws when the file is garbage */
  readonly delivered: (host: string) => Delivered | undefined;
}
