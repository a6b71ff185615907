/**
 * What hashicorp/aws 6 does with a change, for the types that this project and its neighbours use. Neither the bindings nor the provider's schema
 * carry such facts: these are its documentation's ("Forces new resource"), typed by hand and not tried against the provider, so keep them few. A
 * type that is missing here: a change counts as one in place, and a real plan (`--plan`) says what it destroys all the same.
 */
export interface AwsType {
  /** Paths whose change replaces the resource. */
  readonly replaces: readonly string[];
  /** Paths whose members have no order. */
  readonly sets?: readonly string[];
  /** Paths that hold JSON. */
  readonly json?: readonly string[];
  readonly sensitive?: readonly string[];
}

const GROUP_RULE = ["cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups"];

export const AWS_TYPES: Readonly<Record<string, AwsType>> = {
  aws_ebs_volume: { replaces: ["availability_zone", "encrypted", "kms_key_id", "snapshot_id", "outpost_arn"] },
  aws_iam_access_key: { replaces: ["user", "pgp_key"] },
  aws_iam_group_policy_attachment: { replaces: ["group", "policy_arn"] },
  aws_iam_instance_profile: { replaces: ["name", "name_prefix", "path"] },
  aws_iam_policy: { replaces: ["name", "name_prefix", "path", "description"], json: ["policy"] },
  aws_iam_role: {
    replaces: ["name", "name_prefix", "path"],
    json: ["assume_role_policy"],
    sets: ["managed_policy_arns"],
  },
  aws_iam_role_policy: { replaces: ["name", "name_prefix", "role"], json: ["policy"] },
  aws_iam_role_policy_attachment: { replaces: ["role", "policy_arn"] },
  aws_iam_user: { replaces: [] },
  aws_iam_user_policy: { replaces: ["name", "name_prefix", "user"], json: ["policy"] },
  aws_iam_user_policy_attachment: { replaces: ["user", "policy_arn"] },
  aws_instance: {
    replaces: [
      "ami",
      "availability_zone",
      "subnet_id",
      "private_ip",
      "key_name",
      "associate_public_ip_address",
      "root_block_device.encrypted",
      "root_block_device.kms_key_id",
    ],
    sets: ["vpc_security_group_ids", "security_groups"],
  },
  aws_kinesis_stream: { replaces: ["name"] },
  aws_kms_key: { replaces: ["customer_master_key_spec", "key_usage", "multi_region"], json: ["policy"] },
  aws_s3_bucket: { replaces: ["bucket", "bucket_prefix", "object_lock_enabled"] },
  aws_s3_bucket_acl: { replaces: ["bucket", "expected_bucket_owner"] },
  aws_s3_bucket_lifecycle_configuration: { replaces: ["bucket"] },
  aws_s3_bucket_policy: { replaces: ["bucket"], json: ["policy"] },
  aws_s3_bucket_public_access_block: { replaces: ["bucket"] },
  aws_s3_bucket_server_side_encryption_configuration: { replaces: ["bucket"], sets: ["rule"] },
  aws_s3_bucket_versioning: { replaces: ["bucket"] },
  aws_security_group: {
    replaces: ["name", "name_prefix", "description", "vpc_id"],
    sets: [
      "ingress",
      "egress",
      ...["ingress", "egress"].flatMap((side) => GROUP_RULE.map((path) => `${side}.${path}`)),
    ],
  },
  aws_security_group_rule: {
    replaces: [
      "type",
      "from_port",
      "to_port",
      "protocol",
      "security_group_id",
      "source_security_group_id",
      "self",
      ...GROUP_RULE,
    ],
    sets: GROUP_RULE,
  },
  aws_subnet: { replaces: ["vpc_id", "cidr_block", "availability_zone", "availability_zone_id"] },
  aws_vpc: { replaces: ["cidr_block", "instance_tenancy"] },
  aws_vpc_security_group_egress_rule: { replaces: ["security_group_id"] },
  aws_vpc_security_group_ingress_rule: { replaces: ["security_group_id"] },
};
