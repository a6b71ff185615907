import { Construct } from "constructs";
import { DataNcloudVpc } from "@cdktf/provider-ncloud/lib/data-ncloud-vpc";
import { Vpc as NcloudVpc } from "@cdktf/provider-ncloud/lib/vpc";

export interface IVpc {
  readonly vpcId: string;
}

export interface VpcProps {
  /** 3 to 30 characters. A change replaces the network and all in it. */
  readonly name: string;
  /** Block of the network, /16 to /28. A change replaces the network and all in it. */
  readonly cidr: string;
}

/** A network. The platform makes its default ACL, group and route tables; nothing here relies on them but the public route. */
export class Vpc extends Construct implements IVpc {
  /** A network made elsewhere. */
  static fromName(scope: Construct, id: string, name: string): IVpc {
    return { vpcId: new DataNcloudVpc(scope, id, { name }).id };
  }

  readonly vpcId: string;

  constructor(scope: Construct, id: string, props: VpcProps) {
    super(scope, id);
    this.vpcId = new NcloudVpc(this, "Default", { name: props.name, ipv4CidrBlock: props.cidr }).id;
  }
}
