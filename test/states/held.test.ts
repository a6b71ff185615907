/** Held bodies end together, and never wait for a request that can't begin. */
import { heldTogether, isBodyOf, type HeldBody } from "../../states/held";

const bytesOf = async ({ stream }: HeldBody): Promise<Buffer> => Buffer.concat(await stream.toArray());

it("gives each text's body whole, of the length that it says", async () => {
  const bodies = heldTogether(["one", "two"], { moment: 0, longest: 60_000 });
  const [one, two] = await Promise.all(bodies.map(bytesOf));
  expect([isBodyOf("one", one), isBodyOf("two", two), isBodyOf("two", one), isBodyOf("one", undefined)]).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(bodies.map(({ bytes }) => bytes)).toEqual([one?.length, two?.length]);
});

it("lets none end while another has not begun", async () => {
  const [first, second] = heldTogether(["one", "two"], { moment: 0, longest: 60_000 }) as [HeldBody, HeldBody];
  const ended: string[] = [];
  const reading = bytesOf(first).then(() => ended.push("first"));
  for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
  expect(ended).toEqual([]);
  await Promise.all([reading, bytesOf(second)]);
  expect(ended).toEqual(["first"]);
});

it("waits for no request that ended early, however often that is told", async () => {
  const [first, second] = heldTogether(["one", "two"], { moment: 0, longest: 60_000 }) as [HeldBody, HeldBody];
  second.done();
  second.done();
  expect(isBodyOf("one", await bytesOf(first))).toBe(true);
});

it("lets the rest go at last when one can't begin", async () => {
  const [first] = heldTogether(["one", "two"], { moment: 60_000, longest: 20 }) as [HeldBody, HeldBody];
  expect(isBodyOf("one", await bytesOf(first))).toBe(true);
});
