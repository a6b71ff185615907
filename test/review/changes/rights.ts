/** Rights: IAM, buckets, ssh, sudo, clients of the proxy, modes of files. */
import { edit, production, role, type Change } from "./change";

const policy = (from: string, to: string) => edit("constructs/aws/reader-policy.ts", from, to);

export const rights: readonly Change[] = [
  {
    name: "a key that the reader may decrypt with",
    edits: [
      production(
        "  reader: aws2ncp-reader\n",
        "  reader: aws2ncp-reader\n  kms_key_arns: [arn:aws:kms:ap-northeast-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab]\n",
      ),
    ],
    there: [],
    back: [],
  },
  {
    name: "one more address of the reader",
    edits: [
      production("  reader: aws2ncp-reader\n", "  reader: aws2ncp-reader\n  standby_addresses: [203.0.113.77]\n"),
    ],
    there: [],
    back: [],
  },
  {
    name: "a reader that may write",
    edits: [
      policy(
        '{ Sid: "Read", Effect: "Allow", Action: "s3:GetObject",',
        '{ Sid: "Read", Effect: "Allow", Action: ["s3:GetObject", "s3:PutObject"],',
      ),
    ],
    there: [],
    back: [],
  },
  {
    name: "a reader that may speak in the clear",
    edits: [policy('      denied("NeverInTheClear", { Bool: { "aws:SecureTransport": "false" } }),\n', "")],
    there: [],
    back: [],
  },
  {
    name: "a reader that may be anywhere",
    edits: [
      policy('    IpAddress: { "aws:SourceIp": blocks },\n', ""),
      policy('      denied("FromNowhereElse", { NotIpAddress: { "aws:SourceIp": blocks } }),\n', ""),
    ],
    there: [],
    back: [],
  },
  {
    name: "the whole bucket as a source",
    edits: [
      production(
        "source: { bucket: company-api-log, prefix: api_log/ }",
        'source: { bucket: company-api-log, prefix: "" }',
      ),
    ],
    there: [],
    back: [],
  },
  {
    name: "the policy for one more user",
    edits: [
      edit(
        "constructs/aws/reader.ts",
        "new IamUserPolicyAttachment(this,",
        'new IamUserPolicyAttachment(this, "other", { user: "somebody", policyArn: policy.arn });\n    new IamUserPolicyAttachment(this,',
      ),
    ],
    there: [],
    back: [],
  },
  {
    name: "public buckets",
    edits: [edit("constructs/storage/bucket.ts", 'rule: "private"', 'rule: "public-read"')],
    there: [],
    back: [],
  },
  {
    name: "one more operator",
    edits: [
      production(
        "  - { name: deploy, public_key_file: keys/deploy.pub }",
        "  - { name: deploy, public_key_file: keys/deploy.pub }\n  - { name: kim, public_key_file: keys/kim.pub }",
      ),
    ],
    there: [],
    back: [],
  },
  {
    name: "another key of an operator",
    edits: [
      production(
        "  - { name: deploy, public_key_file: keys/deploy.pub }",
        "  - { name: deploy, public_key_file: keys/kim.pub }",
      ),
    ],
    there: [],
    back: [],
  },
  {
    name: "sudo for a service account",
    edits: [role("base/templates/sudoers.j2", "{% for", "aws2ncp ALL=(ALL) NOPASSWD: ALL\n{% for")],
    there: [],
    back: [],
  },
  {
    name: "logins as root",
    edits: [role("sshd/templates/sshd.conf.j2", "PermitRootLogin no", "PermitRootLogin prohibit-password")],
    there: [],
    back: [],
  },
  {
    name: "passwords",
    edits: [
      role("sshd/templates/sshd.conf.j2", "PasswordAuthentication no", "PasswordAuthentication yes"),
      role("sshd/templates/sshd.conf.j2", "AuthenticationMethods publickey\n", ""),
    ],
    there: [],
    back: [],
  },
  {
    name: "tunnels through private hosts",
    edits: [role("sshd/templates/sshd.conf.j2", "AllowTcpForwarding no", "AllowTcpForwarding yes")],
    there: [],
    back: [],
  },
  {
    name: "a bastion that tunnels anywhere",
    edits: [role("sshd/templates/sshd.conf.j2", 'PermitOpen {{ tunnels | join(" ") }}\n', "")],
    there: [],
    back: [],
  },
  {
    name: "a configuration that others may read",
    edits: [
      edit(
        "constructs/provisioning/render-transfer.ts",
        'path: RCLONE_CONF, template: "rclone.conf.j2", context: { credentials: CREDENTIALS }, ...own }',
        'path: RCLONE_CONF, template: "rclone.conf.j2", context: { credentials: CREDENTIALS }, ...own, mode: "0644" }',
      ),
    ],
    there: [],
    back: [],
  },
  {
    name: "keys of the buckets that others may read",
    edits: [
      edit(
        "constructs/provisioning/render-transfer.ts",
        '          { secret: "ncp_secret_access_key" },\n          { text: "\\n" },\n        ],\n        ...own,',
        '          { secret: "ncp_secret_access_key" },\n          { text: "\\n" },\n        ],\n        ...own,\n        group: "adm",',
      ),
    ],
    there: [],
    back: [],
  },
  {
    name: "more clients of port A",
    edits: [
      role(
        "squid/templates/squid.conf.j2",
        "acl buckets dstdomain",
        "acl src_more src {{ plan.network.private.cidr }}\nacl buckets dstdomain",
      ),
    ],
    there: [],
    back: [],
  },
  {
    name: "more clients of port B",
    edits: [
      role(
        "squid/templates/squid.conf.j2",
        "acl package_hosts dstdomain",
        "acl private_src src {{ plan.network.vpcCidr }}\nacl package_hosts dstdomain",
      ),
    ],
    there: [],
    back: [],
  },
];
