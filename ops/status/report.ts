/** The status in words: a line for each step, and the parts of those that are not done. */
import { STEPS } from "./steps";
import type { PipelineStatus, StepState, StepStatus } from "./types";
import { count } from "./words";

const COLOURS: Readonly<Record<StepState, number>> = {
  done: 32,
  "under way": 36,
  waiting: 33,
  unknown: 35,
  failed: 31,
};
const WIDTH = Math.max(...Object.keys(COLOURS).map((state) => state.length));

/** A step that is done in a few words; what is there, where it has one part only. */
function summed({ name, state, parts, blockedBy }: StepStatus, titles: ReadonlyMap<string, string>): string {
  const noun = STEPS.find((rule) => rule.name === name)?.noun ?? "part";
  const done = parts.filter((part) => part.state === "done").length;
  if (state === "done") return parts.length === 1 ? (parts[0]?.found ?? "") : count(parts.length, noun);
  const after = blockedBy.length === 0 ? "" : `after: ${blockedBy.map((each) => titles.get(each) ?? each).join(", ")}`;
  return [`${done} of ${count(parts.length, noun)}`, after].filter((text) => text !== "").join("; ");
}

/** @param colour whether the reader is a terminal that shows it */
export function statusInWords({ pipeline, steps, next }: PipelineStatus, colour: boolean): string {
  const paint = (state: StepState): string =>
    colour ? `\u001b[${COLOURS[state]}m${state.padEnd(WIDTH)}\u001b[0m` : state.padEnd(WIDTH);
  const titles = new Map(steps.map(({ name, title }) => [name, title]));
  const width = Math.max(...steps.map(({ title }) => title.length));
  const lines = steps.flatMap((step) => [
    `${paint(step.state)}  ${step.title.padEnd(width)}  ${summed(step, titles)}`,
    ...(step.state === "done" ? [] : step.parts.filter(({ state }) => state !== "done")).map(
      ({ name, state, found }) => `${" ".repeat(WIDTH + 4)}${name}: ${state}: ${found}`,
    ),
  ]);
  return [
    ...lines,
    ...(next === null
      ? [`${pipeline}: every step is done`]
      : [`next: ${titles.get(next.step) ?? next.step}`, `  try: ${next.try}`]),
  ].join("\n");
}
