import { contains, overlap } from "../../pipeline/cidr";
import { Refused } from "../provider/diagnostics";
import { type Kind, nameOf, required, text } from "./kind";
import type { Platform } from "./platform";
import {
  type Association,
  KIND,
  type NatGateway,
  type NetworkAcl,
  type Nic,
  type Server,
  type Subnet,
  type SubnetType,
  type Vpc,
} from "./records";
import { refuseStrangeRange } from "./vpc";

export const subnet: Kind<Subnet> = {
  type: KIND.subnet,
  network: true,
  attributes: (record) => ({
    id: record.id,
    subnet_no: record.id,
    name: record.name,
    vpc_no: record.vpcNo,
    subnet: record.cidr,
    subnet_type: record.type,
    usage_type: record.usage,
    zone: record.zone,
    network_acl_no: record.aclNo,
  }),
  claim: (wanted, id, platform) => {
    const vpc = platform.need<Vpc>(KIND.vpc, required(wanted, "vpc_no"), "VPC");
    const name = nameOf(wanted, id);
    const cidr = required(wanted, "subnet");
    platform.refuseTakenName<Subnet>(KIND.subnet, name, ({ vpcNo }) => vpcNo === vpc.id);
    refuseStrangeRange(cidr, "subnet");
    if (!contains(vpc.cidr, cidr))
      throw new Refused(
        `${cidr} lies outside VPC ${vpc.name}\n  allowed: a range inside ${vpc.cidr} that no other subnet has`,
        ["subnet"],
      );
    const other = platform.store
      .list<Subnet>(KIND.subnet)
      .find(({ vpcNo, cidr: taken }) => vpcNo === vpc.id && overlap(taken, cidr));
    if (other !== undefined)
      throw new Refused(
        `${cidr} overlaps with subnet ${other.name} (${other.cidr})\n  allowed: a range inside ${vpc.cidr} that no other subnet has`,
        ["subnet"],
      );
    return {
      id,
      name,
      vpcNo: vpc.id,
      cidr,
      type: required(wanted, "subnet_type") as SubnetType,
      usage: text(wanted, "usage_type") ?? "GEN",
      zone: required(wanted, "zone"),
      aclNo: aclIn(vpc.id, required(wanted, "network_acl_no"), platform),
    };
  },
  change: (record, wanted, platform) => ({
    ...record,
    aclNo: aclIn(record.vpcNo, required(wanted, "network_acl_no"), platform),
  }),
  mayGo: ({ id, name }, platform) => {
    const inside = ({ subnetNo }: { subnetNo: string }): boolean => subnetNo === id;
    platform.refuseInUse<Server>(`subnet ${name}`, KIND.server, inside);
    platform.refuseInUse<Nic>(`subnet ${name}`, KIND.nic, inside);
    platform.refuseInUse<NatGateway>(`subnet ${name}`, KIND.natGateway, inside);
    platform.refuseInUse<Association>(`subnet ${name}`, KIND.association, inside);
  },
};

function aclIn(vpcNo: string, aclNo: string, platform: Platform): string {
  const acl = platform.need<NetworkAcl>(KIND.acl, aclNo, "network ACL");
  if (acl.vpcNo === vpcNo) return acl.id;
  throw new Refused(`network ACL ${acl.name} belongs to another VPC (${acl.vpcNo}) than the subnet (${vpcNo})`, [
    "network_acl_no",
  ]);
}
