/** Long commands of the rehearsal: their whole output goes to a file, the line of the moment to whoever watches. */
import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { stripVTControlCharacters } from "node:util";
import { forwardInterrupts } from "./interrupt";

export interface LoggedOptions {
  /** Written anew. */
  readonly log: string;
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly onLine?: (line: string) => void;
}

/** Runs a command to its end. @throws with its exit code and its last lines when that is not 0 */
export function runLogged(cmd: string, args: readonly string[], opts: LoggedOptions): Promise<void> {
  mkdirSync(dirname(opts.log), { recursive: true });
  const log = createWriteStream(opts.log);
  const tail: string[] = [];
  return new Promise((resolve, reject) => {
    const child = spawn(cmd, args, {
      cwd: opts.cwd,
      env: { ...process.env, ...opts.env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    forwardInterrupts(child);
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on("line", (raw) => {
        const line = stripVTControlCharacters(raw).trimEnd();
        log.write(`${line}\n`);
        if (line.trim() === "") return;
        tail.push(line);
        if (tail.length > 20) tail.shift();
        opts.onLine?.(line);
      });
    child.on("error", (error) => reject(new Error(`${cmd}: ${error.message}`)));
    child.on("close", (code, signal) =>
      log.end(() => {
        if (code === 0) return resolve();
        const why = signal === null ? `exit code ${code}` : `ended by ${signal}`;
        reject(new Error(`${[cmd, ...args].join(" ")}: ${why}\n  ${tail.join("\n  ")}`));
      }),
    );
  });
}
