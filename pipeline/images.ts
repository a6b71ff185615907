/**
 * Server images that a host can run on, by their names on the platform. Where "seen" is false the name follows the
 * platform's pattern but stands in no document of ncloud 4.0.5: `terraform plan` fails with the list of names if it is gone.
 */
import type { ImagePlan } from "./plan-types";

export interface Image extends ImagePlan {
  readonly seen: boolean;
  /** Roles that can't run on it, and why. */
  readonly refuses?: Readonly<Record<string, string>>;
}

const image = (
  name: string,
  family: Image["family"],
  python: string,
  seen: boolean,
  refuses?: Image["refuses"],
): readonly [string, Image] => [
  name,
  { name, family, python, hypervisor: "KVM", seen, ...(refuses === undefined ? {} : { refuses }) },
];

export const IMAGES: ReadonlyMap<string, Image> = new Map([
  image("rocky-8.10-base", "redhat", "3.6", true),
  image("ubuntu-20.04-base", "debian", "3.8", true, {
    proxy: "its squid is built without TLS; squid-openssl came with 22.04",
  }),
  image("ubuntu-22.04-base", "debian", "3.10", false),
  image("ubuntu-24.04-base", "debian", "3.12", false),
]);
