/** Values of a configuration with its references in place: "${ncloud_vpc.vpc.id}" becomes the number that is known by now. */
import type { Attributes } from "./types";

/** Stands for a value that is not known, since what it refers to is not there (yet). */
export const UNKNOWN = Symbol("unknown");

const REFERENCE = /^\$\{((?:data\.)?ncloud_\w+\.[\w-]+)\.(\w+)\}$/;

/** Address that a value refers to, if it is a reference and nothing else. */
export function referenceIn(value: unknown): { readonly address: string; readonly attribute: string } | undefined {
  const [, address, attribute] = (typeof value === "string" ? REFERENCE.exec(value) : null) ?? [];
  return address === undefined || attribute === undefined ? undefined : { address, attribute };
}

/** The value, all references in it replaced; UNKNOWN as soon as one is not known, or is an expression. */
export function resolved(value: unknown, known: ReadonlyMap<string, Attributes>): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => resolved(item, known));
    return items.includes(UNKNOWN) ? UNKNOWN : items;
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([name, item]): [string, unknown] => [name, resolved(item, known)]);
    return entries.some(([, item]) => item === UNKNOWN) ? UNKNOWN : Object.fromEntries(entries);
  }
  const reference = referenceIn(value);
  if (reference !== undefined) return known.get(reference.address)?.[reference.attribute] ?? UNKNOWN;
  return typeof value === "string" && /(?<!\$)\$\{/.test(value) ? UNKNOWN : value;
}

/** Addresses that a value refers to, at any depth. */
export function addressesIn(value: unknown): string[] {
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(addressesIn);
  const reference = referenceIn(value);
  return reference === undefined ? [] : [reference.address];
}
