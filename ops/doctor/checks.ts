/** The table of checks. A new check is a row here, and nothing else changes. */
import { STATE_CHECKS } from "../state/checks";
import type { Check } from "./types";

export const CHECKS: readonly Check[] = [...STATE_CHECKS];
