/**
 * Server images that a host can run on, by their names on the platform. Where "seen" is false the name follows the
 * platform's pattern but stands in no document of ncloud 4.0.5: `terraform plan` fails with the list of names if it is gone.
 */
import { osFamilyOf } from "./hadoop/distributions";
import type { ImagePlan, OsFamily } from "./plan-types";
import type { PipelineFile } from "./schema";

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
  {
    name,
    family,
    os: osFamilyOf(name) as string,
    python,
    hypervisor: "KVM",
    seen,
    ...(refuses === undefined ? {} : { refuses }),
  },
];

export const IMAGES: ReadonlyMap<string, Image> = new Map([
  image("rocky-8.10-base", "redhat", "3.6", true),
  image("ubuntu-20.04-base", "debian", "3.8", true, {
    proxy: "its squid is built without TLS; squid-openssl came with 22.04",
  }),
  image("ubuntu-22.04-base", "debian", "3.10", false),
  image("ubuntu-24.04-base", "debian", "3.12", false),
]);

/** Pythons that Airflow's packages were pinned for (roles/airflow/files/requirements.txt), oldest and newest. */
export const AIRFLOW_PYTHON = { oldest: [3, 10], newest: [3, 12] } as const;

/** Why an image can't carry Airflow; undefined: it can. RedHat-family hosts have a Python of their own for it. */
export function airflowRefusal({ family, python }: Pick<ImagePlan, "family" | "python">): string | undefined {
  const [major = 0, minor = 0] = python.split(".").map(Number);
  const { oldest, newest } = AIRFLOW_PYTHON;
  const fits = major === oldest[0] && minor >= oldest[1] && minor <= newest[1];
  return family === "redhat" || fits
    ? undefined
    : `its Python is ${python}, and Airflow's packages are for ${oldest.join(".")} to ${newest.join(".")}`;
}

/** Ambari's names of systems that install packages as Debian does. */
const DEBIANS = /^(ubuntu|debian)[0-9]+$/;

const familyOf = (os: string): OsFamily => (DEBIANS.test(os) ? "debian" : "redhat");

/** An image by the name that a host gives: one of the platform's, or a member's of this file; undefined for neither. */
export function imageOf({ images }: Pick<PipelineFile, "images">, name: string): ImagePlan | undefined {
  const own = images[name];
  if (own !== undefined) {
    const { member_server_image_no, os, python } = own;
    return { name, memberNo: member_server_image_no, family: familyOf(os), os, python, hypervisor: "KVM" };
  }
  const found = IMAGES.get(name);
  if (found === undefined) return undefined;
  const { family, os, python, hypervisor } = found;
  return { name, family, os, python, hypervisor };
}
