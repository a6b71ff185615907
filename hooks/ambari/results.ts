/** What a run of this hook came to, beside the state: for the rehearsal, the status and people who look later. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeJson } from "../files";

export interface AmbariResult {
  /** Name of the cluster in Ambari. */
  readonly cluster: string;
  readonly blueprint: string;
  readonly ok: boolean;
  /** Host components of the cluster, and those of them that run; 0 unless it is ok. */
  readonly components: number;
  readonly started: number;
  /** Full names. */
  readonly hosts: readonly string[];
  /** Number of each node's server, by full name, when the cluster was last seen whole. */
  readonly servers: Readonly<Record<string, string>>;
  /** Whether this run made the cluster, added hosts or resumed; false: everything was there. */
  readonly changed: boolean;
  readonly seconds: number;
  /** Why it is not ok, in the words of the error. */
  readonly reason?: string;
}

/** `results/STACK-ambari.json` below the folder of the state. */
export const ambariResultFile = (state: string, stack: string): string =>
  join(state, "results", `${stack}-ambari.json`);

export function writeAmbariResult(state: string, stack: string, result: AmbariResult): void {
  writeJson(ambariResultFile(state, stack), result);
}

/** Undefined: no run of that stack has ended on this machine. @throws when the file is no JSON */
export function readAmbariResult(state: string, stack: string): AmbariResult | undefined {
  const file = ambariResultFile(state, stack);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as AmbariResult) : undefined;
}
