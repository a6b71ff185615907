/** Named steps run one after the other, timed, watched; the first that fails ends the row. */
import { throwIfInterrupted } from "./interrupt";

/** Says in a few words what a step is doing now. */
export type Note = (text: string) => void;

export interface Step {
  /** Short, as it stands in the summary: "second_deploy". */
  readonly name: string;
  readonly run: (note: Note) => Promise<void>;
  /** Where to look when it failed: a log file, a command. */
  readonly look?: string;
}

export interface StepResult {
  readonly name: string;
  readonly seconds: number;
  readonly ok: boolean;
}

/** Told of every step as it goes; the command line draws progress with it. */
export interface Watcher {
  begin(name: string): void;
  note(name: string, text: string): void;
  end(result: StepResult): void;
}

export class StepFailed extends Error {
  constructor(
    readonly step: string,
    override readonly cause: Error,
    readonly look?: string,
  ) {
    super(`${step} failed: ${cause.message}${look === undefined ? "" : `\n  look further: ${look}`}`);
  }
}

/** Runs steps in order, adding what became of each to `results`. @throws StepFailed at the first that fails */
export async function runSteps(
  steps: readonly Step[],
  watcher: Watcher,
  results: StepResult[] = [],
): Promise<StepResult[]> {
  for (const step of steps) {
    throwIfInterrupted();
    watcher.begin(step.name);
    const started = process.hrtime.bigint();
    const end = (ok: boolean): void => {
      const seconds = Math.round(Number(process.hrtime.bigint() - started) / 1e8) / 10;
      results.push({ name: step.name, seconds, ok });
      watcher.end({ name: step.name, seconds, ok });
    };
    try {
      await step.run((text) => watcher.note(step.name, text));
      throwIfInterrupted();
    } catch (error) {
      end(false);
      throwIfInterrupted();
      throw new StepFailed(step.name, error as Error, step.look);
    }
    end(true);
  }
  return results;
}
