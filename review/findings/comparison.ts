/** What every rule reads, and how it says what it found. */
import type { FilePair } from "../files/delivered";
import type { ElementChange } from "../infrastructure/compare";
import type { Element } from "../infrastructure/elements";
import type { Synth } from "../input/synth";
import { maskText } from "../input/sensitive";
import type { Finding, Place, Severity } from "../report";
import type { FindingKind } from "./kinds";

export interface Comparison {
  readonly before: Synth;
  readonly after: Synth;
  /** All, also those that stay as they are. */
  readonly elements: readonly ElementChange[];
  /** All, also those that stay as they are. */
  readonly files: readonly FilePair[];
}

/** A rule finds what it looks for in the whole comparison. Rules don't know each other. */
export type Rule = (comparison: Comparison) => readonly Finding[];

/** Half a finding: what a table's row says of every change that it matches. */
export interface Verdict {
  readonly severity: Severity;
  readonly kind: FindingKind;
  readonly consequence: string;
}

export function finding(verdict: Verdict, place: Place, reason: string): Finding {
  const { severity, kind, consequence } = verdict;
  return { severity, kind, place, reason: maskText(reason), consequence };
}

/** Path of an element's construct, without the name that its main resource has; its address where cdktf wrote none. */
export function constructOf({ stack, address, construct }: Element): string {
  return construct?.replace(/\/Default$/, "") ?? `${stack}/${address}`;
}

export function placeOf(element: Element): Place {
  return { construct: constructOf(element) };
}

export function placeOfFile({ path, host }: FilePair): Place {
  return { file: path, ...(host === "" ? {} : { host }) };
}

/** Hosts that a side delivers to. */
export function hostsOf({ stacks }: Synth): Set<string> {
  return new Set([...stacks.values()].flatMap(({ manifest }) => (manifest?.hosts ?? []).map(({ name }) => name)));
}

/** Both sides of an element of one of these types that is on both. */
export function both(
  elements: readonly ElementChange[],
  type?: RegExp,
): { readonly before: Element; readonly after: Element }[] {
  return elements.flatMap(({ before, after }) =>
    before !== undefined &&
    after !== undefined &&
    after.block === "resource" &&
    (type === undefined || type.test(after.type))
      ? [{ before, after }]
      : [],
  );
}

/** A host that one side has and the other has not, by each of its names: "hdp-4", "hdp-4.aws2ncp.internal", "10.20.1.23". */
export function hostsOnlyIn(one: Synth, other: Synth): Map<string, string> {
  const there = hostsOf(other);
  const names = [...one.stacks.values()].flatMap(({ manifest }) =>
    (manifest?.hosts ?? []).flatMap(({ name, fqdn, address }) =>
      there.has(name) ? [] : [name, fqdn, address, `${address}/32`].map((each): [string, string] => [each, name]),
    ),
  );
  return new Map(names);
}
