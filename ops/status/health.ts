/** What the sync host says of its datasets: the answer of `aws2ncp-sync --status --json`. */
import { z } from "zod";
import type { Ran } from "../../hooks/ssh/command";

const DATASET = z.object({
  dataset: z.string(),
  state: z.enum(["ok", "failed", "late"]),
  since: z.string(),
  reason: z.string(),
  /** When the last good run ended. */
  lastGood: z.string().nullable(),
  /** Until when everything is copied; null for trees, and before the first good run. */
  coveredUntil: z.string().nullable(),
  /** Since when a run is at work. */
  runningSince: z.string().nullable(),
});

export type DatasetHealth = Readonly<z.infer<typeof DATASET>>;

/** By its path: sudo looks for programs elsewhere on some systems. */
export const HEALTH_COMMAND = "sudo /usr/local/bin/aws2ncp-sync --status --json";

/** A host was reached and gave no answer that can be used. */
export class HostSilent extends Error {}

/** The last line that a program said, which has its reason. */
export const lastLine = ({ stdout, stderr }: Ran): string =>
  (stderr.trim() || stdout.trim()).split("\n").pop()?.slice(0, 200) ?? "";

/** @throws HostSilent */
export function healthOf(ran: Ran): DatasetHealth[] {
  try {
    return z.array(DATASET).parse(JSON.parse(ran.stdout));
  } catch {
    const said = lastLine(ran);
    throw new HostSilent(`${HEALTH_COMMAND}: exit ${ran.code ?? "by a signal"}${said === "" ? "" : `: ${said}`}`);
  }
}
