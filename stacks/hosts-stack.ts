import { join } from "node:path";
import { App } from "cdktf";
import type { Construct } from "constructs";
import { Host } from "../constructs/host/host";
import { InitScript } from "../constructs/host/init-script";
import { PublicIp, type HeldPublicIp } from "../constructs/host/public-ip";
import { ServerImages } from "../constructs/host/server-images";
import { descriptionOf, nameOf } from "../constructs/naming";
import { AccessControlGroup, type IAccessControlGroup } from "../constructs/network/access-control-group";
import { Subnet } from "../constructs/network/subnet";
import { Vpc } from "../constructs/network/vpc";
import { writeArtifacts } from "../constructs/provisioning/artifacts";
import { DeliverHook } from "../constructs/provisioning/hook";
import { renderInitScript } from "../constructs/provisioning/render";
import type { HostPlan, Plan, Role } from "../pipeline/plan-types";
import type { NetworkStack } from "./network";
import { PlatformStack } from "./platform-stack";

export interface HostsStackProps {
  readonly network: NetworkStack;
  /** The hosts of these roles are the stack's. */
  readonly roles: readonly Role[];
}

/** A stack with hosts of some roles. Its last resource but those of its own hooks delivers their files. */
export abstract class HostsStack extends PlatformStack {
  /** By name, in the order of the plan. */
  protected readonly hosts: ReadonlyMap<string, Host>;
  /** Folder of the rendered files and their manifest. */
  protected readonly artifacts: string;
  private readonly hostPlans: readonly HostPlan[];

  constructor(
    scope: Construct,
    id: string,
    protected readonly pipeline: Plan,
    { network, roles }: HostsStackProps,
  ) {
    super(scope, id, pipeline);
    // Deployed after the network, destroyed before it: routes, ACLs and groups outlive the servers that need them.
    this.addDependency(network);
    this.artifacts = join(App.of(this).outdir, "stacks", id, "artifacts");
    this.hostPlans = pipeline.hosts.filter(({ role }) => roles.includes(role));

    const vpc = Vpc.fromName(this, "vpc", network.names.vpc);
    const subnets = new Map(
      [...new Set(this.hostPlans.map(({ subnet }) => subnet))]
        .sort()
        .reverse()
        .map((kind) => [kind, Subnet.fromName(this, kind, vpc, network.names.subnets[kind])]),
    );
    const groups = new Map(
      [...network.names.groups]
        .filter(([role]) => roles.includes(role))
        .map(([role, name]) => [role, AccessControlGroup.fromName(this, `${role}-group`, vpc, name)]),
    );
    const images = new ServerImages(this, "images", {
      hypervisor: "KVM",
      names: [
        ...new Set(this.hostPlans.flatMap(({ image }) => (image.memberNo === undefined ? [image.name] : []))),
      ].sort(),
    });
    const initScript = new InitScript(this, "init-script", {
      name: this.initScriptName(roles),
      content: renderInitScript(pipeline),
    });
    this.hosts = new Map(
      this.hostPlans.map((host) => [
        host.name,
        new Host(this, host.name, {
          pipeline,
          host,
          subnet: subnets.get(host.subnet) as Subnet,
          groups: [groups.get(host.role) as IAccessControlGroup],
          images,
          initScript,
        }),
      ]),
    );
  }

  /** A name of its own for each stack; by its first role, which is shorter. */
  protected initScriptName([role]: readonly Role[]): string {
    return nameOf(this.pipeline, role as Role, "init");
  }

  /** The bastion as another stack made it: its address, and its server's number. */
  protected bastion(): HeldPublicIp {
    const { active } = this.pipeline.proxy;
    return PublicIp.fromDescription(this, "bastion", descriptionOf(this.pipeline, active));
  }

  /** Numbers of the stack's servers, by host, and the bastion's where another stack made it. */
  protected serversWith(bastion: HeldPublicIp | { readonly address: string }): Record<string, string> {
    return Object.fromEntries([
      ...("serverId" in bastion ? [[this.pipeline.proxy.active, bastion.serverId] as const] : []),
      ...[...this.hosts].map(([name, { server }]) => [name, server.serverId] as const),
    ]);
  }

  /** The hook that delivers. To be made after everything that the hosts need. */
  protected deliver(bastion: HeldPublicIp | { readonly address: string }): DeliverHook {
    return new DeliverHook(this, "deliver", {
      ...writeArtifacts(this.pipeline, this.node.id, [...this.hosts.keys()], this.artifacts),
      servers: this.serversWith(bastion),
      attachments: Object.fromEntries(
        [...this.hosts].flatMap(([name, { volume }]) => (volume === undefined ? [] : [[name, volume.attachment]])),
      ),
      bastionAddress: bastion.address,
    });
  }
}
