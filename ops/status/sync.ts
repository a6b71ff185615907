/** Step three: every dataset is copied and keeps being so, by what the sync host says. */
import { DEPLOY_ALL } from "../../hooks/errors";
import type { DatasetPlan } from "../../pipeline/plan-types";
import type { DatasetHealth } from "./health";
import { WAIT } from "./infrastructure";
import type { Part, StatusContext } from "./types";
import { notAsked } from "./words";

export async function sync(context: StatusContext): Promise<Part[]> {
  const { plan, again } = context;
  const host = plan.hosts.find(({ role }) => role === "sync")?.name ?? "sync";
  try {
    if (context.delivered(host) === undefined)
      return [{ name: host, state: "waiting", found: "never delivered", try: DEPLOY_ALL }];
    const healths = await context.health();
    const known = new Map(healths.map((health) => [health.dataset, health]));
    return plan.datasets.map((dataset) => datasetPart(dataset, known.get(dataset.name), host, context));
  } catch (error) {
    return [notAsked(host, error as Error, again)];
  }
}

function datasetPart(dataset: DatasetPlan, health: DatasetHealth | undefined, host: string, o: StatusContext): Part {
  const { name } = dataset;
  if (health === undefined) return { name, state: "waiting", found: `${host} does not know it yet`, try: DEPLOY_ALL };
  const good = health.lastGood === null ? "no good run yet" : `last good run ${health.lastGood}`;
  const run = `${o.sshTo(host)} sudo -u aws2ncp aws2ncp-sync ${name}`;
  if (isCurrent(dataset, health))
    return { name, state: "done", found: health.coveredUntil === null ? good : `copied until ${health.coveredUntil}` };
  if (health.runningSince !== null)
    return { name, state: "under way", found: `a run since ${health.runningSince}; ${good}`, try: WAIT(o.again) };
  if (health.state !== "ok")
    return {
      name,
      state: "failed",
      found: `${health.state} since ${health.since}: ${health.reason}; ${good}`,
      try: run,
    };
  return {
    name,
    state: "waiting",
    found: health.lastGood === null ? good : `${good}; what it copied is not known any more`,
    try: run,
  };
}

/** Well, and not only because it has never run: a log without a gap up to a moment, a tree copied whole. */
const isCurrent = ({ layout }: DatasetPlan, { state, lastGood, coveredUntil }: DatasetHealth): boolean =>
  state === "ok" && lastGood !== null && (layout === "tree" || coveredUntil !== null);
