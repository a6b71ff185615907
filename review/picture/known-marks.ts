/** What a report knows of hosts and buckets beyond the two plans: which are replaced, and whose files or resources change. */
import type { Report, ResourceChange } from "../report";
import type { KnownMarks } from "./compare";
import type { Mark } from "./marks";

const SERVERS = /^ncloud_server\./;

/** Whether a resource belongs to the construct of this name in its stack: "transfer/sync-1/server" to "sync-1". */
const belongsTo = ({ construct, address }: ResourceChange, name: string): boolean =>
  construct === undefined
    ? address
        .replace(/^data\./, "")
        .split(".")[1]
        ?.split("_")[0] === name
    : construct.split("/")[1] === name;

/** Marks of lines ("host:sync-1") and boxes ("bucket:NAME"). */
export function knownMarks({ stacks, files, plans }: Report): KnownMarks {
  const resources = stacks
    .flatMap((stack) => stack.resources)
    .filter(({ routine, block }) => routine !== true && block === "resource");
  const marks = new Map<string, Mark>();
  const mark = (key: string, own: readonly ResourceChange[], replaces: (change: ResourceChange) => boolean): void => {
    if (own.some((change) => change.action === "replaced" && replaces(change))) marks.set(key, "replaced");
    else if (own.some(({ action }) => action !== "moved")) marks.set(key, "changed");
  };
  for (const { name } of plans.after?.hosts ?? []) {
    if (files.some(({ hosts }) => hosts.includes(name))) marks.set(`host:${name}`, "changed");
    mark(
      `host:${name}`,
      resources.filter((change) => belongsTo(change, name)),
      ({ address }) => SERVERS.test(address),
    );
  }
  for (const { name, purpose } of plans.after?.buckets ?? [])
    mark(
      `bucket:${name}`,
      resources.filter((change) => /^ncloud_objectstorage/.test(change.address) && belongsTo(change, purpose)),
      () => true,
    );
  return marks;
}
