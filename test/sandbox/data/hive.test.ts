import { checkRows, HIVE_ROWS } from "../../../sandbox/data/hive";

it("accepts the tables in their known size", () => expect(() => checkRows(HIVE_ROWS)).not.toThrow());

it("names every table of another size", () => {
  const { planes, ...rows } = HIVE_ROWS;
  expect(planes).toBe(3322);
  expect(() => checkRows({ ...rows, flights: 336_775 })).toThrow(
    "tables of the wrong size: flights has 336775 rows, allowed are 336776; planes has no rows, allowed are 3322",
  );
});
