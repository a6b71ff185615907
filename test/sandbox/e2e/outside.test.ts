/** From the internet inwards: proxy-1's ssh, for admin_cidrs, and nothing else. */
import { hostExec } from "../../../sandbox/hosts";
import { PEERS } from "../../../sandbox/network";
import { publicAddress, reachedFrom, rehearsedPlan } from "./support";

jest.setTimeout(120_000);

const plan = rehearsedPlan();
const address = publicAddress(plan);

/** Ports on which anything listens on any host, beside those that an attacker would try first. */
async function portsOfInterest(): Promise<number[]> {
  const ports = new Set([
    22,
    25,
    53,
    80,
    111,
    443,
    2222,
    3128,
    5432,
    8080,
    8443,
    9090,
    plan.proxy.portA,
    plan.proxy.portB,
    plan.proxy.innerPort,
  ]);
  for (const host of plan.hosts) {
    const { stdout } = await hostExec(host.name, ["ss", "-Htln"]);
    for (const [, port] of stdout.matchAll(/:(\d+)\s+\S+:\*/g)) ports.add(Number(port));
  }
  return [...ports].sort((a, b) => a - b);
}

it("lets an operator's address reach proxy-1's ssh and no other port", async () => {
  expect(reachedFrom(undefined, [address], await portsOfInterest())).toEqual([`${address}:22`]);
});

it("lets nobody else reach anything, ssh included", async () => {
  expect(reachedFrom(PEERS.outsider.netns, [address], await portsOfInterest())).toEqual([]);
  // The same attempt from there works where nothing forbids it.
  expect(reachedFrom(PEERS.outsider.netns, [PEERS.unlisted.address], [443])).toEqual([`${PEERS.unlisted.address}:443`]);
});

// From the outsider only: this machine has no route to the private network through the sandbox, so its attempts would leave
// by its own default route. network.test.ts gives an operator such a route, in a network of its own.
it("has no way from outside to a private address", () => {
  const privateAddresses = plan.hosts.map((host) => host.address);
  expect(reachedFrom(PEERS.outsider.netns, privateAddresses, [22, plan.proxy.portA])).toEqual([]);
});
