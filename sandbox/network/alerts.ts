/** What the sandbox's webhook takes, and what it has taken. */
import { existsSync, readFileSync } from "node:fs";
import { sandboxPath } from "../paths";

/** A service that takes alerts reads no more than this. */
export const LONGEST_BODY = 64 * 1024;

/** The parts of a request that decide whether it is taken. */
export interface WebhookRequest {
  readonly method: string;
  readonly path: string;
  readonly contentType: string;
  readonly body: string;
}

/** Status of the answer: 200 for a JSON POST to the secret path, and nothing else is taken. */
export function answerTo({ method, path, contentType, body }: WebhookRequest, secretPath: string): number {
  if (path !== secretPath) return 404;
  if (method !== "POST") return 405;
  if (!/^application\/json\b/.test(contentType)) return 415;
  if (Buffer.byteLength(body) > LONGEST_BODY) return 413;
  try {
    JSON.parse(body);
    return 200;
  } catch {
    return 400;
  }
}

export interface ReceivedAlert {
  /** "2026-11-24T16:05:00.000Z" */
  readonly received: string;
  /** As it was posted. */
  readonly body: unknown;
}

/** One line of JSON per alert taken, in the order in which they came. */
export const receivedAlertsFile = (): string => sandboxPath("alerts.jsonl");

export function receivedAlerts(): ReceivedAlert[] {
  if (!existsSync(receivedAlertsFile())) return [];
  return readFileSync(receivedAlertsFile(), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as ReceivedAlert);
}
