import { Construct } from "constructs";
import { PublicIp as NcloudPublicIp } from "@cdktf/provider-ncloud/lib/public-ip";
import { protectedLifecycle } from "../protection";
import type { Server } from "./server";

export interface PublicIpProps {
  /** 1 character or more. A change gives another address: the plan refuses it. */
  readonly description: string;
  /** A server in a public subnet. Changes in place: the address outlives its server. */
  readonly server: Server;
}

/** A public address that stays: others' allow lists name it. */
export class PublicIp extends Construct {
  readonly address: string;

  constructor(scope: Construct, id: string, props: PublicIpProps) {
    super(scope, id);
    this.address = new NcloudPublicIp(this, "Default", {
      description: props.description,
      serverInstanceNo: props.server.serverId,
      lifecycle: protectedLifecycle(this),
    }).publicIp;
  }
}
