/** The sandbox that `aws2ncp sandbox rehearse` left up, as these tests ask it. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Manifest } from "../../../pipeline/manifest";
import type { DatasetPlan, LogDataset, HostPlan, Plan, SecretName } from "../../../pipeline/plan-types";
import { hostExec } from "../../../sandbox/hosts";
import { outputPath, projectRoot, sandboxPath } from "../../../sandbox/paths";
import { deliveredHosts, deploy, TRANSFER_STACK } from "../../../sandbox/rehearsal/deploy";
import type { Attempt, Outcome } from "../../../sandbox/rehearsal/probe";
import { examplePlan } from "../../../sandbox/rehearsal/up";

export { publicAddress, stateOf } from "../../../sandbox/rehearsal/state";

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

export const datasetNamed = (plan: Plan, name: string): DatasetPlan => {
  const dataset = plan.datasets.find((candidate) => candidate.name === name);
  if (dataset === undefined) throw new Error(`no dataset ${name} in the plan`);
  return dataset;
};

export const eventLog = (plan: Plan): LogDataset => datasetNamed(plan, "event_log") as LogDataset;

/** What a stack's hook delivers. */
export function manifest(stack = TRANSFER_STACK): Manifest {
  const file = outputPath(stack, "artifacts", "manifest.json");
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

/**
 * Runs a dataset's job as cron does, but now: a run of cron's that is under way began too early to tell of anything, so its end
 * is waited for. @throws when the run fails
 */
export async function syncNow(host: string, dataset: string): Promise<void> {
  const busy = 75;
  await until(`a run of ${dataset}`, 120, async () => {
    const { code, stdout, stderr } = await hostExec(host, ["sudo", "-u", "aws2ncp", "aws2ncp-sync", dataset], {
      allowFail: true,
    });
    if (code !== 0 && code !== busy) throw new Error(`aws2ncp-sync ${dataset}: exit ${code}\n${stderr || stdout}`);
    return code === 0 ? true : undefined;
  });
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
export function attemptFrom(netns: string | undefined, attempts: Attempt[]): Outcome[] {
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

/** One text of the pipeline file and what stands in its place. */
export type Replacement = readonly [text: string, by: string];

/** Beside the original: the paths in it start from its folder. */
const changedFile = "pipeline.e2e.yaml";

/** Deploys the example with texts replaced, and deploys it as it was in the end. */
export class ChangedPipeline {
  private asItWas = true;

  /** `stack`: the only one that the texts concern. */
  constructor(
    private readonly plan: Plan,
    private readonly log: string,
    private readonly stack?: string,
  ) {}

  /** @returns the files that the delivery changed, by host */
  async deployWith(...replacements: readonly Replacement[]): Promise<Record<string, string[]>> {
    const original = readFileSync(join(projectRoot(), "pipeline.yaml"), "utf8");
    const text = replacements.reduce((source, [from, to]) => {
      if (source.split(from).length !== 2) throw new Error(`pipeline.yaml has not once: ${from}`);
      return source.replace(from, to);
    }, original);
    writeFileSync(join(projectRoot(), changedFile), text);
    this.asItWas = false;
    const app = `node dist/main.js ${changedFile}`;
    const only = this.stack === undefined ? {} : { stack: this.stack };
    await deploy(() => undefined, sandboxPath("log", this.log), { app, ...only });
    this.asItWas = replacements.length === 0;
    return Object.fromEntries(
      deliveredHosts(this.plan, [this.stack ?? TRANSFER_STACK]).map(({ name, changedTasks }) => [
        name,
        changedTasks.flatMap(({ files = [] }) => files),
      ]),
    );
  }

  /** For afterAll. */
  async restore(): Promise<void> {
    if (!this.asItWas) await this.deployWith();
    rmSync(join(projectRoot(), changedFile), { force: true });
  }
}

/** curl on sync-1 through port A with the pipeline's own trust, to a URL; `args` say with which certificate. */
export function throughPortA(plan: Plan, url: string, ...args: string[]): Promise<Curled> {
  const ca = secretOn("sync-1", "trust_bundle");
  const proxy = `https://${hostNamed(plan, plan.proxy.active).fqdn}:${plan.proxy.portA}`;
  return curl("sync-1", ["--proxy", proxy, "--proxy-cacert", ca, "--cacert", ca, ...args, url]);
}

/** A pair of this machine's on sync-1, for the length of one attempt: paths without .crt and .key. */
export async function withCertificate<T>(path: string, use: (args: string[]) => Promise<T>): Promise<T> {
  const file = "/run/e2e-client.pem";
  const pem = ["crt", "key"].map((kind) => readFileSync(`${path}.${kind}`, "utf8")).join("\n");
  await hostExec("sync-1", ["sh", "-c", `umask 077; cat > ${file}`], { input: pem });
  try {
    return await use(["--proxy-cert", file]);
  } finally {
    await hostExec("sync-1", ["rm", "-f", file]);
  }
}
