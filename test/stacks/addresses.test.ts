/**
 * An address that vanishes is a resource that Terraform destroys. addresses.txt holds those that were ever deployed: a line
 * is taken out by whoever means the destruction, or when a `moved` tells where the resource went.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Construct } from "constructs";
import { Bucket } from "../../constructs/storage/bucket";
import { addressesOf, synthOf, synthStacks, type Synth } from "../constructs/synth";

const FILE = "test/stacks/addresses.txt";
const known = readFileSync(join(__dirname, "addresses.txt"), "utf8").trim().split("\n");
const stacks: [string, Synth][] = Object.entries(synthStacks());
const present = stacks.flatMap(([stack, synth]) => addressesOf(synth).map((address) => `${stack} ${address}`));
const moved = stacks.flatMap(([stack, { moved: moves = [] }]) => moves.map(({ from }) => `${stack} ${from}`));

it("keeps every address, or says where it moved", () => {
  const vanished = known.filter((line) => !present.includes(line) && !moved.includes(line));
  expect(
    vanished.map(
      (line) => `${line} vanished: Terraform would destroy it; use moveFromId, or delete its line in ${FILE}`,
    ),
  ).toEqual([]);
});

it("knows every address", () => {
  expect(present.filter((line) => !known.includes(line)).map((line) => `add to ${FILE}: ${line}`)).toEqual([]);
});

it("refuses two constructs that would share an address", () => {
  expect(() =>
    synthOf((stack) => {
      new Bucket(new Construct(stack, "a_b"), "c", { name: "bucket-one" });
      new Bucket(new Construct(stack, "a"), "b_c", { name: "bucket-two" });
    }),
  ).toThrow("test/a/b_c/Default: the address a_b_c is taken by test/a_b/c/Default\n  try: another construct id");
});
