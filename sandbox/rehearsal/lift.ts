/**
 * Rules taken away for the length of an attempt, and put back whatever becomes of it: to see what holds a host that has been
 * taken over, and that an attempt succeeds where nothing forbids it.
 */
import { hostExec } from "../hosts";
import { ROUTER } from "../network";
import { run } from "../run";

const HOST_RULES = ["nft", "list", "ruleset"];

/** While `task` runs, a host has no firewall of its own: as whoever became root there would arrange it. */
export async function withoutOwnFirewall<T>(host: string, task: () => Promise<T>): Promise<T> {
  const { stdout: rules } = await hostExec(host, HOST_RULES);
  await hostExec(host, ["nft", "flush", "ruleset"]);
  try {
    return await task();
  } finally {
    await hostExec(host, ["nft", "-f", "-"], { input: `flush ruleset\n${rules}` });
  }
}

/** nft's handle in the answer to `nft --echo --handle`: "insert rule … accept # handle 42". */
export function handlesIn(answer: string): string[] {
  return [...answer.matchAll(/# handle (\d+)/g)].map(([, handle]) => handle as string);
}

/** While `task` runs, the platform's routes, network ACLs and access control groups let one address through, both ways. */
export async function admittedByPlatform<T>(address: string, task: () => Promise<T>): Promise<T> {
  const nft = (args: string[]): ReturnType<typeof run> => run("ip", ["netns", "exec", ROUTER, "nft", ...args]);
  const handles: string[] = [];
  try {
    for (const side of ["saddr", "daddr"]) {
      const rule = ["insert", "rule", "ip", "sandbox", "forward", "ip", side, address, "accept"];
      handles.push(...handlesIn((await nft(["--echo", "--handle", ...rule])).stdout));
    }
    return await task();
  } finally {
    for (const handle of handles) await nft(["delete", "rule", "ip", "sandbox", "forward", "handle", handle]);
  }
}
