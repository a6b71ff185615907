/** A provider's schema as the message that Terraform asks for first. */
import type { Message } from "./protocol";
import type { AttributeSchema, BlockSchema, ProviderSchema, TypeSchema } from "./schema";
import { mapObject } from "./values";

export function schemaMessage({ provider, resource_schemas, data_source_schemas }: ProviderSchema): Message {
  return {
    provider: typeMessage(provider),
    resource_schemas: mapObject<unknown>(resource_schemas, (schema) => typeMessage(schema as TypeSchema)),
    data_source_schemas: mapObject<unknown>(data_source_schemas, (schema) => typeMessage(schema as TypeSchema)),
    // Terraform may keep the schema for all processes that it starts of this provider.
    server_capabilities: { get_provider_schema_optional: true },
  };
}

function typeMessage({ version, block }: TypeSchema): Message {
  return { version, block: blockMessage(block) };
}

function blockMessage(block: BlockSchema): Message {
  return {
    attributes: Object.entries(block.attributes ?? {}).map(attributeMessage),
    block_types: Object.entries(block.block_types ?? {}).map(
      ([type_name, { nesting_mode, min_items, max_items, block: inner }]) => ({
        type_name,
        block: blockMessage(inner),
        nesting: nesting_mode.toUpperCase(),
        min_items: min_items ?? 0,
        max_items: max_items ?? 0,
      }),
    ),
    ...described(block),
  };
}

function attributeMessage([name, attribute]: [string, AttributeSchema]): Message {
  const { type, nested_type: nested, required, optional, computed, sensitive } = attribute;
  const flags = { required, optional, computed, sensitive };
  return {
    name,
    ...(nested === undefined
      ? { type: Buffer.from(JSON.stringify(type)) }
      : {
          nested_type: {
            attributes: Object.entries(nested.attributes).map(attributeMessage),
            nesting: nested.nesting_mode.toUpperCase(),
          },
        }),
    ...Object.fromEntries(Object.entries(flags).filter(([, value]) => value === true)),
    ...described(attribute),
  };
}

function described(part: AttributeSchema | BlockSchema): Message {
  const { description, description_kind: kind, deprecated } = part;
  return {
    ...(description === undefined ? {} : { description }),
    ...(kind === undefined ? {} : { description_kind: kind.toUpperCase() }),
    ...(deprecated === true ? { deprecated } : {}),
  };
}
