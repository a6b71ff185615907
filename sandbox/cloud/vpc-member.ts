/** What network ACLs, access control groups and route tables share: a name unique in their VPC, a description, a default. */
import type { Plain } from "../provider/cloud";
import { nameOf, required, text } from "./kind";
import type { Platform } from "./platform";
import { type Group, KIND, type NetworkAcl, type RouteTable, type Vpc } from "./records";

export type VpcMember = NetworkAcl | Group | RouteTable;

/** The part of a new record that all of them have. Throws on a missing VPC and on a name that is taken in it. */
export function claimInVpc(kind: string, wanted: Plain, id: string, platform: Platform) {
  const vpc = platform.need<Vpc>(KIND.vpc, required(wanted, "vpc_no"), "VPC");
  const name = nameOf(wanted, id);
  platform.refuseTakenName<VpcMember>(kind, name, ({ vpcNo }) => vpcNo === vpc.id);
  return { id, name, vpcNo: vpc.id, ...descriptionOf(wanted), isDefault: false } as const;
}

export const descriptionOf = (wanted: Plain) => ({ description: text(wanted, "description") ?? "" });

/** Their attributes; `number` is the name of the one that repeats the id. */
export const memberAttributes = (record: VpcMember, number: string): Plain => ({
  id: record.id,
  [number]: record.id,
  name: record.name,
  vpc_no: record.vpcNo,
  description: record.description,
  is_default: record.isDefault,
});
