/** What a check is given in tests: the example's plan, and facts that the test makes up. */
import type { Check, DoctorContext, Said } from "../../../ops/doctor/types";
import type { States } from "../../../ops/doctor/states";
import type { SecretName } from "../../../pipeline/plan-types";
import { examplePlan } from "../../fixtures/plan";

export interface Facts extends Partial<DoctorContext> {
  readonly secretValues?: Partial<Record<SecretName, string>>;
  readonly answers?: Awaited<ReturnType<DoctorContext["platform"]>>;
  readonly resources?: Awaited<ReturnType<DoctorContext["synth"]>>;
  readonly inState?: States;
}

/** States that hold these resources, by type and ids, and these outputs. */
export function statesWith(
  ids: Readonly<Record<string, string[]>> = {},
  outputs: Record<string, unknown> = {},
): States {
  return {
    known: true,
    ids: new Set(Object.entries(ids).flatMap(([type, all]) => all.map((id) => `${type} ${id}`))),
    counts: new Map(Object.entries(ids).map(([type, all]) => [type, all.length])),
    stacks: new Map(),
    outputs: new Map(Object.entries(outputs)),
  };
}

export function contextWith({
  secretValues = {},
  answers = {},
  resources = [],
  inState,
  ...rest
}: Facts = {}): DoctorContext {
  return {
    plan: rest.plan ?? examplePlan(),
    file: "pipeline.yaml",
    root: "/nowhere",
    // A rehearsal's: no name of these tests is ever asked for outside.
    env: { AWS2NCP_SANDBOX: "/nowhere" },
    signal: new AbortController().signal,
    note: () => undefined,
    secrets: async () => ({ values: new Map(Object.entries(secretValues) as [SecretName, string][]), problems: [] }),
    synth: async () => resources,
    states: async () => inState ?? statesWith(),
    platform: async () => answers,
    ...rest,
  };
}

export const saidBy = async (check: Check, facts: Facts = {}): Promise<readonly Said[]> =>
  check.run(contextWith(facts));
