/** The last step: the gate of the batch jobs is open. */
import { DEPLOY_ALL } from "../../hooks/errors";
import type { Plan } from "../../pipeline/plan-types";
import { readGate } from "./gate";
import type { Part, StatusContext } from "./types";
import { notAsked } from "./words";

/** The host with the scheduler; there is one. */
export const schedulerOf = ({ hosts }: Plan): string => hosts.find(({ role }) => role === "airflow")?.name ?? "airflow";

export async function jobs(context: StatusContext): Promise<Part[]> {
  const { plan, run, again, jobsOn, delivered } = context;
  const name = schedulerOf(plan);
  try {
    if (delivered(name) === undefined) return [{ name, state: "waiting", found: "never delivered", try: DEPLOY_ALL }];
    const gate = await readGate((command) => run(name, command));
    if (gate?.open === true) return [{ name, state: "done", found: gate.because === "" ? "on" : gate.because }];
    const found = gate === undefined ? "off" : `off: ${gate.because}`;
    return [{ name, state: "waiting", found, try: jobsOn }];
  } catch (error) {
    return [notAsked(name, error as Error, again)];
  }
}
