import { TerraformResource, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

export interface LastResourceConfig {
  readonly triggers: Readonly<Record<string, unknown>>;
  readonly command: string;
  readonly environment: Record<string, string>;
}

/**
 * A terraform_data that depends on every other resource of its stack, whenever it was added, and on those of its kind that were
 * made before it: nothing may write state while a hook runs, since a hook killed while something else saves the state is recorded
 * as done. cdktf's own binding of terraform_data asks the terraform program for its version at each synth.
 */
export class LastResource extends TerraformResource {
  constructor(
    scope: Construct,
    id: string,
    private readonly config: LastResourceConfig,
  ) {
    super(scope, id, {
      terraformResourceType: "terraform_data",
      provisioners: [{ type: "local-exec", command: config.command, environment: config.environment }],
    });
  }

  override toTerraform(): unknown {
    const all = TerraformStack.of(this).node.findAll();
    const later = all.slice(all.indexOf(this)).filter((each) => each instanceof LastResource);
    this.dependsOn = all
      .filter((each): each is TerraformResource => TerraformResource.isTerraformResource(each))
      .filter((each) => !later.some((other) => other === each))
      .map((each) => `${each.terraformResourceType}.${each.friendlyUniqueId}`)
      .sort();
    return super.toTerraform();
  }

  /** `triggers_replace`, never `input`: a change of that one runs no provisioner. */
  protected override synthesizeAttributes(): Record<string, unknown> {
    return { triggers_replace: this.config.triggers };
  }
}
