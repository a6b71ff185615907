/** Reading and writing of schema documents, and the rules that a new schema leaves without an attribute. */
import { readFileSync } from "node:fs";
import { dataFile, fieldsOf, flatten, type ProviderSchema, type SchemaDocument } from "./schema";

/** The provider's name as the last two parts of its address. */
const PROVIDER = "navercloudplatform/ncloud";

/**
 * Reads the output of `terraform providers schema -json`; other providers in it are left out.
 * @throws Error that says what is wrong with the file.
 */
export function readSchema(file: string): SchemaDocument {
  const document = parse(file);
  const address = Object.keys(document.provider_schemas ?? {}).find((name) => name.endsWith(`/${PROVIDER}`));
  if (address === undefined)
    throw new Error(
      `${file} holds no schema of ${PROVIDER}; found: ${Object.keys(document.provider_schemas ?? {}).join(", ") || "none"}; ` +
        "allowed: the output of `terraform providers schema -json` where that provider is required",
    );
  const { provider, resource_schemas, data_source_schemas } = document.provider_schemas[address] as ProviderSchema;
  return {
    format_version: document.format_version,
    provider_schemas: { [address]: { data_source_schemas, provider, resource_schemas } },
  };
}

function parse(file: string): SchemaDocument {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new Error(`${file} can't be read: ${(error as Error).message}`, { cause: error });
  }
  try {
    return JSON.parse(text) as SchemaDocument;
  } catch (error) {
    throw new Error(`${file} is no JSON: ${(error as Error).message}`, { cause: error });
  }
}

export function onlyProvider(document: SchemaDocument): ProviderSchema {
  return Object.values(document.provider_schemas)[0] as ProviderSchema;
}

/** The document as it is committed: keys in order, so that a diff shows changes only; descriptions are left out. */
export function schemaText(document: SchemaDocument): string {
  return `${JSON.stringify(tidy(document), undefined, 1)}\n`;
}

/** Arrays are types, and an object type may have a member named "description": they stay as they are. */
function tidy(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, item]) => key !== "description_kind" && (key !== "description" || typeof item !== "string"))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, tidy(item)]),
  );
}

/** Attributes that the rules name and a schema lacks, such as `ncloud_vpc.name`: those rules are to be looked at. */
export function rulesWithoutAttribute(schema: ProviderSchema): string[] {
  const behaviour = dataFile<Record<string, object>>("behaviour.json")();
  const { resources } = dataFile<{ resources: Record<string, { attributes: object }> }>("constraints.json")();
  const named = new Set([
    ...Object.entries(behaviour).flatMap(([type, paths]) => Object.keys(paths).map((path) => `${type}.${path}`)),
    ...Object.entries(resources).flatMap(([type, { attributes }]) =>
      Object.keys(attributes).map((path) => `${type}.${path}`),
    ),
  ]);
  for (const [type, { block }] of Object.entries(schema.resource_schemas))
    for (const { path } of flatten(fieldsOf(block))) named.delete(`${type}.${path}`);
  return [...named].sort();
}
