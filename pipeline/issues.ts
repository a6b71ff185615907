/** What zod found, in the words of this tool: what is wrong, the value, what is allowed, and what to do. */
import { closest, distance } from "fastest-levenshtein";
import type { z } from "zod";
import { shown, type Problem } from "./errors";
import { PipelineSchema } from "./schema";

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key], value);
}

type Issue = z.core.$ZodIssue;

/** Zod's own sentence is kept where it says enough. */
export function problemsOf(issue: Issue, raw: unknown): Problem[] {
  const path = issue.path as (string | number)[];
  const found = valueAt(raw, path);
  const value = shown(found);
  if (found === undefined && issue.code !== "unrecognized_keys") return [missing(path, issue, raw)];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey([...path, key], raw));
    case "invalid_type":
      return [
        {
          path,
          message: `${value} has the wrong type`,
          allowed: `a value of type ${issue.expected}`,
          hint: `write it as the repository's example does${typeof found === "string" ? "; numbers stand without quotes" : ""}`,
        },
      ];
    case "invalid_value":
      return [unknownValue(path, found, issue.values.map(String))];
    case "custom":
      return [
        {
          path,
          message: `${value} is not valid`,
          allowed: (issue.params?.["allowed"] as string | undefined) ?? issue.message,
          hint: suggestion(issue, found) ?? "write it in this form",
        },
      ];
    case "too_small":
      return [
        {
          path,
          message: `${value} is too small`,
          allowed: `at least ${issue.minimum}`,
          hint: `write ${issue.minimum} or more`,
        },
      ];
    case "too_big":
      return [
        {
          path,
          message: `${value} is too large`,
          allowed: `at most ${issue.maximum}`,
          hint: `write ${issue.maximum} or less`,
        },
      ];
    case "not_multiple_of":
      return [
        {
          path,
          message: `${value} is not a step of ${issue.divisor}`,
          allowed: `multiples of ${issue.divisor}`,
          hint: `write ${Math.ceil(Number(found) / issue.divisor) * issue.divisor}`,
        },
      ];
    case "invalid_union":
      if (issue.discriminator !== undefined) return [unknownValue(path, found, choices(path, raw))];
      return [
        {
          path,
          message: `${value} is not valid`,
          allowed: unionAllowed(issue.errors),
          hint:
            issue.errors.flat().flatMap((each) => suggestion(each, found) ?? [])[0] ?? "write it in one of these forms",
        },
      ];
    default:
      return [{ path, message: `${value} is not valid`, allowed: issue.message, hint: "write it so" }];
  }
}

/** What the schema's own rule says about a value: `suggest` beside `allowed`. */
function suggestion(issue: Issue, found: unknown): string | undefined {
  const suggest: unknown = issue.code === "custom" ? issue.params?.["suggest"] : undefined;
  return typeof suggest === "function" ? (suggest as (value: string) => string | undefined)(String(found)) : undefined;
}

function missing(path: (string | number)[], issue: Issue, raw: unknown): Problem {
  const [top, name] = path;
  if (top === "secrets" && path.length === 2)
    return {
      path,
      message: "is missing",
      allowed: "a reference to where it is kept: env:NAME, file:PATH or command:PROGRAM ARGS",
      hint: `add ${String(name)}: { from: "env:${String(name).toUpperCase()}", version: 1 } under secrets; docs/secrets.md says what it is`,
    };
  const allowed =
    issue.code === "invalid_value"
      ? issue.values.map(String).join(", ")
      : issue.code === "invalid_union" && issue.discriminator !== undefined
        ? choices(path, raw).join(", ")
        : `a value of type ${issue.code === "invalid_type" ? issue.expected : "text"}`;
  const under = path.slice(0, -1).join(".");
  return {
    path,
    message: "is missing",
    allowed,
    hint: `add ${String(path.at(-1))}:${under === "" ? "" : ` under ${under}`}`,
  };
}

/** Further away than this, two words have nothing to do with each other. */
const ALIKE = 3;

function unknownKey(path: (string | number)[], raw: unknown): Problem {
  const allowed = Object.keys(shapeAt(path.slice(0, -1), raw) ?? {});
  const near = nearest(String(path.at(-1)), allowed);
  return {
    path,
    message: `this key means nothing here; its value: ${shown(valueAt(raw, path))}`,
    allowed: allowed.join(", "),
    hint: near === undefined ? "remove it" : `write ${near}, or remove it`,
  };
}

function unknownValue(path: (string | number)[], found: unknown, allowed: readonly string[]): Problem {
  const near = nearest(String(found), allowed) ?? allowed[0];
  return { path, message: `${shown(found)} is not known`, allowed: allowed.join(", "), hint: `write ${near}` };
}

function nearest(word: string, allowed: readonly string[]): string | undefined {
  if (allowed.length === 0) return undefined;
  const near = closest(word, allowed);
  return distance(word, near) <= ALIKE ? near : undefined;
}

interface SchemaNode {
  readonly shape?: Readonly<Record<string, unknown>>;
  readonly def?: {
    readonly innerType?: unknown;
    readonly valueType?: unknown;
    readonly element?: unknown;
    readonly discriminator?: string;
    readonly options?: readonly SchemaNode[];
    readonly values?: readonly unknown[];
  };
}

/** The schema's own node for a value of the file: without wrappers, and of a union the branch that the value chose. */
function nodeAt(path: readonly (string | number)[], raw: unknown): SchemaNode | undefined {
  return path.reduce<SchemaNode | undefined>(
    (node, key, index) => branchOf(childOf(node, key), valueAt(raw, path.slice(0, index + 1))),
    PipelineSchema as SchemaNode,
  );
}

const shapeAt = (path: readonly (string | number)[], raw: unknown): SchemaNode["shape"] => nodeAt(path, raw)?.shape;

function branchOf(node: SchemaNode | undefined, value: unknown): SchemaNode | undefined {
  const { discriminator, options } = node?.def ?? {};
  if (discriminator === undefined) return node;
  const chosen = (value as Record<string, unknown> | undefined)?.[discriminator];
  return options?.find((option) => literalsOf(option, discriminator).includes(chosen)) ?? node;
}

const literalsOf = (option: SchemaNode, key: string): readonly unknown[] =>
  (option.shape?.[key] as SchemaNode | undefined)?.def?.values ?? [];

/** What the key that chooses between the branches of a union may be. */
function choices(path: readonly (string | number)[], raw: unknown): string[] {
  const { discriminator, options = [] } = nodeAt(path.slice(0, -1), raw)?.def ?? {};
  return options.flatMap((option) => literalsOf(option, discriminator as string)).map(String);
}

function childOf(node: SchemaNode | undefined, key: string | number): SchemaNode | undefined {
  let child = (node?.shape?.[key] ?? node?.def?.valueType ?? node?.def?.element) as SchemaNode | undefined;
  while (child?.def?.innerType !== undefined) child = child.def.innerType as SchemaNode;
  return child;
}

function unionAllowed(branches: readonly (readonly Issue[])[]): string {
  return branches
    .flat()
    .map((issue) =>
      issue.code === "custom" ? ((issue.params?.["allowed"] as string | undefined) ?? issue.message) : issue.message,
    )
    .join(", or ");
}
