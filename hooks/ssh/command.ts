/** A command on a host, over a connection that is up. */
import type { Client, ClientChannel } from "ssh2";
import { HookError, orAbort } from "../errors";

export interface Ran {
  /** Exit code; undefined: a signal ended it. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Far more than what is asked for: an answer without an end must not fill this machine's memory. */
const MOST_BYTES = 4 * 1024 * 1024;

/** A word of the shell, whatever is in it. */
export const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

/**
 * Runs it in the login's shell, without a terminal and without input, and waits for its end.
 * @throws HookError when the connection ends first, or the answer has no end
 */
export async function runCommand(client: Client, command: string, signal: AbortSignal): Promise<Ran> {
  signal.throwIfAborted();
  let channel: ClientChannel | undefined;
  const ran = new Promise<Ran>((done, fail) => {
    const cut = (): void => fail(new HookError(`${command}: the connection was cut before it had ended`));
    client.once("close", cut);
    client.exec(command, (error, opened) => {
      if (error !== undefined) return fail(new HookError(`${command}: can't be started: ${error.message}`));
      channel = opened;
      const got = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
      let bytes = 0;
      const keep = (part: Buffer, where: Buffer[]): void => {
        bytes += part.length;
        if (bytes <= MOST_BYTES) where.push(part);
        else fail(new HookError(`${command}: its answer has no end: more than ${MOST_BYTES / 1024 / 1024} MB`));
      };
      opened.on("data", (part: Buffer) => keep(part, got.stdout));
      opened.stderr.on("data", (part: Buffer) => keep(part, got.stderr));
      let code: number | undefined;
      let ended = false;
      opened.on("exit", (found: number | null) => {
        ended = true;
        code = found ?? undefined;
      });
      opened.on("close", () => {
        client.removeListener("close", cut);
        if (!ended) return cut();
        const text = (parts: Buffer[]): string => Buffer.concat(parts).toString("utf8");
        done({ code, stdout: text(got.stdout), stderr: text(got.stderr) });
      });
      opened.end();
    });
  });
  return orAbort(ran, signal).finally(() => channel?.destroy());
}
