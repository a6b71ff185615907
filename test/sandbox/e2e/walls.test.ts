/**
 * Between two hosts stand four walls that are made from the same table of flows: the firewall of the one that sends, the access
 * control groups of both, the firewall of the one that is reached. Each holds alone: with the three others gone, what no flow names
 * is dropped; with all four gone it gets through.
 */
import { dropCounters, PEERS } from "../../../sandbox/network";
import { withEmptyGroup, withoutAcls, withoutOwnFirewall } from "../../../sandbox/rehearsal/lift";
import { attempt, type Attempt, type Outcome } from "../../../sandbox/rehearsal/probe";
import { attemptFrom, hostNamed, publicAddress, rehearsedPlan } from "./support";

jest.setTimeout(120_000);

const plan = rehearsedPlan();
const proxy = hostNamed(plan, "proxy-1");
const sync = hostNamed(plan, "sync-1");
const { portA, portB } = plan.proxy;

const WALLS = ["sender's firewall", "sender's group", "receiver's group", "receiver's firewall"] as const;
type Wall = (typeof WALLS)[number];

interface Way {
  /** Undefined: the internet, from an address that is none of the operators'. */
  readonly from?: typeof proxy;
  readonly to: typeof proxy;
  /** What is dialled: from outside the public address. */
  readonly address: string;
  /** No flow names them. */
  readonly closed: readonly number[];
  /** A flow names it: shown to work, so that the network is not simply down. */
  readonly open?: number;
}

const WAYS: readonly (readonly [string, Way])[] = [
  ["sync-1 to proxy-1", { from: sync, to: proxy, address: proxy.address, closed: [22, 80, 5432], open: portA }],
  // Not 80 and 443: the proxy may go anywhere on these, and only sync-1's own walls keep it out.
  ["proxy-1 to sync-1", { from: proxy, to: sync, address: sync.address, closed: [3128, 5432, 8080], open: 22 }],
  ["the internet to proxy-1", { to: proxy, address: publicAddress(plan), closed: [22, 80, portA, portB] }],
];

async function tried({ from, address }: Way, ports: readonly number[]): Promise<Record<string, Outcome["outcome"]>> {
  const attempts = ports.map((port): Attempt => ({ id: String(port), via: "direct", host: address, port }));
  const outcomes =
    from === undefined ? attemptFrom(PEERS.outsider.netns, attempts) : await attempt(from.name, attempts);
  return Object.fromEntries(outcomes.map(({ id, outcome }) => [id, outcome]));
}

/** Runs a task while these walls stand and no others; network ACLs stand aside. */
function withOnly<T>({ from, to }: Way, standing: readonly Wall[], task: () => Promise<T>): Promise<T> {
  const gone = (wall: Wall): boolean => !standing.includes(wall);
  const around = (when: boolean, lift: (inner: () => Promise<T>) => Promise<T>, inner: () => Promise<T>) =>
    when ? (): Promise<T> => lift(inner) : inner;
  let run = (): Promise<T> => withoutAcls(to.address, task);
  if (from !== undefined) {
    run = around(gone("sender's firewall"), (inner) => withoutOwnFirewall(from.name, inner), run);
    run = around(gone("sender's group"), (inner) => withEmptyGroup(from.address, ["outbound"], inner), run);
  }
  run = around(gone("receiver's group"), (inner) => withEmptyGroup(to.address, ["inbound"], inner), run);
  run = around(gone("receiver's firewall"), (inner) => withoutOwnFirewall(to.name, inner), run);
  return run();
}

const all = (ports: readonly number[], outcome: string): Record<string, string> =>
  Object.fromEntries(ports.map((port) => [String(port), outcome]));

/** Packets that the groups have dropped so far. */
async function droppedByGroups(): Promise<number> {
  const { group_inbound: inbound, group_outbound: outbound } = await dropCounters();
  return inbound.packets + outbound.packets;
}

describe.each(WAYS)("from %s", (_, way) => {
  const walls = WALLS.filter((wall) => way.from !== undefined || wall.startsWith("receiver"));

  it.each(walls)("the %s alone drops what no flow names", async (wall) => {
    const before = await droppedByGroups();
    const outcomes = await withOnly(way, [wall], () => tried(way, way.closed));
    expect(outcomes).toEqual(all(way.closed, "dropped"));
    // A group has counted what it dropped.
    if (wall.endsWith("group")) expect(await droppedByGroups()).toBeGreaterThanOrEqual(before + way.closed.length);
  });

  it("nothing but the walls is in the way", async () => {
    const outcomes = Object.values(await withOnly(way, [], () => tried(way, way.closed)));
    // Where nobody listens, the host itself says so: the packet has arrived.
    expect(outcomes.filter((outcome) => outcome !== "reached" && outcome !== "refused")).toEqual([]);
    expect(outcomes).toContain(way.to === proxy ? "reached" : "refused");
  });

  it("all four stand again", async () => {
    expect(await tried(way, way.closed)).toEqual(all(way.closed, "dropped"));
    if (way.open !== undefined) expect(await tried(way, [way.open])).toEqual({ [way.open]: "reached" });
  });
});
