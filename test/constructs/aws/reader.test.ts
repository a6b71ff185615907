import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Reader } from "../../../constructs/aws/reader";
import { synthOf } from "../synth";

/** A reader of one bucket with as many prefixes as given; none of them is shorter than 40 characters. */
const withPrefixes = (count: number) => (): void =>
  void synthOf((stack) => {
    new AwsProvider(stack, "aws", { region: "ap-northeast-2" });
    new Reader(stack, "reader", {
      user: "reader",
      policyName: "test-reader",
      places: [
        {
          bucket: { bucketArn: "arn:aws:s3:::company-logs" },
          bucketName: "company-logs",
          prefixes: Array.from({ length: count }, (_, index) => `${String(index).padStart(39, "x")}/`),
        },
      ],
      addresses: ["203.0.113.7"],
      kmsKeyArns: [],
      region: "ap-northeast-2",
    });
  });

it("tells at synth when the policy would be longer than IAM takes", () => {
  expect(withPrefixes(20)).not.toThrow();
  expect(withPrefixes(40)).toThrow(
    /test\/reader\W+ the reader's policy would be \d{4} characters long\n {2}allowed: 6144 \(IAM\)\n {2}try: fewer datasets/,
  );
});
