/** What the AWS side is: looked up, but for the reader's policy, which is here byte for byte. */
import { RETIRE } from "../../constructs/protection";
import { ONLY_EVENT_LOG } from "../fixtures/pipeline";
import { examplePlan } from "../fixtures/plan";
import { addressesOf, dataOf, onlyResource, resourcesOf, synthStacks, type Synth } from "../constructs/synth";

const sourceOf = (...changes: (readonly [string, string])[]): Synth =>
  synthStacks(examplePlan(ONLY_EVENT_LOG, ...changes)).source;
const source = sourceOf();

interface Statement {
  readonly Sid?: string;
  readonly [element: string]: unknown;
}
const statementsOf = (synth: Synth): Statement[] =>
  (JSON.parse(String(onlyResource(synth, "aws_iam_policy")["policy"])) as { Statement: Statement[] }).Statement;

it("looks buckets, the user and the proxy's address up, by name", () => {
  expect(dataOf(source, "aws_s3_bucket")).toEqual({
    "company-event-log": {
      bucket: "company-event-log",
      lifecycle: {
        postcondition: [
          {
            condition: '${self.bucket_region == "ap-northeast-2"}',
            error_message:
              "bucket company-event-log lies in another region; allowed: ap-northeast-2 (source.region in the pipeline file)",
          },
        ],
      },
    },
  });
  expect(dataOf(source, "aws_iam_user")).toEqual({ reader_user: { user_name: "aws2ncp-reader" } });
  expect(dataOf(source, "ncloud_public_ip")).toEqual({
    "proxy-1": { filter: [{ name: "description", values: ["aws2ncp: proxy-1"] }] },
  });
});

it("finds the address by the description that the transfer stack gives it", () => {
  const { transfer } = synthStacks();
  expect(onlyResource(transfer, "ncloud_public_ip")["description"]).toBe("aws2ncp: proxy-1");
});

it("gives the reader this policy and no other", () => {
  const from = ["${data.ncloud_public_ip.proxy-1.public_ip}/32"];
  const bucket = "${data.aws_s3_bucket.company-event-log.arn}";
  const way = {
    IpAddress: { "aws:SourceIp": from },
    Bool: { "aws:SecureTransport": "true" },
    NumericGreaterThanEquals: { "s3:TlsVersion": "1.2" },
  };
  expect(onlyResource(source, "aws_iam_policy")).toEqual({
    name: "aws2ncp-reader",
    policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: "s3:ListBucket",
          Resource: bucket,
          Condition: { ...way, StringLike: { "s3:prefix": ["event_log/*"] } },
        },
        { Sid: "Read", Effect: "Allow", Action: "s3:GetObject", Resource: [`${bucket}/event_log/*`], Condition: way },
        { Sid: "DoNothingElse", Effect: "Deny", NotAction: ["s3:GetObject", "s3:ListBucket"], Resource: "*" },
        { Sid: "NothingElsewhere", Effect: "Deny", Action: "s3:*", NotResource: [bucket, `${bucket}/event_log/*`] },
        {
          Sid: "FromNowhereElse",
          Effect: "Deny",
          Action: "s3:*",
          Resource: "*",
          Condition: { NotIpAddress: { "aws:SourceIp": from } },
        },
        {
          Sid: "NeverInTheClear",
          Effect: "Deny",
          Action: "s3:*",
          Resource: "*",
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
        {
          Sid: "NoOlderTls",
          Effect: "Deny",
          Action: "s3:*",
          Resource: "*",
          Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } },
        },
      ],
    }),
  });
  expect(onlyResource(source, "aws_iam_user_policy_attachment")).toEqual({
    user: "${data.aws_iam_user.reader_user.user_name}",
    policy_arn: "${aws_iam_policy.reader.arn}",
  });
});

it("makes no bucket, no bucket's policy, no user and no key, whatever the pipeline file says", () => {
  const synths = [
    source,
    synthStacks(examplePlan(), { context: { [RETIRE]: ["source"] } }).source,
    sourceOf(["reader: aws2ncp-reader", "reader: other\n  standby_addresses: [203.0.113.9]"]),
  ];
  for (const synth of synths) {
    expect(addressesOf(synth).map((address) => address.split(".")[0])).toEqual([
      "aws_iam_policy",
      "aws_iam_user_policy_attachment",
      "terraform_data", // the two that copy the stack's state
      "terraform_data",
    ]);
    expect(resourcesOf(synth, "aws_s3_bucket_policy")).toEqual({});
  }
});

it("admits the addresses of all proxies and those that stand by", () => {
  const two = sourceOf(
    ["reader: aws2ncp-reader", "reader: aws2ncp-reader\n  standby_addresses: [203.0.113.9, 203.0.113.7]"],
    [
      "  proxy-1: { image: ubuntu-22.04-base, spec: s2-g3 }",
      "  proxy-1: { image: ubuntu-22.04-base, spec: s2-g3 }\n  proxy-2: { image: ubuntu-22.04-base, spec: s2-g3, reason: a spare }",
    ],
  );
  const from = [
    "${data.ncloud_public_ip.proxy-1.public_ip}/32",
    "${data.ncloud_public_ip.proxy-2.public_ip}/32",
    "203.0.113.7/32",
    "203.0.113.9/32",
  ];
  const denied = statementsOf(two).find(({ Sid }) => Sid === "FromNowhereElse");
  expect(denied?.["Condition"]).toEqual({ NotIpAddress: { "aws:SourceIp": from } });
  const allowed = statementsOf(two).filter(({ Effect, Sid }) => Effect === "Allow" && Sid !== "Decrypt");
  expect(allowed.map(({ Condition }) => (Condition as { IpAddress: unknown }).IpAddress)).toEqual([
    { "aws:SourceIp": from },
    { "aws:SourceIp": from },
  ]);
});

it("lets the reader decrypt with the keys that are named, through S3 only, and with no other", () => {
  const key = "arn:aws:kms:ap-northeast-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
  const statements = statementsOf(
    sourceOf(["reader: aws2ncp-reader", `reader: aws2ncp-reader\n  kms_key_arns: [${key}]`]),
  );
  expect(statements.find(({ Sid }) => Sid === "Decrypt")).toEqual({
    Sid: "Decrypt",
    Effect: "Allow",
    Action: "kms:Decrypt",
    Resource: [key],
    Condition: { StringEquals: { "kms:ViaService": "s3.ap-northeast-2.amazonaws.com" } },
  });
  expect(statements.find(({ Sid }) => Sid === "DoNothingElse")?.["NotAction"]).toEqual([
    "s3:GetObject",
    "s3:ListBucket",
    "kms:Decrypt",
  ]);
});
