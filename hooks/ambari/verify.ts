/**
 * After all is installed: was the configuration resolved? When the stack's advisor fails, Ambari only logs it, makes HDFS at
 * localhost, and ends with COMPLETED.
 */
import { HookError } from "../errors";
import type { Ambari } from "./api";
import { configurationOf, tagsOf, type Configuration } from "./look";
import type { Run } from "./run";

const RESOLVED = "TOPOLOGY_RESOLVED";
const RESOLVED_TYPE = "core-site";

/** Where an address of another host would stand. Files as a whole (`content`) and what only Ranger reads hold examples. */
const isAddressed = (type: string, property: string): boolean =>
  /-(site|defaults)$/.test(type) && !type.startsWith("ranger-") && property !== "content";

const LOCAL = /(^|[/@,;=\s])(localhost|127\.0\.0\.1)([:/,;\s]|$)/i;

/** Properties that name the local host, "core-site/fs.defaultFS: hdfs://localhost:8020". */
export function localAddresses(configuration: Configuration): string[] {
  return Object.entries(configuration)
    .flatMap(([type, properties]) =>
      Object.entries(properties)
        .filter(([name, value]) => isAddressed(type, name) && LOCAL.test(value))
        .map(([name, value]) => `${type}/${name}: ${value}`),
    )
    .sort();
}

/** @throws HookError when it was not resolved */
export async function verifyTopology(api: Ambari, run: Run): Promise<void> {
  const tags = await tagsOf(api, run.cluster, RESOLVED_TYPE);
  const wrong = localAddresses(await configurationOf(api, run.cluster));
  if (tags.includes(RESOLVED) && wrong.length === 0) return;
  throw new HookError(
    `${run.cluster}: its configuration was not resolved to its hosts`,
    [
      ...(tags.includes(RESOLVED)
        ? []
        : [`${RESOLVED_TYPE}: no version with the tag ${RESOLVED}; found: ${tags.join(", ") || "none"}`]),
      ...wrong.slice(0, 20),
      ...(wrong.length > 20 ? [`and ${wrong.length - 20} more`] : []),
      "Ambari does that when a host was not registered as the cluster was made, or its advisor failed: ambari-server.log says why",
    ],
    `a cluster without data: stop its services and delete it in Ambari, then run: ${run.again}; one with data: correct the values in Ambari, then run it`,
  );
}
