/** The company's DAGs and jobs: a folder beside the pipeline file, read at synth and delivered as it lies there. */
import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { shown, type Problem } from "./errors";
import type { JobFile } from "./plan-types";
import type { PipelineFile } from "./schema";

/** Each name on the way to a file: what shells, Python and Airflow take as it is. */
const NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;
/** Made by running, or by an editor. */
const BY_PRODUCT = /(^|\/)(__pycache__|\.git|\.idea|\.vscode)(\/|$)|\.pyc$|~$|(^|\/)\.(DS_Store|gitignore|gitkeep)$/;
/** Names of the pipeline's own DAGs, modules and settings. */
const OWN = /^aws2ncp/;
/** The largest file: DAGs, queries and scripts, not data. */
export const JOB_FILE_BYTES = 1024 * 1024;

/** Reads the folder; none: no files. Problems name the file. */
export function readJobs(file: PipelineFile, folder: string): { files: readonly JobFile[]; problems: Problem[] } {
  const name = file.airflow?.jobs;
  if (name === undefined) return { files: [], problems: [] };
  const root = join(folder, name);
  if (!existsSync(root) || !lstatSync(root).isDirectory())
    return {
      files: [],
      problems: [
        {
          path: ["airflow", "jobs"],
          message: `${shown(name)} is no folder beside the pipeline file`,
          allowed: "a folder of DAGs and of what they use",
          hint: `mkdir ${name}, or remove the line`,
        },
      ],
    };
  const found = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((path) => !BY_PRODUCT.test(path))
    .sort()
    .map((path) => ({ path, problem: problemOf(join(root, path), path) }));
  return {
    files: found
      .filter(({ problem }) => problem === undefined)
      .map(({ path }) => ({ path, content: readFileSync(join(root, path), "utf8") })),
    problems: found.flatMap(({ path, problem }) =>
      problem === undefined
        ? []
        : [{ ...problem, path: ["airflow", "jobs"], message: `${name}/${path} ${problem.message}` }],
    ),
  };
}

function problemOf(file: string, path: string): Omit<Problem, "path"> | undefined {
  const names = path.split("/");
  if (!names.every((name) => NAME.test(name)))
    return {
      message: "has a name that can't be delivered",
      allowed: "letters, digits, dots, - and _, not beginning with a dot or -",
      hint: "give it another name",
    };
  if (names.some((name) => OWN.test(name)))
    return {
      message: "has a name that would shadow the pipeline's own",
      allowed: "names that don't begin with aws2ncp",
      hint: "give it another name",
    };
  const { size } = lstatSync(file);
  if (!lstatSync(file).isFile())
    return { message: "is no plain file", allowed: "files, not links", hint: "put the file itself there" };
  if (size > JOB_FILE_BYTES)
    return {
      message: `has ${size} bytes`,
      allowed: `${JOB_FILE_BYTES} bytes`,
      hint: "put data and packages into Object Storage, and have the job read them there",
    };
  if (!isText(readFileSync(file)))
    return {
      message: "is no text in UTF-8",
      allowed: "DAGs, queries, scripts and their settings",
      hint: "put data and packages into Object Storage, and have the job read them there",
    };
  return undefined;
}

function isText(bytes: Buffer): boolean {
  return !bytes.includes(0) && Buffer.from(bytes.toString("utf8"), "utf8").equals(bytes);
}
