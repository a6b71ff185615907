/** What agents ask of the server: paths below /agent, JSON. An agent that the server does not know registers (again). */
import { createHash } from "node:crypto";
import { z } from "zod";
import type { HostDefinition, Task } from "./cluster";
import type { AmbariModel } from "./model";

const registration = z.strictObject({ host: z.string().min(1) });
const heartbeat = z.strictObject({
  host: z.string().min(1),
  /** Hash of the definition that it has. */
  definition: z.string(),
  /** Tasks that it has, and not told yet. */
  working: z.array(z.int()),
  reports: z.array(z.strictObject({ task: z.int(), exit_code: z.int(), stdout: z.string(), stderr: z.string() })),
  /** Whether each component that should run does; only of those that were looked at. */
  alive: z.record(z.string(), z.boolean()),
});

export type Heartbeat = z.output<typeof heartbeat>;

export interface AgentCommand {
  readonly task: number;
  readonly command: Task["command"];
  readonly component: string;
  /** For how long a failed one is tried again. */
  readonly retry_seconds: number;
}

export interface AgentAnswer {
  readonly registered: boolean;
  /** Only if it is another than the agent has. */
  readonly definition?: HostDefinition & { readonly hash: string };
  readonly commands: readonly AgentCommand[];
}

/** @throws z.ZodError on what no agent says; undefined for an unknown path */
export function answerAgent(model: AmbariModel, path: string, body: unknown): AgentAnswer | undefined {
  if (path === "/agent/register") {
    model.register(registration.parse(body).host);
    return { registered: true, commands: [] };
  }
  return path === "/agent/heartbeat" ? beat(model, heartbeat.parse(body)) : undefined;
}

function beat(model: AmbariModel, { host, definition: known, working, reports, alive }: Heartbeat): AgentAnswer {
  const cluster = model.clusterOf(host);
  for (const { task, exit_code, stdout, stderr } of reports)
    cluster?.report(task, { exitCode: exit_code, stdout, stderr });
  if (!model.isRegistered(host)) return { registered: false, commands: [] };
  if (cluster === undefined) return { registered: true, commands: [] };
  cluster.alive(host, alive);
  const inHand = working.filter((task) => !reports.some((report) => report.task === task));
  const tasks = cluster.take(host, inHand);
  const definition = cluster.definitionOf(host)!;
  const commands = tasks.map((task) => commandOf(definition, task));
  const hash = hashOf(definition);
  return { registered: true, ...(hash === known ? {} : { definition: { ...definition, hash } }), commands };
}

const hashes = new WeakMap<HostDefinition, string>();

function hashOf(definition: HostDefinition): string {
  const known = hashes.get(definition) ?? createHash("sha256").update(JSON.stringify(definition)).digest("hex");
  hashes.set(definition, known);
  return known;
}

function commandOf({ configuration }: HostDefinition, { id, command, role }: Task): AgentCommand {
  const env = configuration["cluster-env"] ?? {};
  const retried = env["command_retry_enabled"] === "true" && env["commands_to_retry"]?.split(",").includes(command);
  const seconds = Number(env["command_retry_max_time_in_sec"]);
  return { task: id, command, component: role, retry_seconds: retried === true && seconds > 0 ? seconds : 0 };
}
