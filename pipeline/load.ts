/** Reads a pipeline file: YAML, shape, rules, operators' keys. Every mistake is told at once, each with its line. */
import { readFileSync } from "node:fs";
import { basename, dirname, relative, resolve } from "node:path";
import { isPair, isScalar, LineCounter, parseDocument, visit, type Document, type YAMLParseError } from "yaml";
import { PipelineError, shown, type PlacedProblem, type Problem } from "./errors";
import { problemsOf } from "./issues";
import { readJobs } from "./jobs";
import { plainSecrets } from "./plain-secrets";
import type { JobFile } from "./plan-types";
import { positionOf, type Position } from "./positions";
import { RULES } from "./rules";
import { PipelineSchema, type PipelineFile } from "./schema";

/** A valid pipeline file, with the operators' public keys and the company's jobs read in. */
export interface Pipeline extends PipelineFile {
  readonly operatorKeys: readonly { readonly name: string; readonly publicKey: string }[];
  readonly jobFiles: readonly JobFile[];
  /** Where the reference of each secret stands: "pipeline.yaml:87:28". */
  readonly secretPlaces: Readonly<Record<string, string>>;
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
    throw inOrder(
      document.errors.map((error) => ({
        ...yamlProblem(document, error),
        file: name,
        ...placeAt(lines, error.pos[0]),
      })),
    );

  const raw: unknown = document.toJS();
  // First, and alone: no other message may repeat such a value.
  const plain = plainSecrets(raw, source);
  if (plain.length > 0)
    throw inOrder(
      plain.map(({ offset, ...problem }) => ({
        ...place(problem),
        ...(offset === undefined ? {} : placeAt(lines, offset)),
      })),
    );
  const parsed = PipelineSchema.safeParse(raw);
  if (!parsed.success) throw inOrder(parsed.error.issues.flatMap((issue) => problemsOf(issue, raw)).map(place));

  const problems = RULES.flatMap((rule) => rule(parsed.data));
  const keys = readOperatorKeys(parsed.data, dirname(resolve(path)));
  const jobs = readJobs(parsed.data, dirname(resolve(path)));
  problems.push(...keys.problems, ...jobs.problems);
  if (problems.length > 0) throw inOrder(problems.map(place));
  const placeOf = (secret: string): string => {
    const { line, column } = positionOf(document, lines, ["secrets", secret, "from"]);
    return `${basename(path)}:${line}:${column}`; // wherever the synth is started
  };
  const secretPlaces = Object.fromEntries(Object.keys(parsed.data.secrets).map((secret) => [secret, placeOf(secret)]));
  return { ...parsed.data, operatorKeys: keys.keys, jobFiles: jobs.files, secretPlaces };
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

/** Line and column of an offset in the source. */
function placeAt(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

/** A mistake of YAML itself. Two of one name are the one that a person makes without seeing it. */
function yamlProblem(document: Document.Parsed, error: YAMLParseError): Problem {
  if (error.code !== "DUPLICATE_KEY")
    return {
      path: [],
      message: error.message,
      allowed: "YAML 1.2",
      hint: "look at the indentation and the quotes of this line and the one before",
    };
  let found: Problem["path"] = [];
  visit(document, {
    Pair: (_, { key }, above) => {
      if (!isScalar(key) || key.range?.[0] !== error.pos[0]) return undefined;
      const names = above.flatMap((node) => (isPair(node) && isScalar(node.key) ? [String(node.key.value)] : []));
      found = [...names, String(key.value)];
      return visit.BREAK;
    },
  });
  return {
    path: found,
    message: `${shown(found.at(-1))} stands here a second time`,
    allowed: "each name once",
    hint: "keep one of the two, or give one another name",
  };
}

const inOrder = (problems: PlacedProblem[]): PipelineError =>
  new PipelineError([...problems].sort((a, b) => a.line - b.line || a.column - b.column));

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
        hint: "name the file that ends with .pub",
      });
    else keys.push({ name, publicKey: line });
  });
  return { keys, problems };
}
