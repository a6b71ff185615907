import { Refused } from "../provider/diagnostics";
import { type Kind, required } from "./kind";
import {
  type Association,
  KIND,
  type NatGateway,
  type Route,
  type RouteTable,
  type Subnet,
  type SubnetType,
} from "./records";
import { claimInVpc, descriptionOf, memberAttributes } from "./vpc-member";

export const routeTable: Kind<RouteTable> = {
  type: KIND.table,
  attributes: (record) => ({
    ...memberAttributes(record, "route_table_no"),
    supported_subnet_type: record.subnetType,
  }),
  claim: (wanted, id, platform) => ({
    ...claimInVpc(KIND.table, wanted, id, platform),
    subnetType: required(wanted, "supported_subnet_type") as SubnetType,
  }),
  change: (record, wanted) => ({ ...record, ...descriptionOf(wanted) }),
  mayGo: ({ id, name, isDefault }, platform) => {
    if (isDefault) throw new Refused(`route table ${name} is a default of its VPC\n  allowed: it goes with the VPC`);
    const inside = ({ tableNo }: { tableNo: string }): boolean => tableNo === id;
    platform.refuseInUse<Association>(`route table ${name}`, KIND.association, inside);
    platform.refuseInUse<Route>(`route table ${name}`, KIND.route, inside);
  },
};

export const routeTableAssociation: Kind<Association> = {
  type: KIND.association,
  network: true,
  attributes: ({ id, tableNo, subnetNo }) => ({ id, route_table_no: tableNo, subnet_no: subnetNo }),
  claim: (wanted, _, platform) => {
    const table = platform.need<RouteTable>(KIND.table, required(wanted, "route_table_no"), "route table");
    const subnet = platform.need<Subnet>(KIND.subnet, required(wanted, "subnet_no"), "subnet");
    if (table.subnetType !== subnet.type)
      throw new Refused(
        `subnet ${subnet.name} is ${subnet.type}, route table ${table.name} is for ${table.subnetType} subnets\n` +
          `  allowed: a route table with supported_subnet_type ${subnet.type}`,
        ["route_table_no"],
      );
    const other = platform.store.list<Association>(KIND.association).find(({ subnetNo }) => subnetNo === subnet.id);
    if (other !== undefined)
      throw new Refused(
        `subnet ${subnet.name} has route table ${other.tableNo} already\n  allowed: one route table for each subnet`,
        ["subnet_no"],
      );
    return { id: `${table.id}:${subnet.id}`, tableNo: table.id, subnetNo: subnet.id };
  },
};

export const route: Kind<Route> = {
  type: KIND.route,
  network: true,
  attributes: (record, { store }) => ({
    id: record.id,
    route_table_no: record.tableNo,
    destination_cidr_block: record.destination,
    target_type: record.targetType,
    target_no: record.targetNo,
    target_name: record.targetName,
    is_default: false,
    vpc_no: store.get<RouteTable>(KIND.table, record.tableNo)?.vpcNo ?? null,
  }),
  claim: (wanted, _, platform) => {
    const table = platform.need<RouteTable>(KIND.table, required(wanted, "route_table_no"), "route table");
    const destination = required(wanted, "destination_cidr_block");
    const type = required(wanted, "target_type");
    const id = `${table.id}:${destination}`;
    if (platform.store.get(KIND.route, id) !== undefined)
      throw new Refused(`route table ${table.name} has a route to ${destination} already`, ["destination_cidr_block"]);
    if (type !== "NATGW")
      throw new Refused(`the sandbox's network has no target of type ${type}\n  allowed here: NATGW`, ["target_type"]);
    if (table.subnetType !== "PRIVATE")
      throw new Refused(
        `route table ${table.name} is for ${table.subnetType} subnets\n  allowed: a route to a NAT gateway from a table of PRIVATE subnets`,
        ["route_table_no"],
      );
    const gateway = platform.need<NatGateway>(KIND.natGateway, required(wanted, "target_no"), "NAT gateway");
    const name = required(wanted, "target_name");
    if (gateway.name !== name)
      throw new Refused(`NAT gateway ${gateway.id} is not named "${name}"\n  allowed: its name, "${gateway.name}"`, [
        "target_name",
      ]);
    return { id, tableNo: table.id, destination, targetType: type, targetNo: gateway.id, targetName: gateway.name };
  },
};
