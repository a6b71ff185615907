/**
 * The platform's work in processes of its own: what it was asked to make it makes, also when the provider that asked is
 * killed with everything else of a deploy. The same program does it: `node main.js CLOUD --make TYPE ID`.
 */
import { spawn } from "node:child_process";
import { Refused } from "../provider/diagnostics";
import type { Path } from "../provider/plan";
import { carryOut } from "./kind";
import type { Platform, Work } from "./platform";
import { kindOf } from "./resources";

const FLAG = "--make";

interface Failure {
  readonly message: string;
  readonly path?: Path;
}

/** Starts this program anew for each piece of work. What it fails with is thrown here, if there still is a here. */
export const inOwnProcess: Work = (type, id) =>
  new Promise((resolve, reject) => {
    const [program, cloud] = process.argv.slice(1) as [string, string];
    const child = spawn(process.execPath, [program, cloud, FLAG, type, id], {
      detached: true,
      stdio: ["ignore", "pipe", "ignore"],
    });
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === 0) return resolve();
      if (said === "") return reject(new Error(`the making of ${type} ${id} ended with ${signal ?? code}`));
      const { message, path } = JSON.parse(said) as Failure;
      reject(new Refused(message, path));
    });
  });

/** Does the work that this process was started for. @returns false when it was started as a provider */
export async function doneAsWork(platform: Platform, argv = process.argv.slice(3)): Promise<boolean> {
  const [flag, type, id] = argv;
  if (flag !== FLAG || type === undefined || id === undefined) return false;
  process.stdout.on("error", () => undefined); // whoever asked may be dead
  try {
    await carryOut(kindOf(type), id, platform);
  } catch (error) {
    const { message, path } = error as Failure;
    process.stdout.write(JSON.stringify({ message, path }));
    process.exitCode = 1;
  }
  return true;
}
