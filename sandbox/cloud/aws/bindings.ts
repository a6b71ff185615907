/** The installed @cdktf/provider-aws, read as text: which provider it is for, and the sources that it was compiled from. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const PACKAGE = "@cdktf/provider-aws";

interface Manifest {
  readonly version: string;
  /** Written by the generator: the provider that the bindings are for. */
  readonly cdktf: { readonly provider: { readonly name: string; readonly version: string } };
}

const manifestFile = (): string => require.resolve(`${PACKAGE}/package.json`);

/** "registry.terraform.io/hashicorp/aws" and "6.25.0" */
export function boundProvider(): { readonly address: string; readonly version: string } {
  const { name, version } = (JSON.parse(readFileSync(manifestFile(), "utf8")) as Manifest).cdktf.provider;
  return { address: name, version };
}

/**
 * The TypeScript that the bindings of a type were compiled from, which the package carries in its source maps. Unlike the compiled
 * files it says of each attribute whether it is computed too.
 *
 * @param name folder of the package's lib: "iam-policy", "data-aws-s3-bucket", "provider"
 */
export function bindingSource(name: string): string {
  const file = join(dirname(manifestFile()), "lib", name, "index.js");
  const map = /\/\/# sourceMappingURL=data:application\/json;base64,(\S+)/.exec(readFileSync(file, "utf8"))?.[1];
  const { sourcesContent = [] } =
    map === undefined ? {} : (JSON.parse(Buffer.from(map, "base64").toString("utf8")) as { sourcesContent?: string[] });
  const source = sourcesContent[0];
  if (source === undefined)
    throw new Error(`${file} carries no source\n  try: npm ci, or the version of ${PACKAGE} in package.json`);
  return source;
}

/** aws_iam_policy -> iam-policy; a data source's bindings are called data-aws-iam-policy. */
export function bindingName(type: string, kind: "resource" | "data"): string {
  const name = type.replaceAll("_", "-");
  return kind === "data" ? `data-${name}` : name.replace(/^aws-/, "");
}
