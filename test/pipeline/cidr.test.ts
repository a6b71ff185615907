import { addressAt, contains, isBlock, offsetIn, overlap, sizeOf } from "../../pipeline/cidr";

it.each([
  ["10.20.0.0/16", true],
  ["0.0.0.0/0", true],
  ["10.20.1.6/32", true],
  ["10.20.0.1/16", false],
  ["10.20.0.0", false],
  ["10.20.0.0/33", false],
  ["10.20/16", false],
  ["::/0", false],
])("isBlock(%s) is %s", (text, expected) => expect(isBlock(text)).toBe(expected));

it("counts addresses across octets", () => {
  expect(addressAt("10.20.0.0/16", 258)).toBe("10.20.1.2");
  expect(addressAt("192.168.0.0/24", 1)).toBe("192.168.0.1");
  expect(offsetIn("10.20.0.0/16", "10.20.1.2")).toBe(258);
  expect(sizeOf("10.20.0.0/28")).toBe(16);
});

it("knows inside from outside at the edges", () => {
  expect(contains("10.20.1.0/24", "10.20.1.255")).toBe(true);
  expect(contains("10.20.1.0/24", "10.20.2.0")).toBe(false);
  expect(contains("10.20.1.0/24", "10.20.0.0/16")).toBe(false);
  expect(overlap("10.20.0.0/24", "10.20.0.128/25")).toBe(true);
  expect(overlap("10.20.0.0/24", "10.20.1.0/24")).toBe(false);
});
