/**
 * Names on the platform, `aws2ncp-private`: the pipeline's name, then what the thing is. There are no tags (ncloud
 * 4.0.5), so a name is all by which people and other stacks find a thing.
 */
export function nameOf(pipeline: { readonly name: string }, ...parts: readonly string[]): string {
  return [pipeline.name, ...parts].join("-").replaceAll("_", "-");
}

/** Description of a host's things, `aws2ncp: proxy-1`: a public address has no name, so its description is what finds it. */
export function descriptionOf(pipeline: { readonly name: string }, what: string): string {
  return `${pipeline.name}: ${what}`;
}
