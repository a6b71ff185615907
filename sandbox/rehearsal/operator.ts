/** A command on a private host, as an operator runs it: his own ssh and key, proxy-1 as the way in, the pinned host keys. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { HostPlan, Plan } from "../../pipeline/plan-types";
import { projectRoot, sandboxPath } from "../paths";
import { run, type RunResult } from "../run";
import { secretPath } from "../secrets";
import { publicAddress } from "./state";

type Pins = Readonly<Record<string, { readonly keys: Readonly<Record<string, string>> }>>;

/** Lines of known_hosts under the hosts' short names, from what the deploy pinned. */
export function knownHosts(pins: Pins): string {
  return Object.entries(pins)
    .flatMap(([host, { keys }]) => Object.entries(keys).map(([type, key]) => `${host} ${type} ${key}\n`))
    .join("");
}

/** Options of ssh to one host; nothing of this machine's own settings or keys plays a part. */
const options = (host: string, pinned: string): string[] => [
  ...["-F", "none", "-i", secretPath("deploy"), "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes"],
  ...["-o", `UserKnownHostsFile=${pinned}`, "-o", "GlobalKnownHostsFile=none", "-o", "StrictHostKeyChecking=yes"],
  ...["-o", `HostKeyAlias=${host}`, "-o", "ConnectTimeout=15", "-o", "LogLevel=ERROR"],
];

/** Runs a shell command on a private host; an exit code other than 0 is the caller's to judge. */
export async function asOperator(plan: Plan, host: HostPlan, command: string): Promise<RunResult> {
  const proxy = plan.hosts.find(({ role }) => role === "proxy") as HostPlan;
  const pins = readFileSync(join(projectRoot(), plan.stateFolder, "pins", "transfer.json"), "utf8");
  const pinned = sandboxPath("run", "known_hosts");
  writeFileSync(pinned, knownHosts(JSON.parse(pins) as Pins));
  const jump = ["ssh", ...options(proxy.name, pinned), "-W", "%h:%p", `${plan.deployUser}@${publicAddress(plan)}`];
  const there = [...options(host.name, pinned), "-o", `ProxyCommand=${jump.map((word) => `'${word}'`).join(" ")}`];
  return run("ssh", [...there, `${plan.deployUser}@${host.address}`, command], { allowFail: true });
}
