/** Progress by host: a line that keeps moving on a terminal, plain lines elsewhere, not too many. */
import { isDone, type Standing } from "./look";

/** A host that changes all the time is told this often. */
const QUIET_MS = 10_000;

export interface Screen {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

export interface Progress {
  /** Call with every look. */
  readonly tell: (all: readonly Standing[]) => void;
  /** Prints a line that stays. */
  readonly say: (line: string) => void;
  /** Before anybody else prints. */
  readonly clear: () => void;
}

const INSTALLED = ["INSTALLED", "STARTING", "STARTED"];

/** "hdp-2: 14 of 16 installed, 3 of 9 running; INSTALLING HIVE_SERVER" */
export function hostLines(all: readonly Standing[]): Map<string, string> {
  const lines = new Map<string, string>();
  for (const host of new Set(all.map((each) => each.host))) {
    const own = all.filter((each) => each.host === host);
    const running = own.filter(({ goal }) => goal === "STARTED");
    const active = own.filter(({ state }) => state === "INSTALLING" || state === "STARTING");
    const now = active.slice(0, 2).map(({ state, component }) => `${state} ${component}`);
    if (active.length > 2) now.push(`${active.length - 2} more`);
    lines.set(
      host,
      `${host}: ${own.filter(({ state }) => INSTALLED.includes(state)).length} of ${own.length} installed, ` +
        `${running.filter(isDone).length} of ${running.length} running${now.length > 0 ? `; ${now.join(", ")}` : ""}`,
    );
  }
  return lines;
}

export function progress(screen: Screen, clock: () => number = Date.now): Progress {
  return screen.isTTY === true ? moving(screen) : plain(screen, clock);
}

function plain(screen: Screen, clock: () => number): Progress {
  const told = new Map<string, { readonly line: string; readonly at: number }>();
  return {
    tell: (all) => {
      for (const [host, line] of hostLines(all)) {
        const last = told.get(host);
        const done = all.every((each) => each.host !== host || isDone(each));
        if (last?.line === line || (last !== undefined && !done && clock() - last.at < QUIET_MS)) continue;
        told.set(host, { line, at: clock() });
        screen.write(`${line}\n`);
      }
    },
    say: (line) => screen.write(`${line}\n`),
    clear: () => undefined,
  };
}

function moving(screen: Screen): Progress {
  const clear = (): void => void screen.write("\r\u001b[K");
  return {
    tell: (all) => {
      const done = all.filter(isDone).length;
      const short = [...hostLines(all).values()].map((line) => line.replace(/\.[^:]*:/, ":")).join(" | ");
      screen.write(`\r\u001b[K${`${done} of ${all.length}  ${short}`.slice(0, (screen.columns ?? 80) - 1)}`);
    },
    say: (line) => {
      clear();
      screen.write(`${line}\n`);
    },
    clear,
  };
}
