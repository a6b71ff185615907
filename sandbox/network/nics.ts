/** Network interfaces of hosts: a namespace per host, which outlives its container so that a reboot changes nothing. */
import { prefixOf } from "../../pipeline/cidr";
import { netnsOf, nicInterface, NOWHERE, ROUTER } from "./addresses";
import { connect, deleteNetns, ip, netnsExists, netnsPath } from "./netns";

export interface NicOptions {
  readonly host: string;
  readonly ip: string;
  readonly subnetCidr: string;
  /** First address of the subnet; the router answers on it. */
  readonly gateway: string;
}

/** Gives a host its eth0. What may pass there is said by {@link applyNetwork}; until then nothing does. */
export async function attachNic(o: NicOptions): Promise<{ /** Path of the namespace. */ netns: string }> {
  const netns = netnsOf(o.host);
  if (!netnsExists(ROUTER)) {
    throw new Error(
      `host ${o.host} has no network to be attached to: the router is not there\n  try: aws2ncp sandbox up`,
    );
  }
  await ip([`addr replace ${o.gateway}/32 dev ${NOWHERE}`], ROUTER);
  await connect({
    netns,
    routerSide: nicInterface(o.ip),
    address: o.ip,
    prefix: prefixOf(o.subnetCidr),
    gateway: o.gateway,
  });
  return { netns: netnsPath(netns) };
}

export async function detachNic(host: string): Promise<void> {
  await deleteNetns(netnsOf(host));
}
