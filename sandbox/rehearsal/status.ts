/** What of a sandbox is there, and whether it is well. */
import { existsSync, readdirSync } from "node:fs";
import { hostPid, listHosts } from "../hosts";
import { sandboxHome, sandboxPath } from "../paths";
import { detachedPid, run } from "../run";
import { sandboxNames } from "./down";
import { holder, type Holder } from "./lock";

export interface SandboxStatus {
  readonly up: boolean;
  readonly holder?: Holder;
  readonly home: string;
  /** Servers that Terraform made. */
  readonly hosts: readonly { readonly name: string; readonly running: boolean }[];
  /** Background programs that `up` started. */
  readonly services: readonly { readonly name: string; readonly pid: number | null }[];
  readonly networks: readonly string[];
  /** What is wrong; empty when all is well. */
  readonly problems: readonly string[];
}

export async function sandboxStatus(): Promise<SandboxStatus> {
  const held = holder();
  const names = await listHosts();
  const hosts = await Promise.all(names.map(async (name) => ({ name, running: (await hostPid(name)) !== undefined })));
  const services = recordedServices().map((name) => ({ name, pid: detachedPid(name) ?? null }));
  const networks = sandboxNames((await run("ip", ["netns", "list"])).stdout).sort();
  const problems = [
    ...hosts.filter(({ running }) => !running).map(({ name }) => `host ${name} is not running`),
    ...services
      .filter(({ pid }) => pid === null)
      .map(({ name }) => `${name} has ended; see ${sandboxPath("log", `${name}.log`)}`),
    ...(held !== undefined && networks.length === 0
      ? ["the machine is claimed, but no network is up; was it restarted?"]
      : []),
    ...(held === undefined && networks.length > 0 ? [`networks are left over: ${networks.join(", ")}`] : []),
  ];
  return {
    up: held !== undefined,
    ...(held === undefined ? {} : { holder: held }),
    home: sandboxHome(),
    hosts,
    services,
    networks,
    problems,
  };
}

function recordedServices(): string[] {
  const folder = sandboxPath("run");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(".pid"))
    .map((file) => file.slice(0, -".pid".length))
    .sort();
}

export function statusInWords(status: SandboxStatus): string {
  const { holder: held, hosts, services, networks, problems } = status;
  const rows = [
    held === undefined ? "no sandbox is up on this machine" : `sandbox of ${held.project}, since ${held.since}`,
    ...(held?.pid === undefined ? [] : [`  working on it: process ${held.pid}`]),
    ...(held === undefined
      ? []
      : [
          `  hosts     ${hosts.map(({ name, running }) => (running ? name : `${name} (not running)`)).join(", ") || "none yet"}`,
        ]),
    ...(services.length === 0
      ? []
      : [`  services  ${services.map(({ name, pid }) => `${name} ${pid ?? "(ended)"}`).join(", ")}`]),
    ...(networks.length === 0 ? [] : [`  networks  ${networks.join(", ")}`]),
    ...problems.map((problem) => `problem: ${problem}`),
    ...(problems.length === 0 ? [] : ["try: npx aws2ncp sandbox up, or down and up"]),
  ];
  return rows.join("\n");
}
