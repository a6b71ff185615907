import { bindingName, bindingSource, boundProvider } from "../../../../sandbox/cloud/aws/bindings";
import { schemaOf } from "../../../../sandbox/cloud/aws/derived-schema";

/** Attributes of a type as "name: type", by what one may do with them. */
function attributesOf(type: string, kind: "resource" | "data"): Record<string, string[]> {
  const { attributes = {} } = schemaOf(bindingSource(bindingName(type, kind))).block;
  const found: Record<string, string[]> = {};
  for (const [name, { type: of, required, optional, computed }] of Object.entries(attributes)) {
    const may = Object.entries({ required, optional, computed })
      .filter(([, is]) => is === true)
      .map(([word]) => word)
      .join(" ");
    (found[may] ??= []).push(`${name}: ${typeof of === "string" ? of : (of as unknown as string[]).join(" of ")}`);
  }
  return found;
}

it("knows which provider the bindings are for", () => {
  expect(boundProvider()).toEqual({ address: "registry.terraform.io/hashicorp/aws", version: "6.25.0" });
});

it("has every attribute of a resource, with what must, may and can't be written", () => {
  expect(attributesOf("aws_iam_policy", "resource")).toEqual({
    required: ["policy: string"],
    optional: ["description: string", "path: string", "tags: map of string"],
    "optional computed": ["id: string", "name: string", "name_prefix: string", "tags_all: map of string"],
    computed: ["arn: string", "attachment_count: number", "policy_id: string"],
  });
  expect(attributesOf("aws_iam_user_policy_attachment", "resource")).toEqual({
    required: ["policy_arn: string", "user: string"],
    "optional computed": ["id: string"],
  });
});

it("has every attribute of a data source", () => {
  expect(attributesOf("aws_s3_bucket", "data")).toEqual({
    required: ["bucket: string"],
    "optional computed": ["id: string", "region: string"],
    computed: [
      "arn: string",
      "bucket_domain_name: string",
      "bucket_region: string",
      "bucket_regional_domain_name: string",
      "hosted_zone_id: string",
      "website_domain: string",
      "website_endpoint: string",
    ],
  });
  expect(attributesOf("aws_iam_user", "data")).toEqual({
    required: ["user_name: string"],
    "optional computed": ["id: string", "tags: map of string"],
    computed: ["arn: string", "path: string", "permissions_boundary: string", "user_id: string"],
  });
});

it("has the blocks below an attribute's level too", () => {
  const { attributes, block_types: blocks = {} } = schemaOf(bindingSource("provider")).block;
  expect(attributes).toMatchObject({
    region: { type: "string", optional: true },
    insecure: { type: "bool", optional: true },
    max_retries: { type: "number", optional: true },
    allowed_account_ids: { type: ["set", "string"], optional: true },
    shared_config_files: { type: ["list", "string"], optional: true },
  });
  expect(Object.entries(blocks).map(([name, { nesting_mode: nesting }]) => `${name}: ${nesting}`)).toEqual([
    "assume_role: list",
    "assume_role_with_web_identity: list",
    "default_tags: list",
    "endpoints: set",
    "ignore_tags: list",
  ]);
  expect(blocks["default_tags"]?.block).toEqual({ attributes: { tags: { type: ["map", "string"], optional: true } } });
  // Its property is lexv2Models: no rule makes it from the attribute's name.
  expect(blocks["endpoints"]?.block.attributes?.["lexv2models"]).toEqual({ type: "string", optional: true });
});

it("reads blocks of a resource, required attributes in them and blocks in blocks", () => {
  const { block } = schemaOf(bindingSource("s3-bucket-cors-configuration"));
  expect(block.block_types?.["cors_rule"]).toEqual({
    nesting_mode: "set",
    block: {
      attributes: {
        allowed_headers: { type: ["set", "string"], optional: true },
        allowed_methods: { type: ["set", "string"], required: true },
        allowed_origins: { type: ["set", "string"], required: true },
        expose_headers: { type: ["set", "string"], optional: true },
        id: { type: "string", optional: true },
        max_age_seconds: { type: "number", optional: true },
      },
    },
  });
  const lifecycle = schemaOf(bindingSource("s3-bucket-lifecycle-configuration")).block.block_types?.["rule"]?.block;
  expect(Object.keys(lifecycle?.block_types?.["filter"]?.block.block_types ?? {})).toEqual(["and", "tag"]);
});

it("makes nothing up: what it can't read is an error", () => {
  expect(() => schemaOf(bindingSource("acm-certificate"))).toThrow(
    "the bindings' domain_validation_options can't be read",
  );
  expect(() => schemaOf("no bindings at all")).toThrow("the bindings have nothing like");
  const broken = bindingSource("iam-policy").replace("// policy - computed: false", "// other - computed: false");
  expect(() => schemaOf(broken)).toThrow("the bindings don't say whether one must write policy");
});
