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
    there: ["high iam-widened source/reader"],
    back: ["info iam-narrowed source/reader"],
  },
  {
    name: "one more address of the reader",
    edits: [
      production("  reader: aws2ncp-reader\n", "  reader: aws2ncp-reader\n  standby_addresses: [203.0.113.77]\n"),
    ],
    there: ["high iam-widened source/reader"],
    back: ["info iam-narrowed source/reader"],
  },
  {
    name: "a reader that may write",
    edits: [
      policy(
        '{ Sid: "Read", Effect: "Allow", Action: "s3:GetObject",',
        '{ Sid: "Read", Effect: "Allow", Action: ["s3:GetObject", "s3:PutObject"],',
      ),
    ],
    there: ["high iam-widened source/reader"],
    back: ["info iam-narrowed source/reader"],
  },
  {
    name: "a reader that may speak in the clear",
    edits: [policy('      denied("NeverInTheClear", { Bool: { "aws:SecureTransport": "false" } }),\n', "")],
    there: ["high iam-widened source/reader"],
    back: ["info iam-narrowed source/reader"],
  },
  {
    name: "a reader that may be anywhere",
    edits: [
      policy('    IpAddress: { "aws:SourceIp": blocks },\n', ""),
      policy('      denied("FromNowhereElse", { NotIpAddress: { "aws:SourceIp": blocks } }),\n', ""),
    ],
    there: ["high iam-widened source/reader"],
    back: ["info iam-narrowed source/reader"],
  },
  {
    name: "the whole bucket as a source",
    edits: [
      production(
        "source: { bucket: company-api-log, prefix: api_log/ }",
        'source: { bucket: company-api-log, prefix: "" }',
      ),
    ],
    there: ["high iam-widened source/reader", "high sync-source sync-1:/etc/aws2ncp/sync/api_log.json"],
    back: ["high sync-source sync-1:/etc/aws2ncp/sync/api_log.json", "info iam-narrowed source/reader"],
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
    there: ["high iam-widened source/reader/other"],
    back: ["info iam-narrowed source/reader/other"],
  },
  {
    name: "public buckets",
    edits: [edit("constructs/storage/bucket.ts", 'rule: "private"', 'rule: "public-read"')],
    there: [
      "critical bucket-opened storage/api_log/acl",
      "critical bucket-opened storage/event_log/acl",
      "critical bucket-opened storage/hive/acl",
      "critical bucket-opened storage/replaced/acl",
    ],
    back: [
      "info bucket-narrowed storage/api_log/acl",
      "info bucket-narrowed storage/event_log/acl",
      "info bucket-narrowed storage/hive/acl",
      "info bucket-narrowed storage/replaced/acl",
    ],
  },
  {
    name: "one more operator",
    edits: [
      production(
        "  - { name: deploy, public_key_file: keys/deploy.pub }",
        "  - { name: deploy, public_key_file: keys/deploy.pub }\n  - { name: kim, public_key_file: keys/kim.pub }",
      ),
    ],
    there: [
      "high sudo-widened proxy-1, sync-1:/etc/sudoers.d/aws2ncp",
      "high ssh-widened proxy-1, sync-1:/etc/ssh/authorized_keys/kim",
      "high ssh-widened proxy-1, sync-1:/etc/ssh/sshd_config.d/00-aws2ncp.conf",
    ],
    back: [
      "info sudo-narrowed proxy-1, sync-1:/etc/sudoers.d/aws2ncp",
      "info ssh-narrowed proxy-1, sync-1:/etc/ssh/authorized_keys/kim",
      "info ssh-narrowed proxy-1, sync-1:/etc/ssh/sshd_config.d/00-aws2ncp.conf",
    ],
  },
  {
    name: "another key of an operator",
    edits: [
      production(
        "  - { name: deploy, public_key_file: keys/deploy.pub }",
        "  - { name: deploy, public_key_file: keys/kim.pub }",
      ),
    ],
    there: [
      "high ssh-widened proxy-1, sync-1:/etc/ssh/authorized_keys/deploy",
      "low resource-replaced transfer/init-script",
      "info ssh-narrowed proxy-1, sync-1:/etc/ssh/authorized_keys/deploy",
    ],
    back: [
      "high ssh-widened proxy-1, sync-1:/etc/ssh/authorized_keys/deploy",
      "low resource-replaced transfer/init-script",
      "info ssh-narrowed proxy-1, sync-1:/etc/ssh/authorized_keys/deploy",
    ],
  },
  {
    name: "sudo for a service account",
    edits: [role("base/templates/sudoers.j2", "{% for", "aws2ncp ALL=(ALL) NOPASSWD: ALL\n{% for")],
    there: ["high sudo-widened proxy-1, sync-1:/etc/sudoers.d/aws2ncp"],
    back: ["info sudo-narrowed proxy-1, sync-1:/etc/sudoers.d/aws2ncp"],
  },
  {
    name: "logins as root",
    edits: [role("sshd/templates/sshd.conf.j2", "PermitRootLogin no", "PermitRootLogin prohibit-password")],
    there: ["high ssh-widened proxy-1, sync-1:/etc/ssh/sshd_config.d/00-aws2ncp.conf"],
    back: ["info ssh-narrowed proxy-1, sync-1:/etc/ssh/sshd_config.d/00-aws2ncp.conf"],
  },
  {
    name: "passwords",
    edits: [
      role("sshd/templates/sshd.conf.j2", "PasswordAuthentication no", "PasswordAuthentication yes"),
      role("sshd/templates/sshd.conf.j2", "AuthenticationMethods publickey\n", ""),
    ],
    there: [
      "high ssh-widened proxy-1, sync-1:/etc/ssh/sshd_config.d/00-aws2ncp.conf",
      "high ssh-widened proxy-1, sync-1:/etc/ssh/sshd_config.d/00-aws2ncp.conf",
    ],
    back: [
      "info ssh-narrowed proxy-1, sync-1:/etc/ssh/sshd_config.d/00-aws2ncp.conf",
      "info ssh-narrowed proxy-1, sync-1:/etc/ssh/sshd_config.d/00-aws2ncp.conf",
    ],
  },
  {
    name: "tunnels through private hosts",
    edits: [role("sshd/templates/sshd.conf.j2", "AllowTcpForwarding no", "AllowTcpForwarding yes")],
    there: ["high ssh-widened sync-1:/etc/ssh/sshd_config.d/00-aws2ncp.conf"],
    back: ["info ssh-narrowed sync-1:/etc/ssh/sshd_config.d/00-aws2ncp.conf"],
  },
  {
    name: "a bastion that tunnels anywhere",
    edits: [role("sshd/templates/sshd.conf.j2", 'PermitOpen {{ tunnels | join(" ") }}\n', "")],
    there: [
      "high ssh-widened proxy-1:/etc/ssh/sshd_config.d/00-aws2ncp.conf",
      "info ssh-narrowed proxy-1:/etc/ssh/sshd_config.d/00-aws2ncp.conf",
    ],
    back: [
      "high ssh-widened proxy-1:/etc/ssh/sshd_config.d/00-aws2ncp.conf",
      "info ssh-narrowed proxy-1:/etc/ssh/sshd_config.d/00-aws2ncp.conf",
    ],
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
    there: ["medium file-opened sync-1:/etc/aws2ncp/rclone.conf"],
    back: ["info file-narrowed sync-1:/etc/aws2ncp/rclone.conf"],
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
    there: ["high file-opened sync-1:/etc/aws2ncp/secrets/s3-credentials"],
    back: ["high file-opened sync-1:/etc/aws2ncp/secrets/s3-credentials"],
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
    there: ["high proxy-clients-widened proxy-1:/etc/squid/squid.conf"],
    back: ["info proxy-clients-narrowed proxy-1:/etc/squid/squid.conf"],
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
    there: ["medium proxy-clients-widened proxy-1:/etc/squid/squid.conf"],
    back: ["info proxy-clients-narrowed proxy-1:/etc/squid/squid.conf"],
  },
];
