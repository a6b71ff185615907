/** What a delivery did, beside the state: for the rehearsal, the review and people who look later. */
import { join } from "node:path";
import { writeJson } from "../files";
import type { ChangedTask } from "./ansible/events";

export interface HostResult {
  readonly name: string;
  /** Private address. */
  readonly ip: string;
  /** Instance number on the platform. */
  readonly server: string;
  readonly ok: boolean;
  /** Tasks that ran, that changed something, that failed. */
  readonly tasks: number;
  readonly changed: number;
  readonly failed: number;
  readonly changedTasks: readonly ChangedTask[];
  readonly seconds: number;
  /** Why it is not ok, in the words of the error. */
  readonly reason?: string;
}

export interface DeliveryResult {
  readonly stack: string;
  /** SHA-256 of the manifest that was delivered. */
  readonly manifest: string;
  readonly ok: boolean;
  /** ISO 8601, UTC. */
  readonly started: string;
  readonly seconds: number;
  readonly hosts: readonly HostResult[];
}

export function resultsFile(state: string, stack: string): string {
  return join(state, "results", `${stack}.json`);
}

export function writeResults(state: string, result: DeliveryResult): void {
  writeJson(resultsFile(state, result.stack), result);
}
