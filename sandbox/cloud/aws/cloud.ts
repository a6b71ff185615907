/**
 * The stand-in for hashicorp/aws: the schema of the types in use, as the installed bindings have it, over the sandbox's S3 server
 * and IAM as records. A type that is not in the tables below is none that this provider has: Terraform itself says so.
 */
import type { Cloud, DataHandler, Plain, ResourceHandler } from "../../provider/cloud";
import { Refused, type Problem } from "../../provider/diagnostics";
import type { ProviderSchema, TypeSchema } from "../../provider/schema";
import type { StoredObject } from "../../provider/store";
import { handlerOf, required, type Kind } from "../kind";
import type { Platform } from "../platform";
import { bindingName, bindingSource } from "./bindings";
import { schemaOf } from "./derived-schema";
import { ACCOUNT, attachment, policy, userNamed } from "./iam";
import { behaviourOf, breaches } from "./rules";

export const RESOURCES: Readonly<Record<string, Kind<StoredObject>>> = {
  [policy.type]: policy,
  [attachment.type]: attachment,
};

/** How a data source is answered; `region` is the provider's. */
type Answer = (config: Plain, platform: Platform, region: string) => Promise<Plain>;

export const DATA_SOURCES: Readonly<Record<string, Answer>> = {
  aws_s3_bucket: async (config, { machinery }, region) => {
    const name = required(config, "bucket");
    if (!(await machinery.sourceBucketExists(name)))
      throw new Refused(`NoSuchBucket: ${name}\n  allowed: a bucket that the company has at AWS`, ["bucket"]);
    return { id: name, arn: `arn:aws:s3:::${name}`, bucket_region: region, region };
  },
  aws_iam_user: async (config, platform) => {
    const { id } = userNamed(platform, required(config, "user_name"));
    const number = `sandbox-${id}`;
    return {
      id: number,
      user_id: number,
      arn: `arn:aws:iam::${ACCOUNT}:user/${id}`,
      path: "/",
      permissions_boundary: "",
    };
  },
};

export function aws(platform: Platform): Cloud {
  let region = "";
  return {
    schema: schema(),
    behaviour: behaviourOf,
    check: breaches,
    configure: (config) => {
      region = typeof config["region"] === "string" ? config["region"] : (process.env["AWS_REGION"] ?? "");
      return providerProblems(config, region);
    },
    resource: (type): ResourceHandler | { refusal: string } => {
      const kind = RESOURCES[type];
      return kind === undefined ? { refusal: "the sandbox has no stand-in for it" } : handlerOf(kind, platform);
    },
    data: (type): DataHandler | { refusal: string } => {
      const answer = DATA_SOURCES[type];
      return answer === undefined
        ? { refusal: "the sandbox has no stand-in for it" }
        : { read: (config) => answer(config, platform, region) };
    },
    neverSent: () => [],
  };
}

function schema(): ProviderSchema {
  const schemas = (kind: "resource" | "data", types: readonly string[]): Record<string, TypeSchema> =>
    Object.fromEntries(types.map((type) => [type, schemaOf(bindingSource(bindingName(type, kind)))]));
  return {
    provider: schemaOf(bindingSource("provider")),
    resource_schemas: schemas("resource", Object.keys(RESOURCES)),
    data_source_schemas: schemas("data", Object.keys(DATA_SOURCES)),
  };
}

/** Where the real provider looks for credentials; what it would then ask AWS can't be asked here. */
const CREDENTIALS = ["AWS_ACCESS_KEY_ID", "AWS_PROFILE"] as const;
/** What would change its answers, and is not played. */
const NOT_PLAYED = [
  "assume_role",
  "assume_role_with_web_identity",
  "default_tags",
  "endpoints",
  "ignore_tags",
] as const;

function providerProblems(config: Plain, region: string): Problem[] {
  const written = (name: string): boolean => {
    const value = config[name];
    return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
  };
  const hasKey =
    written("access_key") || written("profile") || CREDENTIALS.some((name) => (process.env[name] ?? "") !== "");
  return [
    ...(region === ""
      ? [{ message: "region is missing\n  try: source.region in the pipeline file", path: ["region"] }]
      : []),
    ...(hasKey ? [] : [{ message: `No valid credential sources found\n  try: set ${CREDENTIALS.join(" or ")}` }]),
    ...NOT_PLAYED.filter(written).map((name) => ({
      message: `the sandbox does not play ${name}\n  allowed here: without it`,
      path: [name],
    })),
  ];
}
