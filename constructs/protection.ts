/**
 * Two consents before anything that can't be made again goes. The first names it in cdktf.json, in a reviewed change of
 * its own, and is applied:
 *
 *     "context": { "retire": ["storage/event_log", "transfer/sync-1"] }
 *
 * The second takes it out of the pipeline file. Without the first, protection on the platform (servers, volumes) and
 * Terraform's `prevent_destroy` stop the plan or the apply.
 */
import type { TerraformResourceLifecycle } from "cdktf";
import type { IConstruct } from "constructs";

/** Key of the context in cdktf.json that lists paths of constructs; what lies below a path goes with it. */
export const RETIRE = "retire";

/** Whether the construct, or one that it is a part of, is named for retirement. */
export function isRetired(construct: IConstruct): boolean {
  const listed: unknown = construct.node.tryGetContext(RETIRE) ?? [];
  if (!Array.isArray(listed) || !listed.every((path) => typeof path === "string"))
    throw new Error(
      `cdktf.json: context.${RETIRE}: ${JSON.stringify(listed)} is no list of construct paths\n` +
        `  allowed: paths such as "storage/event_log"\n  try: "context": { "${RETIRE}": [] }`,
    );
  const { path } = construct.node;
  return listed.some((retired) => path === retired || path.startsWith(`${retired}/`));
}

/** Lifecycle of a resource that must not go by accident, beside whatever else is asked of it. */
export function protectedLifecycle(
  construct: IConstruct,
  more: TerraformResourceLifecycle = {},
): TerraformResourceLifecycle {
  return isRetired(construct) ? more : { ...more, preventDestroy: true };
}
