import { Construct } from "constructs";
import { NetworkInterface } from "@cdktf/provider-ncloud/lib/network-interface";
import { Server as NcloudServer } from "@cdktf/provider-ncloud/lib/server";
import type { IAccessControlGroup } from "../network/access-control-group";
import type { ISubnet } from "../network/subnet";
import { isRetired, protectedLifecycle } from "../protection";
import type { InitScript } from "./init-script";

/** An image of the platform, by its number there, or a member server image. */
export type ServerImage = { readonly number: string } | { readonly memberNo: string };

export interface ServerProps {
  /** 3 to 30 characters; the platform makes it the host name. A change replaces the server. */
  readonly name: string;
  /** A change replaces the server. */
  readonly description: string;
  readonly subnet: ISubnet;
  /** Fixed private address. A change replaces the server. */
  readonly address: string;
  /** Name of its network interface, 3 to 30 characters. A change replaces the server. */
  readonly interfaceName: string;
  /** One to three. Change in place. */
  readonly groups: readonly IAccessControlGroup[];
  /** What it is made from. A server that exists keeps its own. */
  readonly image: ServerImage;
  /** Spec code for the image's hypervisor, such as "s2-g3". A change stops and starts the server. */
  readonly spec: string;
  /** Name of a login key registered on the platform. A server that exists keeps its own. */
  readonly loginKey: string;
  /** A server that exists keeps its own. */
  readonly initScript: InitScript;
}

/**
 * A server that is never replaced by accident: of all its properties only spec and protection change in place (ncloud
 * 4.0.5), so the plan fails where another change would destroy it, and the platform refuses its termination.
 *
 * Script, key and image count when it is made and are ignored afterwards: a new number for the same image, which the
 * platform gives at each of its updates, must not replace anything. A server made anew gets the present ones.
 */
export class Server extends Construct {
  /** Number of the server, another one after each replacement. */
  readonly serverId: string;

  constructor(scope: Construct, id: string, props: ServerProps) {
    super(scope, id);
    const nic = new NetworkInterface(this, "nic", {
      name: props.interfaceName,
      description: props.description,
      subnetNo: props.subnet.subnetId,
      privateIp: props.address,
      accessControlGroups: props.groups.map((group) => group.groupId),
    });
    const server = new NcloudServer(this, "Default", {
      name: props.name,
      description: props.description,
      ...("memberNo" in props.image
        ? { memberServerImageNo: props.image.memberNo }
        : { serverImageNumber: props.image.number }),
      serverSpecCode: props.spec,
      loginKeyName: props.loginKey,
      initScriptNo: props.initScript.initScriptId,
      subnetNo: props.subnet.subnetId,
      networkInterface: [{ order: 0, networkInterfaceNo: nic.id }],
      isProtectServerTermination: !isRetired(this),
      // From the first day: a change replaces the server.
      isEncryptedBaseBlockStorageVolume: true,
      lifecycle: protectedLifecycle(this, {
        ignoreChanges: [
          "init_script_no",
          "login_key_name",
          "memberNo" in props.image ? "member_server_image_no" : "server_image_number",
        ],
        postcondition: [
          {
            // The server's own private_ip is null on this platform: its interface has the address.
            condition: `\${self.network_interface[0].private_ip == "${props.address}"}`,
            errorMessage:
              `${this.node.path}: the platform gave another address than ${props.address}, which every rendered file names. ` +
              "Try: see which server holds that address in the subnet, then replace this one.",
          },
        ],
      }),
    });
    this.serverId = server.id;
  }
}
