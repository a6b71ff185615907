import type { Plain } from "../provider/cloud";
import { Refused } from "../provider/diagnostics";
import { privateAddress } from "./addresses";
import { type Kind, nameOf, required, text } from "./kind";
import type { Platform } from "./platform";
import { type Group, KIND, type Nic, type Subnet } from "./records";

const MAX_GROUPS = 3;

export const networkInterface: Kind<Nic> = {
  type: KIND.nic,
  network: true,
  attributes: (record) => ({
    id: record.id,
    network_interface_no: record.id,
    name: record.name,
    subnet_no: record.subnetNo,
    private_ip: record.ip,
    access_control_groups: record.groupNos,
    description: record.description,
    server_instance_no: record.serverNo,
    is_default: record.isDefault,
    instance_type: record.serverNo === null ? null : "VSVR",
    status: record.serverNo === null ? "NOTUSED" : "USED",
  }),
  claim: (wanted, id, platform) => {
    const subnet = platform.need<Subnet>(KIND.subnet, required(wanted, "subnet_no"), "subnet");
    const name = nameOf(wanted, id);
    platform.refuseTakenName<Nic>(KIND.nic, name);
    if (text(wanted, "server_instance_no") !== undefined) throw attachedElsewhere();
    return {
      id,
      name,
      subnetNo: subnet.id,
      ip: privateAddress(subnet, text(wanted, "private_ip"), platform),
      groupNos: groupsIn(wanted, subnet, platform),
      description: text(wanted, "description") ?? "",
      serverNo: null,
      isDefault: false,
    };
  },
  change: (record, wanted, platform) => {
    const subnet = platform.need<Subnet>(KIND.subnet, record.subnetNo, "subnet");
    if ("server_instance_no" in wanted && (text(wanted, "server_instance_no") ?? null) !== record.serverNo)
      throw attachedElsewhere();
    return { ...record, groupNos: groupsIn(wanted, subnet, platform) };
  },
  mayGo: ({ name, serverNo }) => {
    if (serverNo === null) return;
    throw new Refused(
      `network interface ${name} is attached to server ${serverNo}\n  allowed: deleting a detached one; the provider does not detach it first`,
    );
  },
};

/** A server of the sandbox has one interface, with which it starts. */
const attachedElsewhere = (): Refused =>
  new Refused(
    "the sandbox can't attach or detach an interface of a standing server\n  allowed here: an interface that the server's network_interface names",
    ["server_instance_no"],
  );

function groupsIn(wanted: Plain, subnet: Subnet, platform: Platform): string[] {
  const numbers = (wanted["access_control_groups"] as string[] | undefined) ?? [];
  if (numbers.length === 0 || numbers.length > MAX_GROUPS)
    throw new Refused(
      `${numbers.length} access control groups (1002035)\n  allowed: 1 to ${MAX_GROUPS} for each network interface`,
      ["access_control_groups"],
    );
  for (const number of numbers) {
    const group = platform.need<Group>(KIND.group, number, "access control group");
    if (group.vpcNo !== subnet.vpcNo)
      throw new Refused(
        `access control group ${group.name} belongs to another VPC (${group.vpcNo}) than subnet ${subnet.name} (${subnet.vpcNo})`,
        ["access_control_groups"],
      );
  }
  return numbers;
}
