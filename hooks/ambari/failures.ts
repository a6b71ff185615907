/** Why components are not what they should be: the tasks that failed, in Ambari's words. */
import { HookError } from "../errors";
import type { Ambari } from "./api";
import { FAILED, listedRequests, tasksOf, type FoundTask, type Standing } from "./look";
import type { Run } from "./run";

/** Requests to look into, the newest first; tasks and lines of each to tell. */
const REQUESTS = 12;
const TASKS = 8;
const LINES = 6;

/** The last failed task of each of these components, if any. */
export async function failedTasks(api: Ambari, cluster: string, open: readonly Standing[]): Promise<FoundTask[]> {
  const failed = (await listedRequests(api, cluster))
    .filter(({ status }) => FAILED.includes(status))
    .sort((a, b) => b.id - a.id)
    .slice(0, REQUESTS);
  const last = new Map<string, FoundTask>();
  for (const { id } of failed)
    for (const task of await tasksOf(api, cluster, id)) {
      const key = `${task.host} ${task.role}`;
      const isOpen = open.some(({ host, component }) => key === `${host} ${component}`);
      if (isOpen && FAILED.includes(task.status) && (last.get(key)?.id ?? -1) < task.id) last.set(key, task);
    }
  return [...last.values()].sort((a, b) => a.id - b.id);
}

/** "hdp-2 HIVE_SERVER: INSTALL failed, exit code 1", and the end of what it said. */
export const told = ({ host, role, command, status, exitCode, stderr }: FoundTask): string[] => [
  `${host} ${role}: ${command} ${status.toLowerCase()}, exit code ${exitCode}`,
  ...stderr
    .trimEnd()
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(-LINES)
    .map((line) => `  | ${line.slice(0, 300)}`),
];

/** What to throw when a cluster does not come to what it should be. */
export async function failureOf(api: Ambari, open: readonly Standing[], why: string, run: Run): Promise<HookError> {
  const tasks = await failedTasks(api, run.cluster, open);
  const explained = new Set(tasks.map(({ host, role }) => `${host} ${role}`));
  const others = open.filter(({ host, component }) => !explained.has(`${host} ${component}`));
  const [first] = tasks.map(({ host }) => host).concat(open.map(({ host }) => host));
  return new HookError(
    `${run.cluster}: ${open.length} components are not as they should be: ${why}`,
    [
      ...tasks.slice(0, TASKS).flatMap(told),
      ...(tasks.length > TASKS ? [`and ${tasks.length - TASKS} more failed tasks`] : []),
      ...byState(others),
    ],
    `look on the host: ${run.sshTo(first ?? "")}, and in Ambari > Background Operations; correct it, then run: ${run.again} (it resumes)`,
  );
}

/** "hdp-1: DATANODE, NODEMANAGER are INSTALLED instead of STARTED" */
function byState(open: readonly Standing[]): string[] {
  const lines = new Map<string, string[]>();
  for (const { host, component, state, goal } of open) {
    const key = `${host} ${state} ${goal}`;
    lines.set(key, [...(lines.get(key) ?? []), component]);
  }
  return [...lines].map(([key, components]) => {
    const [host, state, goal] = key.split(" ");
    return `${host}: ${components.join(", ")}: ${state} instead of ${goal}`;
  });
}
