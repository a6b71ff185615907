import { NAT_GATEWAY_ADDRESS } from "../network/addresses";
import { Refused } from "../provider/diagnostics";
import { privateAddress } from "./addresses";
import { type Kind, nameOf, required, text } from "./kind";
import { KIND, type NatGateway, type Route, type Subnet, type Vpc } from "./records";

/** The way out of private subnets whose route table leads here. All gateways of the sandbox share one public address. */
export const natGateway: Kind<NatGateway> = {
  type: KIND.natGateway,
  network: true,
  attributes: (record, { store }) => ({
    id: record.id,
    nat_gateway_no: record.id,
    name: record.name,
    vpc_no: record.vpcNo,
    subnet_no: record.subnetNo,
    subnet_name: store.get<Subnet>(KIND.subnet, record.subnetNo)?.name ?? null,
    zone: record.zone,
    private_ip: record.privateIp,
    public_ip: NAT_GATEWAY_ADDRESS,
    public_ip_no: null,
    description: record.description,
  }),
  claim: (wanted, id, platform) => {
    const vpc = platform.need<Vpc>(KIND.vpc, required(wanted, "vpc_no"), "VPC");
    const subnet = platform.need<Subnet>(KIND.subnet, required(wanted, "subnet_no"), "subnet");
    const name = nameOf(wanted, id);
    const zone = required(wanted, "zone");
    platform.refuseTakenName<NatGateway>(KIND.natGateway, name, ({ vpcNo }) => vpcNo === vpc.id);
    if (subnet.vpcNo !== vpc.id || subnet.usage !== "NATGW" || subnet.zone !== zone)
      throw new Refused(
        `subnet ${subnet.name} (VPC ${subnet.vpcNo}, usage ${subnet.usage}, zone ${subnet.zone}) takes no NAT gateway\n` +
          `  allowed: a subnet of VPC ${vpc.id} with usage_type NATGW in zone ${zone}`,
        ["subnet_no"],
      );
    return {
      id,
      name,
      vpcNo: vpc.id,
      subnetNo: subnet.id,
      zone,
      privateIp: privateAddress(subnet, text(wanted, "private_ip"), platform),
      description: text(wanted, "description") ?? null,
    };
  },
  change: (record, wanted) => ({ ...record, description: text(wanted, "description") ?? null }),
  mayGo: ({ id, name }, platform) =>
    platform.refuseInUse<Route>(`NAT gateway ${name}`, KIND.route, ({ targetNo }) => targetNo === id),
};
