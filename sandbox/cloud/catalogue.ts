/** Server images and specs that the platform offers, as far as they are known. */
import { codes } from "@cdktf/provider-ncloud/rules";

export type Hypervisor = "KVM" | "XEN";

export interface Image {
  readonly number: string;
  readonly name: string;
  readonly hypervisor: Hypervisor;
}

export interface Spec {
  readonly code: string;
  readonly hypervisor: Hypervisor;
  readonly cpus: number;
  readonly memoryGb: number;
  readonly description: string;
}

/** Its number on the platform is not known, so it has one here that nobody takes for it. */
const ADDED: readonly Image[] = [{ number: "sandbox-ubuntu-22.04-base", name: "ubuntu-22.04-base", hypervisor: "KVM" }];

/** Member server images of the example pipeline's account: the sandbox's hosts play them too. */
const MEMBER_IMAGES: readonly Image[] = [{ number: "4711", name: "debian-member-image", hypervisor: "KVM" }];

export const memberImages = (): readonly Image[] => MEMBER_IMAGES;

export const isMemberImage = (number: string): boolean => MEMBER_IMAGES.some((image) => image.number === number);

export function images(): readonly Image[] {
  const known = codes().server_images.filter(({ name }) => !ADDED.some((added) => added.name === name));
  return [...known, ...ADDED];
}

/** Whether the sandbox's hosts, which are of Debian's family, can stand for it. */
export const canBeHost = ({ name }: Image): boolean => /^(ubuntu|debian)-/.test(name);

const GB_FOR_EACH_CPU: Readonly<Record<string, number>> = { c: 2, s: 4, m: 8 };

/** "s2-g3": standard, 2 CPUs, generation 3; generation 2 names its disk too. */
export function specOf(code: string): Spec | undefined {
  const [, kind = "", cpus = "", generation] = /^([csm])([1-9]\d?)-g([23])(?:-[sh]\d+)?$/.exec(code) ?? [];
  const ratio = GB_FOR_EACH_CPU[kind];
  if (ratio === undefined) return undefined;
  const memoryGb = Number(cpus) * ratio;
  const hypervisor = generation === "3" ? "KVM" : "XEN";
  return { code, hypervisor, cpus: Number(cpus), memoryGb, description: `vCPU ${cpus}, memory ${memoryGb} GB` };
}

/** Offered by the platform too, and not among the codes that were written down. */
const ADDED_SPECS = ["s4-g3"];

export function specs(): Spec[] {
  return [...Object.keys(codes().server_spec_codes), ...ADDED_SPECS].flatMap((code) => specOf(code) ?? []);
}
