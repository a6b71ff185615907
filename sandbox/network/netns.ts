/** Network namespaces and the virtual cables that join each to the router. */
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { readFile } from "node:fs/promises";
import { run } from "../run";
import { sandboxPath } from "../paths";
import { ROUTER } from "./addresses";

/** File by which podman, nsenter and ip know a network namespace. */
export const netnsPath = (netns: string): string => `/run/netns/${netns}`;
export const netnsExists = (netns: string): boolean => existsSync(netnsPath(netns));

/** Carries out lines of `ip -batch`, in a namespace or on this machine. */
export async function ip(lines: readonly string[], netns?: string): Promise<void> {
  const args = [...(netns === undefined ? [] : ["-n", netns]), "-batch", "-"];
  await run("ip", args, { input: lines.map((line) => `${line}\n`).join("") });
}

/** What `ip -json` answers; nothing when the thing asked for is not there. */
export async function ipJson<T>(args: readonly string[], netns?: string): Promise<T[]> {
  const all = [...(netns === undefined ? [] : ["-n", netns]), "-json", ...args];
  const { stdout, code } = await run("ip", all, { allowFail: true });
  return code === 0 && stdout.trim() !== "" ? (JSON.parse(stdout) as T[]) : [];
}

/** Kernel settings inside a namespace, "net.ipv4.ip_forward=1". */
export async function sysctl(netns: string, settings: readonly string[]): Promise<void> {
  await run("ip", ["netns", "exec", netns, "sysctl", "-q", "-w", ...settings]);
}

/** A new namespace without IPv6: no rule of the router speaks about it. */
export async function addNetns(netns: string): Promise<void> {
  if (!netnsExists(netns)) await run("ip", ["netns", "add", netns]);
  await sysctl(netns, ["net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1"]);
  await ip(["link set lo up"], netns);
}

/** Removes a namespace; its cable goes at once, even while a process still lives in there. */
export async function deleteNetns(netns: string): Promise<void> {
  if (!netnsExists(netns)) return;
  await run("ip", ["-n", netns, "link", "del", "eth0"], { allowFail: true });
  await run("ip", ["netns", "del", netns]);
}

export interface Cable {
  readonly netns: string;
  /** Name of the router's end. */
  readonly routerSide: string;
  readonly address: string;
  readonly prefix: number;
  readonly gateway: string;
}

/**
 * Joins a namespace to the router as its eth0. The router answers ARP for every other address, so that two neighbours
 * of one subnet also meet in the router only. Does nothing if the cable is there.
 */
export async function connect({ netns, routerSide, address, prefix, gateway }: Cable): Promise<void> {
  // The route is the last thing made: with it everything is there.
  const routes = await ipJson<{ dev: string }>(["route", "show", address], ROUTER);
  if (routes[0]?.dev === routerSide && (await hasAddress(netns, address))) return;

  await addNetns(netns);
  await run("ip", ["-n", netns, "link", "del", "eth0"], { allowFail: true });
  await run("ip", ["-n", ROUTER, "link", "del", routerSide], { allowFail: true });
  await ip([`link add ${routerSide} type veth peer name eth0 netns ${netns}`], ROUTER);
  await ip(
    [`addr add ${address}/${prefix} dev eth0`, "link set eth0 up", `route add default via ${gateway} dev eth0`],
    netns,
  );
  await openRouterSide(routerSide, netns);
  await ip([`route add ${address}/32 dev ${routerSide}`], ROUTER);
}

/** The router's end of a cable; its alias names the namespace at the other end. */
export async function openRouterSide(name: string, alias: string): Promise<void> {
  await sysctl(ROUTER, [`net.ipv4.conf.${name}.proxy_arp=1`, `net.ipv4.neigh.${name}.proxy_delay=0`]);
  await ip([`link set ${name} alias ${alias} up`], ROUTER);
}

async function hasAddress(netns: string, address: string): Promise<boolean> {
  const links = await ipJson<{ addr_info: { local?: string }[] }>(["addr", "show", "dev", "eth0"], netns);
  return links.some((link) => link.addr_info.some((info) => info.local === address));
}

/** Waits until a program started in the background listens in its namespace. */
export async function waitUntilListening(name: string, netns: string, port: number, seconds = 10): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const { stdout } = await run("ip", ["netns", "exec", netns, "ss", "-Hlntu", `sport = :${port}`], {
      allowFail: true,
    });
    if (stdout.trim() !== "") return;
    if (Date.now() > deadline) break;
    await sleep(100);
  }
  const log = sandboxPath("log", `${name}.log`);
  const tail = (await readFile(log, "utf8").catch(() => "")).trim().split("\n").slice(-10).join("\n  ");
  throw new Error(`${name} does not listen on port ${port} after ${seconds} seconds; the end of ${log}:\n  ${tail}`);
}
