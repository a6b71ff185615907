/** Values as Terraform sends them (MessagePack), with what is not known yet kept byte for byte. */
import { decode, encode, ExtensionCodec } from "@msgpack/msgpack";

/** A value that is known only after apply. Its bytes are kept: newer Terraforms put what they do know about it there. */
export class Unknown {
  constructor(
    readonly extension = 0,
    readonly data: Uint8Array = Uint8Array.of(0),
  ) {}
}

/** Long decimals come as strings; an absent list or set of blocks is [], an absent single block null. */
export type Value = null | boolean | number | bigint | string | Unknown | Value[] | Attributes;

/** An object: a resource, a block or an element. */
export interface Attributes {
  [name: string]: Value;
}

/** The bare unknown value, and the one that carries what is known about it ("not null", a prefix). */
const EXTENSIONS = [0, 12] as const;

const extensionCodec = new ExtensionCodec();
for (const type of EXTENSIONS) {
  extensionCodec.register({
    type,
    encode: (value) => (value instanceof Unknown && value.extension === type ? value.data : null),
    decode: (data) => new Unknown(type, data.slice()), // a copy: the buffer that it lies in is used again
  });
}

const options = { extensionCodec, useBigInt64: true };

export function encodeValue(value: Value): Uint8Array {
  return encode(value, options);
}

export function decodeValue(bytes: Uint8Array): Value {
  return withNumbers(decode(bytes, options) as Value);
}

/** Every integer above 32 bits comes as a bigint; those that a number holds exactly become one. */
function withNumbers(value: Value): Value {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (Array.isArray(value)) return value.map(withNumbers);
  return isObject(value) ? mapObject(value, withNumbers) : value;
}

export function isObject(value: Value | undefined): value is Attributes {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Unknown);
}

export function mapObject<T>(
  object: Readonly<Record<string, T>>,
  change: (value: T, name: string) => T,
): Record<string, T> {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value, name)]));
}

/** Whether something in it is not known yet. */
export function hasUnknown(value: Value): boolean {
  if (value instanceof Unknown) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isObject(value) && Object.values(value).some(hasUnknown);
}

/** The value as plain data, without what is not known yet: an attribute is left out, an element becomes null. */
export function knownPart(value: Value): unknown {
  if (value instanceof Unknown) return undefined;
  if (Array.isArray(value)) return value.map((item) => knownPart(item) ?? null);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => !(item instanceof Unknown))
      .map(([name, item]) => [name, knownPart(item)]),
  );
}
