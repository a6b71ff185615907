/**
 * Can a private host get past the proxy? Measured by trying, from inside every private host.
 *
 * A bypass is any of these that succeeds: a TCP connection from a private host straight to AWS S3, to the package host, to the
 * host that takes alerts or to one that is on no list, by name or by address; a connection to the proxy's inner port, which asks for no certificate; a
 * tunnel through the package port to a bucket or to the unlisted host. An answer that only says "refused" is none.
 *
 * The platform's Object Storage on its private endpoint is no bypass for a host whose flow to it stands in the plan: inside the
 * platform the traffic never leaves it (design, "One way out"). For a host without that flow it is one.
 *
 * Each is tried twice: under all rules, and with the host's own firewall gone, as somebody who took the host over would have
 * it. Nothing is proved by attempts that could not succeed anywhere, so each has a positive control: the same program makes the
 * same connection from the same host while the platform's rules let that host through, and what the host may reach it reaches.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { HostPlan, Plan } from "../../pipeline/plan-types";
import { hostExec } from "../hosts";
import { projectRoot } from "../paths";
import { admittedByPlatform, withoutOwnFirewall } from "./lift";
import type { Note } from "./steps";

/** In the sandbox's internet, on no list of any proxy. */
export const UNLISTED = "unlisted.test";

export interface Attempt {
  readonly id: string;
  readonly via: "direct" | "connect" | "get";
  readonly host: string;
  readonly port: number;
  readonly target?: string;
}

export interface Outcome {
  readonly id: string;
  readonly outcome: "reached" | "refused" | "dropped" | "unresolved" | "denied" | "other";
  readonly detail: string;
}

export interface HostAttempts {
  /** Straight out of the private host; none may succeed, and all must while the rules are lifted. */
  readonly direct: readonly Attempt[];
  /** Through the proxy's back doors; none may succeed. */
  readonly through: readonly Attempt[];
  /** From the private host; all must succeed. */
  readonly allowed: readonly Attempt[];
  /** From the proxy itself; all must succeed. */
  readonly fromProxy: readonly Attempt[];
}

const direct = (what: string, host: string, port: number): Attempt => ({
  id: `${what} ${host}:${port}`,
  via: "direct",
  host,
  port,
});

/** The address of each name, as the platform's resolver gives it. */
export type Addresses = ReadonlyMap<string, string>;

export const bucketHost = (bucket: string, endpoint: string): string => `${bucket}.${endpoint}`;

/** Where alerts go, if anywhere. */
const alertHosts = (plan: Plan): string[] => (plan.alerts === undefined ? [] : [plan.alerts.host]);

/** The names that attempts go to. */
export function namesTried(plan: Plan): string[] {
  const target = plan.datasets.map(({ target }) => bucketHost(target.bucket, plan.objectStorage.host));
  return [
    ...new Set([...plan.proxy.bucketHosts, ...plan.proxy.packageHosts, ...target, ...alertHosts(plan), UNLISTED]),
  ];
}

/** All attempts for one private host. Pure. */
export function attemptsFor(plan: Plan, host: HostPlan, proxy: HostPlan, addresses: Addresses): HostAttempts {
  const both = (what: string, name: string, port: number): Attempt[] => {
    const address = addresses.get(name);
    if (address === undefined) throw new Error(`${name}: no address; is the sandbox's resolver up?`);
    return [direct(what, name, port), direct(what, address, port)];
  };
  const outside = [
    ...plan.proxy.bucketHosts.flatMap((name) => both("AWS S3", name, 443)),
    ...plan.proxy.packageHosts.flatMap((name) => both("package host", name, 80)),
    ...alertHosts(plan).flatMap((name) => both("alert host", name, 443)),
    ...both("unlisted host", UNLISTED, 443),
  ];
  const inner = direct("the proxy's inner port", proxy.address, plan.proxy.innerPort);
  const tunnel = (name: string): Attempt => {
    const target = `${name}:443`;
    return { id: `package port to ${target}`, via: "connect", host: proxy.address, port: plan.proxy.portB, target };
  };
  const packages = plan.proxy.packageHosts.map((name): Attempt => {
    const target = `http://${name}/`;
    return { id: `package port to ${target}`, via: "get", host: proxy.address, port: plan.proxy.portB, target };
  });
  const tellsAlerts = host.role === "sync";
  const storageAllowed = plan.flows.some(
    ({ from, to, port }) => (from === host.role || from === host.subnet) && to === "object-storage" && port === 443,
  );
  const endpoints = plan.datasets.flatMap(({ target }) =>
    both("Object Storage", bucketHost(target.bucket, plan.objectStorage.host), 443),
  );
  return {
    direct: [...outside, ...(storageAllowed ? [] : endpoints)],
    through: [inner, ...[...plan.proxy.bucketHosts, UNLISTED, ...(tellsAlerts ? [] : alertHosts(plan))].map(tunnel)],
    allowed: [...packages, ...(tellsAlerts ? alertHosts(plan).map(tunnel) : []), ...(storageAllowed ? endpoints : [])],
    // The inner port listens on the proxy's loopback only.
    fromProxy: [direct("the proxy's inner port", "127.0.0.1", plan.proxy.innerPort)],
  };
}

export interface Probe {
  readonly attempts: number;
  /** Attempts that got through although they must not. */
  readonly bypasses: readonly string[];
  /** Attempts that failed although they must work: then the others prove nothing. */
  readonly failedControls: readonly string[];
}

/** Outcomes against what they must be; `where` says from where and under which rules. Pure. */
export function judge(
  where: string,
  wanted: readonly Attempt[],
  outcomes: readonly Outcome[],
  mustReach: boolean,
): string[] {
  const byId = new Map(outcomes.map((outcome) => [outcome.id, outcome]));
  return wanted.flatMap(({ id }) => {
    const got = byId.get(id);
    if (got === undefined) throw new Error(`${where}: ${id}: the attempts' program did not answer for it`);
    return (got.outcome === "reached") === mustReach ? [] : [`${where}: ${id}: ${got.outcome}, ${got.detail}`];
  });
}

/** Makes attempts on a host of the sandbox, all at once. */
export async function attempt(host: string, attempts: readonly Attempt[]): Promise<Outcome[]> {
  if (attempts.length === 0) return [];
  const program = readFileSync(join(projectRoot(), "sandbox", "rehearsal", "attempts.py"), "utf8");
  const { stdout } = await hostExec(host, ["python3", "-", JSON.stringify(attempts)], { input: program });
  return JSON.parse(stdout) as Outcome[];
}

/** Asks the platform's resolver from a host. */
export async function addressesSeenBy(host: string, names: readonly string[]): Promise<Addresses> {
  const found = new Map<string, string>();
  for (const name of names) {
    const { stdout } = await hostExec(host, ["getent", "ahostsv4", name], { allowFail: true });
    const address = stdout.split(/\s/)[0];
    if (address !== undefined && address !== "") found.set(name, address);
  }
  return found;
}

/** Tries everything from every private host, from all at once: what is lifted for one changes nothing for another. */
export async function probeBypass(plan: Plan, note: Note = () => undefined): Promise<Probe> {
  const proxy = plan.hosts.find(({ name }) => name === plan.proxy.active) as HostPlan;
  const addresses = await addressesSeenBy(proxy.name, namesTried(plan));
  const hosts = plan.hosts.filter(({ subnet }) => subnet === "private");
  const probes = await Promise.all(hosts.map((host) => probeFrom(plan, host, proxy, addresses, note)));
  return {
    attempts: probes.reduce((sum, { attempts }) => sum + attempts, 0),
    bypasses: probes.flatMap(({ bypasses }) => bypasses),
    failedControls: probes.flatMap(({ failedControls }) => failedControls),
  };
}

async function probeFrom(
  plan: Plan,
  host: HostPlan,
  proxy: HostPlan,
  addresses: Addresses,
  note: Note,
): Promise<Probe> {
  const wanted = attemptsFor(plan, host, proxy, addresses);
  const forbidden = [...wanted.direct, ...wanted.through];
  note(`${forbidden.length} attempts from ${host.name}`);
  const underRules = await attempt(host.name, [...forbidden, ...wanted.allowed]);

  note(`${forbidden.length} attempts from ${host.name} without its own firewall`);
  const [takenOver, lifted] = await withoutOwnFirewall(host.name, async () => [
    await attempt(host.name, forbidden),
    await admittedByPlatform(host.address, () => attempt(host.name, wanted.direct)),
  ]);
  return {
    attempts: 2 * forbidden.length,
    bypasses: [
      ...judge(host.name, forbidden, underRules, false),
      ...judge(`${host.name} without its own firewall`, forbidden, takenOver, false),
    ],
    failedControls: [
      ...judge(host.name, wanted.allowed, underRules, true),
      ...judge(`${host.name} with all rules lifted`, wanted.direct, lifted, true),
      ...judge(proxy.name, wanted.fromProxy, await attempt(proxy.name, wanted.fromProxy), true),
    ],
  };
}
