/**
 * Brings every component to its state: watches what is under way, and asks again for what is left when nothing is. The states of the
 * components are what counts; Ambari's COMPLETED comes too early, and its services are STARTED before any host is there.
 */
import { HookError, sleep } from "../errors";
import { messageOf, Unanswered, type Ambari, type Answer } from "./api";
import { failedTasks, failureOf, told } from "./failures";
import type { AmbariFolder } from "./files";
import { foundComponents, isDone, isUnderWay, listedRequests, requestAt, standings, type Standing } from "./look";
import type { Progress } from "./progress";
import type { Run } from "./run";

/** How often what is left is asked for again, as long as each time less is left. */
const ROUNDS = 5;

/** Before it gives hosts their components, Ambari may be silent for so many times longer. */
const SLOW_START = 10;

/** States from which Ambari installs when it is asked to. */
const UNINSTALLED = ["INSTALL_FAILED", "INIT", "UNKNOWN"];

/** How far a component has to go. */
function distance({ state, goal }: Standing): number {
  if (state === goal) return 0;
  return state === "ABSENT" || UNINSTALLED.includes(state) || state === "INSTALLING" ? 2 : 1;
}

/**
 * @param provisioning number of the request that makes the cluster or adds hosts, if it is known: no list shows it
 * @throws HookError with the failed tasks, when asking again does not help
 */
export async function settle(
  api: Ambari,
  folder: AmbariFolder,
  provisioning: number | undefined,
  progress: Progress,
  run: Run,
): Promise<void> {
  let moved = Date.now();
  let seen = "";
  let rounds = 0;
  let leftBefore = Infinity;
  for (;;) {
    const all = standings(folder.components, await foundComponents(api, run.cluster));
    progress.tell(all);
    const open = all.filter((each) => !isDone(each));
    if (open.length === 0) return;
    const busy = await isBusy(api, provisioning, run);
    const now = all.map(({ state }) => state).join(" ");
    if (now !== seen) moved = Date.now();
    seen = now;
    const still = Date.now() - moved;
    if (busy && still >= run.patience.stallMs)
      throw await failureOf(api, open, `nothing has changed for ${Math.round(still / 60_000)} minutes`, run);
    const nothingYet = open.every(({ state }) => state === "ABSENT");
    if (!busy && still >= run.patience.graceMs * (nothingYet ? SLOW_START : 1)) {
      const left = all.reduce((sum, each) => sum + distance(each), 0);
      if (rounds === ROUNDS || left >= leftBefore) throw await failureOf(api, open, tries(rounds), run);
      leftBefore = left;
      rounds++;
      await again(api, open, rounds, run);
      moved = Date.now();
    }
    await sleep(run.patience.pollMs, run.signal);
  }
}

const tries = (rounds: number): string => (rounds === 1 ? "asked for once more" : `asked for ${rounds} times more`);

/** @throws HookError when the provisioning was aborted before it began: nothing will come of it */
async function isBusy(api: Ambari, provisioning: number | undefined, run: Run): Promise<boolean> {
  if ((await listedRequests(api, run.cluster)).some(isUnderWay)) return true;
  if (provisioning === undefined) return false;
  const request = await requestAt(api, run.cluster, provisioning);
  if (request?.progress === -1)
    throw new HookError(
      `${run.cluster}: Ambari gave the provisioning up before it began`,
      [`request ${provisioning}: ${request.status}: ${request.context}`],
      `correct what it says, delete the cluster in Ambari, then run: ${run.again}`,
    );
  return request !== undefined && isUnderWay(request);
}

/** Installs what is not installed; when all is, starts what does not run. */
async function again(api: Ambari, open: readonly Standing[], round: number, run: Run): Promise<void> {
  const absent = open.filter(({ state }) => state === "ABSENT");
  if (absent.length === open.length)
    throw await failureOf(api, open, "Ambari does not have them, and does nothing", run);
  for (const task of await failedTasks(api, run.cluster, open)) told(task).forEach((line) => run.say(line));
  const uninstalled = open.filter(({ state }) => UNINSTALLED.includes(state)).length;
  const path = `/clusters/${encodeURIComponent(run.cluster)}`;
  if (uninstalled > 0) {
    run.say(`resumes (${round}): installs ${uninstalled} components`);
    await tell(api, `${path}/host_components?HostRoles/state.in(${UNINSTALLED.join(",")})`, {
      RequestInfo: { context: "aws2ncp: install what is missing" },
      Body: { HostRoles: { state: "INSTALLED" } },
    });
    return;
  }
  run.say(`resumes (${round}): starts ${open.length - absent.length} components`);
  await tell(api, `${path}/services`, {
    RequestInfo: { context: "aws2ncp: start what does not run" },
    Body: { ServiceInfo: { state: "STARTED" } },
  });
}

/** A lost answer needs nothing: the next look shows what came of it. */
async function tell(api: Ambari, path: string, wish: object): Promise<void> {
  let answer: Answer;
  try {
    answer = await api.tell("PUT", path, JSON.stringify(wish));
  } catch (error) {
    if (error instanceof Unanswered) return;
    throw error;
  }
  if (answer.status >= 300)
    throw new HookError(`Ambari refuses to resume: ${answer.status}`, [messageOf(answer)], "see ambari-server.log");
}
