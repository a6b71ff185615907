/** Debian packages that Debian 12 lacks, or whose content the sandbox plays. They bear the names that the roles ask for. */
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ensureEngine } from "../engines";
import { run } from "../run";

interface StandIn {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** Packages that it needs, as the control file has them. */
  readonly depends?: string;
  /** Fills the package's tree. */
  readonly fill: (root: string) => Promise<void>;
}

const JAVA_HOME = "usr/lib/jvm/java-8-openjdk-amd64";

const STAND_INS: readonly StandIn[] = [
  {
    name: "openjdk-8-jre-headless",
    version: "8u999-sandbox1",
    description: "Java 11 of PyPI under Java 8's name: Debian 12 has no Java 8",
    fill: async (root) => {
      await mkdir(join(root, "usr/lib/jvm"), { recursive: true });
      await cp(await ensureEngine("java"), join(root, JAVA_HOME), { recursive: true, verbatimSymlinks: true });
    },
  },
  {
    name: "openjdk-8-jdk-headless",
    version: "8u999-sandbox1",
    description: "no compiler: the classes of the sandbox's Sqoop jobs come compiled",
    depends: "openjdk-8-jre-headless",
    fill: () => Promise.resolve(),
  },
];

/** What the packages are made of, for the name of the repository that holds them. */
export const standInNames = (): string[] => STAND_INS.map(({ name, version }) => `${name}=${version}`);

/** Builds each into a folder. Fast rather than small: they travel within one machine. */
export async function buildStandIns(work: string, pool: string): Promise<void> {
  const architecture = (await run("dpkg", ["--print-architecture"])).stdout.trim();
  for (const { name, version, description, depends, fill } of STAND_INS) {
    const root = join(work, "stand-ins", name);
    await mkdir(join(root, "DEBIAN"), { recursive: true });
    await writeFile(
      join(root, "DEBIAN", "control"),
      [
        `Package: ${name}`,
        `Version: ${version}`,
        `Architecture: ${architecture}`,
        "Maintainer: aws2ncp sandbox <sandbox@ncp.test>",
        ...(depends === undefined ? [] : [`Depends: ${depends}`]),
        `Description: ${description}`,
        "",
      ].join("\n"),
    );
    await fill(root);
    const options = ["-Zgzip", "-z1", "--root-owner-group"];
    await run("dpkg-deb", [...options, "--build", root, join(pool, `${name}_${version}_${architecture}.deb`)]);
  }
}
