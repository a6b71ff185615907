import { Construct } from "constructs";
import { InitScript as NcloudInitScript } from "@cdktf/provider-ncloud/lib/init-script";

export interface InitScriptProps {
  /** 3 to 30 characters, unique on the platform. */
  readonly name: string;
  /** Shell script, `#!` line first. Constant for a pipeline: servers that exist keep what they were made with. */
  readonly content: string;
}

/** What a server runs at its first boot, and never again. */
export class InitScript extends Construct {
  readonly initScriptId: string;

  constructor(scope: Construct, id: string, props: InitScriptProps) {
    super(scope, id);
    this.initScriptId = new NcloudInitScript(this, "Default", {
      name: props.name,
      description: "first boot: the account that the deploys use",
      osType: "LNX",
      content: literal(props.content),
    }).id;
  }
}

/** A text as Terraform takes it word for word: in its JSON, "${" and "%{" begin expressions. */
export function literal(text: string): string {
  return text.replaceAll(/[$%](?=\{)/g, (sign) => sign + sign);
}
