/** Synths of changed sources, and reviews of two of them, in words that a table can hold. */
import { fork, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadSynth } from "../../review/input/load";
import type { Synth } from "../../review/input/synth";
import type { Finding } from "../../review/report";
import type { Change, Edit } from "./changes/change";

const root = join(__dirname, "..", "..");

export interface Asked {
  /** Pipeline file, below the repository's root. */
  readonly file: string;
  readonly edits: readonly Edit[];
  readonly retire?: readonly string[];
}

/** One process that synthesizes, for as long as a file of tests runs. */
export class Workshop {
  private readonly folder = mkdtempSync(join(tmpdir(), "review-"));
  private readonly worker: ChildProcess = fork(join(__dirname, "synth-worker.js"), { cwd: root });
  private readonly made = new Map<string, Promise<Synth>>();
  private count = 0;

  /** The synth of these edits; the same edits are synthesized once. */
  synth(asked: Asked): Promise<Synth> {
    const key = JSON.stringify(asked);
    const found = this.made.get(key);
    if (found !== undefined) return found;
    const outdir = join(this.folder, String(this.count++));
    const made = this.ask(asked, outdir).then(() => loadSynth(outdir));
    this.made.set(key, made);
    return made;
  }

  private previous: Promise<unknown> = Promise.resolve();

  private ask({ file, edits, retire = [] }: Asked, outdir: string): Promise<void> {
    const answer = this.previous.then(
      () =>
        new Promise<void>((done, fail) => {
          const answered = ({ error }: { error?: string }): void => {
            this.worker.off("exit", ended);
            if (error === undefined) done();
            else fail(new Error(error));
          };
          const ended = (): void => {
            this.worker.off("message", answered);
            fail(new Error("the process that synthesizes has ended"));
          };
          this.worker.once("message", answered).once("exit", ended);
          this.worker.send({ file, edits, context: { retire }, outdir });
        }),
    );
    this.previous = answer.catch(() => undefined);
    return answer;
  }

  close(): void {
    this.worker.disconnect();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Both sides of a change. */
export async function sidesOf(
  workshop: Workshop,
  file: string,
  { both = [], edits = [], retire = [] }: Change,
): Promise<readonly [Synth, Synth]> {
  return [
    await workshop.synth({ file, edits: both }),
    await workshop.synth({ file, edits: [...both, ...edits], retire }),
  ];
}

/** "SEVERITY KIND PLACE" */
export function inWords({ severity, kind, place: { construct, host, file } }: Finding): string {
  const place = construct ?? [host, file].filter((part) => part !== undefined).join(":");
  return [severity, kind, place].filter((part) => part !== "").join(" ");
}
