/** What a provider does with each path of a type: one question for all providers, answered from the project's data. */
import { flatten, resourceFields, ruleOf, typesOf, type Field } from "@cdktf/provider-ncloud/rules";
import type { Json } from "../report";
import { AWS_TYPES } from "./aws";

/** Facts of a resource type; paths are those of the schema, without indexes. */
export interface TypeFacts {
  /** Whether a change of it, or of what lies below it, makes the provider replace the resource. */
  readonly replaces: (path: string) => boolean;
  readonly isSet: (path: string) => boolean;
  readonly isSensitive: (path: string) => boolean;
  /** Whether its text is a JSON document. */
  readonly isJson: (path: string) => boolean;
  readonly defaultOf: (path: string) => Json | undefined;
}

/** Arguments that Terraform itself knows on every block, and that have no order. */
const TERRAFORM_SETS = new Set([
  "depends_on",
  "lifecycle.ignore_changes",
  "lifecycle.replace_triggered_by",
  "lifecycle.postcondition",
  "lifecycle.precondition",
]);

/** Terraform's own type: a change of what it is given as a trigger replaces it. */
const OWN: Readonly<Record<string, { readonly replaces: readonly string[] }>> = {
  terraform_data: { replaces: ["triggers_replace"] },
};

const known = new Map<string, TypeFacts>();
const ncloudTypes = new Set([...typesOf("resource")]);

export function factsOf(type: string): TypeFacts {
  const found = known.get(type);
  if (found !== undefined) return found;
  const made = ncloudTypes.has(type) ? ncloudFacts(type) : tableFacts(type);
  known.set(type, made);
  return made;
}

function ncloudFacts(type: string): TypeFacts {
  const fields = new Map<string, Field>(flatten(resourceFields(type)).map((field) => [field.path, field]));
  const has = (path: string, holds: (field: Field) => boolean): boolean => {
    const field = fields.get(path);
    return field !== undefined && holds(field);
  };
  const rule = (path: string) => (fields.has(path) ? ruleOf(type, path) : {});
  return {
    replaces: (path) => ancestors(path).some((each) => rule(each).replace === true),
    isSet: (path) =>
      TERRAFORM_SETS.has(path) ||
      has(path, ({ nesting, type: kind }) => nesting === "set" || (Array.isArray(kind) && kind[0] === "set")),
    isSensitive: (path) => ancestors(path).some((each) => has(each, ({ sensitive }) => sensitive)),
    isJson: () => false,
    defaultOf: (path) => rule(path).default ?? undefined,
  };
}

function tableFacts(type: string): TypeFacts {
  const {
    replaces = [],
    sets = [],
    json = [],
    sensitive = [],
  } = AWS_TYPES[type] ?? { replaces: OWN[type]?.replaces ?? [] };
  const within = (paths: readonly string[], path: string): boolean =>
    ancestors(path).some((each) => paths.includes(each));
  return {
    replaces: (path) => within(replaces, path),
    isSet: (path) => TERRAFORM_SETS.has(path) || sets.includes(path),
    isSensitive: (path) => within(sensitive, path),
    isJson: (path) => json.includes(path),
    defaultOf: () => undefined,
  };
}

/** "a.b.c" -> "a", "a.b", "a.b.c" */
function ancestors(path: string): string[] {
  const parts = path.split(".");
  return parts.map((_, index) => parts.slice(0, index + 1).join("."));
}
