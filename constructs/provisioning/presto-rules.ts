/** Who may do what in Presto, and what they share: the files of its access controls and resource groups, as values. */
import type { PrestoMemory } from "../../pipeline/presto-memory";
import { BATCH } from "./render-batch";

/**
 * Of the whole server: nobody becomes another user (a client names the user that it wants to be, beside the one whose
 * password it has), and nobody but batch writes anywhere. A node's certificate is no user: its name has a = in it.
 */
export const systemRules = (): object => ({
  catalogs: [
    { user: BATCH, catalog: ".*", allow: "all" },
    { catalog: ".*", allow: "read-only" },
  ],
  principals: [{ principal: "([A-Za-z0-9._-]+)", principal_to_user: "$1", allow: true }],
});

/** Of Hive's tables: people read. */
export const hiveRules = (): object => ({
  schemas: [
    { user: BATCH, schema: ".*", owner: true },
    { schema: ".*", owner: false },
  ],
  tables: [
    { user: BATCH, privileges: ["SELECT", "INSERT", "DELETE", "UPDATE", "OWNERSHIP"] },
    { privileges: ["SELECT"] },
  ],
});

/** Jobs and people share the memory; no person takes more than half of what people have together. */
export const resourceGroups = ({ queries }: PrestoMemory): object => ({
  rootGroups: [
    {
      name: "etl",
      softMemoryLimit: "60%",
      hardConcurrencyLimit: queries / 2,
      maxQueued: 1000,
      schedulingPolicy: "fair",
    },
    {
      name: "adhoc",
      softMemoryLimit: "40%",
      hardConcurrencyLimit: queries / 2,
      maxQueued: 200,
      schedulingPolicy: "fair",
      subGroups: [{ name: "${USER}", softMemoryLimit: "20%", hardConcurrencyLimit: queries / 4, maxQueued: 20 }],
    },
  ],
  selectors: [{ user: BATCH, group: "etl" }, { group: "adhoc.${USER}" }],
});
