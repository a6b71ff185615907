/** Which private addresses the platform gives, and which it keeps. */
import { addressAt, contains, offsetIn, sizeOf } from "../../pipeline/cidr";
import { Refused } from "../provider/diagnostics";
import type { Platform } from "./platform";
import { KIND, type NatGateway, type Nic, type Subnet } from "./records";

/** The platform keeps a subnet's first six addresses, the network's own among them, and the last one. */
const KEPT = 6;

/** First address of the subnet: its gateway. */
export const gatewayOf = ({ cidr }: Subnet): string => addressAt(cidr, 1);

/** The wished address, or the lowest free one. */
export function privateAddress(subnet: Subnet, wish: string | undefined, platform: Platform): string {
  const inUse = new Set([
    ...platform.store
      .list<Nic>(KIND.nic)
      .filter(({ subnetNo }) => subnetNo === subnet.id)
      .map(({ ip }) => ip),
    ...platform.store
      .list<NatGateway>(KIND.natGateway)
      .filter(({ subnetNo }) => subnetNo === subnet.id)
      .map(({ privateIp }) => privateIp),
  ]);
  const last = sizeOf(subnet.cidr) - 2;
  const allowed = `${addressAt(subnet.cidr, KEPT)} to ${addressAt(subnet.cidr, last)}`;
  if (wish === undefined) {
    for (let offset = KEPT; offset <= last; offset++) {
      const address = addressAt(subnet.cidr, offset);
      if (!inUse.has(address)) return address;
    }
    throw new Refused(`subnet ${subnet.name} (${subnet.cidr}) has no free address`);
  }
  const refuse = (why: string): never => {
    throw new Refused(`${wish} ${why}\n  allowed: ${allowed}, unless taken`, ["private_ip"]);
  };
  if (!contains(subnet.cidr, wish)) refuse(`lies outside subnet ${subnet.name} (${subnet.cidr})`);
  const offset = offsetIn(subnet.cidr, wish);
  if (offset < KEPT || offset > last) refuse(`is kept by the platform in subnet ${subnet.name} (${subnet.cidr})`);
  if (inUse.has(wish)) refuse(`is taken in subnet ${subnet.name}`);
  return wish;
}
