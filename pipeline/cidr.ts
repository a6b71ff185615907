/** IPv4 addresses and blocks, in the few questions that the pipeline asks. Parsing is ipaddr.js's work. */
import ipaddr from "ipaddr.js";

const toNumber = (address: string): number =>
  ipaddr.IPv4.parse(address).octets.reduce((sum, octet) => sum * 256 + octet, 0);

const toAddress = (value: number): string => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".");

export function isAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text);
}

/** Whether the text is a block such as "10.20.0.0/16", host bits zero: the platform refuses others. */
export function isBlock(text: string): boolean {
  if (!/^[0-9.]+\/[0-9]{1,2}$/.test(text) || !ipaddr.IPv4.isValidCIDR(text)) return false;
  return ipaddr.IPv4.networkAddressFromCIDR(text).toString() === text.split("/")[0];
}

export function prefixOf(block: string): number {
  return Number(block.split("/")[1]);
}

/** The address that stands `offset` places after the block's first. */
export function addressAt(block: string, offset: number): string {
  return toAddress(toNumber(block.split("/")[0] as string) + offset);
}

/** Number of addresses in the block. */
export function sizeOf(block: string): number {
  return 2 ** (32 - prefixOf(block));
}

/** Place of an address in a block, negative or beyond its size when it lies outside. */
export function offsetIn(block: string, address: string): number {
  return toNumber(address) - toNumber(block.split("/")[0] as string);
}

/** Whether the inner block (or address) lies wholly inside the outer block. */
export function contains(outer: string, inner: string): boolean {
  const [first, prefix = "32"] = inner.split("/") as [string, string?];
  const offset = offsetIn(outer, first);
  return offset >= 0 && offset + 2 ** (32 - Number(prefix)) <= sizeOf(outer);
}

export function overlap(a: string, b: string): boolean {
  return contains(a, b.split("/")[0] as string) || contains(b, a.split("/")[0] as string);
}
