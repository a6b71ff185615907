/** Small clouds for the tests of the network. */
import type { AclRule, GroupRule, NetworkModel, NicModel } from "../../../sandbox/network";

export const PUBLIC = "10.20.0.0/24";
export const PRIVATE = "10.20.1.0/24";

export const tcp = (ipBlock: string, portRange: string | null): GroupRule => ({ protocol: "TCP", ipBlock, portRange });
export const anything: readonly GroupRule[] = [
  { protocol: "TCP", ipBlock: "0.0.0.0/0", portRange: null },
  { protocol: "UDP", ipBlock: "0.0.0.0/0", portRange: null },
  { protocol: "ICMP", ipBlock: "0.0.0.0/0", portRange: null },
];

export const aclRule = (over: Partial<AclRule>): AclRule => ({
  priority: 1,
  protocol: "TCP",
  ipBlock: "0.0.0.0/0",
  portRange: null,
  action: "DROP",
  ...over,
});

export const nic = (host: string, ip: string, subnetId: string, ...groupIds: string[]): NicModel => ({
  id: `nic_${host}`,
  host,
  ip,
  subnetId,
  groupIds,
});

/** One public host, two private ones, an ACL per subnet without rules, and a group per role that lets everything pass. */
export function cloud(over: Partial<NetworkModel> = {}): NetworkModel {
  return {
    subnets: [
      { id: "1", cidr: PUBLIC, type: "PUBLIC", aclId: "1", internet: false },
      { id: "2", cidr: PRIVATE, type: "PRIVATE", aclId: "2", internet: false },
    ],
    acls: [
      { id: "1", inbound: [], outbound: [] },
      { id: "2", inbound: [], outbound: [] },
    ],
    groups: [
      { id: "proxy", inbound: anything, outbound: anything },
      { id: "sync", inbound: anything, outbound: anything },
    ],
    nics: [
      nic("proxy-1", "10.20.0.6", "1", "proxy"),
      nic("sync-1", "10.20.1.6", "2", "sync"),
      nic("sync-2", "10.20.1.7", "2", "sync"),
    ],
    publicIps: [{ ip: "198.51.100.129", privateIp: "10.20.0.6" }],
    ...over,
  };
}
