/** Brings rendered rules into the router, and reads its counters. */
import { run } from "../run";
import { ROUTER } from "./addresses";
import type { NetworkModel } from "./model";
import { DROP_REASONS, type DropCounters, renderRouter } from "./router";

/** A cloud without a single object: nothing has a private address, everything else on the internet sees everything. */
export const NOTHING_YET: NetworkModel = { subnets: [], acls: [], groups: [], nics: [], publicIps: [] };

let last: Promise<unknown> = Promise.resolve();

/**
 * Makes the router enforce this model, in one transaction: at no moment is a packet judged by half of it.
 * Calls are carried out in the order in which they were made, so the caller's newest model wins.
 */
export function applyNetwork(model: NetworkModel): Promise<void> {
  const turn = last.then(async () => {
    await nft(["-f", "-"], renderRouter(model, await dropCounters()));
  });
  last = turn.catch(() => undefined);
  return turn;
}

interface NftCounters {
  readonly nftables: readonly { readonly counter?: { name: string; packets: number; bytes: number } }[];
}

/** What the router has dropped since it was made, by reason. */
export async function dropCounters(): Promise<DropCounters> {
  const { stdout, code } = await run(
    "ip",
    ["netns", "exec", ROUTER, "nft", "--json", "list", "counters", "table", "ip", "sandbox"],
    { allowFail: true },
  );
  const found = code === 0 ? (JSON.parse(stdout) as NftCounters).nftables.flatMap((entry) => entry.counter ?? []) : [];
  return Object.fromEntries(
    DROP_REASONS.map((reason) => {
      const { packets = 0, bytes = 0 } = found.find((counter) => counter.name === reason) ?? {};
      return [reason, { packets, bytes }];
    }),
  ) as unknown as DropCounters;
}

async function nft(args: readonly string[], input: string): Promise<void> {
  await run("ip", ["netns", "exec", ROUTER, "nft", ...args], { input });
}
