/** Progress of named steps on standard error: a line that keeps moving on a terminal, plain lines elsewhere. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../sandbox/paths";
import type { StepResult, Watcher } from "../sandbox/rehearsal";

/** Seconds that each step took last time, by command and step. */
type Timings = Record<string, Record<string, number>>;

const timingsFile = (): string => join(cacheFolder(), "timings.json");

function readTimings(): Timings {
  try {
    return existsSync(timingsFile()) ? (JSON.parse(readFileSync(timingsFile(), "utf8")) as Timings) : {};
  } catch {
    return {}; // only an estimate is lost
  }
}

export function rememberTimings(command: string, results: readonly StepResult[]): void {
  const timings = readTimings();
  timings[command] = {
    ...timings[command],
    ...Object.fromEntries(results.filter(({ ok }) => ok).map(({ name, seconds }) => [name, seconds])),
  };
  mkdirSync(cacheFolder(), { recursive: true });
  writeFileSync(timingsFile(), `${JSON.stringify(timings, null, 2)}\n`);
}

/** 75 -> "1 min 15 s" */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** What is left of a command's steps, judged by how long each took last time; undefined when that is not known. */
export function timeLeft(
  last: Readonly<Record<string, number>>,
  done: readonly string[],
  current: string,
  elapsed: number,
): number | undefined {
  if (last[current] === undefined) return undefined;
  const waiting = Object.entries(last).filter(([name]) => name !== current && !done.includes(name));
  return waiting.reduce((sum, [, seconds]) => sum + seconds, Math.max(0, last[current] - elapsed));
}

export interface Screen {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** A watcher that draws the steps of a command. `stop` must be called at the end. */
export function progress(
  command: string,
  screen: Screen = process.stderr,
  env = process.env,
): Watcher & { stop(): void } {
  const last = readTimings()[command] ?? {};
  return screen.isTTY === true ? terminal(last, screen, !env["NO_COLOR"]) : plain(last, screen);
}

function plain(last: Readonly<Record<string, number>>, screen: Screen): Watcher & { stop(): void } {
  return {
    begin: (name) =>
      screen.write(
        `${name} …${last[name] === undefined || last[name] < 5 ? "" : ` (about ${duration(last[name])})`}\n`,
      ),
    note: () => undefined,
    end: ({ name, seconds, ok }) => screen.write(`${name} ${ok ? "ok" : "FAILED"}, ${seconds} s\n`),
    stop: () => undefined,
  };
}

const SPINNER = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

function terminal(last: Readonly<Record<string, number>>, screen: Screen, colour: boolean): Watcher & { stop(): void } {
  const paint = (code: number, text: string): string => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const done: string[] = [];
  let [current, doing, started, frame] = ["", "", 0, 0];
  const draw = (): void => {
    if (current === "") return;
    const elapsed = (Date.now() - started) / 1000;
    const left = timeLeft(last, done, current, elapsed);
    const clock = `${duration(elapsed)}${left === undefined || left < 1 ? "" : `, about ${duration(left)} left`}`;
    const line = `${SPINNER[frame++ % SPINNER.length]} ${current}  ${clock}  ${doing}`;
    screen.write(`\r\u001b[K${line.slice(0, (screen.columns ?? 80) - 1)}`);
  };
  const timer = setInterval(draw, 200);
  timer.unref();
  return {
    begin: (name) => {
      [current, doing, started] = [name, "", Date.now()];
      draw();
    },
    note: (_, text) => {
      doing = text;
    },
    end: ({ name, seconds, ok }) => {
      current = "";
      done.push(name);
      screen.write(`\r\u001b[K${ok ? paint(32, "✓") : paint(31, "✗")} ${name}  ${duration(seconds)}\n`);
    },
    stop: () => {
      clearInterval(timer);
      if (current !== "") screen.write("\r\u001b[K");
    },
  };
}
