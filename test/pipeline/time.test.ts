import { isCronExpression, isDate, isZone, startOfDay } from "../../pipeline/time";

it.each([
  ["7 * * * *", true],
  ["*/5 0-6,22 * * 0", true],
  ["60 * * * *", false],
  ["* * * *", false],
  ["* * * * * *", false],
  ["@hourly", false],
  ["0 0 L * *", false],
])("isCronExpression(%s) is %s", (text, expected) => expect(isCronExpression(text)).toBe(expected));

it.each([
  ["2020-02-29", true],
  ["2021-02-29", false],
  ["2020-1-1", false],
])("isDate(%s) is %s", (text, expected) => expect(isDate(text)).toBe(expected));

it("finds the start of a day in its zone, summer time included", () => {
  expect(startOfDay("2020-01-01", "Asia/Seoul")).toBe("2019-12-31T15:00:00Z");
  expect(startOfDay("2020-07-01", "Europe/Berlin")).toBe("2020-06-30T22:00:00Z");
  expect(startOfDay("2020-01-01", "UTC")).toBe("2020-01-01T00:00:00Z");
  expect(isZone("Asia/Seoul")).toBe(true);
  expect(isZone("Asia/Soul")).toBe(false);
});
