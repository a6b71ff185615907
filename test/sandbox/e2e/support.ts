/** The sandbox that `aws2ncp sandbox rehearse` left up, as these tests ask it. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Manifest } from "../../../pipeline/manifest";
import type { LogDataset, HostPlan, Plan, SecretName } from "../../../pipeline/plan-types";
import { hostExec } from "../../../sandbox/hosts";
import { outputPath, projectRoot, sandboxPath } from "../../../sandbox/paths";
import type { Attempt, Outcome } from "../../../sandbox/rehearsal/probe";
import { examplePlan } from "../../../sandbox/rehearsal/up";

/** @throws when nothing is up: these tests prove nothing then */
export function rehearsedPlan(): Plan {
  if (!existsSync(sandboxPath("summary.json"))) throw new Error("no rehearsal has been made\n  try: make sandbox");
  return examplePlan();
}

export const hostNamed = (plan: Plan, name: string): HostPlan => {
  const host = plan.hosts.find((candidate) => candidate.name === name);
  if (host === undefined) throw new Error(`no host ${name} in the plan`);
  return host;
};

export const eventLog = (plan: Plan): LogDataset =>
  plan.datasets.find(({ name }) => name === "event_log") as LogDataset;

interface State {
  readonly resources: readonly {
    readonly type: string;
    readonly name: string;
    readonly instances: readonly { readonly attributes: Readonly<Record<string, unknown>> }[];
  }[];
}

/** Attributes of all resources of a type in a stack's Terraform state. */
export function stateOf(plan: Plan, stack: string, type: string): Readonly<Record<string, unknown>>[] {
  const state = JSON.parse(readFileSync(join(projectRoot(), plan.stateFolder, `${stack}.tfstate`), "utf8")) as State;
  return state.resources
    .filter((resource) => resource.type === type)
    .flatMap(({ instances }) => instances.map(({ attributes }) => attributes));
}

/** The proxy's public address, the only one of the pipeline. */
export function publicAddress(plan: Plan): string {
  const addresses = stateOf(plan, "transfer", "ncloud_public_ip").map((attributes) => String(attributes["public_ip"]));
  if (addresses.length !== 1)
    throw new Error(`public addresses in the state: ${addresses.join(", ") || "none"}; one is expected`);
  return addresses[0] as string;
}

export function manifest(): Manifest {
  const file = outputPath("transfer", "artifacts", "manifest.json");
  return JSON.parse(readFileSync(file, "utf8")) as Manifest;
}

/** Where a secret lies on a host, alone in its file. */
export function secretOn(host: string, secret: SecretName): string {
  const files = manifest().hosts.find(({ name }) => name === host)?.secretFiles ?? [];
  const found = files.find(
    ({ parts }) => parts.length === 1 && parts.some((part) => "secret" in part && part.secret === secret),
  );
  if (found === undefined) throw new Error(`${secret} is delivered to no file of its own on ${host}`);
  return found.path;
}

export interface Curled {
  /** The proxy's answer to CONNECT, 0 without one. */
  readonly connect: number;
  /** The server's answer, 0 without one. */
  readonly answer: number;
  readonly exit: number;
  readonly error: string;
}

/** Runs curl on a host, as root. */
export async function curl(host: string, args: readonly string[]): Promise<Curled> {
  const format = "%{http_connect} %{http_code}";
  const { stdout, stderr, code } = await hostExec(
    host,
    ["curl", "--silent", "--show-error", "--max-time", "8", "--output", "/dev/null", "--write-out", format, ...args],
    { allowFail: true },
  );
  const [connect, answer] = stdout.trim().split(" ").map(Number);
  return { connect: connect ?? 0, answer: answer ?? 0, exit: code, error: stderr.trim() };
}

/** Asks again until there is an answer. */
export async function until<T>(what: string, seconds: number, ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${seconds} s`);
    await sleep(1000);
  }
}

const program = join(projectRoot(), "sandbox", "rehearsal", "attempts.py");

/** Attempts from this machine (the operator's workstation) or from a network namespace. */
function attemptFrom(netns: string | undefined, attempts: Attempt[]): Outcome[] {
  const argv = ["python3", program, JSON.stringify(attempts)];
  const [cmd, args] = netns === undefined ? [argv[0], argv.slice(1)] : ["ip", ["netns", "exec", netns, ...argv]];
  const { stdout, stderr, status } = spawnSync(cmd as string, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Outcome[];
}

/** Those of the addresses' ports that answer, as "ADDRESS:PORT". */
export const reachedFrom = (netns: string | undefined, hosts: string[], ports: number[]): string[] =>
  attemptFrom(
    netns,
    hosts.flatMap((host) => ports.map((port): Attempt => ({ id: `${host}:${port}`, via: "direct", host, port }))),
  )
    .filter(({ outcome }) => outcome === "reached")
    .map(({ id }) => id);
