import { Construct } from "constructs";
import { DataNcloudServerImageNumbers } from "@cdktf/provider-ncloud/lib/data-ncloud-server-image-numbers";

export interface ServerImagesProps {
  readonly hypervisor: "KVM" | "XEN";
  /** Names that must be there, such as "ubuntu-22.04-base". */
  readonly names: readonly string[];
}

/** The platform's server images by name. A name that is gone, or that two images bear, stops the plan with the names there are. */
export class ServerImages extends Construct {
  private readonly list: string;

  constructor(scope: Construct, id: string, props: ServerImagesProps) {
    super(scope, id);
    const found = new DataNcloudServerImageNumbers(this, "Default", {
      hypervisorType: props.hypervisor,
      lifecycle: {
        postcondition: props.names.map((name) => ({
          condition: `\${length([for image in self.image_number_list : image if image.name == "${name}"]) == 1}`,
          errorMessage:
            `${this.node.path}: not exactly one ${props.hypervisor} image is named ${name}. ` +
            'Allowed: ${join(", ", sort(distinct(self.image_number_list[*].name)))}. ' +
            "Try another image for the host in the pipeline file.",
        })),
      },
    });
    this.list = `data.${found.terraformResourceType}.${found.friendlyUniqueId}.image_number_list`;
  }

  /** Number of an image, known at plan. */
  numberOf(name: string): string {
    return `\${one([for image in ${this.list} : image.server_image_number if image.name == "${name}"])}`;
  }
}
