import { addressAt, offsetIn } from "../../pipeline/cidr";
import { INTERNET, PUBLIC_POOL } from "../network/addresses";
import type { Plain } from "../provider/cloud";
import { Refused } from "../provider/diagnostics";
import { type Kind, text } from "./kind";
import type { Platform } from "./platform";
import { KIND, type PublicIp, type Server, type Subnet } from "./records";

export const publicIp: Kind<PublicIp> = {
  type: KIND.publicIp,
  network: true,
  attributes: (record) => ({
    id: record.id,
    instance_no: record.id,
    public_ip_no: record.id,
    public_ip: record.ip,
    description: record.description,
    server_instance_no: record.serverNo,
    internet_line_type: null,
    kind_type: null,
  }),
  claim: (wanted, id, platform) => ({
    id,
    ip: freeAddress(platform),
    description: text(wanted, "description") ?? "",
    serverNo: serverIn(wanted, id, platform),
  }),
  change: (record, wanted, platform) => ({ ...record, serverNo: serverIn(wanted, record.id, platform) }),
};

function freeAddress({ store }: Platform): string {
  const taken = new Set(store.list<PublicIp>(KIND.publicIp).map(({ ip }) => ip));
  for (let offset = offsetIn(INTERNET, PUBLIC_POOL.first); offset <= offsetIn(INTERNET, PUBLIC_POOL.last); offset++) {
    const address = addressAt(INTERNET, offset);
    if (!taken.has(address)) return address;
  }
  throw new Refused(`all public addresses are taken\n  allowed: ${taken.size} at a time`);
}

function serverIn(wanted: Plain, own: string, platform: Platform): string | null {
  const number = text(wanted, "server_instance_no");
  if (number === undefined) return null;
  const server = platform.need<Server>(KIND.server, number, "server");
  const subnet = platform.need<Subnet>(KIND.subnet, server.subnetNo, "subnet");
  if (subnet.type !== "PUBLIC")
    throw new Refused(
      `server ${server.name} is in subnet ${subnet.name}, which is ${subnet.type}\n  allowed: a server in a PUBLIC subnet`,
      ["server_instance_no"],
    );
  const other = platform.store
    .list<PublicIp>(KIND.publicIp)
    .find(({ id, serverNo }) => id !== own && serverNo === server.id);
  if (other !== undefined)
    throw new Refused(`server ${server.name} has public IP ${other.ip} already\n  allowed: one for each server`, [
      "server_instance_no",
    ]);
  return server.id;
}
