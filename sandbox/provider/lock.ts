/** One at a time, among all provider processes of a sandbox: Terraform starts one for every command of every stack. */
import { createHash } from "node:crypto";
import { createServer, type Server } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const RETRY_MS = 5;
const PATIENCE_MS = 120_000;

const turns = new Map<string, Promise<unknown>>();

/**
 * Runs `work` while no other process (and no other call of this one) runs something under the same name. The lock is an
 * abstract socket, which the kernel frees with the process that holds it: none is ever left over.
 */
export function exclusive<T>(name: string, work: () => T | Promise<T>): Promise<T> {
  const turn = (turns.get(name) ?? Promise.resolve()).then(async () => {
    const held = await hold(name);
    try {
      return await work();
    } finally {
      await new Promise((resolve) => held.close(resolve));
    }
  });
  turns.set(
    name,
    turn.catch(() => undefined),
  );
  return turn;
}

async function hold(name: string): Promise<Server> {
  const address = `\0aws2ncp-${createHash("sha256").update(name).digest("hex").slice(0, 32)}`;
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const held = await tryToHold(address);
    if (held !== undefined) return held;
    if (Date.now() > deadline)
      throw new Error(
        `another process holds the lock of ${name} since ${PATIENCE_MS / 1000} s\n  try: ps -ef | grep terraform, and end the one that hangs`,
      );
    await sleep(RETRY_MS + Math.random() * RETRY_MS);
  }
}

function tryToHold(address: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(undefined);
      else reject(error);
    });
    server.listen(address, () => resolve(server));
  });
}
