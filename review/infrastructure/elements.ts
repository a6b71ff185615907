/** A stack's JSON as a flat list of what has an address. */
import type { BlockKind, Json } from "../report";
import type { StackSynth } from "../input/synth";
import { at, canonical, isObject, listOf, objectOf, type JsonObject, textOf } from "../values/json";

export interface Element {
  readonly stack: string;
  readonly block: BlockKind;
  /** "ncloud_server", for resources and data sources; else the block's own name. */
  readonly type: string;
  readonly name: string;
  /** Address in its stack. */
  readonly address: string;
  /** "transfer/proxy-1/server/Default" */
  readonly construct?: string;
  /** Without cdktf's comments and without nulls. */
  readonly config: JsonObject;
}

/** A block `moved { from = …, to = … }`. */
export interface MovedBlock {
  readonly from: string;
  readonly to: string;
}

const KINDS: Readonly<Record<string, BlockKind>> = { output: "output", provider: "provider", terraform: "terraform" };

/** Sorted by address. */
export function elementsOf({ name: stack, json }: StackSynth): Element[] {
  const elements = Object.entries(json).flatMap(([block, content]): Element[] => {
    if (block === "resource" || block === "data") return typed(stack, block, objectOf(content));
    if (block === "//" || block === "moved") return [];
    return Object.entries(objectOf(content)).map(([name, config]) => plain(stack, block, name, config));
  });
  return elements.sort((a, b) => (a.address < b.address ? -1 : 1));
}

function typed(stack: string, block: "resource" | "data", types: JsonObject): Element[] {
  return Object.entries(types).flatMap(([type, named]) =>
    Object.entries(objectOf(named)).map(([name, config]) => {
      const construct = at(config, "//", "metadata", "path");
      return {
        stack,
        block,
        type,
        name,
        address: `${block === "data" ? "data." : ""}${type}.${name}`,
        ...(typeof construct === "string" ? { construct } : {}),
        config: objectOf(cleaned(config)),
      };
    }),
  );
}

function plain(stack: string, block: string, name: string, value: Json): Element {
  // One block in JSON may stand alone or in a list of one.
  const alone = Array.isArray(value) && value.length === 1 ? (value[0] as Json) : value;
  const config = isObject(alone) ? objectOf(cleaned(alone)) : { value: cleaned(alone) };
  return { stack, block: KINDS[block] ?? "other", type: block, name, address: `${block}.${name}`, config };
}

export function movedBlocksOf({ json }: StackSynth): MovedBlock[] {
  return listOf(json["moved"]).map((block) => ({ from: textOf(at(block, "from")), to: textOf(at(block, "to")) }));
}

/** Null is, for Terraform, as good as absent. */
function cleaned(value: Json): Json {
  if (Array.isArray(value)) return (value as Json[]).map(cleaned);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => key !== "//" && inner !== null)
      .map(([key, inner]) => [key, cleaned(inner)]),
  );
}

/** An address inside an expression, "${ncloud_vpc.vpc.id}" or "${data.ncloud_vpc.vpc.id}". */
const REFERENCE = /\b((?:data\.)?[a-z][a-z0-9]*_[a-z0-9_]+)\.([A-Za-z0-9_-]+)(?:\[[^\]]*\])?(?:\.([A-Za-z0-9_]+))?/g;

export interface Reference {
  /** Address in the stack, "ncloud_vpc.vpc". */
  readonly address: string;
  /** Attribute that is read, if one is named. */
  readonly attribute?: string;
}

/** Everything that the expressions of a text refer to. */
export function referencesIn(text: string): Reference[] {
  if (!text.includes("${")) return [];
  return [...text.matchAll(/\$\{([^{}]|\{[^{}]*\})*\}/g)].flatMap(([expression]) =>
    [...expression.matchAll(REFERENCE)].map(([, type, name, attribute]) => ({
      address: `${type}.${name}`,
      ...(attribute === undefined ? {} : { attribute }),
    })),
  );
}

/**
 * What two elements share that are one thing under two addresses: their own arguments, and in the place of each reference the content of what
 * it refers to, so that the access rules of two buckets are not taken for one.
 */
export function contentKey(element: Element, all: ReadonlyMap<string, Element>, depth = 3): string {
  const { depends_on: _, lifecycle: __, provisioner: ___, ...own } = element.config;
  const resolved = canonical(own).replaceAll(REFERENCE, (reference: string, type: string, name: string) => {
    const target = all.get(`${element.stack}:${type}.${name}`);
    return target === undefined || depth === 0
      ? reference
      : `<${contentKey(target, all, depth - 1)}>${reference.slice(`${type}.${name}`.length)}`;
  });
  return `${element.type} ${resolved}`;
}
