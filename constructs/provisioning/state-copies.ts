/**
 * Before an apply changes anything in a stack, a program copies the stack's state and sees that nobody else may write it
 * (hooks/before). Bare `cdktf deploy` does this, by two resources that every stack gets:
 *
 * - `terraform_data.before_changes`: every other resource depends on it, so it stands before all that is made or changed.
 * - `terraform_data.before_removals`: it depends on every other resource, so it is the first that goes, and its program runs then:
 *   Terraform removes a resource before those that it depends on, and so removes and replaces ahead of `before_changes`.
 *
 * Both are replaced when the stack's configuration changes in any way, and then alone: no resource is replaced because one that it
 * depends on is, and no data source is put off, since none depends on either. An apply of the same configuration, as one that
 * resumes or that undoes a drift, replaces neither: the newest copy is then the one from before the last change.
 */
import { createHash } from "node:crypto";
import type { Plan } from "../../pipeline/plan-types";
import { sortedJson } from "./render-engine";

const FIRST = "before_changes";
const LAST = "before_removals";
const TYPE = "terraform_data";

/** A stack as Terraform's JSON. */
export interface StackJson {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, ResourceJson>>>>;
  readonly [block: string]: unknown;
}

interface ResourceJson {
  readonly depends_on?: readonly string[];
  readonly [argument: string]: unknown;
}

export interface StateCopiesProps {
  readonly plan: Pick<Plan, "name" | "stateFolder" | "remoteState">;
  readonly stack: string;
  /** From the stack's folder to the clone's. */
  readonly root: string;
}

/** The same stack with the two resources, and with every other one depending on the first. */
export function withStateCopies(stack: StackJson, props: StateCopiesProps): StackJson {
  const triggers = {
    configuration: createHash("sha256")
      .update(sortedJson(withoutComments(stack)))
      .digest("hex"),
  };
  const { [TYPE]: ownData = {}, ...others } = afterFirst(stack.resource ?? {});
  const first = { triggers_replace: triggers, provisioner: [program(props)] };
  const addresses = Object.entries({ ...others, [TYPE]: { ...ownData, [FIRST]: first } }).flatMap(([type, named]) =>
    Object.keys(named).map((name) => `${type}.${name}`),
  );
  const last = {
    triggers_replace: triggers,
    depends_on: addresses.sort(),
    provisioner: [program(props, { when: "destroy" })],
  };
  return { ...stack, resource: { ...others, [TYPE]: { ...ownData, [FIRST]: first, [LAST]: last } } };
}

function afterFirst(resources: NonNullable<StackJson["resource"]>): Record<string, Record<string, ResourceJson>> {
  const depending = (given: ResourceJson): ResourceJson => ({
    ...given,
    depends_on: [...(given.depends_on ?? []), `${TYPE}.${FIRST}`].sort(),
  });
  return mapValues(resources, (named) => mapValues(named, depending));
}

/** Told where the state is by its environment, and nothing that is secret: the bucket's key comes from a profile. */
function program({ plan, stack, root }: StateCopiesProps, when: { readonly when?: "destroy" } = {}): unknown {
  const place =
    plan.remoteState === undefined ? { folder: `${root}/${plan.stateFolder}` } : { remote: plan.remoteState };
  return {
    "local-exec": {
      ...when,
      // `exec`: Terraform's signals reach the program, not a shell in between.
      command: `exec node ${root}/dist/hooks/before/main.js`,
      environment: { AWS2NCP_STATE: JSON.stringify({ pipeline: plan.name, stack, ...place }) },
    },
  };
}

/** cdktf's comments name its version and constructs: no change of what Terraform does. */
function withoutComments(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutComments);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "//")
      .map(([key, inner]) => [key, withoutComments(inner)]),
  );
}

const mapValues = <From, To>(record: Readonly<Record<string, From>>, to: (value: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value)]));
