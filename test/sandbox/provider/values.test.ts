import { decodeValue, encodeValue, hasUnknown, knownPart, Unknown } from "../../../sandbox/provider/values";

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));
const hexOf = (value: Uint8Array): string => Buffer.from(value).toString("hex");

it("keeps an unknown value as it came: bare, and with what is known about it", () => {
  const bare = "d40000"; // fixext 1, type 0
  const refined = "c7030c810281"; // ext 8, 3 bytes, type 12
  expect(hexOf(encodeValue(decodeValue(bytes(bare))))).toBe(bare);
  expect(hexOf(encodeValue(decodeValue(bytes(refined))))).toBe(refined);
  expect(hexOf(encodeValue(new Unknown()))).toBe(bare);
});

it("keeps an integer that a number can't hold, and makes a number of one that it can", () => {
  const huge = "cf" + "7fffffffffffffff";
  expect(decodeValue(bytes(huge))).toBe(9223372036854775807n);
  expect(hexOf(encodeValue(decodeValue(bytes(huge))))).toBe(huge);
  expect(decodeValue(bytes("cf0000000200000000"))).toBe(8 * 2 ** 30);
});

it("leaves a long decimal the text that it is", () => {
  const decimal = "0.1000000000000000055511151231257827";
  expect(decodeValue(encodeValue({ price: decimal }))).toEqual({ price: decimal });
});

it("finds what is unknown at any depth, and hands out the rest", () => {
  const value = { name: "a", id: new Unknown(), list: [new Unknown(), { port: 22, to: new Unknown() }], none: null };
  expect(hasUnknown(value)).toBe(true);
  expect(knownPart(value)).toEqual({ name: "a", list: [null, { port: 22 }], none: null });
  expect(hasUnknown(knownPart(value) as never)).toBe(false);
});
