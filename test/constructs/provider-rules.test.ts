/** Limits come from the provider's own rules: the last value inside passes, the first outside is told with its construct. */
import { ruleOf } from "@cdktf/provider-ncloud/rules";
import { Vpc } from "../../constructs/network/vpc";
import { synthOf } from "./synth";

const { min_length: min, max_length: max } = ruleOf("ncloud_vpc", "name") as { min_length: number; max_length: number };

const withName = (name: string) => () => synthOf((stack) => void new Vpc(stack, "vpc", { name, cidr: "10.20.0.0/16" }));

it.each([min, max])("takes a name of %i characters", (length) => {
  expect(withName("n".repeat(length))).not.toThrow();
});

it("tells the construct, the value and the limit of a name that is too short", () => {
  expect(withName("n".repeat(min - 1))).toThrow(
    /test\/vpc\/Default: ncloud_vpc\.name: "nn" is 2 characters long; allowed: 3 to 30 characters/,
  );
});

it("tells the same of a name that is too long", () => {
  expect(withName("n".repeat(max + 1))).toThrow(/is 31 characters long; allowed: 3 to 30 characters/);
});

it("tells all breaches of a stack at once", () => {
  const build = () =>
    synthOf((stack) => {
      new Vpc(stack, "one", { name: "N", cidr: "10.20.0.0/16" });
      new Vpc(stack, "two", { name: "vpc", cidr: "10.20.0.1/16" });
    });
  expect(build).toThrow(/test\/one\/Default(.|\n)*test\/two\/Default: ncloud_vpc\.ipv4_cidr_block/);
});

it("lets values pass that are known only after apply", () => {
  expect(withName("${data.ncloud_vpc.other.name}")).not.toThrow();
});
