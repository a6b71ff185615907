import type { TerraformStack } from "cdktf";
import type { IValidation } from "constructs";
import { checkConfig, describeViolation } from "@cdktf/provider-ncloud/rules";

/** Terraform's own arguments, which no provider sees. */
const META_ARGUMENTS = new Set([
  "//",
  "connection",
  "count",
  "depends_on",
  "for_each",
  "lifecycle",
  "provider",
  "provisioner",
]);

interface Synthesized {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, ResourceConfig>>>>;
}

interface ResourceConfig {
  readonly "//": { readonly metadata: { readonly path: string } };
  readonly [argument: string]: unknown;
}

/**
 * Holds every resource of a stack to the value rules of ncloud 4.0.5 (lengths, patterns, combinations) at synth, so that
 * a name one character too long is told here, with the construct's path, and not halfway through an apply.
 */
export class ProviderRules implements IValidation {
  constructor(private readonly stack: TerraformStack) {}

  validate(): string[] {
    const { resource = {} } = this.stack.toTerraform() as Synthesized;
    return Object.entries(resource)
      .filter(([type]) => type.startsWith("ncloud_"))
      .flatMap(([type, instances]) => Object.values(instances).flatMap((config) => breaches(type, config)));
  }
}

function breaches(type: string, config: ResourceConfig): string[] {
  const arguments_ = Object.fromEntries(Object.entries(config).filter(([name]) => !META_ARGUMENTS.has(name)));
  return checkConfig(type, arguments_).map(
    (violation) => `${config["//"].metadata.path}: ${describeViolation(type, violation)}`,
  );
}
