/**
 * The real provider's schema, derived from the bindings that cdktf generated from it. The provider itself can't be had where the
 * sandbox runs, and a schema typed by hand would be another one sooner or later. What is not understood is an error, not a guess.
 *
 * Not in the bindings, and so not in the schema: what is sensitive or deprecated, how many blocks there may be, its version.
 */
import type { AttributeSchema, BlockSchema, BlockTypeSchema, Nesting, Type, TypeSchema } from "../../provider/schema";

/** The schema of one type from the source of its bindings. @throws for what can't be read */
export function schemaOf(source: string): TypeSchema {
  // The class of the type stands last, after those of what is nested in it.
  const own = source.slice(source.lastIndexOf("\nexport class "));
  const written = entriesOf(section(own, /\n {2}protected synthesizeHclAttributes\(\)/, /\n {2}\}\n/));
  const known = flagsOf(own);
  const unexplained = written.filter(({ name }) => !known.has(name)).map(({ name }) => name);
  if (unexplained.length > 0)
    throw new Error(`the bindings don't say whether one must write ${unexplained.join(", ")}`);

  const blocks = written.filter(({ isBlock }) => isBlock);
  const attributes = [...known]
    .filter(([name]) => !blocks.some((block) => block.name === name))
    .map(([name, { code, ...flags }]): [string, AttributeSchema] => {
      const entry = written.find((each) => each.name === name);
      return [name, { type: entry === undefined ? readType(name, code) : writtenType(entry), ...flags }];
    });
  return { version: 0, block: blockOf(attributes, blocks, source) };
}

const blockOf = (
  attributes: readonly (readonly [string, AttributeSchema])[],
  blocks: readonly Entry[],
  source: string,
): BlockSchema => ({
  attributes: Object.fromEntries(attributes),
  ...(blocks.length === 0
    ? {}
    : { block_types: Object.fromEntries(blocks.map((entry) => [entry.name, blockType(entry, source)])) }),
});

interface Flags {
  readonly computed?: true;
  readonly optional?: true;
  readonly required?: true;
  /** How the bindings read it. */
  readonly code: string;
}

/** Every attribute of a class has its flags in a comment above the code that reads it. */
function flagsOf(source: string): Map<string, Flags> {
  const comments = source.matchAll(
    /\/\/ (\w+) - computed: (true|false), optional: (true|false), required: (true|false)\n(.*\n.*)/g,
  );
  return new Map(
    [...comments].map(([, name, computed, optional, required, code]) => [
      String(name),
      {
        ...(computed === "true" ? { computed: true } : {}),
        ...(optional === "true" ? { optional: true } : {}),
        ...(required === "true" ? { required: true } : {}),
        code: String(code),
      },
    ]),
  );
}

/** The part of a text from the match of one pattern to the next one of another. */
function section(source: string, from: RegExp, to: RegExp): string {
  const start = source.search(from);
  if (start < 0) throw new Error(`the bindings have nothing like ${from.source}`);
  const rest = source.slice(start + 1);
  const end = rest.search(to);
  if (end < 0) throw new Error(`the bindings have no end of ${from.source}`);
  return rest.slice(0, end);
}

/** What a function that synthesizes HCL says of an attribute or a block. */
interface Entry {
  readonly name: string;
  /** The expression that makes its text: `cdktf.stringToHclTerraform(struct!.roleArn)`. */
  readonly value: string;
  readonly isBlock: boolean;
  /** "simple", "list", "set" or "map" */
  readonly kind: string;
  /** "string", "stringList" */
  readonly storage: string;
}

function entriesOf(code: string): Entry[] {
  const found = code.matchAll(
    /(\w+): \{\s+value: (.+),\s+isBlock: (true|false),\s+type: "(\w+)",\s+storageClassType: "(\w+)",\s+\}/g,
  );
  return [...found].map(([, name, value, isBlock, kind, storage]) => ({
    name: String(name),
    value: String(value),
    isBlock: isBlock === "true",
    kind: String(kind),
    storage: String(storage),
  }));
}

/** A block: by the function that synthesizes it, and the interface that says what must be written. */
function blockType({ name, value, kind }: Entry, source: string): BlockTypeSchema {
  const struct = /(\w+)ToHclTerraform/.exec(value)?.[1];
  if (struct === undefined) throw new Error(`the bindings make the block ${name} of ${value}`);
  const entries = entriesOf(section(source, new RegExp(`\\nexport function ${struct}ToHclTerraform\\(`), /\n\}\n/));
  const props = section(source, new RegExp(`\\nexport interface ${capital(struct)} \\{`), /\n\}\n/);
  const attributes = entries
    .filter(({ isBlock }) => !isBlock)
    .map((entry): [string, AttributeSchema] => [entry.name, { type: writtenType(entry), ...propFlag(entry, props) }]);
  const blocks = entries.filter(({ isBlock }) => isBlock);
  return { nesting_mode: kind as Nesting, block: blockOf(attributes, blocks, source) };
}

const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** In an interface it is `name: T` or `name?: T`. */
function propFlag({ name, value }: Entry, props: string): { required: true } | { optional: true } {
  const property = /\.(\w+)\)$/.exec(value)?.[1];
  const mark = new RegExp(`readonly ${property}(\\??): `).exec(props)?.[1];
  if (mark === undefined) throw new Error(`the bindings don't say whether one must write ${name}`);
  return mark === "" ? { required: true } : { optional: true };
}

const SIMPLE: Readonly<Record<string, Type>> = { string: "string", number: "number", boolean: "bool" };

function writtenType({ name, kind, storage }: Entry): Type {
  if (kind === "simple" && SIMPLE[storage] !== undefined) return SIMPLE[storage];
  const element = SIMPLE[storage.replace(/(List|Map)$/, "")];
  if (element !== undefined && (kind === "list" || kind === "set" || kind === "map")) return [kind, element];
  throw new Error(`the bindings' ${name} is a ${kind} of ${storage}, which can't be read here`);
}

/** How the value of an attribute that can't be written is got. */
const READ: readonly (readonly [RegExp, Type])[] = [
  [/getStringAttribute\(/, "string"],
  [/getNumberAttribute\(/, "number"],
  [/getBooleanAttribute\(/, "bool"],
  [/getStringMapAttribute\(|new cdktf\.StringMap\(/, ["map", "string"]],
];

function readType(name: string, code: string): Type {
  const type = READ.find(([pattern]) => pattern.test(code))?.[1];
  if (type === undefined) throw new Error(`the bindings' ${name} can't be read here: ${code.trim()}`);
  return type;
}
