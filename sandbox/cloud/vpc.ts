import { contains, overlap, prefixOf } from "../../pipeline/cidr";
import { Refused } from "../provider/diagnostics";
import { type Kind, nameOf, required } from "./kind";
import type { Platform } from "./platform";
import {
  type Group,
  type GroupRuleRecord,
  KIND,
  type NatGateway,
  type NetworkAcl,
  type RouteTable,
  type Subnet,
  type SubnetType,
  type Vpc,
} from "./records";

const PRIVATE_RANGES = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];
const LARGEST = 16;
const SMALLEST = 28;

/** A range that the platform takes for a VPC, or for a subnet inside one. */
export function refuseStrangeRange(cidr: string, attribute: string): void {
  const prefix = prefixOf(cidr);
  if (prefix >= LARGEST && prefix <= SMALLEST && PRIVATE_RANGES.some((range) => contains(range, cidr))) return;
  throw new Refused(
    `${cidr} can't be used\n  allowed: /${LARGEST} to /${SMALLEST} inside ${PRIVATE_RANGES.join(", ")}`,
    [attribute],
  );
}

/** A VPC with what comes with it and goes with it: a network ACL, an access control group and two route tables. */
export const vpc: Kind<Vpc> = {
  type: KIND.vpc,
  network: true,
  attributes: (record) => ({
    id: record.id,
    vpc_no: record.id,
    name: record.name,
    ipv4_cidr_block: record.cidr,
    default_network_acl_no: record.defaultAclNo,
    default_access_control_group_no: record.defaultGroupNo,
    default_public_route_table_no: record.defaultPublicTableNo,
    default_private_route_table_no: record.defaultPrivateTableNo,
  }),
  claim: (wanted, id, platform) => {
    const name = nameOf(wanted, id);
    const cidr = required(wanted, "ipv4_cidr_block");
    platform.refuseTakenName<Vpc>(KIND.vpc, name);
    refuseStrangeRange(cidr, "ipv4_cidr_block");
    const other = platform.store.list<Vpc>(KIND.vpc).find((existing) => overlap(existing.cidr, cidr));
    if (other !== undefined)
      throw new Refused(
        `${cidr} overlaps with VPC ${other.name} (${other.cidr})\n  the sandbox has one network: a second VPC needs another range`,
        ["ipv4_cidr_block"],
      );
    return {
      id,
      name,
      cidr,
      defaultAclNo: putDefaultAcl(id, name, platform),
      defaultGroupNo: putDefaultGroup(id, name, platform),
      defaultPublicTableNo: putDefaultTable(id, name, "PUBLIC", platform),
      defaultPrivateTableNo: putDefaultTable(id, name, "PRIVATE", platform),
    };
  },
  mayGo: ({ id, name }, platform) => {
    const own = ({ vpcNo }: { vpcNo: string }): boolean => vpcNo === id;
    const ownAndMade = (other: { vpcNo: string; isDefault: boolean }): boolean => own(other) && !other.isDefault;
    const what = `VPC ${name}`;
    platform.refuseInUse<Subnet>(what, KIND.subnet, own);
    platform.refuseInUse<NatGateway>(what, KIND.natGateway, own);
    platform.refuseInUse<NetworkAcl>(what, KIND.acl, ownAndMade);
    platform.refuseInUse<Group>(what, KIND.group, ownAndMade);
    platform.refuseInUse<RouteTable>(what, KIND.table, ownAndMade);
  },
  leave: (record, platform) => {
    platform.store.delete(KIND.acl, record.defaultAclNo);
    platform.store.delete(KIND.group, record.defaultGroupNo);
    platform.store.delete(KIND.table, record.defaultPublicTableNo);
    platform.store.delete(KIND.table, record.defaultPrivateTableNo);
  },
};

/** The default ACL has no rule, and what no rule matches passes. */
function putDefaultAcl(vpcNo: string, vpcName: string, { store }: Platform): string {
  const common = { vpcNo, description: "", isDefault: true, inbound: [], outbound: [] };
  return store.put<NetworkAcl>(KIND.acl, { id: store.nextId(), name: `${vpcName}-default-network-acl`, ...common }).id;
}

/** The default group lets ssh and remote desktop in from everywhere, and everything out. */
function putDefaultGroup(vpcNo: string, vpcName: string, { store }: Platform): string {
  const anywhere = { ipBlock: "0.0.0.0/0", sourceGroupNo: null, description: "" };
  const rule = (protocol: string, portRange: string | null): GroupRuleRecord => ({ protocol, portRange, ...anywhere });
  return store.put<Group>(KIND.group, {
    id: store.nextId(),
    name: `${vpcName}-default-acg`,
    vpcNo,
    description: "VPC default access control group",
    isDefault: true,
    inbound: [rule("TCP", "22"), rule("TCP", "3389")],
    outbound: [rule("TCP", "1-65535"), rule("UDP", "1-65535"), rule("ICMP", null)],
  }).id;
}

function putDefaultTable(vpcNo: string, vpcName: string, subnetType: SubnetType, { store }: Platform): string {
  const name = `${vpcName}-default-${subnetType.toLowerCase()}-table`;
  const common = { vpcNo, description: "", isDefault: true, subnetType };
  return store.put<RouteTable>(KIND.table, { id: store.nextId(), name, ...common }).id;
}
