/** The stand-in for the AWS provider under the real Terraform, beside the one for the platform. */
import { join } from "node:path";
import { boundProvider } from "../../../sandbox/cloud/aws/bindings";
import { registerUser } from "../../../sandbox/cloud/aws/iam";
import { synthStacks, type Synth } from "../../constructs/synth";
import { standIn, type Resources, type Workspace } from "./workspace";

jest.setTimeout(120_000);

const { served } = standIn();

const { address, version } = boundProvider();
const more = {
  terraform: { required_providers: { aws: { source: address.replace("registry.terraform.io/", ""), version } } },
  provider: { aws: { region: "ap-northeast-2" } },
};
const data = {
  aws_s3_bucket: { logs: { bucket: "company-logs" } },
  aws_iam_user: { reader: { user_name: "reader" } },
};
const document = (action = "s3:GetObject"): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: action, Resource: "${data.aws_s3_bucket.logs.arn}/*" }],
  });
const withPolicy = (policy: Readonly<Record<string, unknown>> = {}): Resources => ({
  aws_iam_policy: { main: { name: "test-reader", policy: document(), ...policy } },
  aws_iam_user_policy_attachment: {
    main: { user: "${data.aws_iam_user.reader.user_name}", policy_arn: "${aws_iam_policy.main.arn}" },
  },
});

async function withReader(): Promise<Workspace> {
  const tf = await served("aws");
  registerUser(join(tf.home, "aws"), "reader");
  return tf;
}

it("gives a user a policy, comes to rest, changes it in place, and takes it back", async () => {
  const tf = await withReader();
  await tf.apply(withPolicy(), { ...more, data });
  expect(await tf.plan()).toEqual([]);
  const arn = "arn:aws:iam::000000000000:policy/test-reader";
  expect(tf.attributes("aws_iam_policy.main")).toEqual({
    arn,
    attachment_count: 0, // read before it was attached, as by the real provider
    description: null,
    id: arn,
    name: "test-reader",
    name_prefix: "",
    path: "/",
    policy: document().replace("${data.aws_s3_bucket.logs.arn}", "arn:aws:s3:::company-logs"),
    policy_id: expect.stringMatching(/^sandbox-\d{8}$/),
    tags: null,
    tags_all: {},
  });
  expect(tf.attributes("aws_iam_user_policy_attachment.main")).toEqual({
    id: `reader/${arn}`,
    policy_arn: arn,
    user: "reader",
  });

  expect(await tf.plan(withPolicy({ policy: document("s3:ListBucket") }), { ...more, data })).toEqual([
    "update aws_iam_policy.main",
  ]);
  await tf.succeed("apply", "-auto-approve");
  expect(tf.attributes("aws_iam_policy.main")).toMatchObject({ attachment_count: 1, id: arn });
  expect(await tf.plan()).toEqual([]);
  expect(await tf.plan(withPolicy({ name: "other" }), { ...more, data })).toEqual([
    "replace aws_iam_policy.main",
    "replace aws_iam_user_policy_attachment.main",
  ]);
  await tf.succeed("destroy", "-auto-approve");
  await tf.apply(withPolicy(), { ...more, data }); // its name is free again
});

/** The stack's own resources: what copies its state before a change is a program of the clone's. */
const withoutStateCopies = ({ terraform_data: _, ...own }: NonNullable<Synth["resource"]>): object =>
  Object.fromEntries(
    Object.entries(own).map(([type, named]) => [
      type,
      Object.fromEntries(Object.entries(named).map(([name, { depends_on: _first, ...rest }]) => [name, rest])),
    ]),
  );

it("applies the stack as it is synthesized, once the proxy has its address, and comes to rest", async () => {
  const tf = await served("ncloud", "aws");
  registerUser(join(tf.home, "aws"), "aws2ncp-reader");
  const { terraform, provider, data: lookups, resource } = synthStacks().source;
  const { backend: _, ...pinned } = terraform;
  const proxy = { ncloud_public_ip: { proxy: { description: "aws2ncp: proxy-1" } } };
  await tf.apply(proxy, { terraform: pinned, provider });
  const all = { ...proxy, ...withoutStateCopies(resource ?? {}) } as Resources;
  await tf.apply(all, { terraform: pinned, provider, data: lookups });
  expect(await tf.plan()).toEqual([]);
  const policy = String(tf.attributes("aws_iam_policy.reader")["policy"]);
  expect(policy).toContain(`"aws:SourceIp":["${String(tf.attributes("ncloud_public_ip.proxy")["public_ip"])}/32"]`);
  expect(policy).toContain('"arn:aws:s3:::company-event-log/event_log/*"');
  expect(policy).not.toContain("${");
});

it("imports what stands", async () => {
  const tf = await withReader();
  await tf.apply(withPolicy(), { ...more, data });
  const arn = tf.id("aws_iam_policy.main");
  await tf.succeed("state", "rm", "aws_iam_policy.main", "aws_iam_user_policy_attachment.main");
  await tf.succeed("import", "aws_iam_policy.main", arn);
  await tf.succeed("import", "aws_iam_user_policy_attachment.main", `reader/${arn}`);
  expect(await tf.plan()).toEqual([]);
});

it("refuses a bucket that isn't there and a user that nobody made, at plan", async () => {
  const tf = await withReader();
  const wrong = { aws_s3_bucket: { logs: { bucket: "logs" } }, aws_iam_user: { reader: { user_name: "nobody" } } };
  await tf.configure(withPolicy(), { ...more, data: wrong });
  const { code, output } = await tf.terraform("plan");
  expect(code).toBe(1);
  expect(output).toContain("data.aws_s3_bucket: NoSuchBucket: logs");
  expect(output).toContain("data.aws_iam_user: NoSuchEntity: The user with name nobody cannot be found.");
});

it("holds policies and names to IAM's rules, also once what they refer to is known", async () => {
  const tf = await withReader();
  await tf.configure(withPolicy({ name: "a name", policy: '{"Version": "2012-10-17"}', name_prefix: "x" }), {
    ...more,
    data,
  });
  const { output } = await tf.terraform("validate");
  for (const told of [
    'aws_iam_policy: name is "a name"',
    "aws_iam_policy: policy has no Statement",
    "aws_iam_policy: the sandbox does not play name_prefix",
  ])
    expect(output).toContain(told);

  await tf.configure(withPolicy({ policy: document("GetObject") }), { ...more, data });
  await tf.succeed("validate"); // the bucket's ARN isn't known yet
  const planned = await tf.terraform("plan");
  expect(planned.output).toContain('aws_iam_policy: policy Statement[0] has Action "GetObject"');
});

it("refuses what it can't do: other types, by the provider's name; what would change its answers; no region", async () => {
  const tf = await withReader();
  await tf.configure({ aws_iam_access_key: { main: { user: "reader" } } }, more);
  expect((await tf.terraform("validate")).output).toContain(
    'The provider hashicorp/aws does not support resource type "aws_iam_access_key"',
  );
  await tf.configure(
    {},
    { ...more, data, provider: { aws: { region: "ap-northeast-2", default_tags: [{ tags: { a: "b" } }] } } },
  );
  expect((await tf.terraform("plan")).output).toContain("the sandbox does not play default_tags");
  await tf.configure({}, { ...more, data, provider: { aws: {} } });
  expect((await tf.terraform("plan")).output).toContain("region is missing");
});
