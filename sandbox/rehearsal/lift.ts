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

/** Chains of the router that can be opened for one address, and what "accept" is there. */
type RouterChain = "forward" | "boundaries" | "groups_outbound" | "groups_inbound";

/** While `task` runs, rules stand at the top of the router's chains. */
async function withRouterRules<T>(
  rules: readonly (readonly [chain: RouterChain, rule: string])[],
  task: () => Promise<T>,
): Promise<T> {
  const nft = (args: string[]): ReturnType<typeof run> => run("ip", ["netns", "exec", ROUTER, "nft", ...args]);
  const inserted: [chain: string, handle: string][] = [];
  try {
    for (const [chain, rule] of rules) {
      const { stdout } = await nft([
        "--echo",
        "--handle",
        "insert",
        "rule",
        "ip",
        "sandbox",
        chain,
        ...rule.split(" "),
      ]);
      inserted.push(...handlesIn(stdout).map((handle): [string, string] => [chain, handle]));
    }
    return await task();
  } finally {
    for (const [chain, handle] of inserted) await nft(["delete", "rule", "ip", "sandbox", chain, "handle", handle]);
  }
}

/** While `task` runs, the platform's routes, network ACLs and access control groups let one address through, both ways. */
export function admittedByPlatform<T>(address: string, task: () => Promise<T>): Promise<T> {
  return withRouterRules([...bothWays("forward", address, "accept")], task);
}

const bothWays = (chain: RouterChain, address: string, verdict: string): [RouterChain, string][] =>
  ["saddr", "daddr"].map((side) => [chain, `ip ${side} ${address} ${verdict}`]);

/** While `task` runs, the network ACLs say nothing about an address. */
export function withoutAcls<T>(address: string, task: () => Promise<T>): Promise<T> {
  return withRouterRules(bothWays("boundaries", address, "return"), task);
}

/** While `task` runs, the access control group of an address is empty: it admits everything, in the directions given. */
export function withEmptyGroup<T>(
  address: string,
  directions: readonly ("inbound" | "outbound")[],
  task: () => Promise<T>,
): Promise<T> {
  return withRouterRules(
    directions.map((direction) => [
      `groups_${direction}`,
      `ip ${direction === "inbound" ? "daddr" : "saddr"} ${address} return`,
    ]),
    task,
  );
}
