/** Reads an output folder of synth, and says what is wrong with one that is none. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { PLACES_FILE, type Manifest } from "../../pipeline/manifest";
import { PLAN_FILE, type PlanDocument } from "../../pipeline/plan-document";
import { at, isObject, objectOf, type JsonObject, textOf } from "../values/json";
import type { StackSynth, Synth } from "./synth";

/** Version of the artifacts' manifests that the review knows. */
const MANIFEST_VERSION = 1;

/** A folder that can't be read as synth's output. */
export class NoSynth extends Error {}

const refuse = (folder: string, what: string, allowed: string, hint: string): never => {
  throw new NoSynth(`${folder}: ${what}\n  allowed: ${allowed}\n  try: ${hint}`);
};

const OUTPUT = "an output folder of synth, with manifest.json and stacks/STACK/cdk.tf.json";

/**
 * Loads a folder such as `cdktf.out`.
 * @throws {@link NoSynth} where it is missing, is no output of synth, or is one of another version
 */
export function loadSynth(folder: string): Synth {
  if (!existsSync(folder)) refuse(folder, "there is no such folder", OUTPUT, "npx cdktf synth");
  if (!statSync(folder).isDirectory()) refuse(folder, "is a file", OUTPUT, "the folder that it lies in");
  const manifest = join(folder, "manifest.json");
  if (!existsSync(manifest))
    refuse(folder, "has no manifest.json", OUTPUT, `${join(folder, "cdktf.out")}, or npx cdktf synth`);
  const stacks = objectOf(at(readJson(manifest), "stacks"));
  if (Object.keys(stacks).length === 0) refuse(manifest, "names no stacks", OUTPUT, "npx cdktf synth");
  const names = Object.keys(stacks).sort();
  const plan = join(folder, PLAN_FILE);
  return {
    folder,
    stacks: new Map(names.map((name) => [name, loadStack(folder, name, stacks[name])])),
    ...(existsSync(plan) ? { plan: readJson(plan) as unknown as PlanDocument } : {}),
  };
}

function loadStack(folder: string, name: string, entry: unknown): StackSynth {
  const file = join(folder, textOf(at(entry, "synthesizedStackPath") ?? join("stacks", name, "cdk.tf.json")));
  if (!existsSync(file))
    refuse(file, `stack ${name} is named by manifest.json, and its file is missing`, OUTPUT, "npx cdktf synth");
  const artifacts = filesOf(join(folder, "stacks", name, "artifacts"));
  const text = artifacts.get("manifest.json");
  artifacts.delete("manifest.json");
  // Lines of the pipeline file, for errors: a comment moves them, and nothing is delivered for it.
  artifacts.delete(PLACES_FILE);
  return {
    name,
    json: readJson(file),
    artifacts,
    ...(text === undefined
      ? {}
      : { manifest: manifestOf(join(folder, "stacks", name, "artifacts", "manifest.json"), text) }),
  };
}

function manifestOf(path: string, text: string): Manifest {
  const manifest = parse(path, text);
  const version = at(manifest, "version");
  if (version !== MANIFEST_VERSION)
    refuse(
      path,
      `is of version ${JSON.stringify(version)}`,
      `version ${MANIFEST_VERSION}`,
      "review with the aws2ncp of the newer side, after npm ci && npm run build there",
    );
  for (const key of ["hosts", "secrets"])
    if (!Array.isArray(at(manifest, key)))
      refuse(path, `has no list ${key}`, "what synth has written, as it is", "npx cdktf synth");
  return manifest as unknown as Manifest;
}

/** Texts of all files below a folder by their path, sorted; none where there is no folder. */
function filesOf(folder: string): Map<string, string> {
  if (!existsSync(folder)) return new Map();
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
  return new Map(paths.map((path) => [path, readFileSync(join(folder, path), "utf8")]));
}

/** What the parser says, without the piece of the text that it may quote: that can be a secret's. */
export const withoutContent = ({ message }: Error): string => message.replace(/,?\s*(?:\.\.\.)?".*$/s, "");

const readJson = (path: string): JsonObject => parse(path, readFileSync(path, "utf8"));

function parse(path: string, text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refuse(path, `is no JSON: ${withoutContent(error as Error)}`, OUTPUT, "npx cdktf synth");
  }
  return isObject(value) ? value : refuse(path, "is no JSON object", OUTPUT, "npx cdktf synth");
}
