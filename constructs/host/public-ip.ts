import { Construct } from "constructs";
import { DataNcloudPublicIp } from "@cdktf/provider-ncloud/lib/data-ncloud-public-ip";
import { PublicIp as NcloudPublicIp } from "@cdktf/provider-ncloud/lib/public-ip";
import { protectedLifecycle } from "../protection";
import type { Server } from "./server";

export interface IPublicIp {
  /** "203.0.113.7" */
  readonly address: string;
}

/** An address made elsewhere, and the server that holds it. */
export interface HeldPublicIp extends IPublicIp {
  readonly serverId: string;
}

export interface PublicIpProps {
  /** 1 character or more. A change gives another address: the plan refuses it. */
  readonly description: string;
  /** A server in a public subnet. Changes in place: the address outlives its server. */
  readonly server: Server;
}

/** A public address that stays: others' allow lists name it. */
export class PublicIp extends Construct implements IPublicIp {
  /** An address made elsewhere. Two with one description are an error of the plan, not a choice. */
  static fromDescription(scope: Construct, id: string, description: string): HeldPublicIp {
    const found = new DataNcloudPublicIp(scope, id, { filter: [{ name: "description", values: [description] }] });
    return { address: found.publicIp, serverId: found.serverInstanceNo };
  }

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
