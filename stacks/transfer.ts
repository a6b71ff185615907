import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { nameOf } from "../constructs/naming";
import type { Plan } from "../pipeline/plan-types";
import { HostsStack } from "./hosts-stack";
import type { NetworkStack } from "./network";
import type { StorageStack } from "./storage";

export interface TransferDependencies {
  readonly network: NetworkStack;
  readonly storage: StorageStack;
}

/** The hosts that move data from AWS to Object Storage: the proxy, which is also the bastion, and the host that copies. */
export class TransferStack extends HostsStack {
  constructor(scope: Construct, plan: Plan, { network, storage }: TransferDependencies) {
    super(scope, "transfer", plan, { network, roles: ["proxy", "sync"] });
    this.addDependency(storage);

    const addressOf = (name: string): string => this.hosts.get(name)?.publicIp?.address as string;
    const { active } = plan.proxy;
    new TerraformOutput(this, "proxy_address", {
      value: addressOf(active),
      description: "Public address of the proxy: what AWS must admit, and where operators log in",
    });
    for (const { name } of plan.hosts.filter(({ role, name }) => role === "proxy" && name !== active))
      new TerraformOutput(this, "standby_address", {
        value: addressOf(name),
        description: "Public address of the proxy that stands by: AWS must admit it from the start",
      });
    this.deliver({ address: addressOf(active) });
  }

  /** Without the stack's name: servers refer to the script that they were made with. */
  protected override initScriptName(): string {
    return nameOf(this.pipeline, "init");
  }
}
