/** The batch jobs on, once every step before them is done, or off. */
import { hostname, userInfo } from "node:os";
import { readEvidence } from "../../metastore/result";
import { HostSilent } from "./health";
import { readDags, readGate, writeGate, type Gate } from "./gate";
import { schedulerOf } from "./jobs";
import type { PipelineStatus, StatusContext } from "./types";

/** How the jobs stand afterwards. */
export interface Switched extends Gate {
  /** Whether they stood otherwise before. */
  readonly changed: boolean;
  /** The steps before, of which one is not done: a refusal. */
  readonly blocked?: PipelineStatus;
}

type Context = Pick<StatusContext, "plan" | "run">;

const runner =
  ({ plan, run }: Context) =>
  (command: string): ReturnType<StatusContext["run"]> =>
    run(schedulerOf(plan), command);

/** Without a file the gate is closed. */
const NEVER: Gate = { open: false, because: "never turned on" };

const who = (): string => `aws2ncp jobs, ${userInfo().username} on ${hostname()}`;

/** "2026-11-24T16:00:00Z" */
const instant = (time: Date): string => time.toISOString().replace(/\.\d+Z$/, "Z");

/**
 * From when on the logs are the DAGs' to register: when the rebuild began that was proved, of several tables the first. What came
 * between it and now is made up.
 */
function since({ plan, state }: Pick<StatusContext, "plan" | "state">): string {
  const sets = plan.tables.filter(({ layout }) => layout === "firehose-hourly" || layout === "daily");
  const results = readEvidence(state)?.results.filter(({ set }) => sets.some(({ name }) => name === set)) ?? [];
  const [oldest] = results.map(({ at }) => at).sort();
  return instant(oldest === undefined ? new Date() : new Date(oldest));
}

/**
 * Turns them on, unless a step before is not done. What is on stays as it is, its `since` too.
 * @param look at the steps before the one that it names @throws HostSilent, HookError
 */
export async function turnOn(
  context: StatusContext,
  look: (context: StatusContext, before: string) => Promise<PipelineStatus>,
): Promise<Switched> {
  const run = runner(context);
  const before = await look(context, "jobs");
  if (!before.done) {
    // Where the host can't be asked, that is among what blocks.
    const gate = await readGate(run).catch(() => ({ open: false, because: "nobody could look" }));
    return { ...(gate ?? NEVER), changed: false, blocked: before };
  }
  const gate = await readGate(run);
  if (gate?.open === true) return { ...gate, changed: false };
  const because = `turned on ${instant(new Date())}, every step before was done (${who()})`;
  const opened: Gate = { open: true, because, since: since(context) };
  await writeGate(run, opened);
  await readDags(run);
  return { ...opened, changed: true };
}

/** Turns them off, whatever else is the matter. What is off stays as it is. @throws HostSilent, HookError */
export async function turnOff(context: Context): Promise<Switched> {
  const run = runner(context);
  const gate = await readGate(run).catch((error: unknown) => {
    if (error instanceof HostSilent) return "unreadable" as const;
    throw error;
  });
  if (gate === undefined) return { ...NEVER, changed: false };
  if (gate !== "unreadable" && !gate.open) return { ...gate, changed: false };
  const closed: Gate = { open: false, because: `turned off ${instant(new Date())} (${who()})` };
  await writeGate(run, closed);
  await readDags(run);
  return { ...closed, changed: true };
}
