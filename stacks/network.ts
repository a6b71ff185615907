import type { Construct } from "constructs";
import { nameOf } from "../constructs/naming";
import { AccessControlGroup } from "../constructs/network/access-control-group";
import { NetworkAcl } from "../constructs/network/network-acl";
import { boundaryRules, groupRules } from "../constructs/network/port-rules";
import { RouteTable } from "../constructs/network/route-table";
import { Subnet } from "../constructs/network/subnet";
import { Vpc } from "../constructs/network/vpc";
import type { Plan, Role, SubnetKind } from "../pipeline/plan-types";
import { PlatformStack } from "./platform-stack";

/** Names by which other stacks find what this one makes. */
export interface NetworkNames {
  readonly vpc: string;
  readonly subnets: Readonly<Record<SubnetKind, string>>;
  /** One group for each role that has hosts. */
  readonly groups: ReadonlyMap<Role, string>;
}

/**
 * The network and every rule of who may talk to whom, all from the plan's table of flows. It lives longest: servers lose
 * their network before they are gone if rules or routes are destroyed first (ncloud 4.0.5), so those stand here, and a stack with
 * servers depends on this one.
 */
export class NetworkStack extends PlatformStack {
  readonly names: NetworkNames;

  constructor(scope: Construct, plan: Plan) {
    super(scope, "network", plan);
    const { network, flows, parties } = plan;
    this.names = {
      vpc: nameOf(plan, "vpc"),
      subnets: { public: nameOf(plan, "public"), private: nameOf(plan, "private") },
      groups: new Map(rolesOf(plan).map((role) => [role, nameOf(plan, role)])),
    };
    const vpc = new Vpc(this, "vpc", { name: this.names.vpc, cidr: network.vpcCidr });

    const subnet = (kind: SubnetKind): Subnet => {
      const { cidr } = network[kind];
      const acl = new NetworkAcl(this, `${kind}-acl`, {
        vpc,
        name: nameOf(plan, kind),
        description: `boundary of the ${kind} subnet`,
        rules: boundaryRules(cidr, network.vpcCidr, flows, parties),
      });
      const type = kind === "public" ? "PUBLIC" : "PRIVATE";
      return new Subnet(this, kind, { vpc, acl, type, cidr, name: this.names.subnets[kind], zone: plan.platform.zone });
    };
    // The public subnet stays on the network's default public table, which has the route to the internet.
    subnet("public");
    new RouteTable(this, "private-routes", {
      vpc,
      name: nameOf(plan, "private"),
      description: "no way out: private hosts go through the proxy",
      type: "PRIVATE",
      subnets: { private: subnet("private") },
    });

    for (const [role, name] of this.names.groups)
      new AccessControlGroup(this, `${role}-group`, {
        vpc,
        name,
        description: `hosts of role ${role}`,
        rules: groupRules(parties[role], flows, parties),
      });
  }
}

function rolesOf(plan: Plan): Role[] {
  return [...new Set(plan.hosts.map((host) => host.role))].sort();
}
