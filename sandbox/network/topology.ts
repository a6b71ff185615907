/** The sandbox's network as a whole: the router, the peers on its internet, the resolver; made, and removed without a trace. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { projectRoot, sandboxPath } from "../paths";
import { run, startDetached, stopDetached } from "../run";
import { secretPath } from "../secrets";
import {
  INTERNET,
  NOWHERE,
  OUTER_ADDRESS,
  OUTER_INTERFACE,
  OUTSIDE,
  peerInterface,
  PEERS,
  peers,
  RESOLVER_ADDRESS,
  ROUTER,
  ROUTER_ADDRESS,
} from "./addresses";
import { receivedAlertsFile } from "./alerts";
import { applyNetwork, NOTHING_YET } from "./apply";
import {
  addNetns,
  connect,
  deleteNetns,
  ip,
  ipJson,
  netnsExists,
  openRouterSide,
  sysctl,
  waitUntilListening,
} from "./netns";
import { dnsmasqConfig } from "./resolver";

const DAEMONS = ["resolver", "time", "unlisted", "alerts"] as const;

/** Makes what is missing. Needs `makeSecrets()` before: one of the peers speaks TLS. */
export async function networkUp(): Promise<void> {
  await refuseForeignAddresses();
  if (!(await routerReady())) await makeRouter();
  for (const peer of peers) {
    await connect({
      netns: peer.netns,
      routerSide: peerInterface(peer),
      address: peer.address,
      prefix: 24,
      gateway: ROUTER_ADDRESS,
    });
  }
  await startDaemons();
}

/** Removes everything that networkUp and attachNic made, also what is left of a broken run. */
export async function networkDown(): Promise<void> {
  for (const daemon of DAEMONS) await stopDetached(daemon);
  for (const netns of await connectedNetns()) await deleteNetns(netns);
  await run("ip", ["link", "del", OUTER_INTERFACE], { allowFail: true });
  await deleteNetns(ROUTER);
}

/** Every namespace that hangs on the router, and the peers' even if they don't. */
async function connectedNetns(): Promise<string[]> {
  const links = await ipJson<{ ifalias?: string }>(["link", "show", "type", "veth"], ROUTER);
  const aliases = links.flatMap(({ ifalias }) =>
    ifalias === undefined || ifalias === OUTER_INTERFACE ? [] : [ifalias],
  );
  return [...new Set([...aliases, ...peers.map((peer) => peer.netns)])];
}

async function refuseForeignAddresses(): Promise<void> {
  const routes = await ipJson<{ dst: string; dev?: string }>(["route", "show", "table", "all", "root", INTERNET]);
  const foreign = routes.find((route) => route.dev !== OUTER_INTERFACE);
  if (foreign === undefined) return;
  throw new Error(
    `this machine has a route to ${foreign.dst} by ${foreign.dev ?? "no interface"}; the sandbox's internet is ${INTERNET}\n` +
      `  try: ip route show table all root ${INTERNET}, and remove what is there`,
  );
}

/** Forwarding is switched on last: with it the router is complete. */
async function routerReady(): Promise<boolean> {
  if (!netnsExists(ROUTER)) return false;
  const { stdout } = await run("ip", ["netns", "exec", ROUTER, "sysctl", "-n", "net.ipv4.ip_forward"]);
  return stdout.trim() === "1" && (await ipJson(["link", "show", OUTER_INTERFACE])).length === 1;
}

async function makeRouter(): Promise<void> {
  await stopDetached("resolver"); // it may live on in a namespace that has lost its name
  await run("ip", ["link", "del", OUTER_INTERFACE], { allowFail: true });
  await deleteNetns(ROUTER);
  await addNetns(ROUTER);
  // Where a packet comes from is checked by rules that count, not by rp_filter. A host never gets a redirect around us.
  await sysctl(ROUTER, [
    "net.ipv4.conf.all.rp_filter=0",
    "net.ipv4.conf.default.rp_filter=0",
    "net.ipv4.conf.all.send_redirects=0",
    "net.ipv4.conf.default.send_redirects=0",
  ]);
  // What has no other route leaves by a cable that leads nowhere: so it passes the rules, and is counted.
  await ip(
    [
      `link add ${NOWHERE} type veth peer name ${NOWHERE}-end`,
      `addr add ${ROUTER_ADDRESS}/32 dev ${NOWHERE}`,
      `addr add ${RESOLVER_ADDRESS}/32 dev ${NOWHERE}`,
      `link set ${NOWHERE}-end up`,
      `link set ${NOWHERE} up`,
      `route add default dev ${NOWHERE}`,
      `link add ${OUTSIDE} type veth peer name ${OUTER_INTERFACE} netns ${process.pid}`,
    ],
    ROUTER,
  );
  await openRouterSide(OUTSIDE, OUTER_INTERFACE);
  await ip([`route add ${OUTER_ADDRESS}/32 dev ${OUTSIDE}`], ROUTER);
  await writeFile(`/proc/sys/net/ipv6/conf/${OUTER_INTERFACE}/disable_ipv6`, "1").catch(() => undefined);
  await ip([
    `addr add ${OUTER_ADDRESS}/32 dev ${OUTER_INTERFACE}`,
    `link set ${OUTER_INTERFACE} up`,
    `route add ${INTERNET} dev ${OUTER_INTERFACE} src ${OUTER_ADDRESS}`,
  ]);
  await applyNetwork(NOTHING_YET);
  await sysctl(ROUTER, ["net.ipv4.ip_forward=1"]);
}

async function startDaemons(): Promise<void> {
  await mkdir(sandboxPath("run"), { recursive: true });
  const config = sandboxPath("run", "resolver.conf");
  await writeFile(config, dnsmasqConfig());
  startDetached("resolver", "dnsmasq", ["--keep-in-foreground", `--conf-file=${config}`], { netns: ROUTER });
  startServer("time", PEERS.time.netns, []);
  startServer("unlisted", PEERS.unlisted.netns, [secretPath("unlisted.crt"), secretPath("unlisted.key")]);
  const webhook = [
    secretPath("alerts.crt"),
    secretPath("alerts.key"),
    secretPath("alert-webhook"),
    receivedAlertsFile(),
  ];
  startServer("alerts", PEERS.alerts.netns, webhook);
  await waitUntilListening("resolver", ROUTER, 53);
  await waitUntilListening("time", PEERS.time.netns, 123);
  await waitUntilListening("unlisted", PEERS.unlisted.netns, 443);
  await waitUntilListening("alerts", PEERS.alerts.netns, 443);
}

function startServer(name: "time" | "unlisted" | "alerts", netns: string, args: readonly string[]): void {
  const program = join(projectRoot(), "dist", "sandbox", "network", "servers", `${name}.js`);
  startDetached(name, process.execPath, [program, ...args], { netns });
}
