/** Questions to the platform, and its answers. */

/** A data source and its arguments: `{ type: "ncloud_vpcs", config: { name: "aws2ncp-vpc" } }`. */
export interface Query {
  readonly type: string;
  readonly config?: Readonly<Record<string, unknown>>;
}

/** Questions by keys of the asker's own. */
export type Queries = Readonly<Record<string, Query>>;

/**
 * One answer. `none`: the platform has no such thing (data sources of single objects fail then, with words that are known).
 * `failed`: this one question was refused, for another reason.
 */
export type Answer =
  | { readonly kind: "row"; readonly row: Readonly<Record<string, unknown>> }
  | { readonly kind: "none" }
  | { readonly kind: "failed"; readonly message: string };

export interface PlatformPlace {
  readonly site: "public" | "gov" | "fin";
  readonly region: string;
}
