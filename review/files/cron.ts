/** A table of cron, as in /etc/cron.d: variables, and lines with five fields, a user and a command. */
import type { Json } from "../report";

const VARIABLE = /^([A-Za-z_]\w*)\s*=\s*(.*)$/;
const JOB = /^((?:\S+\s+){4}\S+|@\w+)\s+(\S+)\s+(.+)$/;

export interface CronJob {
  readonly when: string;
  readonly user: string;
  readonly command: string;
}

/** Jobs of a table, in their order. */
export function cronJobs(text: string): CronJob[] {
  return statements(text).flatMap((line) => {
    const [, when, user, command] = VARIABLE.test(line) ? [] : (JOB.exec(line) ?? []);
    return when === undefined
      ? []
      : [{ when: when.replaceAll(/\s+/g, " "), user: user as string, command: command as string }];
  });
}

/** Jobs by user and command, each with its times: their order means nothing. */
export function readCron(text: string): Json {
  const variables = Object.fromEntries(
    statements(text).flatMap((line): [string, Json][] => {
      const [, name, value] = VARIABLE.exec(line) ?? [];
      return name === undefined ? [] : [[name, (value as string).replaceAll(/^"(.*)"$/g, "$1")]];
    }),
  );
  const jobs: Record<string, string[]> = {};
  for (const { when, user, command } of cronJobs(text)) (jobs[`${user}: ${command}`] ??= []).push(when);
  return {
    ...variables,
    jobs: Object.fromEntries(
      Object.entries(jobs).map(([job, times]) => [job, times.length === 1 ? (times[0] as string) : times.sort()]),
    ),
  };
}

const statements = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
