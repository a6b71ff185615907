import { Construct } from "constructs";
import type { HostPlan, Plan } from "../../pipeline/plan-types";
import { descriptionOf, nameOf } from "../naming";
import type { IAccessControlGroup } from "../network/access-control-group";
import type { ISubnet } from "../network/subnet";
import type { InitScript } from "./init-script";
import { PublicIp } from "./public-ip";
import { Server } from "./server";
import type { ServerImages } from "./server-images";
import { Volume } from "./volume";

export interface HostProps {
  readonly pipeline: Pick<Plan, "name" | "platform">;
  readonly host: HostPlan;
  readonly subnet: ISubnet;
  readonly groups: readonly IAccessControlGroup[];
  readonly images: ServerImages;
  readonly initScript: InitScript;
}

/** A host of the plan: its server, the volume that outlives it, and in the public subnet the address that stays. */
export class Host extends Construct {
  readonly server: Server;
  readonly volume?: Volume;
  readonly publicIp?: PublicIp;

  constructor(scope: Construct, id: string, { pipeline, host, ...props }: HostProps) {
    super(scope, id);
    this.server = new Server(this, "server", {
      name: host.name,
      description: descriptionOf(pipeline, host.role),
      subnet: props.subnet,
      address: host.address,
      interfaceName: nameOf(pipeline, host.name),
      groups: props.groups,
      image:
        host.image.memberNo === undefined
          ? { number: props.images.numberOf(host.image.name) }
          : { memberNo: host.image.memberNo },
      spec: host.spec,
      loginKey: pipeline.platform.loginKey,
      initScript: props.initScript,
    });
    if (host.volume !== undefined)
      this.volume = new Volume(this, "volume", {
        name: nameOf(pipeline, host.name, "data"),
        server: this.server,
        sizeGb: host.volume.sizeGb,
        zone: pipeline.platform.zone,
      });
    if (host.subnet === "public")
      this.publicIp = new PublicIp(this, "address", {
        description: descriptionOf(pipeline, host.name),
        server: this.server,
      });
  }
}
