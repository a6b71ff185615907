/** Reads a pipeline file: YAML, shape, rules, operators' keys. Every mistake is told at once, each with its line. */
import { readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { PipelineError, shown, type PlacedProblem, type Problem } from "./errors";
import { positionOf } from "./positions";
import { RULES } from "./rules";
import { PipelineSchema, type PipelineFile } from "./schema";

/** A valid pipeline file, with the operators' public keys read in. */
export interface Pipeline extends PipelineFile {
  readonly operatorKeys: readonly { readonly name: string; readonly publicKey: string }[];
}

/**
 * Loads and validates a pipeline file.
 * @throws PipelineError with all mistakes, in the order of their lines.
 */
export function loadPipeline(path: string): Pipeline {
  const name = relative(process.cwd(), resolve(path)) || path;
  const source = readSource(path, name);
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false });
  const place = (problem: Problem): PlacedProblem => ({
    ...problem,
    file: name,
    ...positionOf(document, lines, problem.path),
  });

  if (document.errors.length > 0)
    throw new PipelineError(
      document.errors.map((error) => {
        const { line, col } = lines.linePos(error.pos[0]);
        return { path: [], message: error.message, file: name, line, column: col };
      }),
    );

  const raw: unknown = document.toJS();
  const parsed = PipelineSchema.safeParse(raw);
  if (!parsed.success) throw inOrder(parsed.error.issues.flatMap((issue) => problemsOf(issue, raw)).map(place));

  const problems = RULES.flatMap((rule) => rule(parsed.data));
  const keys = readOperatorKeys(parsed.data, dirname(resolve(path)));
  problems.push(...keys.problems);
  if (problems.length > 0) throw inOrder(problems.map(place));
  return { ...parsed.data, operatorKeys: keys.keys };
}

function readSource(path: string, name: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const message = `can't be read: ${(error as Error).message}`;
    throw new PipelineError([
      {
        path: [],
        message,
        file: name,
        line: 1,
        column: 1,
        hint: "give the path of a pipeline file as the first argument",
      },
    ]);
  }
}

const inOrder = (problems: PlacedProblem[]): PipelineError =>
  new PipelineError([...problems].sort((a, b) => a.line - b.line || a.column - b.column));

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key], value);
}

type Issue = z.core.$ZodIssue;

/** What zod found, in the words of this tool. Zod's own sentence is kept where it says enough. */
function problemsOf(issue: Issue, raw: unknown): Problem[] {
  const path = issue.path as (string | number)[];
  const found = valueAt(raw, path);
  const value = shown(found);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        path: [...path, key],
        message: "this key means nothing here",
        allowed: Object.keys(shapeAt(path, raw) ?? {}).join(", "),
        hint: "check the spelling, or remove it",
      }));
    case "invalid_type":
      if (found === undefined) return [{ path, message: "is missing", allowed: `a value of type ${issue.expected}` }];
      return [{ path, message: `${value} has the wrong type`, allowed: `a value of type ${issue.expected}` }];
    case "invalid_value":
      return [
        {
          path,
          message: found === undefined ? "is missing" : `${value} is not known`,
          allowed: issue.values.map(String).join(", "),
        },
      ];
    case "custom":
      return [
        {
          path,
          message: `${value} is not valid`,
          allowed: (issue.params?.["allowed"] as string | undefined) ?? issue.message,
        },
      ];
    case "too_small":
      return [{ path, message: `${value} is too small`, allowed: `at least ${issue.minimum}` }];
    case "too_big":
      return [{ path, message: `${value} is too large`, allowed: `at most ${issue.maximum}` }];
    case "not_multiple_of":
      return [
        { path, message: `${value} is not a step of ${issue.divisor}`, allowed: `multiples of ${issue.divisor}` },
      ];
    case "invalid_union":
      if (issue.discriminator !== undefined)
        return [
          { path, message: found === undefined ? "is missing" : `${value} is not known`, allowed: choices(path, raw) },
        ];
      return [{ path, message: `${value} is not valid`, allowed: unionAllowed(issue.errors) }];
    default:
      return [{ path, message: `${value} is not valid`, allowed: issue.message }];
  }
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
function choices(path: readonly (string | number)[], raw: unknown): string {
  const { discriminator, options = [] } = nodeAt(path.slice(0, -1), raw)?.def ?? {};
  return options.flatMap((option) => literalsOf(option, discriminator as string)).join(", ");
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

const KEY_LINE = /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)) ([A-Za-z0-9+/]+={0,2})( [^\n]*)?$/;

/** Reads each operator's public key; the blob must name the type that the line names. */
function readOperatorKeys(file: PipelineFile, folder: string): { keys: Pipeline["operatorKeys"]; problems: Problem[] } {
  const keys: { name: string; publicKey: string }[] = [];
  const problems: Problem[] = [];
  file.operators.forEach(({ name, public_key_file }, index) => {
    const path = ["operators", index, "public_key_file"];
    let line: string;
    try {
      line = readFileSync(resolve(folder, public_key_file), "utf8").trim();
    } catch {
      problems.push({
        path,
        message: `${shown(public_key_file)} can't be read`,
        allowed: "a file with one public key",
        hint: "npx aws2ncp sandbox up (it makes the example's key), or ssh-keygen -t ed25519",
      });
      return;
    }
    const match = KEY_LINE.exec(line);
    if (
      match === null ||
      !Buffer.from(match[2] as string, "base64")
        .subarray(4)
        .toString("latin1")
        .startsWith(match[1] as string)
    )
      problems.push({
        path,
        message: `${shown(public_key_file)} holds no public key`,
        allowed: "one line of authorized_keys without options, such as ssh-ed25519 AAAA… name",
      });
    else keys.push({ name, publicKey: line });
  });
  return { keys, problems };
}
