/** The table of checks. A new check is a row here, and nothing else changes. */
import type { Check } from "./types";

export const CHECKS: readonly Check[] = [];
