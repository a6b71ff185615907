/**
 * Places at which a test can hold the platform, to kill a deploy exactly there: a file `breakpoints/NAME` in the sandbox's
 * folder. Whoever comes by writes `NAME.reached` and waits until the file is gone.
 */
import { existsSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { sandboxPath } from "../paths";

const LOOK_AGAIN_MS = 50;

/** Name: the object's type and name, and what has just been done or is about to be: "ncloud_server.sync-1.making". */
export async function breakpoint(name: string): Promise<void> {
  const file = sandboxPath("breakpoints", name);
  if (!existsSync(file)) return;
  writeFileSync(`${file}.reached`, `${process.pid}\n`);
  while (existsSync(file)) await sleep(LOOK_AGAIN_MS);
}
