/** What the picture shows, without a place on the paper yet: boxes in bands from the old cloud down to the new one, and edges. */
import type { Mark } from "./marks";

/** One thing in a box: a host, a prefix, an address. */
export interface Line {
  /** The same in before and after: "host:sync-1". */
  readonly key: string;
  readonly text: string;
  /** Smaller, below it. */
  readonly details: readonly string[];
  readonly mark: Mark;
}

/** A box; one with children is an area. */
export interface Box {
  /** "sync", "private", "bucket:aws2ncp-hive" */
  readonly id: string;
  readonly kind: "area" | "aws" | "internet" | "outside" | "host" | "bucket";
  readonly title: string;
  /** Beside the title, muted. */
  readonly detail: string;
  readonly mark: Mark;
  readonly lines: readonly Line[];
  readonly children: readonly Box[];
}

/** One port, or a range, of an edge. */
export interface Port {
  /** "443 tls", "53 dns" */
  readonly key: string;
  /** "443 tls", "53 TCP+UDP dns" */
  readonly text: string;
  /** "packages, alerts" */
  readonly why: string;
  readonly mark: Mark;
}

/** All flows from one party to another. The arrow shows who opens the connection. */
export interface Edge {
  /** Ids of boxes. */
  readonly from: string;
  readonly to: string;
  readonly mark: Mark;
  readonly ports: readonly Port[];
}

export interface Scene {
  readonly title: string;
  /** Of the platform's frame. */
  readonly frame: string;
  /** From top to bottom; the first stands outside the platform. */
  readonly bands: readonly (readonly Box[])[];
  readonly edges: readonly Edge[];
}
