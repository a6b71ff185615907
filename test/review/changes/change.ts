/** A change of the pipeline file or of a source, and what a review says of it: there, and back again. */

/** One text of a file, and what stands in its place. */
export interface Edit {
  /** Below the repository's root. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export interface Change {
  readonly name: string;
  readonly edits?: readonly Edit[];
  /** What both sides have that the example has not. */
  readonly both?: readonly Edit[];
  /** Paths of constructs that cdktf.json names for retirement, on the head alone. */
  readonly retire?: readonly string[];
  /** "SEVERITY KIND PLACE"; a place is a construct, or HOST:FILE. */
  readonly there: readonly string[];
  /** The findings of the same change undone. */
  readonly back: readonly string[];
}

/** The pipeline files that the changes are made in. */
export const PRODUCTION = "examples/production.yaml";
export const WHOLE = "pipeline.yaml";

export const edit = (file: string, from: string, to: string): Edit => ({ file, from, to });
export const production = (from: string, to: string): Edit => edit(PRODUCTION, from, to);
export const whole = (from: string, to: string): Edit => edit(WHOLE, from, to);
export const role = (path: string, from: string, to: string): Edit => edit(`ansible-templates/roles/${path}`, from, to);
