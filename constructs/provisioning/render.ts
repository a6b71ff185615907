/**
 * Every file that lands on a host, rendered at synth from the plan alone. A table leads from a host's role to its jobs;
 * each job is an Ansible role of the same name and says which files, secrets and folders it needs.
 */
import type { SecretFile } from "../../pipeline/manifest";
import type { HostPlan, Plan, Role } from "../../pipeline/plan-types";
import { airflowJob } from "./render-airflow";
import { batchClientJob, isClientNode } from "./render-batch";
import { baseJob, firewallJob, packagesJob, sshdJob, timeJob, volumeJob } from "./render-base";
import { readRoleFile, renderTemplate } from "./render-engine";
import { ambariAgentJob, ambariServerJob, hadoopNodeJob } from "./render-hadoop";
import { javaJob, s3aJob } from "./render-java";
import { PLATFORMS } from "./render-platform";
import { postgresqlJob } from "./render-postgresql";
import { ambariRepositoryJob } from "./render-repository";
import { prestoJob } from "./render-presto";
import { rcloneJob, scheduleJob, squidJob, syncJob } from "./render-transfer";
import type { DeliveredFolder, FileSpec, Job, RenderedFile, RenderedHost, Scope, SecretSpec } from "./render-types";

export type { RenderedFile, RenderedHost } from "./render-types";

const JOBS = {
  base: baseJob,
  packages: packagesJob,
  time: timeJob,
  sshd: sshdJob,
  firewall: firewallJob,
  volume: volumeJob,
  squid: squidJob,
  rclone: rcloneJob,
  sync: syncJob,
  schedule: scheduleJob,
  java: javaJob,
  s3a: s3aJob,
  hadoop_node: hadoopNodeJob,
  postgresql: postgresqlJob,
  ambari_repository: ambariRepositoryJob,
  ambari_server: ambariServerJob,
  ambari_agent: ambariAgentJob,
  batch_client: batchClientJob,
  presto: prestoJob,
  airflow: airflowJob,
} as const satisfies Record<string, (scope: Scope) => Job>;

export type JobName = keyof typeof JOBS;

/** Names first, since the way to the packages is a name; packages before the first that installs any. */
const EVERY_HOST: readonly JobName[] = ["base", "packages", "time", "sshd", "firewall", "volume"];

const ROLE_JOBS: Readonly<Record<Role, readonly JobName[]>> = {
  proxy: [...EVERY_HOST, "squid"],
  sync: [...EVERY_HOST, "rclone", "sync", "schedule"],
  hdp: [
    ...EVERY_HOST,
    "java",
    "s3a",
    "hadoop_node",
    "postgresql",
    "ambari_repository",
    "ambari_server",
    "ambari_agent",
    "batch_client",
  ],
  presto: [...EVERY_HOST, "java", "presto"],
  airflow: [...EVERY_HOST, "java", "postgresql", "airflow"],
};

/** Jobs that not every host of a role has. */
const ONLY: Partial<Record<JobName, (plan: Plan, host: HostPlan) => boolean>> = {
  volume: (_, { volume }) => volume !== undefined,
  postgresql: ({ cluster }, { name, role }) => role !== "hdp" || name === cluster?.server,
  batch_client: isClientNode,
  ambari_server: ({ cluster }, { name }) => name === cluster?.server,
};

export function jobsOf(plan: Plan, host: HostPlan): JobName[] {
  return ROLE_JOBS[host.role].filter((job) => ONLY[job]?.(plan, host) ?? true);
}

const isProgram = ({ source = "" }: FileSpec): boolean => source.endsWith(".py");

function renderFile(role: string, spec: FileSpec, scope: Scope): RenderedFile {
  const { path, owner = "root", group = "root", mode = "0644", notify = [], code = isProgram(spec) } = spec;
  const content =
    spec.content ??
    (spec.source === undefined
      ? renderTemplate(`roles/${role}/templates/${spec.template}`, { ...scope, ...spec.context })
      : readRoleFile(role, spec.source));
  return { path, owner, group, mode, role, notify, content, code };
}

function secretFile(role: string, spec: SecretSpec): SecretFile {
  const { path, parts, owner = "root", group = "root", mode = "0600", notify = [] } = spec;
  return { path, owner, group, mode, parts, role, notify };
}

const folder = (role: string, spec: NonNullable<Job["folders"]>[number]): DeliveredFolder => ({
  owner: "root",
  group: "root",
  mode: "0755",
  ...spec,
  role,
});

const byPath = <T extends { readonly path: string }>(items: readonly T[]): T[] =>
  [...items].sort((a, b) => (a.path < b.path ? -1 : 1));

/** Everything that a host gets. Pure: the same plan and templates give the same bytes. */
export function renderHost(plan: Plan, host: HostPlan): RenderedHost {
  const scope: Scope = { plan, host, platform: PLATFORMS[host.image.family], proxy: proxyOf(plan) };
  const roles = jobsOf(plan, host);
  const jobs = roles.map((role): [string, Job] => [role, JOBS[role](scope)]);
  const folders = jobs.flatMap(([role, job]) => (job.folders ?? []).map((spec) => folder(role, spec)));
  const prune = jobs.flatMap(([, job]) => job.prune ?? []);
  return {
    roles,
    vars: Object.assign(
      { deliver_roles: roles, deliver_folders: folders, deliver_prune: prune },
      ...jobs.map(([, job]) => job.vars ?? {}),
    ) as Record<string, unknown>,
    files: byPath(jobs.flatMap(([role, job]) => (job.files ?? []).map((spec) => renderFile(role, spec, scope)))),
    secretFiles: byPath(jobs.flatMap(([role, job]) => (job.secretFiles ?? []).map((spec) => secretFile(role, spec)))),
  };
}

/** The host that all others go through: the bastion, and the way out. */
export function proxyOf(plan: Plan): HostPlan {
  const proxy = plan.hosts.find((host) => host.name === plan.proxy.active);
  if (proxy === undefined)
    throw new Error(
      `the plan has no host ${plan.proxy.active}, which is its proxy (there are ${plan.hosts.map((host) => host.name).join(", ") || "none"})`,
    );
  return proxy;
}

/**
 * The script that a server runs once, at its first boot. It depends on the deploying operator alone: another script
 * would replace the server (ncloud 4.0.5: init_script_no).
 */
export function renderInitScript(plan: Plan): string {
  const operator = plan.operators.find(({ name }) => name === plan.deployUser);
  if (operator === undefined)
    throw new Error(
      `deploy user ${plan.deployUser} is not among the operators (${plan.operators.map(({ name }) => name).join(", ")})`,
    );
  return renderTemplate("init/init.sh.j2", { user: shellWord(operator.name), key: shellWord(operator.publicKey) });
}

/** A text as one word of a shell, whatever is in it. */
const shellWord = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
