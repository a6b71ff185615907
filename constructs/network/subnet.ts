import { Construct } from "constructs";
import { DataNcloudSubnet } from "@cdktf/provider-ncloud/lib/data-ncloud-subnet";
import { Subnet as NcloudSubnet } from "@cdktf/provider-ncloud/lib/subnet";
import type { INetworkAcl } from "./network-acl";
import type { IVpc } from "./vpc";

export interface ISubnet {
  /** The subnet's `id`, never its `subnet_no`: ncloud 4.0.5 recomputes that one when the ACL changes, and replaces servers. */
  readonly subnetId: string;
}

export interface SubnetProps {
  readonly vpc: IVpc;
  /** 3 to 30 characters. A change replaces the subnet. */
  readonly name: string;
  /** Block inside the network's. A change replaces the subnet. */
  readonly cidr: string;
  /** Only hosts of a public subnet can have a public address. */
  readonly type: "PUBLIC" | "PRIVATE";
  readonly zone: string;
  readonly acl: INetworkAcl;
}

/** A subnet for servers. Its ACL can change in place. */
export class Subnet extends Construct implements ISubnet {
  /** A subnet made elsewhere. */
  static fromName(scope: Construct, id: string, vpc: IVpc, name: string): ISubnet {
    const found = new DataNcloudSubnet(scope, id, { vpcNo: vpc.vpcId, filter: [{ name: "name", values: [name] }] });
    return { subnetId: found.id };
  }

  readonly subnetId: string;

  constructor(scope: Construct, id: string, props: SubnetProps) {
    super(scope, id);
    // ncloud 4.0.5 forgets name and usage_type: left out, a change of the ACL would replace the subnet.
    this.subnetId = new NcloudSubnet(this, "Default", {
      vpcNo: props.vpc.vpcId,
      name: props.name,
      subnet: props.cidr,
      subnetType: props.type,
      usageType: "GEN",
      zone: props.zone,
      networkAclNo: props.acl.aclId,
    }).id;
  }
}
