/** The facts that the steps ask for, each once: synth, states, results of deliveries, and hosts by ssh through the bastion. */
import { dirname, join, resolve } from "node:path";
import { HookError } from "../../hooks/errors";
import { readResults } from "../../hooks/deliver/results";
import { Ways } from "../../metastore/ways";
import type { Plan } from "../../pipeline/plan-types";
import { ROLES } from "../../pipeline/roles";
import { once } from "../doctor/facts";
import { readStates } from "../doctor/states";
import { synthResources } from "../doctor/synth";
import { demandSecrets } from "../secrets";
import { healthOf, HEALTH_COMMAND } from "./health";
import type { Delivered, StatusContext } from "./types";

export interface ContextOptions {
  readonly plan: Plan;
  /** The pipeline file, as it was given. */
  readonly file: string;
  readonly env: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  /** Port of sshd on every host. @default 22 */
  readonly port?: number;
}

export interface OpenContext extends StatusContext {
  /** Ends its connections. */
  close(): void;
}

/** `npx aws2ncp WORDS`, with the pipeline file where it is not the usual one. */
export const commandFor = (words: string, file: string): string =>
  `npx aws2ncp ${words}${file === "pipeline.yaml" ? "" : ` --pipeline ${file}`}`;

export function contextOf({ plan, file, env, say, signal, port }: ContextOptions): OpenContext {
  const root = dirname(resolve(file));
  const state = join(root, plan.stateFolder);
  const again = commandFor("status", file);
  const delivered = (name: string): Delivered | undefined => {
    const role = plan.hosts.find((host) => host.name === name)?.role;
    const result = role === undefined ? undefined : readResults(state, ROLES[role].stack);
    const host = result?.hosts.find((each) => each.name === name);
    return result === undefined || host === undefined
      ? undefined
      : { ...host, started: result.started, bastionAddress: result.bastionAddress };
  };
  let opened: Ways | undefined;
  const ways = once(async () => {
    const secrets = await demandSecrets(plan, ["deploy_ssh_key"], root, signal).catch((error: Error) => {
      const [headline = "", problem = headline] = error.message.split("\n");
      throw new HookError(`no way to the hosts: ${problem.trim()}`, [], `npx aws2ncp doctor ${file} --only secrets`);
    });
    const key = secrets.get("deploy_ssh_key") ?? "";
    return (opened = new Ways({ plan, key, state, again, say, signal, ...(port === undefined ? {} : { port }) }));
  });
  const run: StatusContext["run"] = async (host, command) => (await ways()).run(host, command);
  const sync = plan.hosts.find(({ role }) => role === "sync")?.name ?? "";
  return {
    plan,
    state,
    synth: once(() => synthResources(file, { env, signal })),
    states: once(() => readStates(plan, root, env)),
    run,
    health: once(async () => healthOf(await run(sync, HEALTH_COMMAND))),
    sshTo: (name) => {
      const host = delivered(name);
      const user = plan.deployUser;
      return host === undefined ? `ssh ${user}@${name}` : `ssh -J ${user}@${host.bastionAddress} ${user}@${host.ip}`;
    },
    again,
    jobsOn: commandFor("jobs on", file),
    delivered,
    close: () => opened?.close(),
  };
}
