/** Reads the folder that synth wrote for this hook, and what follows from it: which component belongs where, in which state. */
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { z } from "zod";
import { AMBARI_FILES, type AmbariClusterFile } from "../../pipeline/hadoop/ambari-files";
import { SECRET_NAMES } from "../../pipeline/plan-types";
import { HookError } from "../errors";

/** A component on a host, and the state in which it is done. */
export interface WantedComponent {
  readonly host: string;
  readonly component: string;
  readonly goal: "INSTALLED" | "STARTED";
}

export interface WantedHost {
  /** Full name, in lower case as Ambari keeps it. */
  readonly fqdn: string;
  readonly group: string;
}

export interface AmbariFolder {
  readonly cluster: AmbariClusterFile;
  /** Body of POST /blueprints/NAME. */
  readonly blueprintText: string;
  readonly blueprint: Blueprint;
  /** Body of POST /clusters/NAME without the number of the version; names secrets where their values belong. */
  readonly template: Readonly<Record<string, unknown>>;
  /** Body of POST /version_definitions. */
  readonly versionDefinition: string;
  readonly hosts: readonly WantedHost[];
  readonly components: readonly WantedComponent[];
}

const configurations = z.array(
  z.record(z.string(), z.looseObject({ properties: z.record(z.string(), z.string()).default({}) })),
);
const blueprintSchema = z.looseObject({
  configurations: configurations.default([]),
  host_groups: z
    .array(
      z.looseObject({
        name: z.string().min(1),
        components: z.array(z.looseObject({ name: z.string().min(1) })).min(1),
        configurations: configurations.default([]),
      }),
    )
    .min(1),
});
/** As Ambari takes and gives it. */
export type Blueprint = z.output<typeof blueprintSchema>;

/** A blueprint as GET shows it. */
export const readBlueprint = (body: unknown): Blueprint => blueprintSchema.parse(body);

const templateSchema = z.looseObject({
  host_groups: z
    .array(
      z.looseObject({ name: z.string().min(1), hosts: z.array(z.looseObject({ fqdn: z.string().min(1) })).min(1) }),
    )
    .min(1),
});

const count = z.int().min(1);
const clusterSchema = z.strictObject({
  version: z.literal(1),
  name: z.string().min(1),
  server: z.string().min(1),
  port: z.int().min(1).max(65535),
  admin: z.strictObject({ user: z.string().min(1), password: z.literal("ambari_admin_password") }),
  blueprint: z.string().min(1),
  repository: z.strictObject({
    stack: z.string().min(1),
    stackVersion: z.string().min(1),
    version: z.string().min(1),
  }),
  components: z.strictObject({ installed: count, started: count }),
  clients: z.array(z.string()),
  workers: z.string().min(1),
  secrets: z.array(z.strictObject({ name: z.enum(SECRET_NAMES), from: z.string().min(1), version: z.int().min(1) })),
});

/** @throws HookError with everything that is wrong */
export function loadFolder(folder: string): AmbariFolder {
  const where = relative(process.cwd(), folder) || folder;
  const again = "make the files anew with: npx cdktf synth";
  const wrong: string[] = [];
  const text = (name: string): string => {
    try {
      return readFileSync(join(folder, name), "utf8");
    } catch (error) {
      wrong.push(`${name}: ${(error as Error).message}`);
      return "{}";
    }
  };
  const parsed = <T>(name: string, schema: z.ZodType<T>): T | undefined => {
    try {
      return schema.parse(JSON.parse(text(name)));
    } catch (error) {
      if (error instanceof z.ZodError)
        wrong.push(
          ...error.issues.map(({ path, message }) => `${name}: ${path.join(".") || "whole file"}: ${message}`),
        );
      else wrong.push(`${name}: ${(error as Error).message}`);
      return undefined;
    }
  };
  const cluster = parsed(AMBARI_FILES.cluster, clusterSchema);
  const blueprint = parsed(AMBARI_FILES.blueprint, blueprintSchema);
  const template = parsed(AMBARI_FILES.template, templateSchema);
  const versionDefinition = text(AMBARI_FILES.versionDefinition);
  if (cluster === undefined || blueprint === undefined || template === undefined || wrong.length > 0)
    throw new HookError(`${where}: these are not the files of this version`, wrong, again, 2);
  const hosts = template.host_groups.flatMap(({ name, hosts: all }) =>
    all.map(({ fqdn }): WantedHost => ({ fqdn: fqdn.toLowerCase(), group: name })),
  );
  const components = hosts.flatMap(({ fqdn, group }) =>
    componentsOf(blueprint, group).map((component): WantedComponent => ({
      host: fqdn,
      component,
      goal: cluster.clients.includes(component) ? "INSTALLED" : "STARTED",
    })),
  );
  const counts = { installed: components.length, started: components.filter(({ goal }) => goal === "STARTED").length };
  if (counts.installed !== cluster.components.installed || counts.started !== cluster.components.started)
    throw new HookError(
      `${where}: blueprint and template make ${counts.installed} components, ${counts.started} of which run`,
      [`${AMBARI_FILES.cluster}: ${cluster.components.installed} and ${cluster.components.started}`],
      again,
      2,
    );
  return {
    cluster,
    blueprintText: text(AMBARI_FILES.blueprint),
    blueprint,
    template,
    versionDefinition,
    hosts,
    components,
  };
}

/** Names of a group's components. */
export const componentsOf = ({ host_groups }: Pick<Blueprint, "host_groups">, group: string): string[] =>
  host_groups.find(({ name }) => name === group)?.components.map(({ name }) => name) ?? [];
