/** Facts that several checks need, each asked for once. */
import { existsSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Plan } from "../../pipeline/plan-types";
import { readSecrets } from "../../pipeline/secrets";
import { projectRoot } from "../../sandbox/paths";
import { queryPlatform, type Answer, type Queries, type Query } from "../platform";
import type { ExamineOptions } from "./examine";
import { readStates } from "./states";
import { synthResources } from "./synth";
import type { Check } from "./types";

export interface FactsOptions {
  readonly plan: Plan;
  readonly file: string;
  readonly checks: readonly Check[];
  readonly env: NodeJS.ProcessEnv;
  /** Ends whatever is still being asked. */
  readonly signal: AbortSignal;
}

export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

export function factsOf(options: FactsOptions): Pick<ExamineOptions, "context" | "platform"> {
  const { plan, file, env, signal } = options;
  const root = dirname(resolve(file));
  const synth = once(() => synthResources(file, { env, signal }));
  return {
    context: {
      plan,
      file,
      root,
      env,
      secrets: once(() => readSecrets(plan.secrets, { root, env, signal })),
      synth,
      states: once(() => readStates(plan, root, env)),
    },
    platform: platformOf(options, synth),
  };
}

/** All questions of all checks in one run; each check gets its own answers. A check that can't even ask fails alone. */
function platformOf(
  { plan, checks, env, signal }: FactsOptions,
  synth: ReturnType<typeof factsOf>["context"]["synth"],
): ExamineOptions["platform"] {
  const questions = once(async () => {
    const asked = await Promise.allSettled(
      checks.map(async (check): Promise<Queries> => (await check.queries?.({ plan, synth })) ?? {}),
    );
    return new Map(checks.map(({ name }, index) => [name, asked[index] as PromiseSettledResult<Queries>]));
  });
  const answers = once(async () => {
    const all = [...(await questions()).values()].flatMap((queries) =>
      queries.status === "rejected" ? [] : Object.values(queries.value).map((query) => [keyOf(query), query] as const),
    );
    const lockFile = lockFileOfStacks(env);
    return queryPlatform(plan.platform, Object.fromEntries(all), {
      env,
      signal,
      ...(lockFile === undefined ? {} : { lockFile }),
    });
  });
  return async ({ name }) => {
    const mine = (await questions()).get(name);
    if (mine === undefined) return {};
    if (mine.status === "rejected") throw mine.reason as Error;
    const got = await answers();
    return Object.fromEntries(
      Object.entries(mine.value).map(([key, query]) => [key, got[keyOf(query)] as Answer] as const),
    );
  };
}

/** Two checks that ask the same get the same answer. */
const keyOf = (query: Query): string => JSON.stringify(query);

/** What the stacks' folders hold the provider to: one that they would refuse is told by the doctor first. */
function lockFileOfStacks(env: NodeJS.ProcessEnv): string | undefined {
  // cdktf's option --output, by its variable.
  const stacks = join(projectRoot(), env["CDKTF_OUTPUT"] ?? "cdktf.out", "stacks");
  if (!existsSync(stacks)) return undefined;
  return readdirSync(stacks)
    .sort()
    .map((stack) => join(stacks, stack, ".terraform.lock.hcl"))
    .find((file) => existsSync(file));
}
