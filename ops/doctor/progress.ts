/** Progress of checks that run side by side: one moving line on a terminal, a line for each that ended elsewhere. */
import type { Screen } from "../progress";
import type { DoctorWatcher } from "./examine";
import type { Finding, Severity } from "./types";

const WORST_FIRST: readonly Severity[] = ["error", "warning", "unknown", "ok"];

const verdictOf = (findings: readonly Finding[]): Severity | undefined =>
  WORST_FIRST.find((severity) => findings.some((finding) => finding.severity === severity));

const MARK: Readonly<Record<Severity, { readonly sign: string; readonly colour: number; readonly word: string }>> = {
  error: { sign: "✗", colour: 31, word: "ERROR" },
  warning: { sign: "!", colour: 33, word: "warning" },
  unknown: { sign: "?", colour: 36, word: "unknown" },
  ok: { sign: "✓", colour: 32, word: "ok" },
};

/** A watcher that draws on standard error. `stop` must be called at the end. */
export function watcherOf(
  count: number,
  screen: Screen = process.stderr,
  env = process.env,
): DoctorWatcher & { stop(): void } {
  return screen.isTTY === true ? terminal(count, screen, !env["NO_COLOR"]) : plain(screen);
}

function plain(screen: Screen): DoctorWatcher & { stop(): void } {
  return {
    begin: () => undefined,
    note: () => undefined,
    end: (check, findings) => {
      const verdict = verdictOf(findings);
      if (verdict !== undefined) screen.write(`${check} ${MARK[verdict].word}\n`);
    },
    stop: () => undefined,
  };
}

function terminal(count: number, screen: Screen, colour: boolean): DoctorWatcher & { stop(): void } {
  const paint = (code: number, text: string): string => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const running = new Map<string, string>();
  let ended = 0;
  const draw = (): void => {
    if (running.size === 0) return;
    const doing = [...running].map(([check, note]) => (note === "" ? check : `${check} (${note})`)).join(", ");
    screen.write(`\r\u001b[K${`${ended} of ${count}  ${doing}`.slice(0, (screen.columns ?? 80) - 1)}`);
  };
  return {
    begin: (check) => {
      running.set(check, "");
      draw();
    },
    note: (check, text) => {
      running.set(check, text);
      draw();
    },
    end: (check, findings) => {
      running.delete(check);
      ended++;
      const verdict = verdictOf(findings);
      screen.write("\r\u001b[K");
      if (verdict !== undefined) screen.write(`${paint(MARK[verdict].colour, MARK[verdict].sign)} ${check}\n`);
      draw();
    },
    stop: () => screen.write("\r\u001b[K"),
  };
}
