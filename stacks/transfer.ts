import { join } from "node:path";
import { App, TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { Host } from "../constructs/host/host";
import { InitScript } from "../constructs/host/init-script";
import { ServerImages } from "../constructs/host/server-images";
import { nameOf } from "../constructs/naming";
import { AccessControlGroup, type IAccessControlGroup } from "../constructs/network/access-control-group";
import { Subnet } from "../constructs/network/subnet";
import { Vpc } from "../constructs/network/vpc";
import { writeArtifacts } from "../constructs/provisioning/artifacts";
import { DeliverHook } from "../constructs/provisioning/hook";
import { renderInitScript } from "../constructs/provisioning/render";
import type { Plan } from "../pipeline/plan-types";
import type { NetworkStack } from "./network";
import { PlatformStack } from "./platform-stack";
import type { StorageStack } from "./storage";

export interface TransferDependencies {
  readonly network: NetworkStack;
  readonly storage: StorageStack;
}

/**
 * The hosts that move data from AWS to Object Storage: the proxy, which is also the bastion, and the host that copies. Its last
 * resource delivers their files.
 */
export class TransferStack extends PlatformStack {
  constructor(scope: Construct, plan: Plan, { network, storage }: TransferDependencies) {
    super(scope, "transfer", plan);
    // Deployed after both, destroyed before both: routes, ACLs and groups outlive the servers that need them.
    this.addDependency(network);
    this.addDependency(storage);

    const vpc = Vpc.fromName(this, "vpc", network.names.vpc);
    const subnets = {
      public: Subnet.fromName(this, "public", vpc, network.names.subnets.public),
      private: Subnet.fromName(this, "private", vpc, network.names.subnets.private),
    };
    const groups = new Map(
      [...network.names.groups].map(([role, name]) => [
        role,
        AccessControlGroup.fromName(this, `${role}-group`, vpc, name),
      ]),
    );

    const images = new ServerImages(this, "images", {
      hypervisor: "KVM",
      names: [...new Set(plan.hosts.map((host) => host.image.name))].sort(),
    });
    const initScript = new InitScript(this, "init-script", {
      name: nameOf(plan, "init"),
      content: renderInitScript(plan),
    });
    const hosts = plan.hosts.map((host) => {
      const group = groups.get(host.role) as IAccessControlGroup;
      const subnet = subnets[host.subnet];
      return new Host(this, host.name, { pipeline: plan, host, subnet, groups: [group], images, initScript });
    });

    const addressOf = (name: string): string =>
      hosts.flatMap(({ node, publicIp }) => (node.id === name ? (publicIp?.address ?? []) : []))[0] as string;
    const bastionAddress = addressOf(plan.proxy.active);
    new TerraformOutput(this, "proxy_address", {
      value: bastionAddress,
      description: "Public address of the proxy: what AWS must admit, and where operators log in",
    });
    const standby = plan.hosts.filter(({ role, name }) => role === "proxy" && name !== plan.proxy.active);
    for (const { name } of standby)
      new TerraformOutput(this, "standby_address", {
        value: addressOf(name),
        description: "Public address of the proxy that stands by: AWS must admit it from the start",
      });
    new DeliverHook(this, "deliver", {
      manifestSha256: writeArtifacts(
        plan,
        this.node.id,
        plan.hosts.map((host) => host.name),
        join(App.of(this).outdir, "stacks", this.node.id, "artifacts"),
      ),
      secrets: plan.secrets,
      servers: Object.fromEntries(hosts.map(({ node, server }) => [node.id, server.serverId])),
      attachments: Object.fromEntries(
        hosts.flatMap(({ node, volume }) => (volume === undefined ? [] : [[node.id, volume.attachment]])),
      ),
      bastionAddress,
    });
  }
}
