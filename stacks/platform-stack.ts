import { LocalBackend, S3Backend, TerraformElement, TerraformStack } from "cdktf";
import type { Construct, Node } from "constructs";
import { NcloudProvider } from "@cdktf/provider-ncloud/lib/provider";
import { ProviderRules } from "../constructs/provider-rules";
import { withStateCopies, type StackJson } from "../constructs/provisioning/state-copies";
import type { Plan, RemoteStatePlan } from "../pipeline/plan-types";
import { stateKey } from "../pipeline/state-keys";

/** From a stack's folder, `cdktf.out/stacks/STACK`, to the folder of the pipeline file. */
const ROOT = "../../..";

/** Older ones don't know `use_lockfile`, or call it an experiment. */
const LOCKING_TERRAFORM = ">= 1.11.0";

type PlatformPlan = Pick<Plan, "name" | "platform" | "stateFolder" | "remoteState">;

/**
 * A stack on the platform: its state beside the others', a copy of it before each change, the provider, its value rules, addresses that people can read.
 * Stacks are cut by lifetime, find each other's things by name, and say by `addDependency` in which order they are deployed; no
 * stack reads another's state.
 */
export abstract class PlatformStack extends TerraformStack {
  private readonly addresses = new Map<string, string>();

  constructor(
    scope: Construct,
    id: string,
    private readonly plan: PlatformPlan,
  ) {
    super(scope, id);
    if (plan.remoteState === undefined) new LocalBackend(this, { path: `${ROOT}/${plan.stateFolder}/${id}.tfstate` });
    else this.keepStateIn(plan.remoteState);
    new NcloudProvider(this, "ncloud", {
      // ncloud 4.0.5 manages nothing of this project's without it.
      supportVpc: true,
      region: plan.platform.region,
      site: plan.platform.site,
    });
    this.node.addValidation(new ProviderRules(this));
  }

  /** Another service than AWS: none of AWS's own lookups, path style, and its own profile instead of AWS_* in the environment. */
  private keepStateIn({ bucket, host, region, profile, locking }: RemoteStatePlan): void {
    const backend = new S3Backend(this, {
      bucket,
      key: stateKey(this.plan.name, this.node.id),
      region,
      profile,
      endpoints: { s3: `https://${host}` },
      usePathStyle: true,
      skipCredentialsValidation: true,
      skipRegionValidation: true,
      skipRequestingAccountId: true,
      skipMetadataApiCheck: true,
      skipS3Checksum: true,
    });
    if (locking !== "lockfile") return;
    // cdktf 0.21 has no property for it.
    backend.addOverride("use_lockfile", true);
    this.addOverride("terraform.required_version", LOCKING_TERRAFORM);
  }

  override toTerraform(): StackJson {
    const stack = super.toTerraform() as StackJson;
    return withStateCopies(stack, { plan: this.plan, stack: this.node.id, root: ROOT });
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
