/** Steps one and two: every stack has its resources, every host its files. */
import { join } from "node:path";
import { DEPLOY_ALL } from "../../hooks/errors";
import { holderOf } from "../../hooks/lock";
import { ROLES } from "../../pipeline/roles";
import { firstLine } from "./words";
import type { Part, StatusContext } from "./types";

/** As they are deployed. */
const ORDER = ["network", "storage", "transfer", "source", ...Object.values(ROLES).map(({ stack }) => stack)];
/** Things that a part names; their number is told beside. */
const NAMED = 3;

/** Hooks: whether they ran is the hosts' and the cluster's own step. */
const HOOK = "terraform_data";

export async function infrastructure({ synth, states }: StatusContext): Promise<Part[]> {
  const [wanted, there] = await Promise.all([
    synth().catch((error: Error) => error),
    states().catch((error: Error) => error),
  ]);
  if (wanted instanceof Error) return [{ ...unknown("synth", wanted), try: "npx cdktf synth" }];
  if (there instanceof Error) return [unknown("states", there)];
  if (!there.known) return [{ name: "states", state: "unknown", found: there.why }];
  const byStack = new Map<string, string[]>();
  for (const { stack, type, name } of wanted)
    if (type !== HOOK) byStack.set(stack, [...(byStack.get(stack) ?? []), `${type}.${name}`]);
  return [...byStack]
    .sort(([a], [b]) => ORDER.indexOf(a) - ORDER.indexOf(b))
    .map(([stack, addresses]) => stackPart(stack, addresses, there.stacks.get(stack) ?? new Map()));
}

const unknown = (name: string, error: Error): Part => ({ name, state: "unknown", found: firstLine(error) });

function stackPart(name: string, wanted: readonly string[], there: ReadonlyMap<string, "whole" | "tainted">): Part {
  const tainted = wanted.filter((address) => there.get(address) === "tainted");
  const missing = wanted.filter((address) => !there.has(address));
  if (tainted.length > 0)
    return { name, state: "failed", found: `left half-made: ${listed(tainted)}`, try: DEPLOY_ALL };
  if (missing.length === wanted.length) return { name, state: "waiting", found: "not applied", try: DEPLOY_ALL };
  if (missing.length > 0)
    return {
      name,
      state: "waiting",
      found: `${wanted.length - missing.length} of ${wanted.length} resources; missing: ${listed(missing)}`,
      try: DEPLOY_ALL,
    };
  return { name, state: "done", found: `${wanted.length} resources` };
}

const listed = (all: readonly string[]): string =>
  `${all.slice(0, NAMED).join(", ")}${all.length > NAMED ? ` and ${all.length - NAMED} more` : ""}`;

/** A stack's lock, and which hook holds it: "deliver", "ambari". */
export function hookAtWork(state: string, stack: string, hook: string): { readonly since: string } | undefined {
  const holder = holderOf(join(state, "locks", `${stack}.json`));
  return holder?.doing === `${hook} ${stack}` ? holder : undefined;
}

export const WAIT = (again: string): string => `wait until it has ended, then: ${again}`;

/** Each host's delivery, by the results that the hook has left. */
export async function hosts({ plan, state, delivered, again }: StatusContext): Promise<Part[]> {
  return plan.hosts.map(({ name, role }): Part => {
    const { stack } = ROLES[role];
    const atWork = hookAtWork(state, stack, "deliver");
    if (atWork !== undefined)
      return { name, state: "under way", found: `being delivered since ${atWork.since}`, try: WAIT(again) };
    try {
      const host = delivered(name);
      if (host === undefined) return { name, state: "waiting", found: "never delivered", try: DEPLOY_ALL };
      return host.ok
        ? { name, state: "done", found: `delivered ${host.started}` }
        : {
            name,
            state: "failed",
            found: (host.reason ?? "").split("\n")[0] || "the delivery failed",
            try: DEPLOY_ALL,
          };
    } catch (error) {
      return { ...unknown(name, error as Error), try: DEPLOY_ALL };
    }
  });
}
