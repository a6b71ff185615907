/** Renders what the Ambari hook reads, from the plan alone. */
import { AMBARI_FILES, type AmbariClusterFile } from "../../pipeline/hadoop/ambari-files";
import { stackOf } from "../../pipeline/hadoop/distributions";
import { groupsOf, WORKERS } from "../../pipeline/hadoop/placement";
import {
  blueprintNameOf,
  blueprintOf,
  componentCountsOf,
  creationTemplateOf,
  textOf,
  versionDefinitionOf,
} from "../../pipeline/hadoop/render";
import { secretsIn } from "../../pipeline/hadoop/secrets";
import { componentOf } from "../../pipeline/hadoop/stacks";
import { PORTS } from "../../pipeline/limits";
import type { ClusterPlan, Plan, SecretRef } from "../../pipeline/plan-types";
import { sortedJson } from "../provisioning/render-engine";

const ADMIN_PASSWORD = "ambari_admin_password";

export interface AmbariFiles {
  /** Content by name. */
  readonly files: Readonly<Record<string, string>>;
  /** Secrets that the hook needs. */
  readonly secrets: readonly SecretRef[];
}

/** @throws Error when the pipeline file has no reference for a secret of the cluster */
export function ambariFilesOf(plan: Pick<Plan, "secrets">, { spec, server }: ClusterPlan): AmbariFiles {
  const stack = stackOf(spec.distribution);
  const template = creationTemplateOf(spec);
  const secrets = [ADMIN_PASSWORD, ...secretsIn(template)].sort().map((name) => {
    const ref = plan.secrets.find((each) => each.name === name);
    if (ref === undefined) throw new Error(`secrets.${name} is missing\n  try: add it to the pipeline file`);
    return ref;
  });
  const names = new Set(groupsOf(spec).flatMap(({ components }) => components));
  const cluster: AmbariClusterFile = {
    version: 1,
    name: spec.name,
    server,
    port: PORTS.pages,
    admin: { user: "admin", password: ADMIN_PASSWORD },
    blueprint: blueprintNameOf(spec),
    repository: { stack: stack.name, stackVersion: stack.version, version: spec.repository.version },
    components: componentCountsOf(spec),
    clients: [...names].filter((name) => componentOf(stack, name)?.category === "CLIENT").sort(),
    workers: WORKERS,
    secrets,
  };
  return {
    files: {
      [AMBARI_FILES.cluster]: sortedJson(cluster),
      [AMBARI_FILES.blueprint]: textOf(blueprintOf(spec)),
      [AMBARI_FILES.template]: textOf(template),
      [AMBARI_FILES.versionDefinition]: versionDefinitionOf(spec),
    },
    secrets,
  };
}
