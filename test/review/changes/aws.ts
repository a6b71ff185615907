/** AWS's side: security groups, buckets and roles that a stack might come to have. */
import { edit, type Change, type Edit } from "./change";

const SOURCE = "stacks/source.ts";
const PROVIDER = "    new AwsProvider(this,";

/** Puts a resource into the source's stack. */
const resource = (name: string, folder: string, lines: string): readonly Edit[] => [
  edit(
    SOURCE,
    'import { Reader } from "../constructs/aws/reader";',
    `import { ${name} } from "@cdktf/provider-aws/lib/${folder}";\nimport { Reader } from "../constructs/aws/reader";`,
  ),
  edit(SOURCE, PROVIDER, `${lines}\n${PROVIDER}`),
];
const source = (from: string, to: string): Edit => edit(SOURCE, from, to);

const rule = resource(
  "VpcSecurityGroupIngressRule",
  "vpc-security-group-ingress-rule",
  '    new VpcSecurityGroupIngressRule(this, "rule", { securityGroupId: "sg-1", ipProtocol: "tcp", fromPort: 443, toPort: 443, cidrIpv4: "203.0.113.0/28" });',
);
const group = resource(
  "SecurityGroup",
  "security-group",
  `    new SecurityGroup(this, "group", {
      name: "migration",
      description: "of the migration",
      ingress: [
        { protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["203.0.113.0/28", "203.0.113.32/28"] },
        { protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["203.0.113.77/32"] },
      ],
      egress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["198.51.100.0/28"] }],
    });`,
);
const SSH = '        { protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["203.0.113.77/32"] },\n';

const blocks = resource(
  "S3BucketPublicAccessBlock",
  "s3-bucket-public-access-block",
  '    new S3BucketPublicAccessBlock(this, "block", { bucket: "company-hive", blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true });',
);
const policy = resource(
  "S3BucketPolicy",
  "s3-bucket-policy",
  '    new S3BucketPolicy(this, "policy", { bucket: "company-hive", policy: JSON.stringify({ Statement: [{ Effect: "Allow", Principal: { AWS: "arn:aws:iam::111122223333:root" }, Action: "s3:GetObject", Resource: "arn:aws:s3:::company-hive/*" }] }) });',
);
const role = resource(
  "IamRole",
  "iam-role",
  '    new IamRole(this, "role", { name: "migration", assumeRolePolicy: JSON.stringify({ Statement: [{ Effect: "Allow", Principal: { AWS: "arn:aws:iam::111122223333:root" }, Action: "sts:AssumeRole" }] }) });',
);

export const aws: readonly Change[] = [
  {
    name: "a rule for the whole internet",
    both: rule,
    edits: [source('cidrIpv4: "203.0.113.0/28"', 'cidrIpv4: "0.0.0.0/0"')],
    there: ["critical internet-opened source/rule"],
    back: ["info network-narrowed source/rule"],
  },
  {
    name: "a rule for the whole internet of version 6",
    both: rule,
    edits: [source('cidrIpv4: "203.0.113.0/28"', 'cidrIpv6: "::/0"')],
    there: ["critical internet-opened source/rule", "info network-narrowed source/rule"],
    back: ["high network-opened source/rule", "info network-narrowed source/rule"],
  },
  {
    name: "a rule for more ports",
    both: rule,
    edits: [source("fromPort: 443, toPort: 443", "fromPort: 443, toPort: 8443")],
    there: ["high network-opened source/rule"],
    back: ["info network-narrowed source/rule"],
  },
  {
    name: "a rule for another protocol",
    both: rule,
    edits: [source('ipProtocol: "tcp"', 'ipProtocol: "-1"')],
    there: ["high network-opened source/rule"],
    back: ["info network-narrowed source/rule"],
  },
  {
    name: "a rule that is new",
    edits: rule,
    there: ["high network-opened source/rule"],
    back: ["info network-narrowed source/rule"],
  },
  {
    name: "one more block in a group",
    both: group,
    edits: [source('"203.0.113.32/28"]', '"203.0.113.32/28", "198.51.100.64/28"]')],
    there: ["high network-opened source/group"],
    back: ["info network-narrowed source/group"],
  },
  {
    name: "a group without ssh",
    both: group,
    edits: [source(SSH, "")],
    there: ["info network-narrowed source/group"],
    back: ["high network-opened source/group"],
  },
  {
    name: "a way out of a group",
    both: group,
    edits: [source('["198.51.100.0/28"]', '["0.0.0.0/0"]')],
    there: ["high way-out-opened source/group"],
    back: ["info network-narrowed source/group"],
  },
  {
    name: "another order in a group",
    both: group,
    edits: [
      source(SSH, ""),
      source("      ingress: [\n", `      ingress: [\n${SSH}`),
      source('["203.0.113.0/28", "203.0.113.32/28"]', '["203.0.113.32/28", "203.0.113.0/28"]'),
    ],
    there: [],
    back: [],
  },
  {
    name: "another description of a group",
    both: group,
    edits: [source("of the migration", "of the move")],
    there: ["medium resource-replaced source/group"],
    back: ["medium resource-replaced source/group"],
  },
  {
    name: "a bucket that may become public",
    both: blocks,
    edits: [source("restrictPublicBuckets: true", "restrictPublicBuckets: false")],
    there: ["critical bucket-opened source/block"],
    back: ["info bucket-narrowed source/block"],
  },
  {
    name: "a bucket that everybody reads",
    both: policy,
    edits: [source('Principal: { AWS: "arn:aws:iam::111122223333:root" }', 'Principal: "*"')],
    there: ["critical bucket-opened source/policy"],
    back: ["info bucket-narrowed source/policy"],
  },
  {
    name: "a bucket that another account reads",
    both: policy,
    edits: [source("111122223333", "444455556666")],
    there: ["high bucket-opened source/policy", "info bucket-narrowed source/policy"],
    back: ["high bucket-opened source/policy", "info bucket-narrowed source/policy"],
  },
  {
    name: "a role that another account takes",
    both: role,
    edits: [source("111122223333", "444455556666")],
    there: ["high iam-widened source/role", "info iam-narrowed source/role"],
    back: ["high iam-widened source/role", "info iam-narrowed source/role"],
  },
  {
    name: "a key of the reader in the state",
    edits: resource("IamAccessKey", "iam-access-key", '    new IamAccessKey(this, "key", { user: "aws2ncp-reader" });'),
    there: ["high iam-widened source/key"],
    back: ["info iam-narrowed source/key"],
  },
];
