import { Construct } from "constructs";
import { BlockStorage } from "@cdktf/provider-ncloud/lib/block-storage";
import { isRetired, protectedLifecycle } from "../protection";
import type { Server } from "./server";

export interface VolumeProps {
  /** 3 to 30 characters. A change replaces the volume. */
  readonly name: string;
  readonly server: Server;
  /** In GB, 10 to 16380 in steps of 10; can only grow. A change detaches it from the running server and attaches it again. */
  readonly sizeGb: number;
  /** Its server's zone. */
  readonly zone: string;
  /** @default "CB1" */
  readonly volumeType?: "FB1" | "CB1" | "FB2" | "CB2";
}

/**
 * A volume that outlives its server: a replaced server gets it attached again in the same apply. Encrypted, or the apply
 * fails: the platform decides that, and it can only be read back. Unmount it before it is retired: ncloud 4.0.5 does not detach
 * first, and a mounted volume may fail to go.
 */
export class Volume extends Construct {
  /** Number of the volume and of the server it is attached to. */
  readonly attachment: string;

  constructor(scope: Construct, id: string, props: VolumeProps) {
    super(scope, id);
    const volume = new BlockStorage(this, "Default", {
      name: props.name,
      description: "data that outlives its server",
      serverInstanceNo: props.server.serverId,
      size: props.sizeGb,
      hypervisorType: "KVM",
      volumeType: props.volumeType ?? "CB1",
      zone: props.zone,
      returnProtection: !isRetired(this),
      // ncloud 4.0.5 would stop the server and never start it again.
      stopInstanceBeforeDetaching: false,
      lifecycle: protectedLifecycle(this, {
        postcondition: [
          {
            condition: "${self.encrypted_volume == true}",
            errorMessage:
              `${this.node.path}: volume ${props.name} is not encrypted, and personal data will lie on it. ` +
              "Try a zone or a volume type that the platform encrypts.",
          },
        ],
      }),
    });
    this.attachment = `${volume.id}@${volume.serverInstanceNo}`;
  }
}
