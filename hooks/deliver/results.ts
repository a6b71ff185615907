/** What a delivery did, beside the state: for the rehearsal, the review and people who look later. */
import { existsSync, readFileSync } from "node:fs";
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
  /** Public address through which the hosts were reached: what runs later takes the same way. */
  readonly bastionAddress: string;
  readonly hosts: readonly HostResult[];
}

export function resultsFile(state: string, stack: string): string {
  return join(state, "results", `${stack}.json`);
}

/** Undefined: that stack was never delivered from this machine. */
export function readResults(state: string, stack: string): DeliveryResult | undefined {
  const file = resultsFile(state, stack);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as DeliveryResult) : undefined;
}

export function writeResults(state: string, result: DeliveryResult): void {
  writeJson(resultsFile(state, result.stack), result);
}
