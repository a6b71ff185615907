import { Construct } from "constructs";
import { RouteTable as NcloudRouteTable } from "@cdktf/provider-ncloud/lib/route-table";
import { RouteTableAssociation } from "@cdktf/provider-ncloud/lib/route-table-association";
import type { ISubnet } from "./subnet";
import type { IVpc } from "./vpc";

export interface RouteTableProps {
  readonly vpc: IVpc;
  /** 3 to 30 characters. A change replaces the table. */
  readonly name: string;
  readonly description: string;
  /** Type of the subnets that it can serve. */
  readonly type: "PUBLIC" | "PRIVATE";
  /** Subnets by construct id. */
  readonly subnets: Readonly<Record<string, ISubnet>>;
}

/**
 * A route table of its own, without routes beyond the network's: what someone adds to the network's default table, a NAT
 * gateway above all, opens no way out for these subnets.
 */
export class RouteTable extends Construct {
  readonly routeTableId: string;

  constructor(scope: Construct, id: string, props: RouteTableProps) {
    super(scope, id);
    const table = new NcloudRouteTable(this, "Default", {
      vpcNo: props.vpc.vpcId,
      name: props.name,
      description: props.description,
      supportedSubnetType: props.type,
    });
    this.routeTableId = table.id;
    for (const [subnetName, subnet] of Object.entries(props.subnets))
      new RouteTableAssociation(this, subnetName, {
        routeTableNo: table.id,
        subnetNo: subnet.subnetId,
        // ncloud 4.0.5 plans a new table in place, sends nothing, and finds the association gone at the next plan.
        lifecycle: { replaceTriggeredBy: [`${table.terraformResourceType}.${table.friendlyUniqueId}.id`] },
      });
  }
}
