/**
 * Names on the platform, `aws2ncp-private`: the pipeline's name, then what the thing is. There are no tags (ncloud
 * 4.0.5), so a name is all by which people and other stacks find a thing.
 */
export function nameOf(pipeline: { readonly name: string }, ...parts: readonly string[]): string {
  return [pipeline.name, ...parts].join("-").replaceAll("_", "-");
}
