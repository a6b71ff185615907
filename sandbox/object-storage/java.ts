/** Java 17 or newer, wherever the machine keeps it. */
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { run } from "../run";

const OLDEST = 17;
const FOLDER = "/usr/lib/jvm";

/** Path of the program `java`: JAVA_HOME's, the PATH's, or one of Debian's packages; the first that is new enough. */
export async function findJava(): Promise<string> {
  const home = process.env["JAVA_HOME"];
  const path = (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, "java"));
  const installed = existsSync(FOLDER)
    ? (await readdir(FOLDER)).sort().map((name) => join(FOLDER, name, "bin", "java"))
    : [];
  const tried: string[] = [];
  for (const java of new Set([...(home === undefined ? [] : [join(home, "bin", "java")]), ...path, ...installed])) {
    if (!existsSync(java)) continue;
    const { stdout, stderr } = await run(java, ["-version"], { allowFail: true });
    const version = javaVersion(stderr + stdout);
    if (version !== undefined && version >= OLDEST) return java;
    tried.push(`${java} (${version ?? "does not run"})`);
  }
  throw new Error(
    `the S3 servers of the sandbox need Java ${OLDEST} or newer; found: ${tried.join(", ") || "none"}\n` +
      "  try: scripts/setup, which installs openjdk-17-jre-headless",
  );
}

/** 17 of `openjdk version "17.0.15" 2025-04-15`; 8 of `java version "1.8.0_402"`. */
export function javaVersion(text: string): number | undefined {
  const found = /version "(?:1\.)?(\d+)/.exec(text);
  return found === null ? undefined : Number(found[1]);
}
