import { LocalBackend, TerraformElement, TerraformStack } from "cdktf";
import type { Construct, Node } from "constructs";
import { NcloudProvider } from "@cdktf/provider-ncloud/lib/provider";
import { ProviderRules } from "../constructs/provider-rules";
import type { Plan } from "../pipeline/plan-types";

/** From a stack's folder, `cdktf.out/stacks/STACK`, to the folder of the pipeline file. */
const ROOT = "../../..";

/**
 * A stack on the platform: its state beside the others', the provider, its value rules, addresses that people can read.
 * Stacks are cut by lifetime, find each other's things by name, and say by `addDependency` in which order they are deployed; no
 * stack reads another's state.
 */
export abstract class PlatformStack extends TerraformStack {
  private readonly addresses = new Map<string, string>();

  constructor(scope: Construct, id: string, plan: Pick<Plan, "platform" | "stateFolder">) {
    super(scope, id);
    new LocalBackend(this, { path: `${ROOT}/${plan.stateFolder}/${id}.tfstate` });
    new NcloudProvider(this, "ncloud", {
      // ncloud 4.0.5 manages nothing of this project's without it.
      supportVpc: true,
      region: plan.platform.region,
      site: plan.platform.site,
    });
    this.node.addValidation(new ProviderRules(this));
  }

  /**
   * The path of construct ids without a hash, `ncloud_network_interface.proxy-1_server_nic`. A construct's main resource has the
   * id "Default", which is left out.
   */
  protected override allocateLogicalId(element: TerraformElement | Node): string {
    const node = TerraformElement.isTerraformElement(element) ? element.node : element;
    const ids = node.scopes.slice(node.scopes.indexOf(this) + 1).map((scope) => scope.node.id);
    const address = ids.filter((each) => each !== "Default").join("_");
    const taken = this.addresses.get(address);
    if (taken !== undefined && taken !== node.path)
      throw new Error(`${node.path}: the address ${address} is taken by ${taken}\n  try: another construct id`);
    this.addresses.set(address, node.path);
    return address;
  }
}
