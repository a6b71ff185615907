/** What the bindings don't say of the types that are played: facts of hashicorp/aws 6.25.0, from its sources. */
import type { Behaviour } from "../../provider/plan";
import type { Problem } from "../../provider/diagnostics";
import { policyProblems } from "./policy-rules";

interface TypeFacts {
  /** A change replaces. */
  readonly replaces: readonly string[];
  readonly defaults?: Readonly<Record<string, string>>;
  /** Breaches of an attribute's value, in words that follow the attribute's name. */
  readonly checks?: Readonly<Record<string, (value: string) => readonly string[]>>;
  /** Arguments that the sandbox doesn't play. */
  readonly refused?: readonly string[];
}

const NAME = /^[\w+=,.@-]+$/;

const named =
  (max: number) =>
  (value: string): readonly string[] =>
    value.length <= max && NAME.test(value)
      ? []
      : [`is ${JSON.stringify(value)}\n  allowed: up to ${max} characters that match ${NAME.source}`];

const arn = (value: string): readonly string[] =>
  /^arn:[\w-]+:[\w-]+:/.test(value) ? [] : [`is ${JSON.stringify(value)}\n  allowed: an ARN`];

/** By type of resource. */
export const FACTS: Readonly<Record<string, TypeFacts>> = {
  aws_iam_policy: {
    replaces: ["name", "name_prefix", "path", "description"],
    defaults: { path: "/" },
    checks: { name: named(128), policy: policyProblems },
    refused: ["name_prefix"],
  },
  aws_iam_user_policy_attachment: { replaces: ["user", "policy_arn"], checks: { policy_arn: arn } },
};

/** All of them are made with SDKv2. */
export function behaviourOf(type: string): Behaviour {
  const { replaces = [], defaults = {} } = FACTS[type] ?? {};
  return {
    framework: false,
    defaultOf: (path) => defaults[path],
    replaces: (path) => replaces.includes(path),
    remembers: () => false,
  };
}

/** Breaches in a configuration; what is not known yet is no text. */
export function breaches(type: string, config: Readonly<Record<string, unknown>>): Problem[] {
  const { checks = {}, refused = [] } = FACTS[type] ?? {};
  return [
    ...refused
      .filter((name) => config[name] !== undefined && config[name] !== null)
      .map((name) => ({ message: `the sandbox does not play ${name}\n  allowed here: without it`, path: [name] })),
    ...Object.entries(checks).flatMap(([name, check]) => {
      const value = config[name];
      return typeof value === "string"
        ? check(value).map((problem) => ({ message: `${name} ${problem}`, path: [name] }))
        : [];
    }),
  ];
}
