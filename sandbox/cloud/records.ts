/** What the platform remembers of each object. Folders of the store carry the names of Terraform's types. */
import type { StoredObject } from "../provider/store";

export const KIND = {
  vpc: "ncloud_vpc",
  subnet: "ncloud_subnet",
  acl: "ncloud_network_acl",
  group: "ncloud_access_control_group",
  table: "ncloud_route_table",
  route: "ncloud_route",
  association: "ncloud_route_table_association",
  natGateway: "ncloud_nat_gateway",
  initScript: "ncloud_init_script",
  nic: "ncloud_network_interface",
  server: "ncloud_server",
  publicIp: "ncloud_public_ip",
  volume: "ncloud_block_storage",
  bucket: "ncloud_objectstorage_bucket",
  bucketAcl: "ncloud_objectstorage_bucket_acl",
} as const;

export type SubnetType = "PUBLIC" | "PRIVATE";

export interface Vpc extends StoredObject {
  readonly name: string;
  readonly cidr: string;
  readonly defaultAclNo: string;
  readonly defaultGroupNo: string;
  readonly defaultPublicTableNo: string;
  readonly defaultPrivateTableNo: string;
}

export interface Subnet extends StoredObject {
  readonly name: string;
  readonly vpcNo: string;
  readonly cidr: string;
  readonly type: SubnetType;
  readonly usage: string;
  readonly zone: string;
  readonly aclNo: string;
}

/** A rule as its resource writes it: what is not written is null. */
export interface AclRuleRecord {
  readonly priority: number;
  readonly protocol: "TCP" | "UDP" | "ICMP";
  readonly ipBlock: string;
  readonly portRange: string | null;
  readonly action: "ALLOW" | "DROP";
  readonly description: string;
}

export interface NetworkAcl extends StoredObject {
  readonly name: string;
  readonly vpcNo: string;
  readonly description: string;
  readonly isDefault: boolean;
  readonly inbound: readonly AclRuleRecord[];
  readonly outbound: readonly AclRuleRecord[];
}

export interface GroupRuleRecord {
  readonly protocol: string;
  readonly ipBlock: string | null;
  readonly sourceGroupNo: string | null;
  readonly portRange: string | null;
  readonly description: string;
}

export interface Group extends StoredObject {
  readonly name: string;
  readonly vpcNo: string;
  readonly description: string;
  readonly isDefault: boolean;
  readonly inbound: readonly GroupRuleRecord[];
  readonly outbound: readonly GroupRuleRecord[];
}

export interface RouteTable extends StoredObject {
  readonly name: string;
  readonly vpcNo: string;
  readonly description: string;
  readonly isDefault: boolean;
  readonly subnetType: SubnetType;
}

/** Id: "TABLE:DESTINATION", as the import's. */
export interface Route extends StoredObject {
  readonly tableNo: string;
  readonly destination: string;
  readonly targetType: string;
  readonly targetNo: string;
  readonly targetName: string;
}

/** Id: "TABLE:SUBNET", as the import's. */
export interface Association extends StoredObject {
  readonly tableNo: string;
  readonly subnetNo: string;
}

export interface NatGateway extends StoredObject {
  readonly name: string;
  readonly vpcNo: string;
  readonly subnetNo: string;
  readonly zone: string;
  readonly privateIp: string;
  readonly description: string | null;
}

export interface InitScript extends StoredObject {
  readonly name: string;
  readonly content: string;
  readonly description: string;
  readonly osType: string;
}

export interface Nic extends StoredObject {
  readonly name: string;
  readonly subnetNo: string;
  readonly ip: string;
  readonly groupNos: readonly string[];
  readonly description: string;
  readonly serverNo: string | null;
  /** Made with its server, and gone with it. */
  readonly isDefault: boolean;
}

export interface Server extends StoredObject {
  readonly name: string;
  readonly description: string;
  readonly imageNo: string;
  readonly spec: string;
  readonly subnetNo: string;
  readonly nicNos: readonly string[];
  readonly loginKey: string | null;
  readonly initScriptNo: string | null;
  readonly protected: boolean;
  readonly encrypted: boolean;
}

export interface PublicIp extends StoredObject {
  readonly ip: string;
  readonly description: string;
  readonly serverNo: string | null;
}

export interface Volume extends StoredObject {
  readonly name: string;
  readonly description: string;
  readonly size: number;
  readonly hypervisor: string;
  readonly volumeType: string;
  readonly zone: string | null;
  readonly protected: boolean;
  /** As the base volume of the server that it was made for. */
  readonly encrypted: boolean;
  readonly serverNo: string | null;
  /** "/dev/vdb" while attached. */
  readonly device: string | null;
}

/** Id: its name. */
export interface Bucket extends StoredObject {
  /** ISO. */
  readonly created: string;
}

/** Id: the bucket's name. */
export interface BucketAcl extends StoredObject {
  readonly rule: string;
}
