/** What the steps of a run share. */
export interface AmbariPatience {
  /** How long Ambari may take to answer: it starts, or its host does. */
  readonly answerMs: number;
  /** How long agents may take to register. */
  readonly agentsMs: number;
  /** After how long an agent that has registered has told of what runs: it looks once a minute. */
  readonly statusMs: number;
  /** Between two looks. */
  readonly pollMs: number;
  /**
   * How long nothing may be under way before it counts as over: between a host's installs and its starts Ambari has no task, and
   * says COMPLETED.
   */
  readonly graceMs: number;
  /** How long something may be under way without any change. A package takes its time; agents give up after 30 minutes. */
  readonly stallMs: number;
}

export const AMBARI_PATIENCE: AmbariPatience = {
  answerMs: 600_000,
  agentsMs: 900_000,
  statusMs: 150_000,
  pollMs: 3_000,
  graceMs: 20_000,
  stallMs: 2_700_000,
};

export interface Run {
  /** Name of the cluster in Ambari. */
  readonly cluster: string;
  readonly patience: AmbariPatience;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  /** The command that runs all this again, for the next step of errors. */
  readonly again: string;
  /** How to get onto a host, by its full name, for the next step of errors. */
  readonly sshTo: (host: string) => string;
}
