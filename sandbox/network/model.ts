/** What the cloud's objects say about its network at one moment. The router is rendered from it and from nothing else. */

/** Stateless, at the boundary of a subnet. The lowest priority number decides; what no rule matches passes, as on the platform. */
export interface AclRule {
  readonly priority: number;
  readonly protocol: "TCP" | "UDP" | "ICMP";
  /** The other end: source of an inbound rule, destination of an outbound one. "0.0.0.0/0" is everyone. */
  readonly ipBlock: string;
  /** Destination ports, "22" or "1-65535"; null is all of them, and the only value for ICMP. */
  readonly portRange: string | null;
  readonly action: "ALLOW" | "DROP";
}

/** Stateful, at a network interface. One matching rule of any of its groups admits; what none matches is dropped. */
export interface GroupRule {
  /** "TCP", "UDP", "ICMP" or the number of an IP protocol. */
  readonly protocol: string;
  /** The other end as addresses … */
  readonly ipBlock?: string;
  /** … or as the interfaces in another group. Exactly one of the two. */
  readonly sourceGroupId?: string;
  readonly portRange: string | null;
}

export interface SubnetModel {
  readonly id: string;
  readonly cidr: string;
  readonly type: "PUBLIC" | "PRIVATE";
  readonly aclId: string;
  /** Private subnets only: whether a route leads to a NAT gateway. */
  readonly internet: boolean;
}

export interface AclModel {
  readonly id: string;
  readonly inbound: readonly AclRule[];
  readonly outbound: readonly AclRule[];
}

export interface GroupModel {
  readonly id: string;
  readonly inbound: readonly GroupRule[];
  readonly outbound: readonly GroupRule[];
}

export interface NicModel {
  readonly id: string;
  /** Name of the host that the interface belongs to. */
  readonly host: string;
  readonly ip: string;
  readonly subnetId: string;
  readonly groupIds: readonly string[];
}

export interface NetworkModel {
  readonly subnets: readonly SubnetModel[];
  readonly acls: readonly AclModel[];
  readonly groups: readonly GroupModel[];
  readonly nics: readonly NicModel[];
  readonly publicIps: readonly { readonly ip: string; readonly privateIp: string }[];
}
