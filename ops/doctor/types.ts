/** What `aws2ncp doctor` is made of: checks, what they may ask, and what they say. */
import type { Plan } from "../../pipeline/plan-types";
import type { readSecrets } from "../../pipeline/secrets";
import type { Answer, Queries } from "../platform";
import type { States } from "./states";
import type { SynthResource } from "./synth";

/**
 * `error`: a deploy, or what it makes, would fail or be unsafe. `warning`: it works today. `unknown`: nobody could look, and it is
 * told as such. `ok`: looked at, and right.
 */
export type Severity = "error" | "warning" | "unknown" | "ok";

/** One thing that a check says. The texts never hold a secret's value. */
export interface Finding {
  readonly severity: Severity;
  /** Name of the check. */
  readonly check: string;
  /** Where: the value's path in the pipeline file, a program, a host: "secrets.proxy_tls_cert.from". */
  readonly place: string;
  /** What is there, in a few words: "ends on 2026-01-02, in 12 days". */
  readonly found: string;
  /** What follows from it, where that is not plain. */
  readonly meaning?: string;
  /** What would be right. */
  readonly allowed?: string;
  /** The next thing to do. */
  readonly try?: string;
}

/** A finding before its check has put its name to it. */
export type Said = Omit<Finding, "check">;

/** What a check may know. Facts that several checks need are asked for once. */
export interface DoctorContext {
  readonly plan: Plan;
  /** Pipeline file as it was named. */
  readonly file: string;
  /** Its folder, absolute: where `file:` secrets and the folder of the states start. */
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  /** Aborted at the check's deadline, and by ctrl-C. What a check starts must end with it. */
  readonly signal: AbortSignal;
  /** Says in a few words what the check is doing now. */
  readonly note: (text: string) => void;
  /** Every secret that can be read, and what is wrong with the others. */
  readonly secrets: () => ReturnType<typeof readSecrets>;
  /** Every resource that the stacks would make, as synth writes it. @throws when synth fails */
  readonly synth: () => Promise<readonly SynthResource[]>;
  /** What stands in the states of the stacks, and whether that can be known here. */
  readonly states: () => Promise<States>;
  /** The platform's answers to this check's own `queries`, by their keys. @throws PlatformError when it can't be asked at all */
  readonly platform: () => Promise<Readonly<Record<string, Answer>>>;
}

export interface Check {
  /** Lower case with dashes, `images`; what `--only` takes. A family shares a beginning: `aws-keys`, `aws-archive`. */
  readonly name: string;
  /** What it looks at, for `--help` and the documents: "each image is offered, once". */
  readonly about: string;
  /**
   * Checks that must be without errors before this one says anything: they run first, with `--only` too, and where one has errors
   * this one is told as unknown.
   */
  readonly needs: readonly string[];
  /** Most that it may take. @default 60 seconds */
  readonly deadlineMs?: number;
  /** What it will ask the platform. All checks' questions go in one run of Terraform. */
  queries?(context: Pick<DoctorContext, "plan" | "synth">): Queries | Promise<Queries>;
  /** Whether it says anything about this plan. @default always */
  concerns?(plan: Plan): boolean;
  run(context: DoctorContext): Promise<readonly Said[]>;
}
