/** The distributions that a batch cluster can be made from: a choice of the pipeline file. */
import { STACKS, type Stack, type StackId } from "./stacks";

export interface Distribution {
  readonly stack: StackId;
  /** Ambari's names of the operating systems that its packages exist for. */
  readonly osFamilies: readonly string[];
  /** Version of Hadoop in it: no rendered option is newer. */
  readonly hadoop: string;
  readonly spark: {
    readonly client: string;
    readonly historyServer: string;
    /** Prefix of its configuration types: "spark2-env", "spark2-defaults", "spark2-hive-site-override". */
    readonly config: string;
  };
  /** Clients that go on every host beside those that all distributions have. */
  readonly clients: readonly string[];
  /** What its stack demands beside HiveServer2. */
  readonly besideHive: readonly string[];
  /** Package repositories in its version definition, by name and id. */
  readonly repositories: readonly { readonly name: string; readonly id: string }[];
}

const SPARK2 = { client: "SPARK2_CLIENT", historyServer: "SPARK2_JOBHISTORYSERVER", config: "spark2" };

export const DISTRIBUTIONS = {
  "hdp-3.1": {
    stack: "HDP-3.1",
    osFamilies: ["redhat7", "ubuntu14", "ubuntu16", "debian9", "suse12", "amazonlinux2"],
    hadoop: "3.1.1",
    spark: SPARK2,
    clients: ["SQOOP"],
    besideHive: [],
    repositories: [
      { name: "HDP", id: "HDP-3.1" },
      { name: "HDP-UTILS", id: "HDP-UTILS-1.1.0.22" },
    ],
  },
  "odp-1.2": {
    stack: "ODP-1.2",
    osFamilies: ["redhat7", "redhat8", "redhat9", "ubuntu22"],
    hadoop: "3.3.6",
    spark: SPARK2,
    clients: ["SQOOP", "CORE_CLIENT"],
    besideHive: [],
    repositories: [{ name: "ODP", id: "ODP-1.2" }],
  },
  "odp-1.3": {
    stack: "ODP-1.3",
    osFamilies: ["redhat8", "redhat9", "ubuntu22", "ubuntu24"],
    hadoop: "3.4.1",
    spark: SPARK2,
    clients: ["SQOOP", "CORE_CLIENT"],
    besideHive: [],
    repositories: [{ name: "ODP", id: "ODP-1.3" }],
  },
  // Bigtop has no SQOOP, and its HIVE insists on WebHCat.
  "bigtop-3.3": {
    stack: "BIGTOP-3.3.0",
    osFamilies: ["redhat7", "redhat8", "redhat9", "openeuler22"],
    hadoop: "3.3.6",
    spark: { client: "SPARK_CLIENT", historyServer: "SPARK_JOBHISTORYSERVER", config: "spark" },
    clients: [],
    besideHive: ["WEBHCAT_SERVER"],
    repositories: [{ name: "BIGTOP", id: "BIGTOP-3.3.0" }],
  },
} as const satisfies Readonly<Record<string, Distribution>>;

export type DistributionName = keyof typeof DISTRIBUTIONS;
export const DEFAULT_DISTRIBUTION: DistributionName = "hdp-3.1";

export const distributionOf = (name: DistributionName): Distribution => DISTRIBUTIONS[name];

export const stackOf = (name: DistributionName): Stack => STACKS.get(DISTRIBUTIONS[name].stack) as Stack;

/** "3.3.6" is not before "3.3.2". Versions of three numbers. */
export function isAtLeast(version: string, since: string): boolean {
  const [have, need] = [version, since].map((text) => text.split(".").map(Number));
  const at = [0, 1, 2].find((index) => have?.[index] !== need?.[index]);
  return at === undefined || (have?.[at] ?? 0) > (need?.[at] ?? 0);
}

const IMAGE_NAMES: readonly (readonly [RegExp, string])[] = [
  [/^(?:rocky|centos|rhel)-(\d+)/, "redhat"],
  [/^ubuntu-(\d+)/, "ubuntu"],
];

/** Ambari's name for a server image's system: "rocky-8.10-base" -> "redhat8"; undefined if the name says none. */
export function osFamilyOf(image: string): string | undefined {
  return IMAGE_NAMES.map(([pattern, family]) => {
    const version = pattern.exec(image)?.[1];
    return version === undefined ? undefined : `${family}${version}`;
  }).find((family) => family !== undefined);
}
